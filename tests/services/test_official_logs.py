"""Official logs of the three forms, by hand: sums at each rate, the yearly band, corrections that show."""

from __future__ import annotations

from dataclasses import replace
from datetime import date, datetime, timedelta
from decimal import Decimal

import pytest
from sqlalchemy import select, update
from sqlalchemy.orm import Session

from planner.domain.access import Actor
from planner.domain.claims import ClaimAction
from planner.domain.errors import NotFound
from planner.domain.log_forms import LogForm
from planner.domain.log_missing import MissingKind
from planner.domain.logged_trips import ChangeKind, MonthState
from planner.domain.odometer import Occasion
from planner.models.ledger import LedgerEntry, Trip
from planner.models.vehicles import DrivenBefore
from planner.services.ledger import (
    chain,
    entries,
    known_rates,
    manual_trips,
    odometers,
    official_logs,
    proof,
    rates,
    trip_changes,
    vehicles,
)
from planner.services.ledger.manual_ends import ManualEnd
from planner.services.ledger.manual_trips import ManualTrip
from planner.services.ledger.official_logs import OfficialLog
from planner.services.ledger.trip_changes import TripChange
from planner.services.ledger.vehicles import NewVehicle
from tests.conftest import NOW, TODAY
from tests.services.ledger_world import LedgerWorld, manager, rep, uid
from tests.tampering import unguarded

MILE = Decimal("1609.344")
SUMMER = datetime(2026, 7, 10, 12, tzinfo=NOW.tzinfo)
YEAR_2026 = (date(2026, 1, 1), date(2027, 1, 1))
MARCH = (date(2026, 3, 1), date(2026, 4, 1))


class LogWorld(LedgerWorld):
    """Ana's company in a country of choice, with the rates known there."""

    def settle(self, country: str, currency: str) -> None:
        self.company.norte.country, self.company.norte.currency = country, currency
        for known in known_rates.known():
            if known.country == country and known.announced_on != date(2026, 5, 21):
                rates.add(self.session, None, NOW, known)

    def drive(self, on: date, metres: int | None, **more: object) -> Trip:
        new = ManualTrip(uid(), on, ManualEnd(label="Leeds"), ManualEnd(label="York"), "Visit", metres)
        wanted = replace(new, **more)  # type: ignore[arg-type]
        today = max(on, TODAY)
        at = max(NOW, datetime.combine(on, NOW.timetz()))
        return manual_trips.add(self.session, rep(self.ana), at, today, self.networks, wanted)

    def correct(self, trip: Trip, metres: int, reason: str = "Road closed") -> Trip:
        what = TripChange(uid(), metres, "Visit", reason)
        return trip_changes.correct(self.session, rep(self.ana), NOW, TODAY, trip.id, what)

    def note(self, on: date, kilometres: int) -> None:
        odometers.record(self.session, rep(self.ana), NOW, TODAY, on, Occasion.MONTH, kilometres * 1000)

    def log(
        self,
        form: LogForm,
        period: tuple[date, date] = MARCH,
        actor: Actor | None = None,
        today: date = TODAY,
    ) -> OfficialLog:
        who = actor or rep(self.ana)
        return official_logs.read(self.session, who, today, self.ana.id, form, period)


@pytest.fixture
def world(session: Session) -> LogWorld:
    return LogWorld(session)


def kinds(log: OfficialLog) -> set[MissingKind]:
    return {each.kind for each in log.missing}


def test_a_us_log_sums_each_rate_of_2026_by_itself(world: LogWorld) -> None:
    world.settle("US", "USD")
    for day in (date(2026, 6, 30), date(2026, 7, 1)):
        world.drive(day, round(100 * MILE))
        world.drive(day, round(7 * MILE))
    log = world.log(LogForm.US, YEAR_2026, today=SUMMER.date())
    # 100 mi are 160 934 m, 7 mi are 11 265 m. At 72.5 c: 72.49998 and 5.0748, so 72.50 + 5.07 = 77.57.
    # At 76 c: 75.99998 and 5.3198, so 76.00 + 5.32 = 81.32. Together 158.89.
    assert [(t.rate and t.rate.per_unit, t.metres, t.amount_minor) for t in log.rates] == [
        (Decimal("0.725"), 172_199, 7757),
        (Decimal("0.76"), 172_199, 8132),
    ]
    ledger = world.session.scalars(select(Trip).where(entries.standing(Trip))).all()
    assert sum(t.amount_minor for t in log.rates) == sum(t.amount_minor for t in ledger) == 15_889
    assert log.metres == sum(t.metres for t in ledger)


def test_a_us_log_sums_the_vehicle_up_between_the_readings_of_both_ends(world: LogWorld) -> None:
    world.settle("US", "USD")
    world.note(date(2026, 2, 28), 50_000)
    world.drive(TODAY, 30_000)
    world.drive(TODAY, 9_000, is_private=True)
    world.note(TODAY, 50_045)
    (car,) = world.log(LogForm.US).vehicles
    assert (car.work_metres, car.private_metres, car.odometer_metres) == (30_000, 9_000, 45_000)
    missed = world.log(LogForm.US)
    # Read the evening before 1 March, but not on 31 March; 45 − 39 km are a gap.
    assert kinds(missed) >= {MissingKind.ODOMETER_END, MissingKind.GAP, MissingKind.ADDRESS}
    assert MissingKind.ODOMETER_START not in kinds(missed)


def test_a_uk_log_shares_the_trip_that_crosses_10_000_miles(world: LogWorld) -> None:
    world.settle("GB", "GBP")
    first = date(2026, 2, 2)
    for day in range(10):
        world.drive(first + timedelta(days=day), round(997 * MILE))
    world.drive(TODAY, round(60 * MILE))
    log = world.log(LogForm.UK)
    # Ten trips of 1 604 516 m are 16 045 160 m; 10,000 miles are 16 093 440 m. Of 96 561 m lie 48 280 m
    # before them at 45 p (13.50) and 48 281 m beyond at 25 p (7.50).
    (trip,) = log.trips
    assert [(s.rate and s.rate.per_unit, s.metres, s.amount_minor) for s in trip.shares] == [
        (Decimal("0.45"), 48_280, 1350),
        (Decimal("0.25"), 48_281, 750),
    ]
    assert log.running == (16_141_721,)
    assert [(t.metres, t.amount_minor) for t in log.rates] == [(48_280, 1350), (48_281, 750)]


def test_what_was_driven_before_rounds_kept_count_is_in_the_counter_of_its_year(world: LogWorld) -> None:
    world.settle("GB", "GBP")
    for year, metres in ((2025, 7_000_000), (2026, 100_000)):
        world.session.add(
            DrivenBefore(
                rep_id=world.ana.id,
                kind=vehicles.VehicleKind.CAR,
                year_from_on=date(year, 4, 6),
                metres=metres,
            )
        )
    world.session.flush()
    for day in (date(2026, 3, 2), date(2026, 4, 5), date(2026, 4, 6)):
        world.drive(day, 5_000)
    log = world.log(LogForm.UK, (date(2026, 3, 3), date(2026, 5, 1)), today=date(2026, 4, 10))
    # On 5 April 7,000 km and both drives before the new tax year; on the 6th 100 km and one drive.
    assert log.running == (7_010_000, 105_000)


def test_a_uk_log_names_what_has_no_postcode_and_what_lacks_a_reason(world: LogWorld) -> None:
    world.settle("GB", "GBP")
    shop = world.company.account(world.ana)
    ends = {"start": ManualEnd(where="home"), "goal": ManualEnd(where=str(shop.id))}
    trip = world.drive(TODAY, None, **ends)
    world.drive(TODAY, trip.road_metres + 50_000, **ends)
    log = world.log(LogForm.UK)
    named = {(each.kind, each.name) for each in log.missing}
    assert (MissingKind.POSTCODE, shop.name) in named
    assert [each.kind for each in log.missing].count(MissingKind.REASON) == 1
    shop.postcode = "LS1 4AP"
    world.session.flush()
    assert (MissingKind.POSTCODE, shop.name) not in {(e.kind, e.name) for e in world.log(LogForm.UK).missing}


def test_a_german_log_shows_a_correction_with_old_new_who_and_when(world: LogWorld) -> None:
    world.settle("DE", "EUR")
    world.note(TODAY - timedelta(days=1), 1_000)
    trip = world.drive(TODAY, 12_000)
    stands = world.correct(trip, 14_000)
    world.note(TODAY, 1_014)
    log = world.log(LogForm.DE)
    (change,) = log.changes
    assert (change.kind, change.old, change.new) == (ChangeKind.DISTANCE, 12_000, 14_000)
    assert (change.entry_id, change.by, change.at) == (stands.id, world.ana.name, stands.entered_at)
    assert change.reason == "Road closed"
    # 1 000 km the evening before, 14 km driven, 1 014 km that evening: all read, and no gap.
    mark = log.marks[stands.id]
    assert (mark.start_metres, mark.end_metres) == (1_000_000, 1_014_000)
    assert (mark.is_start_read, mark.is_end_read, log.gaps) == (True, True, ())
    assert [each.entry_id for each in log.trips] == [stands.id]


def test_a_reversed_trip_stays_in_the_log_without_its_metres(world: LogWorld) -> None:
    trip = world.drive(TODAY, 12_000)
    trip_changes.void(world.session, rep(world.ana), NOW, TODAY, trip.id, uid(), "Not driven")
    log = world.log(LogForm.DE)
    assert [(each.is_void, each.metres) for each in log.trips] == [(True, 0)]
    assert [(each.kind, each.old) for each in log.changes] == [(ChangeKind.REVERSED, 12_000)]


def test_a_reading_that_replaces_another_shows_as_a_change(world: LogWorld) -> None:
    world.note(TODAY, 1_000)
    world.note(TODAY, 1_100)
    (change,) = world.log(LogForm.DE).changes
    assert (change.kind, change.on, change.old, change.new) == (
        ChangeKind.ODOMETER,
        TODAY,
        1_000_000,
        1_100_000,
    )


def test_a_gap_in_the_odometer_is_in_the_log_and_among_what_is_missing(world: LogWorld) -> None:
    world.note(TODAY - timedelta(days=1), 1_000)
    world.drive(TODAY, 30_000)
    world.note(TODAY, 1_036)
    log = world.log(LogForm.DE)
    assert [gap.metres for gap in log.gaps] == [6_000]
    assert [each.metres for each in log.missing if each.kind is MissingKind.GAP] == [6_000]


def test_days_that_are_not_closed_and_late_trips_are_named(world: LogWorld) -> None:
    world.visit(hour=9, on=TODAY - timedelta(days=1))
    new = ManualTrip(uid(), date(2026, 2, 20), ManualEnd(label="A"), ManualEnd(label="B"), "Visit", 5_000)
    manual_trips.add(world.session, rep(world.ana), NOW, TODAY, world.networks, new)
    log = world.log(LogForm.DE, (date(2026, 2, 1), date(2026, 4, 1)))
    named = {(each.kind, each.on) for each in log.missing}
    assert (MissingKind.NOT_CLOSED, TODAY - timedelta(days=1)) in named
    assert (MissingKind.LATE, date(2026, 2, 20)) in named


def test_a_corrected_trip_is_as_late_as_its_first_entry(world: LogWorld) -> None:
    trip = world.drive(date(2026, 3, 2), 5_000)
    what = TripChange(uid(), 6_000, "Visit", "Odd")
    later = date(2026, 3, 20)
    trip_changes.correct(world.session, rep(world.ana), NOW, later, trip.id, what)
    assert [(each.is_late, each.metres) for each in world.log(LogForm.DE).trips] == [(False, 6_000)]


def test_approved_months_are_said_and_unapproved_trips_are_in_the_log(world: LogWorld) -> None:
    world.drive(date(2026, 2, 26), 5_000)
    world.drive(TODAY, 7_000)
    feb = date(2026, 2, 1)
    world.step(world.ana, ClaimAction.SUBMIT, on=feb)
    world.step(world.company.marta, ClaimAction.APPROVE, on=feb)
    log = world.log(LogForm.DE, (feb, date(2026, 4, 1)))
    assert [each.metres for each in log.trips] == [5_000, 7_000]
    assert dict(log.months) == {feb: MonthState.APPROVED, date(2026, 3, 1): MonthState.OPEN}


def test_a_manager_sees_distances_but_not_where_the_rep_lives(world: LogWorld) -> None:
    world.company.ana.rep.home_address = "Calle Larga 12"
    world.visit(hour=9)
    world.close()
    own = world.log(LogForm.DE)
    assert "Calle Larga 12" in repr(own.trips)
    seen = world.log(LogForm.DE, actor=manager(world.company.marta))
    assert "Calle Larga" not in repr(seen)
    assert [each.metres for each in seen.trips] == [each.metres for each in own.trips]
    assert seen.is_home_hidden
    assert not own.is_home_hidden


def test_a_log_is_read_within_the_scope_only(world: LogWorld) -> None:
    with pytest.raises(NotFound):
        world.log(LogForm.DE, actor=manager(world.company.sergio))
    with pytest.raises(NotFound):
        world.log(LogForm.DE, actor=rep(world.company.bruno))


def test_the_odometer_follows_a_change_of_vehicle(world: LogWorld) -> None:
    world.note(date(2026, 3, 1), 80_000)
    world.drive(date(2026, 3, 1) + timedelta(days=1), 20_000)
    new = NewVehicle(TODAY, vehicles.VehicleKind.CAR, "Polo", 80_020_000, 10_000)
    vehicles.change(world.session, rep(world.ana), NOW, new)
    trip = world.drive(TODAY, 5_000)
    log = world.log(LogForm.DE)
    assert (log.marks[trip.id].start_metres, log.gaps) == (10_000, ())
    assert [each.label for each in log.vehicles] == [world.ana.rep.vehicle, "Polo"]


def test_the_printed_link_proves_what_stands_before_it(world: LogWorld) -> None:
    trip = world.drive(TODAY, 5_000)
    shown = world.log(LogForm.DE).chain
    assert shown is not None
    world.drive(TODAY, 6_000)
    assert proof.link(world.session, shown.entry_sha256).trouble == ""
    assert proof.link(world.session, "0" * 64).trouble
    with unguarded(world.session):
        world.session.execute(update(Trip).where(Trip.id == trip.id).values(metres=1))
    assert proof.link(world.session, shown.entry_sha256).trouble
    assert (
        chain.head(world.session, world.ana.id)
        == world.session.scalars(
            select(LedgerEntry.entry_sha256).order_by(LedgerEntry.position.desc())
        ).first()
    )
