"""An official mileage log: a rep's trips of a period with all that a form of ``domain.log_forms`` asks for.

Trips in claims of any state count. Whoever is not the rep gets it without the address of their home.
"""

from __future__ import annotations

from collections.abc import Iterator, Sequence
from dataclasses import dataclass
from datetime import date, timedelta

from sqlalchemy import select
from sqlalchemy.orm import Session

from planner.domain import odometer_log
from planner.domain.access import Actor
from planner.domain.errors import Conflict
from planner.domain.log_forms import LogForm
from planner.domain.log_missing import Missing, missing
from planner.domain.logged_trips import (
    Change,
    ChangeKind,
    LoggedTrip,
    MonthState,
    RateTotal,
    months,
    rate_totals,
    running,
)
from planner.domain.mileage_rates import tax_year
from planner.domain.odometer import Reading
from planner.domain.odometer_log import Mark, OdometerGap, VehicleSum
from planner.models.ledger import Trip
from planner.models.people import Rep
from planner.models.settings import AuditEntry
from planner.models.territories import Territory
from planner.services import scope
from planner.services.ledger import chain, log_entries, month_log, odometers, pricing, rate_places
from planner.services.ledger.chain import Shown
from planner.services.ledger.odometers import Cars


@dataclass(frozen=True, slots=True)
class OfficialLog:
    """``trips`` stand or were reversed, in the order driven; ``running`` are business metres of the tax year
    after each. ``chain`` is the proof of all entries shown, None without any."""

    form: LogForm
    person: str
    country: str
    from_on: date
    until_on: date
    made_on: date
    trips: tuple[LoggedTrip, ...]
    running: tuple[int, ...]
    marks: dict[int, Mark]
    readings: tuple[Reading, ...]
    gaps: tuple[OdometerGap, ...]
    vehicles: tuple[VehicleSum, ...]
    rates: tuple[RateTotal, ...]
    months: tuple[tuple[date, MonthState], ...]
    changes: tuple[Change, ...]
    missing: tuple[Missing, ...]
    chain: Shown | None
    is_home_hidden: bool

    @property
    def last_on(self) -> date:
        return self.until_on - timedelta(days=1)

    @property
    def metres(self) -> int:
        """What counts."""
        return sum(trip.metres for trip in self.trips)


def territory_of(session: Session, actor: Actor, today: date, rep_id: int) -> Territory:
    """Where a rep belongs. Raises NotFound outside the actor's scope, Conflict("rep_without_territory")."""
    rep = scope.rep(session, actor, rep_id, today)
    territory = scope.home_territory(session, rep_id, today)
    if territory is None:
        raise Conflict("rep_without_territory", name=rep.person.name)
    return territory


def read(
    session: Session, actor: Actor, today: date, rep_id: int, form: LogForm, period: tuple[date, date]
) -> OfficialLog:
    """The log of a period, its end not counted. Raises as ``territory_of``."""
    territory, rep = territory_of(session, actor, today, rep_id), session.get_one(Rep, rep_id)
    from_on, until_on = period
    is_own = actor.user_id == rep_id
    known = log_entries.known(session, rep_id, territory.zone, rep.home_address if is_own else None)
    readings = [each for each in odometers.readings(session, rep_id) if each.on < until_on]
    entries = log_entries.read(session, rep_id, _since(readings, from_on), until_on)
    shown = [entry for entry in entries if entry.on >= from_on]
    logged, cars = log_entries.logged(entries, known), odometers.cars(session, rep)
    with_cars = _with_cars(logged, cars)
    marks, gaps = odometer_log.along(readings, with_cars)
    gaps = [gap for gap in gaps if from_on <= gap.on]
    of_period = tuple(trip for trip in logged if trip.on >= from_on)
    sums = odometer_log.vehicle_sums(readings, with_cars, cars.labels, from_on, until_on)
    read_in = tuple(reading for reading in readings if from_on <= reading.on)
    not_closed = month_log.days_not_closed(session, rep_id, from_on, min(until_on, today))
    name = rep.person.name
    return OfficialLog(
        form=form,
        person=name,
        country=territory.country,
        from_on=from_on,
        until_on=until_on,
        made_on=today,
        trips=of_period,
        running=tuple(_running(session, rep_id, of_period, from_on)),
        marks=marks,
        readings=read_in,
        gaps=tuple(gaps),
        vehicles=tuple(sums),
        rates=tuple(rate_totals(of_period)),
        months=tuple(months(of_period, from_on, until_on)),
        changes=tuple(_changes(session, rep_id, name, shown, known, period)),
        missing=tuple(missing(form, of_period, not_closed, marks, readings, sums, gaps, period)),
        chain=chain.of_entries(session, rep_id, shown),
        is_home_hidden=not is_own,
    )


def _since(readings: Sequence[Reading], from_on: date) -> date:
    """The first day whose drives the odometer of the period is reckoned with."""
    newest: dict[int, date] = {}
    for reading in readings:
        if reading.on < from_on:
            newest[reading.car] = max(reading.on, newest.get(reading.car, reading.on))
    last_car = max(newest, default=None)
    return from_on if last_car is None else newest[last_car] + timedelta(days=1)


def _with_cars(trips: Sequence[LoggedTrip], cars: Cars) -> list[tuple[int, LoggedTrip]]:
    numbered = ((cars.number(trip.on, trip.kind), trip) for trip in trips)
    return [(car, trip) for car, trip in numbered if car is not None]


def _running(session: Session, rep_id: int, trips: Sequence[LoggedTrip], from_on: date) -> Iterator[int]:
    """With what was driven before Rounds kept count, as the bands have it."""
    places = rate_places.of_rep(session, rep_id)
    country = places.country(from_on)
    opened = pricing.driven_before(session, rep_id)
    before = {(year, kind): metres for kind, years in opened.items() for year, metres in years.items()}
    for kind in {trip.kind for trip in trips}:
        counted = pricing.metres_before(session, rep_id, country, kind, from_on, 0)
        before[tax_year(country, from_on)[0], kind] = counted
    return running(trips, lambda on: tax_year(places.country(on), on)[0], before)


def _changes(
    session: Session,
    rep_id: int,
    name: str,
    shown: Sequence[Trip],
    known: log_entries.Known,
    period: tuple[date, date],
) -> list[Change]:
    found = [*log_entries.changes(shown, known, name), *_readings_changed(session, rep_id, name, period)]
    return sorted(found, key=lambda each: each.at)


def _readings_changed(
    session: Session, rep_id: int, name: str, period: tuple[date, date]
) -> Iterator[Change]:
    """Readings of the period that another one replaced, as the audit log keeps them."""
    query = select(AuditEntry).where(AuditEntry.action == "odometer.noted", AuditEntry.subject_kind == "rep")
    for row in session.scalars(query.where(AuditEntry.subject_id == rep_id).order_by(AuditEntry.id)):
        old, on = row.before.get("odometer_metres"), row.after.get("on")
        if old is None or on is None or not period[0] <= date.fromisoformat(on) < period[1]:
            continue
        yield Change(
            None,
            date.fromisoformat(on),
            "",
            "",
            ChangeKind.ODOMETER,
            old,
            row.after["odometer_metres"],
            row.after.get("reason", ""),
            row.happened_at,
            name,
        )
