"""What an expense needs to be within policy: a receipt, above a limit in its currency."""

from __future__ import annotations

from datetime import datetime

from sqlalchemy.orm import Session

from planner.domain.access import Actor
from planner.domain.errors import Invalid
from planner.models.settings import Setting
from planner.services.installation import audit

KEY = "receipt_above_minor"
HIGHEST_MINOR = 10**9


def limits(session: Session) -> dict[str, int]:
    """The limits that were set, by currency, in minor units."""
    row = session.get(Setting, KEY)
    return {str(currency): int(minor) for currency, minor in row.value.items()} if row else {}


def receipt_above(session: Session, currency: str) -> int:
    """An expense above this many minor units needs a receipt; every one, where no limit was set."""
    return limits(session).get(currency, 0)


def set_limit(session: Session, actor: Actor | None, now: datetime, currency: str, above_minor: int) -> None:
    """Raises Invalid("above", "amount_range")."""
    if not 0 <= above_minor <= HIGHEST_MINOR:
        raise Invalid("above", "amount_range")
    before = limits(session)
    after = {**before, currency: above_minor}
    session.merge(Setting(key=KEY, value=after))
    session.flush()
    audit.record(session, actor, now, "policy.receipts", "setting", None, before, after)
