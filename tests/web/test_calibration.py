"""The page of calibration: what it says, applies and takes back."""

from __future__ import annotations

import re
from collections.abc import Callable
from datetime import date, timedelta

import pytest
from flask import Flask
from flask.testing import FlaskClient
from sqlalchemy.orm import Session

from planner.models.people import Person
from planner.models.visits import Stop, Visit
from planner.web.admin.rush_words import rush_words
from tests.conftest import TODAY
from tests.driven import driven_day
from tests.world import World


@pytest.fixture
def world(session: Session) -> World:
    return World(session)


def test_the_page_says_it_applies_it_and_takes_it_back(
    world: World, sign_in: Callable[[Person], FlaskClient]
) -> None:
    for number in range(12):
        driven_day(world, TODAY - timedelta(days=number + 1), 1.25)
    world.session.commit()
    browser = sign_in(world.admin)
    assert "Last 48 legs: median +25 %, p90 +25 %." in browser.get("/admin/calibration").text
    browser.post("/admin/calibration", data={"speed": "1"})
    assert "Undo the last calibration" in browser.get("/admin/calibration").text
    browser.post("/admin/calibration/undo")
    assert "Undo the last calibration" not in browser.get("/admin/calibration").text


def test_the_page_names_factors_by_class_of_road_and_learnt_hours_in_words(
    world: World, sign_in: Callable[[Person], FlaskClient]
) -> None:
    for number in range(20):
        driven_day(world, TODAY - timedelta(days=number + 1), 1.4 if number % 2 else 0.8)
    for stop in world.session.query(Stop):
        stop.leg_class_seconds = [0, 0, 600]
    for stop in world.session.query(Stop).join(Stop.visit).filter(Visit.on.in_(odd_days())):
        stop.leg_class_seconds = [600, 0, 0]
    world.session.commit()
    browser = sign_in(world.admin)
    page = browser.get("/admin/calibration").text
    assert "What drives take of the time planned, by road:" in page
    assert re.search(r"09:00–12:00: main roads at \d+\s%", page)
    for _ in range(2):
        browser.post("/admin/calibration", data={"speed": "1"})
    page = browser.get("/admin/calibration").text
    assert "The speeds fit as they are." in page
    assert "What drives take of the time planned in calm hours, by road:" in page
    assert "Tried on" not in page


def odd_days() -> list[date]:
    return [TODAY - timedelta(days=number + 1) for number in range(20) if number % 2]


def test_one_figure_for_all_roads_is_said_once(app: Flask) -> None:
    with app.test_request_context():
        assert rush_words("07:00-09:00 70") == ["07:00–09:00: 70 % of the usual speed"]
