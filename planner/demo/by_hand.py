"""What reps write down beside their visits: the odometer at both ends of a month, a drive by hand, and one
that is put right."""

from __future__ import annotations

from datetime import date, datetime
from uuid import NAMESPACE_OID, uuid5

from sqlalchemy import func, select
from sqlalchemy.orm import Session

from planner.demo.folders import Folders
from planner.domain.access import Actor
from planner.domain.mileage import TripOrigin
from planner.models.ledger import Trip
from planner.services.ledger import entries, manual_trips, trip_changes, trips
from planner.services.ledger.manual_ends import ManualEnd
from planner.services.ledger.manual_trips import ManualTrip
from planner.services.ledger.trip_changes import TripChange

BOUGHT_WITH_METRES = {"camila": 48_210_000, "diego": 112_640_000}
"""Whose car tells: those who note the odometer, and what it read before the first day."""
PRIVATE_METRES = 9_000
"""What a car goes between two working days for its rep alone."""

BY_HAND = "diego"
DEPOT_METRES = 11_800
PUT_RIGHT_METRES = 1_300
PUT_RIGHT_BECAUSE = "The bridge was closed, went round by the coast road."


def odometer(session: Session, folders: Folders, actor: Actor, login: str, on: date, days: int) -> int | None:
    """What the car reads in the evening of a day that is closed now, the ``days``-th of its rep."""
    if login not in BOUGHT_WITH_METRES:
        return None
    driven = func.coalesce(func.sum(Trip.metres + Trip.commute_metres), 0)
    noted = session.scalar(select(driven).where(Trip.rep_id == actor.user_id, entries.standing(Trip)))
    today = trips.preview(session, actor, folders.networks, actor.user_id, on).metres
    return BOUGHT_WITH_METRES[login] + (noted or 0) + today + days * PRIVATE_METRES


def fetch_samples(
    session: Session, folders: Folders, actor: Actor, on: date, at: datetime, today: date
) -> None:
    """A drive that no visit says."""
    ends = ManualEnd(label="Bodega Barrio Industrial"), ManualEnd(label="Aeropuerto La Florida")
    uid = str(uuid5(NAMESPACE_OID, f"by hand {actor.user_id} {on}"))
    new = ManualTrip(uid, on, *ends, "Samples from the air freight", DEPOT_METRES)
    manual_trips.add(session, actor, at, today, folders.networks, new)


def put_right(session: Session, actor: Actor, on: date, at: datetime, today: date) -> None:
    """The last drive of a closed day was longer, and is told so while its claim is open."""
    query = select(Trip).where(Trip.rep_id == actor.user_id, Trip.on == on, Trip.origin == TripOrigin.DAY)
    last = session.scalars(query.where(entries.standing(Trip)).order_by(Trip.position.desc())).first()
    if last is None:
        return
    uid, driven = str(uuid5(NAMESPACE_OID, f"right {last.uid}")), last.metres + last.commute_metres
    change = TripChange(uid, driven + PUT_RIGHT_METRES, last.purpose, PUT_RIGHT_BECAUSE)
    trip_changes.correct(session, actor, at, today, last.id, change)
