"""When an odometer's reading was noted: what comes late says so, and in a settled month why.

A month is settled once a claim of it is submitted or it is closed: what was claimed in it is judged by its
readings.
"""

from __future__ import annotations

from dataclasses import dataclass
from datetime import date, datetime

from sqlalchemy import select
from sqlalchemy.orm import Session

from planner.domain import mileage
from planner.domain.access import Actor
from planner.domain.claims import EDITABLE
from planner.domain.errors import Invalid
from planner.domain.months import month
from planner.models.ledger import Claim
from planner.services.installation import audit
from planner.services.ledger import closed_months, entries

ACTION = "odometer.noted"


@dataclass(frozen=True, slots=True)
class Noting:
    """``reason`` may be empty unless the month is settled."""

    is_late: bool
    reason: str


def of(session: Session, rep_id: int, on: date, noted_on: date, reason: str) -> Noting:
    """Of a reading of the evening of ``on``. Raises Invalid("reason")."""
    said, settled = entries.checked_text("reason", reason, 400), is_settled(session, rep_id, on)
    if settled and not said:
        raise Invalid("reason", "odometer_reason_missing")
    return Noting(settled or mileage.is_late(on, noted_on), said)


def is_settled(session: Session, rep_id: int, on: date) -> bool:
    query = select(Claim.id).where(Claim.rep_id == rep_id, Claim.from_on == month(on)[0])
    locked = session.scalar(query.where(Claim.state.not_in(EDITABLE)).limit(1)) is not None
    return locked or closed_months.is_closed(session, rep_id, on)


def keep(
    session: Session,
    actor: Actor,
    now: datetime,
    on: date,
    metres: int,
    noting: Noting,
    former_metres: int | None = None,
    *,
    is_closing: bool = False,
) -> None:
    """Into the audit log. ``former_metres`` is the reading that this one replaces."""
    before = {"odometer_metres": former_metres} if former_metres not in (None, metres) else None
    # The day stands in ``after`` alone: what is the same in both is left out.
    after = {"on": on, "odometer_metres": metres, "is_late": noting.is_late, "reason": noting.reason}
    told = {**after, "day_closed": True} if is_closing else after
    audit.record(session, actor, now, ACTION, "rep", actor.user_id, before, told)
