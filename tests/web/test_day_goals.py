"""What a rep wants of the order of their days, in the browser, and the line that says how good it is."""

from __future__ import annotations

import re
from collections.abc import Callable
from datetime import datetime, timedelta
from pathlib import Path

import pytest
from flask import Flask
from flask.testing import FlaskClient
from sqlalchemy import select
from sqlalchemy.orm import Session

from planner import clock
from planner.domain.day_goals import DayGoal, Proof
from planner.jobs import EXTENSION
from planner.models.people import Person, Rep
from planner.models.visits import DayRoute
from planner.web.goal_words import proof_said
from tests.conftest import NOW, TODAY
from tests.days import routed_day
from tests.roads import install_into
from tests.web.test_today import Bell
from tests.world import World

TOMORROW = TODAY + timedelta(days=1)


@pytest.fixture(autouse=True)
def noon(monkeypatch: pytest.MonkeyPatch) -> None:
    def at_noon() -> datetime:
        return NOW

    monkeypatch.setattr(clock, "now", at_noon)


@pytest.fixture
def world(session: Session) -> World:
    return World(session)


def route_on(world: World, on: object = TODAY) -> DayRoute:
    world.session.rollback()
    return world.session.scalars(select(DayRoute).where(DayRoute.on == on)).one()


def test_the_choice_puts_this_day_in_order_is_kept_and_is_shown(
    app: Flask, world: World, sign_in: Callable[[Person], FlaskClient]
) -> None:
    install_into(Path(app.config["NETWORKS_FOLDER"]))
    bell = app.extensions[EXTENSION] = Bell()
    routed_day(world, world.ana, 3)
    routed_day(world, world.ana, 2, TOMORROW)
    world.session.commit()
    browser = sign_in(world.ana)
    page = browser.get(f"/today/{TODAY}/stops").text
    assert re.search(r'value="least_driving" checked', page)
    sent = browser.post(f"/today/{TODAY}/goal", data={"goal": "earliest_home"})
    page = browser.get(sent.location).text
    assert "Re-planned: home" in page
    assert "Best order by: Home earliest" in page
    assert "Proven: no other order is home earlier." in page
    assert re.search(r'value="earliest_home" checked', browser.get(f"/today/{TODAY}/stops").text)
    assert not route_on(world).is_stale
    assert route_on(world, TOMORROW).is_stale
    assert bell.rung == 1


def test_a_manager_chooses_it_for_a_rep_from_tomorrow_on(
    app: Flask, world: World, sign_in: Callable[[Person], FlaskClient]
) -> None:
    bell = app.extensions[EXTENSION] = Bell()
    routed_day(world, world.ana, 2)
    routed_day(world, world.ana, 2, TOMORROW)
    world.session.commit()
    browser, page = sign_in(world.marta), f"/schedule/settings?rep={world.ana.id}"
    assert re.search(r'value="least_driving" checked', browser.get(page).text)
    browser.post("/schedule/settings/goal", data={"rep": world.ana.id, "goal": "richest"})
    assert bell.rung == 0
    browser.post("/schedule/settings/goal", data={"rep": world.ana.id, "goal": "most_value"})
    assert re.search(r'value="most_value" checked', browser.get(page).text)
    assert not route_on(world).is_stale
    assert route_on(world, TOMORROW).is_stale
    assert bell.rung == 1


def test_a_choice_that_is_none_changes_nothing(
    world: World, sign_in: Callable[[Person], FlaskClient]
) -> None:
    routed_day(world, world.ana, 2)
    world.session.commit()
    sent = sign_in(world.ana).post(f"/today/{TODAY}/goal", data={"goal": "richest"})
    assert sent.location == f"/today/{TODAY}/stops"
    assert not route_on(world).is_stale
    assert world.session.get_one(Rep, world.ana.id).day_goal is DayGoal.LEAST_DRIVING


def test_both_pages_say_how_good_the_order_is_and_nothing_where_it_is_not_known(
    world: World, sign_in: Callable[[Person], FlaskClient]
) -> None:
    routed_day(world, world.ana, 2)
    world.session.commit()
    browser = sign_in(world.ana)
    pages = f"/today/{TODAY}", f"/schedule/days/{TODAY}"
    for page in pages:
        assert "the best possible" not in browser.get(page).text
    route_on(world).within_percent = 3.2
    world.session.commit()
    for page in pages:
        assert "At most 4 % more driving than the best possible." in browser.get(page).text


@pytest.mark.parametrize(
    ("proof", "words"),
    [
        (None, ""),
        (Proof(DayGoal.LEAST_DRIVING, 0, True), "Proven: no other order drives less."),
        (Proof(DayGoal.EARLIEST_HOME, 0, False), "Proven: no other order is home earlier."),
        (Proof(DayGoal.MOST_VALUE, 0, False), "Proven: no other order drives less."),
        (Proof(DayGoal.MOST_VALUE, 0, True), "Proven: no other choice of visits is worth more."),
        (
            Proof(DayGoal.EARLIEST_HOME, 7, False),
            "At most 7 % more time beside the visits than the best possible.",
        ),
        (
            Proof(DayGoal.LEAST_DRIVING, 7, True),
            "At most 7 % from the best possible, visits left out counted.",
        ),
    ],
)
def test_the_words_follow_the_goal(app: Flask, proof: Proof | None, words: str) -> None:
    with app.test_request_context():
        assert proof_said(proof).replace("\N{NO-BREAK SPACE}", " ") == words
