"""Trips by hand: along the roads or typed, private or claimed, marked; kilometres and miles in one firm."""

from __future__ import annotations

from dataclasses import replace
from datetime import date, timedelta
from decimal import Decimal

import pytest
from sqlalchemy import select
from sqlalchemy.orm import Session

from planner.domain.access import Actor, Role
from planner.domain.errors import Conflict, Invalid, Locked
from planner.domain.mileage import TripOrigin, metres_of
from planner.domain.mileage_rates import VehicleKind
from planner.domain.review import Flag
from planner.models.ledger import Trip
from planner.services.ledger import (
    chain,
    claim_check,
    claims,
    entry_pages,
    manual_trips,
    month_log,
    period_locks,
    rates,
    trip_changes,
    trips,
    vehicles,
)
from planner.services.ledger.manual_ends import HOME, ManualEnd
from planner.services.ledger.manual_trips import ManualTrip
from planner.services.ledger.trip_changes import TripChange
from planner.services.ledger.vehicles import NewVehicle
from tests.conftest import NOW, TODAY
from tests.services.ledger_world import LedgerWorld, rate, rep, uid

OFFICE, PORT = ManualEnd(label="Office"), ManualEnd(label="Port of Coquimbo")


@pytest.fixture
def world(session: Session) -> LedgerWorld:
    return LedgerWorld(session)


def typed(metres: int | None = 12_431, **more: object) -> ManualTrip:
    return replace(ManualTrip(uid(), TODAY, OFFICE, PORT, "Samples", metres), **more)  # type: ignore[arg-type]


def entered(world: LedgerWorld, new: ManualTrip) -> Trip:
    return manual_trips.add(world.session, rep(world.ana), NOW, TODAY, world.networks, new)


def test_a_typed_trip_is_priced_claimed_and_marked(world: LedgerWorld) -> None:
    row = entered(world, typed())
    # 12.431 km × 180 CLP = 2237.58
    assert (row.origin, row.amount_minor, row.from_label) == (TripOrigin.MANUAL, 2238, "Office")
    assert (row.from_lat, row.network_version, row.is_late) == (None, "", False)
    (checked,) = claim_check.check(world.session, [world.claim()])
    assert checked.flags[Flag.MANUAL] == 1
    assert Flag.LONGER not in checked.flags
    assert chain.verify(world.session) == []


def test_a_trip_sent_twice_is_entered_once(world: LedgerWorld) -> None:
    new = typed()
    assert entered(world, new) is entered(world, new)


def test_between_home_and_an_account_the_road_is_measured(world: LedgerWorld) -> None:
    account = world.company.account(world.ana)
    row = entered(world, typed(None, start=ManualEnd(HOME), goal=ManualEnd(str(account.id))))
    assert row.metres == row.road_metres > 0
    assert (row.from_label, row.to_account_id) == ("", account.id)
    assert trips.recompute(world.networks, row) == row.road_metres


def test_a_typed_distance_between_places_keeps_the_road_beside_it(world: LedgerWorld) -> None:
    account = world.company.account(world.ana)
    row = entered(world, typed(99_000, start=ManualEnd(HOME), goal=ManualEnd(str(account.id))))
    assert row.metres == 99_000 > row.road_metres > 0
    (checked,) = claim_check.check(world.session, [world.claim()])
    assert Flag.LONGER in checked.flags


def test_a_typed_trip_cannot_be_measured_again(world: LedgerWorld) -> None:
    with pytest.raises(Conflict) as refused:
        trips.recompute(world.networks, entered(world, typed()))
    assert refused.value.code == "trip_not_measured"


def test_an_old_trip_is_marked_late(world: LedgerWorld) -> None:
    assert entered(world, typed(on=TODAY - timedelta(days=8))).is_late
    assert not entered(world, typed(on=TODAY - timedelta(days=7))).is_late


def test_a_trip_by_hand_comes_behind_the_days_visits_whichever_was_entered_first(
    world: LedgerWorld,
) -> None:
    world.visit(hour=9)
    by_hand = entered(world, typed())
    world.close()
    assert world.trips()[-1].id == by_hand.id


def test_a_private_trip_is_corrected_in_a_closed_month_too_and_others_are_not(world: LedgerWorld) -> None:
    february = date(2026, 2, 27)
    private, claimed = entered(world, typed(on=february, is_private=True)), entered(world, typed(on=february))
    marta = Actor(world.company.marta.id, Role.MANAGER)
    period_locks.lock(world.session, marta, NOW, TODAY, world.company.norte.id, february, "Paid out")
    ana = rep(world.ana)
    assert entry_pages.trip_page(world.session, ana, TODAY, private.id).is_open
    assert not entry_pages.trip_page(world.session, ana, TODAY, claimed.id).is_open
    what = TripChange(uid(), 70_000, "Weekend", "Typed wrong")
    again = trip_changes.correct(world.session, ana, NOW, TODAY, private.id, what)
    assert again.metres == 70_000
    with pytest.raises(Locked):
        trip_changes.correct(world.session, ana, NOW, TODAY, claimed.id, what)


def test_a_private_trip_is_in_the_log_and_in_no_claim(world: LedgerWorld) -> None:
    claimed, private = entered(world, typed()), entered(world, typed(80_000, is_private=True))
    log = month_log.month_log(world.session, rep(world.ana), TODAY, TODAY)
    assert {trip.id for day in log.days for trip in day.trips} == {claimed.id, private.id}
    assert (log.metres, log.mileage) == (12_431, {"CLP": 2238})
    assert (log.elsewhere, log.has_no_rate, log.days[0].metres) == (0, False, 12_431)
    assert claims.summed(world.session, world.claim().id).trips_metres == 12_431
    what = TripChange(uid(), 70_000, "Weekend", "Typed wrong")
    again = trip_changes.correct(world.session, rep(world.ana), NOW, TODAY, private.id, what)
    assert (again.is_private, again.amount_minor, again.claim_id) == (True, 0, None)


@pytest.mark.parametrize(
    ("what", "field"),
    [
        ({"on": TODAY + timedelta(days=1)}, "on"),
        ({"purpose": " "}, "purpose"),
        ({"metres": None}, "distance"),
        ({"metres": 0}, "distance"),
        ({"metres": 2_000_001}, "distance"),
        ({"start": ManualEnd()}, "start"),
        ({"goal": ManualEnd("999999")}, "goal"),
        ({"goal": ManualEnd("x")}, "goal"),
        ({"uid": "7"}, "uid"),
    ],
)
def test_what_is_wrong_with_a_trip_is_said_at_its_field(
    world: LedgerWorld, what: dict[str, object], field: str
) -> None:
    with pytest.raises(Invalid) as refused:
        entered(world, typed(**what))
    assert refused.value.field == field


def test_a_colleagues_account_is_no_place_to_choose(world: LedgerWorld) -> None:
    foreign = world.company.account(world.company.bruno)
    with pytest.raises(Invalid):
        entered(world, typed(goal=ManualEnd(str(foreign.id))))
    assert foreign.id not in dict(manual_trips.accounts_to_choose(world.session, rep(world.ana), TODAY))


def test_a_trip_by_bicycle_is_paid_as_one(world: LedgerWorld) -> None:
    cycling = rate(vehicle_kind=VehicleKind.BICYCLE, per_unit=Decimal("50"))
    rates.add(world.session, None, NOW, cycling)
    assert entered(world, typed(10_000, kind=VehicleKind.BICYCLE)).amount_minor == 500
    assert entered(world, typed(10_000)).amount_minor == 1_800
    assert entered(world, typed(10_000, kind=VehicleKind.MOPED)).rate_id is None


def test_from_the_day_of_a_change_trips_name_the_new_vehicle(world: LedgerWorld) -> None:
    moped = NewVehicle(TODAY, VehicleKind.MOPED, "Yellow one")
    vehicles.change(world.session, rep(world.ana), NOW, moped)
    before, after = entered(world, typed(on=TODAY - timedelta(days=1))), entered(world, typed())
    assert (before.vehicle_kind, before.vehicle) == (VehicleKind.CAR, world.ana.rep.vehicle)  # type: ignore[union-attr]
    assert (after.vehicle_kind, after.vehicle) == (VehicleKind.MOPED, "Yellow one")


def test_reps_who_think_in_miles_and_in_kilometres_are_paid_the_same_for_the_same_way(
    world: LedgerWorld,
) -> None:
    # 20 mi are 32 186.88 m, so 32 187; 32.187 km are the same metres: × 180 CLP a km = 5793.66, so 5794.
    in_miles = entered(world, typed(metres_of(Decimal("20"), "mi")))
    in_kilometres = entered(world, typed(metres_of(Decimal("32.187"), "km")))
    assert in_miles.metres == in_kilometres.metres == 32_187
    assert in_miles.amount_minor == in_kilometres.amount_minor == 5_794


def test_a_company_pays_miles_in_one_country_and_kilometres_in_another(world: LedgerWorld) -> None:
    world.company.sur.country, world.company.sur.currency = "GB", "GBP"
    for new in (rate(country="GB", currency="GBP", unit="mi", per_unit=Decimal("0.45")),):
        rates.add(world.session, None, NOW, new)
    in_chile = entered(world, typed(16_093))
    bruno = rep(world.company.bruno)
    in_britain = manual_trips.add(world.session, bruno, NOW, TODAY, world.networks, typed(16_093))
    # 16.093 km × 180 CLP = 2896.74; 9.99973 mi × 45 p = 449.99.
    assert (in_chile.amount_minor, in_chile.currency) == (2_897, "CLP")
    assert (in_britain.amount_minor, in_britain.currency) == (450, "GBP")


def test_a_trip_without_a_rate_is_priced_when_the_rate_comes_by_a_new_entry(world: LedgerWorld) -> None:
    old = entered(world, typed(10_000, kind=VehicleKind.MOPED))
    rates.add(world.session, None, NOW, rate(vehicle_kind=VehicleKind.MOPED, per_unit=Decimal("90")))
    again = world.session.scalars(select(Trip).where(Trip.corrects_id == old.id)).one()
    assert (old.amount_minor, again.amount_minor, again.origin) == (0, 900, TripOrigin.MANUAL)
    assert chain.verify(world.session) == []


def test_a_rate_of_long_ago_leaves_what_is_right_alone(world: LedgerWorld) -> None:
    entered(world, typed())
    rates.add(
        world.session, None, NOW, rate(country="AR", currency="ARS", effective_from_on=date(2020, 1, 1))
    )
    assert world.session.scalars(select(Trip.corrects_id).where(Trip.corrects_id.is_not(None))).all() == []
