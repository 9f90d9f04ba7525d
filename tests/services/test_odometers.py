"""Odometers of reps: readings of days, months and vehicles, the gap between them, and the way to work."""

from __future__ import annotations

from datetime import date, timedelta

import pytest
from sqlalchemy.orm import Session

from planner.domain.access import Actor, Role
from planner.domain.commuting import Commute
from planner.domain.errors import Conflict, Invalid, NotFound
from planner.domain.mileage_rates import VehicleKind
from planner.domain.odometer import DayDriven, Occasion
from planner.domain.review import Flag, OdometerGap
from planner.models.ledger import Trip
from planner.services.installation import settings
from planner.services.ledger import (
    claim_check,
    entry_pages,
    manual_trips,
    odometers,
    trip_changes,
    trips,
    vehicles,
)
from planner.services.ledger.manual_ends import ManualEnd
from planner.services.ledger.manual_trips import ManualTrip
from planner.services.ledger.trip_changes import TripChange
from planner.services.ledger.vehicles import NewVehicle
from tests.conftest import NOW, TODAY
from tests.services.ledger_world import LedgerWorld, rep, uid

YESTERDAY = TODAY - timedelta(days=1)


@pytest.fixture
def world(session: Session) -> LedgerWorld:
    return LedgerWorld(session)


def note(world: LedgerWorld, on: date, kilometres: int, occasion: Occasion = Occasion.MONTH) -> None:
    odometers.record(world.session, rep(world.ana), NOW, TODAY, on, occasion, kilometres * 1000)


def drive(world: LedgerWorld, kilometres: int, on: date = TODAY, **more: object) -> None:
    ends = ManualEnd(label="Office"), ManualEnd(label="Port")
    new = ManualTrip(uid(), on, *ends, "Samples", kilometres * 1000, **more)  # type: ignore[arg-type]
    manual_trips.add(world.session, rep(world.ana), NOW, TODAY, world.networks, new)


def gaps(world: LedgerWorld) -> list[tuple[DayDriven, int]]:
    found = odometers.stretches(
        world.session, world.ana.id, TODAY - timedelta(days=60), TODAY + timedelta(days=1)
    )
    return [(each.noted, each.gap_metres) for each in found]


def test_the_gap_is_what_no_trip_explains(world: LedgerWorld) -> None:
    note(world, YESTERDAY, 1_000)
    drive(world, 40)
    drive(world, 25, is_private=True)
    drive(world, 5, kind=VehicleKind.BICYCLE)
    note(world, TODAY, 1_075)
    # 75 km by the odometer less 40 for work and 25 private; the bicycle moved no odometer.
    assert gaps(world) == [(DayDriven(40_000, 0, 25_000), 10_000)]


def test_a_second_reading_of_an_evening_replaces_the_first(world: LedgerWorld) -> None:
    note(world, TODAY, 1_000)
    note(world, TODAY, 1_005, Occasion.YEAR)
    (only,) = odometers.readings(world.session, world.ana.id)
    assert (only.odometer_metres, only.occasion) == (1_005_000, Occasion.YEAR)


def test_a_reading_when_a_day_was_closed_counts_like_any_other(world: LedgerWorld) -> None:
    note(world, YESTERDAY, 1_000)
    world.visit(hour=9)
    world.close(odometer_metres=1_200_000)
    driven = sum(trip.metres for trip in world.trips())
    assert gaps(world) == [(DayDriven(driven), 200_000 - driven)]


@pytest.mark.parametrize(
    ("on", "kilometres", "field"),
    [
        (YESTERDAY, 1_001, "odometer"),
        (TODAY, -1, "odometer"),
        (TODAY, 3_000_001, "odometer"),
        (TODAY + timedelta(days=1), 1_100, "on"),
    ],
)
def test_what_is_wrong_with_a_reading_is_said_at_its_field(
    world: LedgerWorld, on: date, kilometres: int, field: str
) -> None:
    note(world, TODAY, 1_000)
    with pytest.raises(Invalid) as refused:
        note(world, on, kilometres)
    assert refused.value.field == field


def test_a_new_car_begins_an_odometer_of_its_own(world: LedgerWorld) -> None:
    note(world, TODAY - timedelta(days=2), 80_000)
    change = NewVehicle(TODAY, VehicleKind.CAR, "KX-42", former_metres=80_060_000, first_metres=12_000)
    drive(world, 50, on=YESTERDAY)
    vehicles.change(world.session, rep(world.ana), NOW, change)
    drive(world, 30)
    note(world, TODAY, 45)
    # The old car went 60 km, 50 of them noted; the new one 33 km, 30 of them noted.
    assert gaps(world) == [(DayDriven(50_000), 10_000), (DayDriven(30_000), 3_000)]


def test_a_new_cars_lower_odometer_is_no_question_to_a_reviewer(world: LedgerWorld) -> None:
    world.visit(hour=9, on=YESTERDAY)
    world.close(on=YESTERDAY, odometer_metres=80_000_000)
    vehicles.change(world.session, rep(world.ana), NOW, NewVehicle(TODAY, VehicleKind.CAR, "KX-42"))
    world.visit(hour=9)
    world.close(odometer_metres=500_000)
    (checked,) = claim_check.check(world.session, [world.claim()])
    assert Flag.ODOMETER not in checked.flags


def test_a_vehicle_is_noted_once_a_day_and_not_for_days_that_are_closed(world: LedgerWorld) -> None:
    ana = rep(world.ana)
    vehicles.change(world.session, ana, NOW, NewVehicle(TODAY, VehicleKind.CAR, "KX-42"))
    with pytest.raises(Conflict) as twice:
        vehicles.change(world.session, ana, NOW, NewVehicle(TODAY, VehicleKind.CAR, "KX-43"))
    assert twice.value.code == "vehicle_known"
    world.visit(hour=9)
    world.close()
    with pytest.raises(Conflict) as closed:
        vehicles.take_back(world.session, ana, NOW, TODAY)
    assert closed.value.code == "vehicle_days_closed"
    with pytest.raises(Conflict):
        vehicles.change(world.session, ana, NOW, NewVehicle(YESTERDAY, VehicleKind.CAR, "KX-43"))


def test_a_vehicle_is_not_changed_before_a_reading_of_the_one_before(world: LedgerWorld) -> None:
    note(world, TODAY, 1_000)
    with pytest.raises(Invalid) as refused:
        vehicles.change(world.session, rep(world.ana), NOW, NewVehicle(TODAY, VehicleKind.CAR, "KX-42"))
    assert (refused.value.field, refused.value.code) == ("from_on", "odometer_read_since")
    tomorrow = NewVehicle(TODAY + timedelta(days=1), VehicleKind.CAR, "KX-42")
    assert vehicles.change(world.session, rep(world.ana), NOW, tomorrow).label == "KX-42"


def test_a_vehicle_taken_back_was_never_there(world: LedgerWorld) -> None:
    ana = rep(world.ana)
    vehicles.change(world.session, ana, NOW, NewVehicle(TODAY, VehicleKind.MOPED, "Yellow one"))
    vehicles.take_back(world.session, ana, NOW, TODAY)
    assert vehicles.listed(world.session, world.ana.id) == []
    with pytest.raises(NotFound):
        vehicles.take_back(world.session, ana, NOW, TODAY)


@pytest.mark.parametrize(
    ("what", "field"),
    [
        (NewVehicle(TODAY, VehicleKind.CAR, " "), "label"),
        (NewVehicle(TODAY, VehicleKind.CAR, "KX", former_metres=999_000), "former"),
        (NewVehicle(TODAY, VehicleKind.CAR, "KX", first_metres=-1), "first"),
    ],
)
def test_what_is_wrong_with_a_vehicle_is_said_at_its_field(
    world: LedgerWorld, what: NewVehicle, field: str
) -> None:
    note(world, YESTERDAY, 1_000)
    with pytest.raises(Invalid) as refused:
        vehicles.change(world.session, rep(world.ana), NOW, what)
    assert refused.value.field == field


@pytest.mark.parametrize(
    ("commute", "beyond"), [(Commute.NOT_COUNTED, 0), (Commute.BEYOND, 300), (Commute.COUNTED, 0)]
)
def test_the_way_from_and_to_home_counts_as_the_settings_say(
    world: LedgerWorld, commute: Commute, beyond: int
) -> None:
    boss = Actor(world.company.admin.id, Role.ADMIN)
    values = {"commute": commute.value, "commute_beyond_metres": beyond}
    settings.change(world.session, boss, NOW, values)
    world.visit(hour=9, account=world.company.account(world.ana))
    world.visit(hour=11, account=world.company.account(world.ana))
    world.close()
    first, between, last = world.trips()
    for leg in (first, last):
        own = {Commute.NOT_COUNTED: leg.road_metres, Commute.BEYOND: min(leg.road_metres, beyond)}
        assert leg.commute_metres == own.get(commute, 0)
        assert leg.metres == leg.road_metres - leg.commute_metres
        assert trips.recompute(world.networks, leg) == leg.road_metres
    assert (between.commute_metres, between.metres) == (0, between.road_metres)
    (checked,) = claim_check.check(world.session, [world.claim()])
    assert Flag.SHORTER not in checked.flags


def test_a_bicycle_taken_instead_moves_no_odometer_of_the_claim(world: LedgerWorld) -> None:
    world.close(on=YESTERDAY, odometer_metres=10_000_000)
    drive(world, 4)
    drive(world, 40, kind=VehicleKind.BICYCLE)
    world.close(on=TODAY, odometer_metres=10_004_000)
    (checked,) = claim_check.check(world.session, [world.claim()])
    assert Flag.ODOMETER not in checked.flags
    assert (checked.measured_metres, checked.days[0].trips[0].road_metres) == (0, None)


def test_more_claimed_than_driven_since_a_reading_of_the_month_before_is_asked(world: LedgerWorld) -> None:
    """Whichever claims are looked at: the reading before lies in none of them."""
    note(world, date(2026, 2, 27), 1_000)
    drive(world, 40)
    note(world, TODAY, 1_010)
    (checked,) = claim_check.check(world.session, [world.claim()])
    (day,) = checked.days
    assert day.flags == (Flag.ODOMETER,)
    assert day.odometer == OdometerGap(TODAY, 40_000, 10_000)


def test_a_stretch_over_the_end_of_a_month_is_asked_about_in_the_claim_of_its_reading_alone(
    world: LedgerWorld,
) -> None:
    note(world, date(2026, 2, 20), 1_000)
    drive(world, 40, on=date(2026, 2, 25))
    drive(world, 1, on=date(2026, 3, 2))
    note(world, date(2026, 3, 3), 1_010)
    february, march = world.claim(date(2026, 2, 25)), world.claim()
    for looked_at, asked in (([february], [False]), ([march], [True]), ([february, march], [False, True])):
        found = claim_check.check(world.session, looked_at)
        assert [Flag.ODOMETER in each.flags for each in found] == asked


def test_a_month_that_is_read_on_the_first_of_the_next_is_asked_about_in_its_own_claim(
    world: LedgerWorld,
) -> None:
    """Nothing was driven on the first: a reading of a day off asks about the last drive before it."""
    note(world, date(2026, 2, 20), 1_000)
    drive(world, 40, on=date(2026, 2, 25))
    note(world, date(2026, 3, 1), 1_010)
    drive(world, 5)
    february, march = world.claim(date(2026, 2, 25)), world.claim()
    for looked_at, asked in (([february], [True]), ([march], [False]), ([february, march], [True, False])):
        found = claim_check.check(world.session, looked_at)
        assert [Flag.ODOMETER in each.flags for each in found] == asked


def test_a_reading_that_replaces_the_one_of_the_closing_counts(world: LedgerWorld) -> None:
    world.close(on=YESTERDAY, odometer_metres=1_000_000)
    drive(world, 40)
    world.close(on=TODAY, odometer_metres=1_010_000)
    (before,) = claim_check.check(world.session, [world.claim()])
    note(world, TODAY, 1_041, Occasion.DAY)
    (after,) = claim_check.check(world.session, [world.claim()])
    assert [Flag.ODOMETER in found.flags for found in (before, after)] == [True, False]


def test_a_reading_of_a_day_off_asks_about_the_last_day_driven(world: LedgerWorld) -> None:
    note(world, YESTERDAY - timedelta(days=1), 1_000)
    drive(world, 40, on=YESTERDAY)
    note(world, TODAY, 1_010)
    (checked,) = claim_check.check(world.session, [world.claim()])
    assert [(day.on, day.flags) for day in checked.days] == [(YESTERDAY, (Flag.ODOMETER,))]


def test_a_vehicle_whose_odometer_was_read_is_not_taken_back(world: LedgerWorld) -> None:
    what = NewVehicle(YESTERDAY, VehicleKind.CAR, "AB-12", first_metres=5_000)
    vehicles.change(world.session, rep(world.ana), NOW, what)
    note(world, TODAY, 6)
    with pytest.raises(Conflict) as refused:
        vehicles.take_back(world.session, rep(world.ana), NOW, YESTERDAY)
    assert refused.value.code == "vehicle_read"


def test_a_way_to_work_that_is_corrected_is_typed_as_driven(world: LedgerWorld) -> None:
    boss = Actor(world.company.admin.id, Role.ADMIN)
    values = {"commute": Commute.BEYOND.value, "commute_beyond_metres": 300}
    settings.change(world.session, boss, NOW, values)
    world.visit(hour=9)
    world.close()
    first, last = world.trips()

    def corrected(trip: Trip, metres: int) -> Trip:
        what = TripChange(uid(), metres, trip.purpose, "Detour")
        return trip_changes.correct(world.session, rep(world.ana), NOW, TODAY, trip.id, what)

    shorter = corrected(first, 200)
    assert (shorter.metres, shorter.commute_metres) == (0, 200)
    longer = corrected(shorter, 5_000)
    assert (longer.metres, longer.commute_metres, longer.amount_minor) == (4_700, 300, 846)
    settings.change(world.session, boss, NOW, {"commute_beyond_metres": 100})
    page = entry_pages.trip_page(world.session, rep(world.ana), TODAY, last.id)
    same = corrected(last, page.driven_metres)
    assert (same.metres, same.commute_metres) == (last.metres, last.commute_metres)
