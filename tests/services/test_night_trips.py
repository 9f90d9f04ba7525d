"""Closing days beside a night away: the first drive begins there, the last one ends there."""

from __future__ import annotations

from datetime import timedelta

import pytest
from sqlalchemy import select
from sqlalchemy.orm import Session

from planner.domain.visits import VisitState
from planner.models.accounts import Account
from planner.models.ledger import Trip
from planner.services.days import day_routes
from planner.services.ledger import chain, claim_check, trips
from planner.services.ledger.reviewing.day_page import driven_paths
from tests.conftest import NOW, TODAY
from tests.nights import planned_night
from tests.services.ledger_world import LedgerWorld

TOMORROW = TODAY + timedelta(days=1)
NIGHT = "Overnight near Hostal, Coquimbo"

pytestmark = pytest.mark.both_databases


@pytest.fixture
def world(session: Session) -> LedgerWorld:
    return LedgerWorld(session)


@pytest.fixture
def inn(world: LedgerWorld) -> Account:
    row = world.company.account(world.ana, "Hostal, Coquimbo", lat=-29.9530, lon=-71.3400)
    planned_night(world.company, world.ana, row, TODAY)
    return row


def made(world: LedgerWorld) -> list[Trip]:
    return list(world.session.scalars(select(Trip).order_by(Trip.on, Trip.position)))


def test_two_days_are_driven_over_the_night_s_place(world: LedgerWorld, inn: Account) -> None:
    world.visit(hour=14)
    world.visit(hour=14, on=TOMORROW)
    world.close()
    world.close(on=TOMORROW, today=TOMORROW)
    out, to_bed, from_bed, back = made(world)
    assert (out.from_label, to_bed.to_label, to_bed.to_account_id) == ("Plaza de Armas", NIGHT, inn.id)
    assert (from_bed.from_label, from_bed.from_account_id) == (NIGHT, inn.id)
    assert (back.to_label, back.to_account_id) == ("Plaza de Armas", None)
    assert [trip.purpose for trip in (to_bed, back)] == ["night", "home"]
    assert min(to_bed.metres, from_bed.metres) > 3000


def test_the_first_drive_after_a_night_is_held_against_the_route_s(world: LedgerWorld, inn: Account) -> None:
    visit = world.visit(hour=14, on=TOMORROW)
    assert day_routes.solve(world.session, NOW, world.networks, world.ana.id, TOMORROW)
    route = day_routes.row_of(world.session, world.ana.id, TOMORROW)
    assert route is not None
    world.close(on=TOMORROW, today=TOMORROW)
    assert [trip.planned_metres for trip in made(world)] == [
        route.stops[0].leg_metres,
        route.home_leg_metres,
    ]
    assert route.stops[0].visit_id == visit.id


def test_the_way_to_and_from_the_night_is_not_drawn_for_a_reviewer(world: LedgerWorld, inn: Account) -> None:
    for on in (TODAY, TOMORROW):
        for hour in (12, 14):
            world.visit(hour=hour, on=on)
        world.close(on=on, today=on)
    (checked,) = claim_check.check(world.session, [world.claim()])
    for day in checked.days:
        _, between, _ = day.trips
        drawn = driven_paths(world.networks, day)
        assert len(drawn) == 1
        assert drawn[0][0] == pytest.approx((between.row.from_lon, between.row.from_lat), abs=3e-3)
        assert drawn[0][-1] == pytest.approx((between.row.to_lon, between.row.to_lat), abs=3e-3)


def test_what_was_driven_stays_when_the_pin_moves_and_the_chain_holds(
    world: LedgerWorld, inn: Account
) -> None:
    world.visit(hour=14)
    world.close()
    inn.lat = -29.90
    for trip in made(world):
        assert trips.recompute(world.networks, trip) == trip.road_metres
    assert chain.verify(world.session) == []


def test_a_day_without_visits_still_leads_home_from_the_night(world: LedgerWorld, inn: Account) -> None:
    world.visit(hour=None, on=TOMORROW, state=VisitState.SKIPPED)
    world.close(on=TOMORROW, today=TOMORROW)
    (back,) = made(world)
    assert (back.from_label, back.purpose, back.visit_id) == (NIGHT, "home", None)
    assert back.metres > 3000


def test_a_night_off_the_roads_counts_as_spent_at_home(world: LedgerWorld) -> None:
    inn = world.company.account(world.ana, "Refugio", lat=-30.1000, lon=-70.8000)
    planned_night(world.company, world.ana, inn, TODAY)
    world.visit(hour=14)
    world.close()
    out, back = made(world)
    assert (out.from_label, back.to_label, back.purpose) == ("Plaza de Armas", "Plaza de Armas", "home")


def test_a_night_that_was_dropped_is_not_driven_to(world: LedgerWorld, inn: Account) -> None:
    planned_night(world.company, world.ana, inn, TOMORROW).is_dropped = True
    world.visit(hour=14, on=TOMORROW)
    world.close(on=TOMORROW, today=TOMORROW)
    assert made(world)[-1].purpose == "home"
