"""Correcting a trip: a new entry stands in its place, or reverses it; the old one stays to be read.

Only the trip's own rep does so, and only while its claim is open. It is priced by the rates of the day
driven, and as late as the first entry was; trips behind it that come to lie in another yearly band are priced
anew.
"""

from __future__ import annotations

from dataclasses import dataclass
from datetime import date, datetime

from sqlalchemy import select
from sqlalchemy.orm import Session

from planner.domain import mileage
from planner.domain.access import Actor
from planner.domain.commuting import uncounted_metres
from planner.domain.errors import Conflict, Invalid
from planner.domain.mileage import TripOrigin
from planner.models.ledger import Trip
from planner.models.people import Rep
from planner.services.days import day_facts
from planner.services.installation import settings
from planner.services.ledger import chain, day_trips, entries, pricing, repricing, successors
from planner.services.ledger.pricing import Place


@dataclass(frozen=True, slots=True)
class TripChange:
    """A correction of one trip. ``uid`` is made with the form; ``metres`` are as driven, with what is not
    counted of the way to work."""

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
    if change is not None and old.origin is TripOrigin.ADJUSTMENT:
        raise Conflict("adjustment_fixed")
    if change is None:
        return enter(session, now, successors.reversal(old, uid, reason))
    row = successors.correcting(old, uid, reason)
    say(session, row, old, change)
    row.is_void, row.is_late = False, old.is_late
    return enter(session, now, row)


def say(session: Session, row: Trip, old: Trip, change: TripChange) -> None:
    """Write what a change says into the entry after ``old``. Raises Invalid for a field."""
    if not 0 <= change.metres <= mileage.FARTHEST_METRES:
        raise Invalid("distance", "distance_range", most=mileage.FARTHEST_METRES // 1000)
    row.purpose = entries.checked_text("purpose", change.purpose, 240)
    if not row.purpose:
        raise Invalid("purpose", "purpose_missing")
    row.commute_metres = _uncounted(session, old, change.metres)
    row.metres = change.metres - row.commute_metres


def enter(session: Session, now: datetime, row: Trip) -> Trip:
    """Price an entry and link it; trips behind it may come to lie in other bands."""
    row.entered_at = now
    place = place_of(session, row)
    pricing.price(session, pricing.table(session), place, row)
    session.add(row)
    session.flush()
    chain.append(session, row.rep_id, [row])
    repricing.settle_counter(session, now, place, row)
    return row


def _uncounted(session: Session, old: Trip, driven_metres: int) -> int:
    """What is not counted of a leg that was a way to work when its day was closed."""
    if driven_metres == old.metres + old.commute_metres:
        return old.commute_metres
    if not any(entry.commute_metres for entry in entries.history(session, old)):
        return 0
    return uncounted_metres(driven_metres, day_trips.commuting(settings.read(session)))


def place_of(session: Session, row: Trip) -> Place:
    """Whose rates hold where it was driven."""
    territory = day_facts.territory_of(session, session.get_one(Rep, row.rep_id), row.on)
    return Place(territory.country, row.currency)
