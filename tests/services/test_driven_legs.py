"""Legs and visit lengths from taps: which count, at which speed they were planned, on which roads."""

from __future__ import annotations

import pytest
from sqlalchemy.orm import Session

from planner.models.visits import DayRoute, Stop
from planner.services.days import driven_legs
from tests.conftest import TODAY
from tests.driven import HOUR, driven_day, instant, season
from tests.queries import counted
from tests.world import World


@pytest.fixture
def world(session: Session) -> World:
    return World(session)


def legs(world: World) -> list[tuple[int, int]]:
    found = driven_legs.legs(world.session, TODAY, 0.8)
    return [(leg.planned_seconds, leg.taken_seconds) for leg in found]


def test_a_leg_is_from_left_to_arrived(world: World) -> None:
    driven_day(world, TODAY, 1.2)
    assert legs(world) == [(600, 720)] * 4


def test_planned_times_are_those_of_the_speed_in_force_today(world: World) -> None:
    driven_day(world, TODAY, 1.2)
    assert {leg.planned_seconds for leg in driven_legs.legs(world.session, TODAY, 0.4)} == {1200}


def test_no_leg_is_made_of_a_missing_tap_another_order_or_lunch(world: World) -> None:
    visits = driven_day(world, TODAY, 1.2)
    visits[1].left_at = None
    assert len(legs(world)) == 3
    visits[4].arrived_at = visits[4].left_at = instant(TODAY, 8 * HOUR)
    assert len(legs(world)) == 2
    route = world.session.query(DayRoute).one()
    route.lunch_seconds = route.stops[2].leaves_seconds + 60
    assert len(legs(world)) == 1


def test_the_roads_of_a_leg_are_known_where_its_route_tells(world: World) -> None:
    driven_day(world, TODAY, 1.2)
    world.session.query(Stop).filter_by(position=1).one().leg_class_seconds = [300, 180, 60]
    world.session.flush()
    shares = [leg.shares for leg in driven_legs.legs(world.session, TODAY, 0.8)]
    assert shares == [(0.5, 0.3, 0.1), None, None, None]


def test_a_season_is_read_in_as_many_queries_as_a_day_and_no_object_is_loaded(world: World) -> None:
    season(world, 1.1, days=6)
    world.session.commit()
    world.session.expunge_all()
    with counted() as queries:
        assert len(driven_legs.legs(world.session, TODAY, 0.8)) == 24
        assert len(driven_legs.visit_seconds(world.session, TODAY)) == 30
    assert len(queries) <= 6
    assert not any(isinstance(row, DayRoute | Stop) for row in world.session)


def test_a_leg_planned_in_rush_hours_is_brought_back_to_calm_ones(world: World) -> None:
    """All of it at half speed on main roads: 600 s are 300. One that ends after them says nothing."""
    driven_day(world, TODAY, 1.2)
    route = world.session.query(DayRoute).one()
    hours = {"main": 0.5, "middle": 1.0, "small": 1.0}
    third = route.stops[2]
    third.leg_class_seconds = [600, 0, 0]
    for ends, count in ((third.arrives_seconds, 4), (third.arrives_seconds - 60, 3)):
        rush = {"begins": third.arrives_seconds - 721, "ends": ends, **hours}
        route.driving = {"speed_factor": 0.8, "rush_hours": [rush]}
        world.session.flush()
        found = driven_legs.legs(world.session, TODAY, 0.8)
        assert len(found) == count
        assert ([leg.planned_seconds for leg in found].count(300)) == (count == 4)
