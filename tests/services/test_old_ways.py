"""Ways of days that were changed on the road are forgotten; the days and their figures stay."""

from __future__ import annotations

from datetime import date, timedelta

import pytest
from flask import Flask
from sqlalchemy import select
from sqlalchemy.orm import Session

from planner.models.ledger import ClosedDay
from planner.models.visits import DayChange, DayRoute
from planner.services.days import old_ways
from tests.conftest import NOW, TODAY
from tests.days import routed_day
from tests.world import World

pytestmark = pytest.mark.both_databases

OLD = TODAY - timedelta(days=61)


@pytest.fixture
def world(session: Session) -> World:
    return World(session)


def changed(world: World, on: date, is_closed: bool = True, is_changed: bool = True) -> DayRoute:
    """A day with ways, changed on the road from where the rep stood."""
    routed_day(world, world.ana, 2, on=on)
    route = world.session.scalars(select(DayRoute).where(DayRoute.on == on)).one()
    route.home_leg_path = "home"
    for stop in route.stops:
        stop.leg_path = "way"
    if is_changed:
        change = DayChange(rep_id=world.ana.id, on=on, kind="replanned", made_at=NOW)
        change.told, change.before = {"from_position": True}, {"stops": [{"leg_path": "way"}]}
        world.session.add(change)
    if is_closed:
        world.session.add(ClosedDay(rep_id=world.ana.id, on=on, as_planned=True, closed_at=NOW))
    world.session.flush()
    return route


def ways(world: World, route: DayRoute) -> list[str]:
    world.session.expire_all()
    return [route.home_leg_path, *(stop.leg_path for stop in route.stops)]


def test_a_changed_day_of_two_months_ago_loses_its_ways_and_keeps_its_figures(world: World) -> None:
    route = changed(world, OLD)
    metres = [stop.leg_metres for stop in route.stops]
    assert old_ways.forget(world.session, TODAY) == 1
    assert ways(world, route) == ["", "", ""]
    assert [stop.leg_metres for stop in route.stops] == metres
    change = world.session.scalars(select(DayChange)).one()
    assert (change.before, change.told) == ({}, {"from_position": True})
    assert old_ways.forget(world.session, TODAY) == 0


def test_a_day_that_was_not_changed_is_younger_or_still_to_be_closed_keeps_them(world: World) -> None:
    kept = [
        changed(world, OLD, is_changed=False),
        changed(world, OLD + timedelta(days=1)),
        changed(world, OLD - timedelta(days=1), is_closed=False),
    ]
    assert old_ways.forget(world.session, TODAY) == 0
    assert [ways(world, route) for route in kept] == [["home", "way", "way"]] * 3


def test_after_a_year_a_day_that_was_never_closed_loses_them_too(world: World) -> None:
    route = changed(world, TODAY - timedelta(days=401), is_closed=False)
    assert old_ways.forget(world.session, TODAY) == 1
    assert ways(world, route) == ["", "", ""]


def test_the_night_forgets_them_all(world: World, app: Flask, monkeypatch: pytest.MonkeyPatch) -> None:
    monkeypatch.setattr(old_ways, "AT_ONCE", 1)
    routes = [changed(world, OLD), changed(world, OLD - timedelta(days=1))]
    world.session.commit()
    app.test_cli_runner().invoke(args=["nightly"])
    assert [ways(world, route) for route in routes] == [["", "", ""]] * 2
