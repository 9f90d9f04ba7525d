"""Odometer readings of a rep: those of closed days, of months and years, and of changes of the vehicle.

All are of the evening of their day. Readings are compared within one vehicle only.
"""

from __future__ import annotations

from collections import defaultdict
from collections.abc import Callable, Iterable, Mapping, Sequence
from dataclasses import dataclass
from datetime import date, datetime, timedelta

from sqlalchemy import func, select
from sqlalchemy.orm import Session

from planner.domain import odometer
from planner.domain.access import Actor
from planner.domain.errors import Invalid
from planner.domain.mileage_rates import VehicleKind
from planner.domain.odometer import DayDriven, Occasion, Reading, Stretch
from planner.models.ledger import ClosedDay, Trip
from planner.models.people import Rep
from planner.models.vehicles import OdometerReading, Vehicle
from planner.services.ledger import entries, odometer_notes

FARTHEST_METRES = 3_000_000_000
BY_HAND = (Occasion.DAY, Occasion.MONTH, Occasion.YEAR)
"""Occasions of a reading entered by itself; the others come with a change of the vehicle."""


def record(
    session: Session,
    actor: Actor,
    now: datetime,
    today: date,
    on: date,
    occasion: Occasion,
    metres: int,
    reason: str = "",
) -> OdometerReading:
    """Note the actor's odometer in the evening of a day; a second reading of that evening replaces the
    first, and the audit log keeps both. Raises Invalid: in a settled month also without a reason."""
    if on > today:
        raise Invalid("on", "date_in_future")
    if occasion not in BY_HAND:
        raise Invalid("occasion", "occasion_unknown")
    check(session, actor.user_id, on, metres)
    noting = odometer_notes.of(session, actor.user_id, on, today, reason)
    row = session.get(OdometerReading, (actor.user_id, on))
    former = _noted(session, actor.user_id, on, row)
    if row is None:
        row = OdometerReading(rep_id=actor.user_id, on=on)
        session.add(row)
    row.occasion, row.odometer_metres, row.entered_at = occasion, metres, now
    row.is_late, row.reason = noting.is_late, noting.reason
    session.flush()
    odometer_notes.keep(session, actor, now, on, metres, noting, former)
    return row


def _noted(session: Session, rep_id: int, on: date, row: OdometerReading | None) -> int | None:
    """The reading of an evening that another one replaces."""
    if row is not None:
        return row.odometer_metres
    query = select(ClosedDay.odometer_metres).where(ClosedDay.rep_id == rep_id, ClosedDay.on == on)
    return session.scalar(query)


def check(session: Session, rep_id: int, on: date, metres: int) -> None:
    """An odometer never runs backwards. Raises Invalid("odometer")."""
    if not 0 <= metres <= FARTHEST_METRES:
        raise Invalid("odometer", "odometer_range")
    same = [each for each in readings(session, rep_id) if each.car == _car_on(session, rep_id, on)]
    for each in same:
        if each.on < on and each.odometer_metres > metres:
            raise Invalid("odometer", "odometer_backwards", on=each.on.isoformat())
        if each.on > on and each.odometer_metres < metres:
            raise Invalid("odometer", "odometer_ahead", on=each.on.isoformat())


def check_change(
    session: Session, rep_id: int, from_on: date, former_metres: int | None, first_metres: int | None
) -> None:
    """Whether a change of vehicle fits the readings there are. Raises Invalid("former"), Invalid("first"),
    and Invalid("from_on") where the odometer of the one before was read since."""
    for name, metres in (("former", former_metres), ("first", first_metres)):
        if metres is not None and not 0 <= metres <= FARTHEST_METRES:
            raise Invalid(name, "odometer_range")
    car = _car_on(session, rep_id, from_on)
    same = [reading for reading in readings(session, rep_id) if reading.car == car]
    before = [reading for reading in same if reading.on < from_on]
    if len(before) < len(same):
        raise Invalid("from_on", "odometer_read_since", on=same[-1].on.isoformat())
    if former_metres is not None and before and before[-1].odometer_metres > former_metres:
        raise Invalid("former", "odometer_backwards", on=before[-1].on.isoformat())


def stretches(session: Session, rep_id: int, from_on: date, until_on: date) -> list[Stretch]:
    """From each reading to the next of the same vehicle, of those that end within the dates."""
    found = _stretches(session, [rep_id], from_on, lambda each: from_on <= each.ends.on < until_on)
    return found.get(rep_id, [])


def stretches_asked(
    session: Session, rep_ids: Iterable[int], from_on: date, until_on: date
) -> dict[int, list[Stretch]]:
    """By rep, those that are asked about on a day within the dates, in as many queries for all as for one. A
    month may be driven to its end and read on the first of the next."""
    return _stretches(session, rep_ids, from_on, lambda each: from_on <= each.asked_on < until_on)


def _stretches(
    session: Session, rep_ids: Iterable[int], from_on: date, is_wanted: Callable[[Stretch], bool]
) -> dict[int, list[Stretch]]:
    changes = _changes_of(session, rep_ids)
    found = _readings_of(session, rep_ids, changes)
    since = [_last_before(readings, from_on) for readings in found.values()]
    if not since:
        return {}
    last = max(reading.on for readings in found.values() for reading in readings)
    driven = _driven(session, changes, rep_ids, min(since), last + timedelta(days=1))
    return {
        rep_id: [each for each in odometer.stretches(readings, driven.get(rep_id, {})) if is_wanted(each)]
        for rep_id, readings in found.items()
    }


def _last_before(readings: Sequence[Reading], on: date) -> date:
    """The day of the last reading before a date, or of the first there is."""
    days = [reading.on for reading in readings]
    return max((day for day in days if day < on), default=min(days))


def readings(session: Session, rep_id: int) -> list[Reading]:
    """Every reading of a rep by vehicle and day."""
    return _readings_of(session, [rep_id], _changes_of(session, [rep_id])).get(rep_id, [])


def _readings_of(
    session: Session, rep_ids: Iterable[int], changes: Mapping[int, Sequence[Vehicle]]
) -> dict[int, list[Reading]]:
    """Of those who have any."""
    found: dict[int, list[Reading]] = defaultdict(list)
    for (rep_id, on), read in _by_day(session, rep_ids).items():
        found[rep_id].append(Reading(_car(changes[rep_id], on), on, *read))
    for rep_id, own in changes.items():
        for car, change in enumerate(own, start=1):
            evening = change.from_on - timedelta(days=1)
            if change.former_metres is not None:
                found[rep_id].append(Reading(car - 1, evening, change.former_metres, Occasion.CAR_LEFT))
            if change.first_metres is not None:
                found[rep_id].append(Reading(car, evening, change.first_metres, Occasion.CAR_TAKEN))
    return {
        rep_id: sorted(own, key=lambda each: (each.car, each.on, each.odometer_metres))
        for rep_id, own in found.items()
    }


def _by_day(
    session: Session, rep_ids: Iterable[int]
) -> dict[tuple[int, date], tuple[int, Occasion, bool, str]]:
    """Metres, why, whether late and what was said; a reading by hand counts before its day's closing."""
    closed = select(
        *(ClosedDay.rep_id, ClosedDay.on, ClosedDay.odometer_metres),
        *(ClosedDay.odometer_is_late, ClosedDay.reason),
    )
    days = session.execute(
        closed.where(ClosedDay.rep_id.in_(rep_ids), ClosedDay.odometer_metres.is_not(None))
    )
    found = {
        (rep_id, on): (metres, Occasion.DAY, bool(is_late), said)
        for rep_id, on, metres, is_late, said in days
    }
    for row in session.scalars(select(OdometerReading).where(OdometerReading.rep_id.in_(rep_ids))):
        found[row.rep_id, row.on] = row.odometer_metres, row.occasion, row.is_late, row.reason
    return found


@dataclass(frozen=True, slots=True)
class Cars:
    """A rep's vehicles by number, in the order they had them; 0 is the one before any was noted."""

    first_label: str
    changes: Sequence[Vehicle]

    def number(self, on: date, kind: VehicleKind) -> int | None:
        """Which one a drive was made with; None where another kind was taken instead."""
        car = _car(self.changes, on)
        usual = self.changes[car - 1].kind if car else VehicleKind.CAR
        return car if kind is usual else None

    @property
    def labels(self) -> dict[int, str]:
        return dict(enumerate([self.first_label, *(change.label for change in self.changes)]))


def cars(session: Session, rep: Rep) -> Cars:
    return Cars(rep.vehicle, _changes(session, rep.person_id))


def _changes(session: Session, rep_id: int) -> Sequence[Vehicle]:
    return _changes_of(session, [rep_id])[rep_id]


def _changes_of(session: Session, rep_ids: Iterable[int]) -> dict[int, list[Vehicle]]:
    found: dict[int, list[Vehicle]] = {rep_id: [] for rep_id in rep_ids}
    for row in session.scalars(select(Vehicle).where(Vehicle.rep_id.in_(found)).order_by(Vehicle.from_on)):
        found[row.rep_id].append(row)
    return found


def _car(changes: Sequence[Vehicle], on: date) -> int:
    return sum(change.from_on <= on for change in changes)


def _car_on(session: Session, rep_id: int, on: date) -> int:
    return _car(_changes(session, rep_id), on)


def _driven(
    session: Session,
    changes: Mapping[int, Sequence[Vehicle]],
    rep_ids: Iterable[int],
    since_on: date,
    until_on: date,
) -> dict[int, dict[date, DayDriven]]:
    """What was noted by rep and day with the vehicle of the day; a bicycle taken instead moves no
    odometer."""
    query = (
        select(
            *(Trip.rep_id, Trip.on, Trip.vehicle_kind, Trip.is_private),
            *(func.sum(Trip.metres), func.sum(Trip.commute_metres)),
        )
        .where(Trip.rep_id.in_(rep_ids), Trip.on > since_on, Trip.on < until_on, entries.standing(Trip))
        .group_by(Trip.rep_id, Trip.on, Trip.vehicle_kind, Trip.is_private)
    )
    found: dict[int, dict[date, DayDriven]] = defaultdict(dict)
    for rep_id, on, kind, is_private, metres, commute in session.execute(query):
        if Cars("", changes[rep_id]).number(on, kind) is None:
            continue
        day = found[rep_id].get(on, DayDriven())
        found[rep_id][on] = DayDriven(
            day.work_metres + (0 if is_private else int(metres)),
            day.commute_metres + int(commute),
            day.private_metres + (int(metres) if is_private else 0),
        )
    return found
