"""Closing the day in the browser, on the demo roads: decide, confirm, read the summary."""

from __future__ import annotations

from collections.abc import Callable
from datetime import datetime
from pathlib import Path

import pytest
from flask import Flask
from flask.testing import FlaskClient
from sqlalchemy import delete, select
from sqlalchemy.orm import Session

from planner import clock
from planner.domain.visits import NotHeldReason, Outcome, VisitState
from planner.models.ledger import ClosedDay, Trip
from planner.models.people import Person
from planner.models.visits import Stop, Visit
from routing.network import install, load
from tests.conftest import NOW, TODAY
from tests.days import routed_day
from tests.world import World

DEMO = Path("planner/demo/la-serena-coquimbo.npz")
CLOSE = f"/today/{TODAY}/close"


@pytest.fixture(autouse=True)
def noon(monkeypatch: pytest.MonkeyPatch) -> None:
    def at_noon() -> datetime:
        return NOW

    monkeypatch.setattr(clock, "now", at_noon)


@pytest.fixture
def world(app: Flask, session: Session) -> World:
    install(app.config["NETWORKS_FOLDER"], load(DEMO))
    return World(session)


@pytest.fixture
def browser(world: World, sign_in: Callable[[Person], FlaskClient]) -> Callable[[], FlaskClient]:
    def start() -> FlaskClient:
        world.session.commit()
        return sign_in(world.ana)

    return start


def held(world: World, count: int, undecided: int = 0) -> list[Visit]:
    visits = routed_day(world, world.ana, count + undecided)
    for visit in visits[:count]:
        visit.state, visit.outcome = VisitState.DONE, Outcome.ORDER
    return visits


def trips(session: Session) -> list[Trip]:
    session.rollback()
    return list(session.scalars(select(Trip).order_by(Trip.position)))


def test_undecided_visits_come_first(world: World, browser: Callable[[], FlaskClient]) -> None:
    key = held(world, 1, undecided=1)[1].id
    client = browser()
    page = client.get(CLOSE).text
    assert "1 still to decide" in page
    assert f"/today/visits/{key}/report?then=close" in page
    assert client.post(CLOSE).status_code == 409
    assert trips(world.session) == []
    answer = client.post(f"/today/visits/{key}/skipped?then=close", data={"reason": "no_time"})
    assert answer.location == CLOSE


def test_a_confirmed_day_makes_a_trip_per_drive_and_a_summary(
    world: World, browser: Callable[[], FlaskClient]
) -> None:
    held(world, 2)
    client = browser()
    assert "Yes, close the day" in client.get(CLOSE).text
    assert client.post(CLOSE).location == CLOSE
    made = trips(world.session)
    assert len(made) == 3
    assert all(trip.metres == trip.road_metres > 0 for trip in made)
    page = client.get(CLOSE).text
    assert "is closed" in page
    assert "2 of 2" in page
    assert "Driven as planned." in page
    assert "Distances as the roads say." in page


def test_a_closed_day_says_how_it_differs_from_its_plan(
    world: World, browser: Callable[[], FlaskClient]
) -> None:
    added, _ = held(world, 2)
    world.session.execute(delete(Stop).where(Stop.visit_id == added.id))
    world.session.flush()
    client = browser()
    client.post(CLOSE)
    assert "Not as planned: 1 stop added." in client.get(CLOSE).text


def test_closing_twice_closes_once(world: World, browser: Callable[[], FlaskClient]) -> None:
    held(world, 1)
    client = browser()
    client.post(CLOSE)
    assert client.post(CLOSE).status_code == 200
    assert len(trips(world.session)) == 2


def test_distances_left_as_shown_are_no_change(world: World, browser: Callable[[], FlaskClient]) -> None:
    visit = held(world, 1)[0].id
    client = browser()
    shown = _shown(client.get(CLOSE).text, visit)
    client.post(CLOSE, data={f"distance-{visit}": shown})
    assert all(trip.metres == trip.road_metres for trip in trips(world.session))


def test_a_changed_distance_wants_a_reason_and_keeps_what_was_typed(
    world: World, browser: Callable[[], FlaskClient]
) -> None:
    visit = held(world, 1)[0].id
    client = browser()
    form = {f"distance-{visit}": "12,5", "odometer": "50123"}
    answer = client.post(CLOSE, data=form)
    assert answer.status_code == 409
    assert 'value="12,5"' in answer.text
    assert 'value="50123"' in answer.text
    client.post(CLOSE, data=form | {"reason": "Road works"})
    trip = trips(world.session)[0]
    assert (trip.metres, trip.change_reason) == (12500, "Road works")
    day = world.session.scalars(select(ClosedDay)).one()
    assert (day.odometer_metres, day.as_planned) == (50_123_000, False)


@pytest.mark.parametrize("text", ["x", "-3", "1e99", "NaN", ""])
def test_what_is_no_distance_gets_a_sentence(
    world: World, browser: Callable[[], FlaskClient], text: str
) -> None:
    visit = held(world, 1)[0].id
    answer = browser().post(CLOSE, data={f"distance-{visit}": text, "reason": "x"})
    assert answer.status_code == 409
    assert "is not a distance" in answer.text
    assert trips(world.session) == []


def test_a_missed_visit_counts_as_a_drive_and_a_skipped_one_does_not(
    world: World, browser: Callable[[], FlaskClient]
) -> None:
    missed, skipped = held(world, 0, undecided=2)
    missed.state, missed.not_held_reason = VisitState.MISSED, NotHeldReason.CLOSED
    skipped.state, skipped.not_held_reason = VisitState.SKIPPED, NotHeldReason.NO_TIME
    browser().post(CLOSE)
    assert [trip.visit_id for trip in trips(world.session)] == [missed.id, None]


def test_a_closed_day_offers_no_more_steps(world: World, browser: Callable[[], FlaskClient]) -> None:
    key = held(world, 1)[0].id
    client = browser()
    client.post(CLOSE)
    assert f"/today/visits/{key}/undo" not in client.get("/today").text
    assert client.post(f"/today/visits/{key}/undo").status_code == 409


def test_without_roads_there_is_a_sentence(
    session: Session, sign_in: Callable[[Person], FlaskClient]
) -> None:
    world = World(session)
    held(world, 1)
    session.commit()
    answer = sign_in(world.ana).get(CLOSE)
    assert answer.status_code == 409
    assert "There is no road network" in answer.text


def _shown(page: str, key: int) -> str:
    return page.split(f'name="distance-{key}" value="')[1].split('"')[0]
