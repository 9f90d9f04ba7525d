"""What a rep drives since when: rates go by its kind, the log names its label, odometers are its own."""

from __future__ import annotations

from collections.abc import Sequence
from dataclasses import dataclass
from datetime import date, datetime

from sqlalchemy import exists, select
from sqlalchemy.orm import Session

from planner.domain.access import Actor
from planner.domain.errors import Conflict, Invalid, NotFound
from planner.domain.mileage_rates import VehicleKind
from planner.models.ledger import ClosedDay
from planner.models.people import Rep
from planner.models.vehicles import Vehicle
from planner.services.installation import audit
from planner.services.ledger import entries, odometers


@dataclass(frozen=True, slots=True)
class DrivenWith:
    kind: VehicleKind
    label: str


@dataclass(frozen=True, slots=True)
class NewVehicle:
    """Driven from ``from_on`` on. The readings are those of the evening before, of the vehicle given up and
    of this one, where known."""

    from_on: date
    kind: VehicleKind
    label: str
    former_metres: int | None = None
    first_metres: int | None = None


def on_day(session: Session, rep: Rep, on: date) -> DrivenWith:
    """The vehicle of a day: a car by the rep's own text until another is noted."""
    row = session.scalar(
        select(Vehicle)
        .where(Vehicle.rep_id == rep.person_id, Vehicle.from_on <= on)
        .order_by(Vehicle.from_on.desc())
        .limit(1)
    )
    return DrivenWith(row.kind, row.label) if row else DrivenWith(VehicleKind.CAR, rep.vehicle)


def listed(session: Session, rep_id: int) -> Sequence[Vehicle]:
    """All but the first, newest first."""
    query = select(Vehicle).where(Vehicle.rep_id == rep_id).order_by(Vehicle.from_on.desc())
    return session.scalars(query).all()


def change(session: Session, actor: Actor, now: datetime, new: NewVehicle) -> Vehicle:
    """Note that the actor drives another vehicle from a day on.

    Raises Invalid for a field, Conflict("vehicle_known") for a second one from the same day, and
    Conflict("vehicle_days_closed") when days since then are closed: their trips name the vehicle before.
    """
    label = entries.checked_text("label", new.label, 80)
    if not label:
        raise Invalid("label", "vehicle_unnamed")
    if session.get(Vehicle, (actor.user_id, new.from_on)) is not None:
        raise Conflict("vehicle_known", on=new.from_on.isoformat())
    _check_not_driven(session, actor.user_id, new.from_on)
    odometers.check_change(session, actor.user_id, new.from_on, new.former_metres, new.first_metres)
    row = Vehicle(
        rep_id=actor.user_id,
        from_on=new.from_on,
        kind=new.kind,
        label=label,
        former_metres=new.former_metres,
        first_metres=new.first_metres,
    )
    session.add(row)
    session.flush()
    after = {"from_on": new.from_on, "kind": new.kind, "label": label}
    after |= {"former_metres": new.former_metres, "first_metres": new.first_metres}
    audit.record(session, actor, now, "vehicle.changed", "rep", actor.user_id, None, after)
    return row


def take_back(session: Session, actor: Actor, now: datetime, from_on: date) -> None:
    """Take back what ``change`` noted, as long as no day is closed with it and its odometer was not read.

    Raises NotFound, Conflict.
    """
    row = session.get(Vehicle, (actor.user_id, from_on))
    if row is None:
        raise NotFound("vehicle", id=from_on.isoformat())
    _check_not_driven(session, actor.user_id, from_on)
    if any(reading.on >= from_on for reading in odometers.readings(session, actor.user_id)):
        raise Conflict("vehicle_read")
    before = {"from_on": from_on, "kind": row.kind, "label": row.label}
    session.delete(row)
    session.flush()
    audit.record(session, actor, now, "vehicle.taken_back", "rep", actor.user_id, before, None)


def _check_not_driven(session: Session, rep_id: int, from_on: date) -> None:
    later = exists().where(ClosedDay.rep_id == rep_id, ClosedDay.on >= from_on)
    if session.scalar(select(later)):
        raise Conflict("vehicle_days_closed")
