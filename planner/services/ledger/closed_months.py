"""Whether a month is closed for a rep's lines: by the team on the day they are booked, or one above it."""

from __future__ import annotations

from datetime import date

from sqlalchemy import select
from sqlalchemy.orm import Session, aliased

from planner.domain.access import MembershipKind
from planner.models.ledger import Claim, Expense, Trip
from planner.models.periods import PeriodLock
from planner.models.territories import Membership, Territory
from planner.services import scope


def is_closed(session: Session, rep_id: int, booked_on: date) -> bool:
    """Whether no line of the rep's may be added on a date. The guards of the database say the same."""
    over = aliased(Territory)
    mine = select(Membership.territory_id.label("id")).where(
        Membership.person_id == rep_id,
        Membership.kind == MembershipKind.MEMBER,
        scope.held(Membership, booked_on),
    )
    above = mine.cte("above", recursive=True)
    up = select(over.parent_id).join(above, over.id == above.c.id).where(over.parent_id.is_not(None))
    above = above.union(up)
    found = select(PeriodLock.id).where(
        PeriodLock.territory_id.in_(select(above.c.id)),
        PeriodLock.unlocked_at.is_(None),
        PeriodLock.from_on <= booked_on,
        PeriodLock.until_on > booked_on,
    )
    return session.scalar(found.limit(1)) is not None


def holds(session: Session, entry: Trip | Expense, claim: Claim | None) -> bool:
    """Whether an entry stays as it is because its month is closed. Private trips are in no books."""
    if isinstance(entry, Trip) and entry.is_private:
        return False
    return is_closed(session, entry.rep_id, booked_on(entry, claim))


def booked_on(entry: Trip | Expense, claim: Claim | None) -> date:
    """The day a line counts on: its own, or the first of the later month whose claim it came into."""
    return entry.on if claim is None else max(entry.on, claim.from_on)
