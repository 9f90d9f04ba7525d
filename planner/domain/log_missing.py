"""What an official log lacks: what its law asks for and the entries do not say. Told, never filled in."""

from __future__ import annotations

from collections.abc import Iterable, Iterator, Mapping, Sequence
from dataclasses import dataclass
from datetime import date, timedelta
from enum import StrEnum

from planner.domain.log_forms import LogForm, needs_reason
from planner.domain.logged_trips import LoggedTrip, Where
from planner.domain.odometer import Reading
from planner.domain.odometer_log import Mark, OdometerGap, VehicleSum


class MissingKind(StrEnum):
    NOT_CLOSED = "not_closed"
    LATE = "late"
    ADDRESS = "address"
    POSTCODE = "postcode"
    PARTNER = "partner"
    REASON = "reason"
    ROAD = "road"
    RATE = "rate"
    VEHICLE = "vehicle"
    ODOMETER = "odometer"
    """No reading of the day, or none before it."""
    ODOMETER_START = "odometer_start"
    ODOMETER_END = "odometer_end"
    GAP = "gap"


@dataclass(frozen=True, slots=True)
class Missing:
    """Told once a day and ``name``, which is the account, or another name of the place, or the vehicle;
    ``metres`` are a gap's."""

    kind: MissingKind
    on: date
    name: str = ""
    metres: int | None = None


def missing(
    form: LogForm,
    trips: Sequence[LoggedTrip],
    not_closed: Iterable[date],
    marks: Mapping[int, Mark],
    readings: Iterable[Reading],
    sums: Iterable[VehicleSum],
    gaps: Iterable[OdometerGap],
    period: tuple[date, date],
) -> list[Missing]:
    """Everything a log of a period lacks, by day. ``period`` counts without its end."""
    found = [Missing(MissingKind.NOT_CLOSED, on) for on in not_closed]
    business = [trip for trip in trips if trip.is_business]
    for trip in business:
        found += _anywhere(trip)
        found += OF_FORM[form](trip)
    found += [Missing(MissingKind.GAP, gap.on, metres=gap.metres) for gap in gaps]
    if form is LogForm.US:
        found += _year_ends(sums, period)
    if form is LogForm.DE:
        found += _without_reading(business, marks, readings)
    return sorted(dict.fromkeys(found), key=lambda each: (each.on, each.kind, each.name))


def _anywhere(trip: LoggedTrip) -> Iterator[Missing]:
    if trip.is_late:
        yield _of(trip, MissingKind.LATE)
    if not trip.vehicle:
        yield _of(trip, MissingKind.VEHICLE)
    if any(share.rate is None and share.metres for share in trip.shares):
        yield _of(trip, MissingKind.RATE)


def _us(trip: LoggedTrip) -> Iterator[Missing]:
    if not trip.goal.address and not trip.goal.is_stay:
        yield _of(trip, MissingKind.ADDRESS)


def _uk(trip: LoggedTrip) -> Iterator[Missing]:
    for end in (trip.start, trip.goal):
        if not end.postcode and not end.is_hidden:
            yield _of(trip, MissingKind.POSTCODE, end)
    if trip.road_metres is None:
        yield _of(trip, MissingKind.ROAD)
    elif needs_reason(trip.driven_metres, trip.road_metres) and not trip.reason:
        yield _of(trip, MissingKind.REASON)


def _de(trip: LoggedTrip) -> Iterator[Missing]:
    if not trip.goal.is_stay and not trip.goal.account:
        yield _of(trip, MissingKind.PARTNER)
    if not trip.goal.is_stay and not trip.goal.address:
        yield _of(trip, MissingKind.ADDRESS)


OF_FORM = {LogForm.US: _us, LogForm.UK: _uk, LogForm.DE: _de}


def _of(trip: LoggedTrip, kind: MissingKind, end: Where | None = None) -> Missing:
    where = end or trip.goal
    return Missing(kind, trip.on, where.account or where.name)


def _year_ends(sums: Iterable[VehicleSum], period: tuple[date, date]) -> Iterator[Missing]:
    """A reading of the evening before the first day and of the last one."""
    from_on, until_on = period
    for each in sums:
        if each.first is None or each.first.on != from_on - timedelta(days=1):
            yield Missing(MissingKind.ODOMETER_START, from_on, each.label)
        if each.last is None or each.last.on != until_on - timedelta(days=1):
            yield Missing(MissingKind.ODOMETER_END, until_on - timedelta(days=1), each.label)


def _without_reading(
    trips: Iterable[LoggedTrip], marks: Mapping[int, Mark], readings: Iterable[Reading]
) -> Iterator[Missing]:
    """Days with business drives whose evening nobody read, or that come before the first reading."""
    read = {reading.on for reading in readings}
    for trip in trips:
        if trip.on not in read or trip.entry_id not in marks:
            yield Missing(MissingKind.ODOMETER, trip.on, trip.vehicle)
