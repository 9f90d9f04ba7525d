"""Correcting a trip: a new entry stands in its place, or reverses it; the old one stays to be read.

Only the trip's own rep does so, and only while its claim is open. The day's rate stays.
"""

from __future__ import annotations

from dataclasses import dataclass
from datetime import date, datetime

from sqlalchemy import select
from sqlalchemy.orm import Session

from planner.domain import mileage
from planner.domain.access import Actor
from planner.domain.errors import Invalid
from planner.models.ledger import MileageRate, Trip
from planner.models.people import Rep
from planner.services.days import day_facts
from planner.services.ledger import chain, entries, rates

KEPT = (
    *("rep_id", "on", "position", "from_label", "to_label", "from_account_id", "to_account_id"),
    *("from_lat", "from_lon", "to_lat", "to_lon", "visit_id", "vehicle", "road_metres", "road_seconds"),
    *("planned_metres", "network_name", "network_version", "currency", "claim_id"),
)
"""What a correction takes over from the trip it stands for."""


@dataclass(frozen=True, slots=True)
class TripChange:
    """A correction of one trip. ``uid`` is made with the form."""

    uid: str
    metres: int
    purpose: str
    reason: str


def correct(
    session: Session, actor: Actor, now: datetime, today: date, trip_id: int, change: TripChange
) -> Trip:
    """A new entry in place of a trip. Raises what ``entries.check_correctable`` does, and Invalid."""
    uid, reason = entries.uuid_text(change.uid), entries.reason_text(change.reason)
    return _replace(session, actor, now, today, trip_id, uid, reason, change)


def void(
    session: Session, actor: Actor, now: datetime, today: date, trip_id: int, uid: str, reason: str
) -> Trip:
    """Reverse a trip: the entry stays to be read and counts no more."""
    return _replace(
        session, actor, now, today, trip_id, entries.uuid_text(uid), entries.reason_text(reason), None
    )


def _replace(
    session: Session,
    actor: Actor,
    now: datetime,
    today: date,
    trip_id: int,
    uid: str,
    reason: str,
    change: TripChange | None,
) -> Trip:
    """``change`` None reverses the trip. The same uid again is the same correction, entered once."""
    old = entries.trip(session, actor, today, trip_id)
    known = session.scalar(select(Trip).where(Trip.rep_id == actor.user_id, Trip.uid == uid))
    if known is not None and known.corrects_id == old.id:
        return known
    entries.check_correctable(session, actor, old)
    row = Trip(**{name: getattr(old, name) for name in KEPT}, uid=uid, change_reason=reason)
    row.metres = change.metres if change else 0
    row.purpose = entries.checked_text("purpose", change.purpose, 240) if change else old.purpose
    if not 0 <= row.metres <= mileage.FARTHEST_METRES:
        raise Invalid("distance", "distance_range", most=mileage.FARTHEST_METRES // 1000)
    if not row.purpose:
        raise Invalid("purpose", "purpose_missing")
    rate = _rate(session, old)
    row.rate_id = rate.id if rate else None
    row.amount_minor, row.is_void, row.corrects_id = rates.amount(row.metres, rate), change is None, old.id
    row.entered_at, row.is_late = now, mileage.is_late(old.on, today)
    session.add(row)
    session.flush()
    chain.append(session, row.rep_id, [row])
    return row


def _rate(session: Session, trip: Trip) -> MileageRate | None:
    """The rate the trip was priced by; one that was entered since, where there was none."""
    if trip.rate_id is not None:
        return session.get(MileageRate, trip.rate_id)
    territory = day_facts.territory_of(session, session.get_one(Rep, trip.rep_id), trip.on)
    return rates.on_day(session, territory.country, trip.currency, trip.on)
