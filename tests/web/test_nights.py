"""Nights away on pages: the rule, the rep's day, its map, the calendar, the plan, the log."""

from __future__ import annotations

from collections.abc import Callable
from dataclasses import replace
from datetime import date, datetime, timedelta

import pytest
from flask import Flask
from flask.testing import FlaskClient
from sqlalchemy.orm import Session

from planner import clock
from planner.domain.nights import AT_HOME, NightsAway
from planner.jobs import EXTENSION
from planner.models.people import DistanceUnit, Person
from planner.models.schedule import ScheduleNight
from planner.services.company import working_weeks
from planner.services.schedule.night_changes import NightChange
from planner.web.ledger.blueprint import purpose
from planner.web.schedule import difference_words
from tests.conftest import NOW, TODAY
from tests.days import routed_day
from tests.nights import planned_night
from tests.services.test_publishing import version
from tests.web.test_admin import week
from tests.web.test_today import Bell
from tests.web.test_version_words import NOTHING
from tests.world import World

YESTERDAY, TOMORROW = TODAY - timedelta(days=1), TODAY + timedelta(days=1)
MONDAY = date(2026, 3, 9)
SignIn = Callable[[Person], FlaskClient]


@pytest.fixture(autouse=True)
def noon(monkeypatch: pytest.MonkeyPatch) -> None:
    def at_noon() -> datetime:
        return NOW

    monkeypatch.setattr(clock, "now", at_noon)


@pytest.fixture
def world(session: Session) -> World:
    return World(session)


def rule_of(world: World) -> NightsAway:
    world.session.rollback()
    return working_weeks.read(world.session, world.ana.id).nights


def asked(**changes: str) -> dict[str, str]:
    usual = {"nights-most_in_a_row": "1", "nights-least_distance": "80", "nights-price": "90"}
    return week() | usual | changes


def test_a_rule_about_nights_is_kept_and_off_until_an_evening_is_ticked(
    world: World, sign_in: SignIn
) -> None:
    world.session.commit()
    browser, path = sign_in(world.admin), f"/admin/people/{world.ana.id}/road"
    assert rule_of(world) == AT_HOME
    ticked = {"days-0-night_after": "y", "days-2-night_after": "y"}
    more = {"nights-most_in_a_row": "3", "nights-least_distance": "42,5", "nights-price": "60"}
    assert browser.post(path, data=asked(**ticked, **more)).status_code == 302
    assert rule_of(world) == NightsAway((0, 2), 3, 42_500, 3600)
    page = browser.get(path).text
    assert 'value="42.5"' in page
    assert browser.post(path, data=asked(**more)).status_code == 302
    assert rule_of(world).evenings == ()


def test_the_distance_is_asked_in_the_reader_s_unit_and_kept_to_the_metre(
    world: World, sign_in: SignIn
) -> None:
    world.admin.distance_unit = DistanceUnit.MI
    world.session.commit()
    browser, path = sign_in(world.admin), f"/admin/people/{world.ana.id}/road"
    assert 'value="49.7"' in browser.get(path).text
    browser.post(path, data=asked(**{"nights-least_distance": "49.7", "days-0-night_after": "y"}))
    assert rule_of(world).least_metres == 80_000
    browser.post(path, data=asked(**{"nights-least_distance": "10"}))
    assert rule_of(world).least_metres == 16_093


@pytest.mark.parametrize(
    ("changes", "sentence"),
    [
        ({"days-4-night_after": "y"}, "No night away: the day after is not worked."),
        ({"days-5-night_after": "y"}, "No night away on an evening without work"),
        ({"nights-most_in_a_row": "none"}, "Write how many nights, from 1 to 6."),
        ({"nights-most_in_a_row": "7"}, "Write how many nights, from 1 to 6."),
        ({"nights-least_distance": "far"}, "Write a distance from 0 to 1000 km."),
        ({"nights-least_distance": "-1"}, "Write a distance from 0 to 1000 km."),
        ({"nights-price": "1.5"}, "Write minutes, from 0 to 1440."),
    ],
)
def test_what_is_wrong_with_a_rule_is_said_at_its_field(
    world: World, sign_in: SignIn, changes: dict[str, str], sentence: str
) -> None:
    world.session.commit()
    answer = sign_in(world.admin).post(f"/admin/people/{world.ana.id}/road", data=asked(**changes))
    assert answer.status_code == 200
    assert sentence in answer.text
    assert "KX-41" in answer.text
    assert rule_of(world) == AT_HOME


def test_the_day_says_where_it_begins_and_ends(world: World, sign_in: SignIn) -> None:
    routed_day(world, world.ana, 2)
    planned_night(world, world.ana, world.account(world.ana, "Cartwright Ltd"), YESTERDAY)
    planned_night(world, world.ana, world.account(world.ana, "Posada"), TODAY)
    world.session.commit()
    browser = sign_in(world.ana)
    page = browser.get("/today").text
    assert "From your night near Cartwright Ltd" in page
    assert "at your night&#39;s place 12:00" in page
    assert "Overnight near Posada" in page
    assert ">Home<" not in page
    script = browser.get(f"/today/{TODAY}/map.js").text
    assert "From your night near Cartwright Ltd" in script
    assert "Overnight near Posada" in script
    assert "Home" not in script


def test_the_team_s_day_says_who_does_not_come_home(world: World, sign_in: SignIn) -> None:
    routed_day(world, world.ana, 1)
    planned_night(world, world.ana, world.account(world.ana, "Posada"), TODAY)
    world.session.commit()
    assert "overnight near Posada" in sign_in(world.marta).get("/team").text


def test_a_night_is_dropped_from_the_day_and_taken_back(app: Flask, world: World, sign_in: SignIn) -> None:
    app.extensions[EXTENSION] = bell = Bell()
    routed_day(world, world.ana, 1)
    planned_night(world, world.ana, world.account(world.ana, "Posada"), TODAY)
    world.session.commit()
    browser = sign_in(world.ana)
    page = browser.post(f"/today/{TODAY}/night/home", follow_redirects=True).text
    assert "You sleep at home instead of near Posada." in page
    assert "home 11:00" in page
    page = browser.post(f"/today/{TODAY}/night/away", follow_redirects=True).text
    assert "Sleep at home instead" in page
    assert bell.rung == 2
    assert browser.post(f"/today/{TOMORROW}/night/home").status_code == 404


def test_calendar_day_and_plan_show_the_nights(world: World, sign_in: SignIn) -> None:
    account = world.account(world.ana, "Posada")
    row = version(world, (account, MONDAY))
    row.nights = [ScheduleNight(on=MONDAY, account_id=account.id, saves_seconds=4200)]
    world.session.commit()
    browser = sign_in(world.marta)
    page = browser.get(f"/schedule/versions/{row.id}").text
    assert "A night near Posada is added: Mon 9 Mar." in page
    assert "1 h 10" in page
    browser.post(f"/schedule/versions/{row.id}/publish")
    page = browser.get(f"/schedule?rep={world.ana.id}").text
    assert "Night away </span>near Posada" in page
    page = browser.get(f"/schedule/days/{MONDAY}?rep={world.ana.id}").text
    assert "Overnight near Posada" in page
    page = browser.get(f"/schedule/days/{MONDAY + timedelta(days=1)}?rep={world.ana.id}").text
    assert "No visits on this day" in page


def test_nights_that_change_are_told_account_by_account(app: Flask) -> None:
    changes = (
        NightChange(MONDAY, "", "Posada"),
        NightChange(MONDAY + timedelta(days=1), "", "Posada"),
        NightChange(MONDAY + timedelta(days=2), "Posada", ""),
        NightChange(MONDAY + timedelta(days=3), "Posada", "Hostal"),
    )
    with app.test_request_context():
        said = difference_words.sentences(replace(NOTHING, kept=3, nights=changes))
    assert said[-3:] == [
        "2 nights near Posada are added: Mon 9 Mar and Tue 10 Mar.",
        "A night near Posada is no longer spent away: Wed 11 Mar.",
        "The night on Thu 12 Mar moves from near Posada to near Hostal.",
    ]
    assert "3 stay on their days." in said[0]


def test_the_log_names_the_way_to_a_night(app: Flask) -> None:
    with app.test_request_context():
        assert purpose("night") == "Way to the night's place"
