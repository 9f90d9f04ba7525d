"""The calendar's visits, and what its script asks: the days of one picked up, its drop, putting it back."""

from __future__ import annotations

from collections.abc import Callable
from datetime import date, timedelta
from typing import Any

import pytest
from flask import Flask
from flask.testing import FlaskClient
from sqlalchemy import select
from sqlalchemy.orm import Session

from planner.domain.visits import VisitKind, VisitState
from planner.domain.working_week import AbsenceKind
from planner.models.people import Absence, Person
from planner.models.visits import Visit
from tests.conftest import TODAY
from tests.queries import queries
from tests.roads import networks_folder
from tests.schedules import published_schedule
from tests.world import World

SignIn = Callable[[Person], FlaskClient]
JSON = {"Accept": "application/json"}
GOOD_FRIDAY = "2026-04-03"


@pytest.fixture
def world(session: Session) -> World:
    made = World(session)
    for letter in "AABBC":
        made.account(made.ana, letter=letter)
    session.commit()
    published_schedule(made, made.ana, networks_folder())
    return made


def a_visit(world: World) -> Visit:
    """The first that may be moved, fresh from the database."""
    world.session.expire_all()
    return world.session.scalars(select(Visit).order_by(Visit.on, Visit.id)).first()  # type: ignore[return-value]


def days_of(client: FlaskClient, visit_id: int) -> dict[str, dict[str, Any]]:
    answer = client.get(f"/schedule/visits/{visit_id}/choices", headers=JSON)
    assert answer.status_code == 200
    return {day["on"]: day for day in answer.json["days"]}


def free_day(client: FlaskClient, visit: Visit) -> str:
    days = days_of(client, visit.id).values()
    return next(d["on"] for d in days if d["can_be"] and not d["asks"] and d["on"] != visit.on.isoformat())


def drop(client: FlaskClient, visit: Visit, on: str, rev: int | None = None) -> Any:
    data = {"rev": visit.rev if rev is None else rev, "on": on}
    return client.post(f"/schedule/visits/{visit.id}/drop", data=data, headers=JSON)


def put_back(client: FlaskClient, visit_id: int, rev: int) -> Any:
    return client.post(f"/schedule/visits/{visit_id}/back", data={"rev": rev}, headers=JSON)


def test_a_day_lists_its_visits_each_a_link_to_why(world: World, ana: FlaskClient) -> None:
    page = ana.get("/schedule").text
    visits = world.session.scalars(select(Visit).where(Visit.state == VisitState.PLANNED)).all()
    assert page.count('data-hold="movable"') == len(visits)
    for visit in visits:
        assert f'href="/schedule/visits/{visit.id}/why"' in page
        assert visit.account.name in page


def test_what_holds_a_visit_is_told_and_what_is_over_cannot_be_picked_up(
    world: World, ana: FlaskClient
) -> None:
    agreed, pinned, done = world.session.scalars(select(Visit).order_by(Visit.on, Visit.id)).all()[:3]
    agreed.kind, pinned.is_pinned, done.state = VisitKind.MUST_VISIT, True, VisitState.DONE
    world.session.commit()
    page = ana.get("/schedule").text
    assert page.count('data-hold="agreed"') == page.count('data-hold="pinned"') == 1
    assert f'class="call over done" title="{done.account.name}"' in page
    assert f"/schedule/visits/{done.id}/why" not in page


def test_the_answer_names_the_same_minutes_as_the_page(world: World, ana: FlaskClient) -> None:
    visit = a_visit(world)
    page = ana.get(f"/schedule/visits/{visit.id}/why").text
    days = days_of(ana, visit.id)
    assert len(days) > 50
    told = [day["minutes"] for day in days.values() if day["minutes"]]
    assert told
    assert all(minutes in page for minutes in told)
    assert days[visit.on.isoformat()]["than_now"] == "now"
    assert {day["tone"] for day in days.values()} <= {"good", "warn", "bad", "blocked"}


def test_a_blocked_day_says_the_rule_and_an_own_rule_is_asked_about(world: World, ana: FlaskClient) -> None:
    visit = a_visit(world)
    later = world.session.scalars(
        select(Visit).where(Visit.account_id == visit.account_id, Visit.on > visit.on).order_by(Visit.on)
    ).first()
    assert later is not None
    days = days_of(ana, visit.id)
    assert (days[GOOD_FRIDAY]["tone"], days[GOOD_FRIDAY]["can_be"]) == ("blocked", False)
    assert days[GOOD_FRIDAY]["rule"].startswith("Holiday: ")
    assert days[later.on.isoformat()]["rule"] == "Visited that day already"
    beside = next(
        day
        for step in (-1, 1, -2, 2)
        if (day := days.get((later.on + timedelta(step)).isoformat())) and day["can_be"]
    )
    assert "Too near to the visit on" in beside["asks"]
    assert beside["asks"].endswith("Move the visit there all the same?")


def test_nothing_can_be_dropped_on_today(world: World, ana: FlaskClient) -> None:
    visit = world.session.scalars(select(Visit).order_by(Visit.on.desc())).first()
    assert visit is not None
    assert visit.on > TODAY
    assert TODAY.isoformat() not in days_of(ana, visit.id)
    answer = drop(ana, visit, TODAY.isoformat())
    assert (answer.status_code, "Nothing is moved into today" in answer.json["error"]) == (409, True)


def test_the_server_lets_nothing_into_a_day_without_room(world: World, ana: FlaskClient) -> None:
    visit = a_visit(world)
    before = visit.on
    visit.account.visit_seconds = 7 * 3600
    world.session.commit()
    days = days_of(ana, visit.id).values()
    full = next(day["on"] for day in days if not day["can_be"] and day["rule"].startswith("Full"))
    answer = drop(ana, visit, full)
    assert (answer.status_code, "has no room left" in answer.json["error"]) == (409, True)
    assert a_visit(world).on == before


def test_a_visit_dropped_is_moved_and_pinned_and_can_be_put_back_as_it_was(
    world: World, ana: FlaskClient
) -> None:
    visit = a_visit(world)
    visit_id, before, on = visit.id, visit.on, free_day(ana, visit)
    answer = drop(ana, visit, on).json
    assert (
        answer["says"]
        == f"{visit.account.name} moved to {date.fromisoformat(on):%a %-d %b} and pinned there."
    )
    assert ana.get(answer["run"]).json["is_over"] is False
    world.session.expire_all()
    moved = world.session.get_one(Visit, visit_id)
    assert (moved.on.isoformat(), moved.is_pinned, moved.rev) == (on, True, answer["rev"])
    back = put_back(ana, visit_id, answer["rev"])
    assert "is back on" in back.json["says"]
    world.session.expire_all()
    again = world.session.get_one(Visit, visit_id)
    assert (again.on, again.is_pinned) == (before, False)


def test_a_drop_is_undone_even_where_the_rep_is_absent_by_now(world: World, ana: FlaskClient) -> None:
    visit = a_visit(world)
    visit_id, before = visit.id, visit.on
    rev = drop(ana, visit, free_day(ana, visit)).json["rev"]
    absence = Absence(rep_id=world.ana.id, from_on=before, until_on=before + timedelta(days=1))
    absence.kind = AbsenceKind.LEAVE
    world.session.add(absence)
    world.session.commit()
    assert put_back(ana, visit_id, rev).status_code == 200
    world.session.expire_all()
    assert world.session.get_one(Visit, visit_id).on == before


def test_only_a_drop_is_undone_and_only_once(world: World, ana: FlaskClient) -> None:
    visit = a_visit(world)
    visit_id = visit.id
    assert put_back(ana, visit_id, visit.rev).status_code == 409
    rev = drop(ana, visit, free_day(ana, visit)).json["rev"]
    assert put_back(ana, visit_id, rev - 1).status_code == 409
    assert put_back(ana, visit_id, rev).status_code == 200
    assert put_back(ana, visit_id, rev).status_code == 409


def test_a_visit_that_was_changed_meanwhile_is_not_moved(world: World, ana: FlaskClient) -> None:
    visit = a_visit(world)
    before, on = visit.on, free_day(ana, visit)
    for answer in (
        drop(ana, visit, on, visit.rev - 1),
        ana.post(f"/schedule/visits/{visit.id}/drop", headers=JSON),
    ):
        assert answer.status_code == 409
        assert "Somebody has changed the visit" in answer.json["error"]
    assert a_visit(world).on == before


@pytest.mark.parametrize("how", ["agreed", "pinned"])
def test_what_is_held_to_its_day_is_not_dropped_elsewhere(world: World, ana: FlaskClient, how: str) -> None:
    visit = a_visit(world)
    on = free_day(ana, visit)
    visit.is_pinned = True
    visit.kind = VisitKind.APPOINTMENT if how == "agreed" else visit.kind
    world.session.commit()
    answer = drop(ana, visit, on)
    assert (answer.status_code, "is agreed or pinned" in answer.json["error"]) == (409, True)


def test_the_server_knows_the_rules_of_a_day_too(world: World, ana: FlaskClient) -> None:
    visit = a_visit(world)
    before = visit.on
    for on, sentence in (
        ("2026-03-08", "does not work on that weekday"),
        (GOOD_FRIDAY, "public holiday"),
        ("2026-03-01", "Choose today or a later day"),
        ("soon", "Choose today or a later day"),
    ):
        answer = drop(ana, visit, on)
        assert answer.status_code == 400
        assert sentence in answer.json["error"]
    assert a_visit(world).on == before


def test_who_is_signed_out_gets_a_sentence_not_a_page(world: World, app: Flask) -> None:
    visit = a_visit(world)
    stranger = app.test_client()
    asked = stranger.get(f"/schedule/visits/{visit.id}/choices", headers=JSON)
    assert (asked.status_code, asked.json) == (401, {"error": "You are signed out. Sign in, then try again."})
    assert drop(stranger, visit, "2026-03-20").status_code == 401


def test_an_account_off_the_roads_says_so(world: World, ana: FlaskClient) -> None:
    visit = a_visit(world)
    visit.account.lat = visit.account.lon = None
    world.session.commit()
    answer = ana.get(f"/schedule/visits/{visit.id}/choices", headers=JSON)
    assert (answer.status_code, "check its pin" in answer.json["error"]) == (409, True)


def test_the_answer_asks_the_database_no_more_than_the_page(world: World, ana: FlaskClient) -> None:
    visit_id = a_visit(world).id
    asked = [queries(ana, f"/schedule/visits/{visit_id}/{what}") for what in ("choices", "why")]
    assert asked[0] <= asked[1]
