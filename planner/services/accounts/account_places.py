"""Where all accounts are, for fetching the roads around them."""

from __future__ import annotations

from sqlalchemy import select
from sqlalchemy.orm import Session

from planner.models.accounts import Account


def on_the_map(session: Session) -> list[tuple[float, float]]:
    """(lon, lat) of every account that has a pin, archived ones left out. For the command line of the
    installation: it does not ask who is looking."""
    rows = session.execute(
        select(Account.lon, Account.lat).where(Account.lat.is_not(None), Account.archived_at.is_(None))
    )
    return [(lon, lat) for lon, lat in rows]
