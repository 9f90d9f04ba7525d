"""Demo logins are printed on a console, so they open the door on this machine only, unless set otherwise.

The setting ``demo`` names the people that came with the demo; nobody else is concerned.
"""

from __future__ import annotations

from ipaddress import ip_address

from sqlalchemy import select
from sqlalchemy.orm import Session

from planner.models.settings import Setting

KEY = "demo"


def is_demo(session: Session) -> bool:
    """Whether this database holds the demo territory."""
    return session.scalar(select(Setting.key).where(Setting.key == KEY)) is not None


def refuses(session: Session, person_id: int, address: str, is_forwarded: bool, is_allowed: bool) -> bool:
    """Whether this person may not sign in from ``address``.

    ``is_forwarded``: the request came through a proxy, so the address says nothing about where from.
    ``is_allowed``: the installation's setting that lets demo logins in from anywhere.
    """
    value = session.scalar(select(Setting.value).where(Setting.key == KEY))
    if is_allowed or value is None or person_id not in value["people"]:
        return False
    return is_forwarded or not _is_loopback(address)


def _is_loopback(address: str) -> bool:
    try:
        return ip_address(address).is_loopback
    except ValueError:
        return False
