"""The settings of a schedule on its page: how even days are to be and what that costs, overtime to come."""

from __future__ import annotations

import re
from collections.abc import Callable
from datetime import date, timedelta

import pytest
from flask import Flask
from flask.testing import FlaskClient
from sqlalchemy import select
from sqlalchemy.orm import Session

from planner.domain.access import Actor, Role
from planner.domain.balance import Balance
from planner.models.people import Overtime, Person, Rep
from planner.models.runs import PlanningRun, RunKind, RunState
from planner.models.schedule import AppliedRepair
from planner.models.settings import AuditEntry
from planner.services.schedule import balance_curve, overtime, runs
from tests.conftest import NOW, TODAY
from tests.queries import queries
from tests.roads import networks_folder
from tests.schedules import carry_out_runs, planned_schedule
from tests.world import World

SignIn = Callable[[Person], FlaskClient]
FRIDAY = date(2026, 3, 6)
PAGE = "/schedule/settings"


@pytest.fixture
def world(session: Session) -> World:
    made = World(session)
    for letter in "AABBC":
        made.account(made.ana, letter=letter)
    session.commit()
    return made


def balance_of(world: World) -> Balance | None:
    world.session.rollback()
    return world.session.get_one(Rep, world.ana.id, populate_existing=True).balance


def agreed(world: World, on: date = FRIDAY, seconds: int = 1800) -> None:
    """Overtime for a visit, as a repair agrees it."""
    actor = Actor(world.ana.id, Role.REP)
    overtime.add(world.session, actor, NOW, world.ana.id, on, seconds)
    account = world.account(world.ana, "Casa Elqui")
    repair = AppliedRepair(rep_id=world.ana.id, account_id=account.id, kind="overtime", on=on, applied_at=NOW)
    repair.offer = {"seconds": 0, "amount": seconds, "to_on": None}
    repair.applied_by = world.marta.id
    world.session.add(repair)
    world.session.commit()


def overtimes(world: World) -> dict[date, int]:
    world.session.rollback()
    return {row.on: row.seconds for row in world.session.scalars(select(Overtime))}


def test_a_rep_goes_with_everybody_until_they_choose(world: World, ana: FlaskClient) -> None:
    assert "At present: moderately even." in ana.get(PAGE).text
    ana.post(PAGE, data={"balance": "strong"})
    assert balance_of(world) is Balance.STRONG
    checked = re.findall(r"<input checked[^>]*>", ana.get(PAGE).text)
    assert len(checked) == 1
    assert 'value="strong"' in checked[0]
    ana.post(PAGE, data={"balance": ""})
    assert balance_of(world) is None


def test_what_is_no_choice_changes_nothing(world: World, ana: FlaskClient) -> None:
    ana.post(PAGE, data={"balance": "none"})
    ana.post(PAGE, data={"balance": "perfect"})
    assert balance_of(world) is Balance.NONE


def test_the_plan_that_stands_is_said_to_go_by_another_choice(world: World, ana: FlaskClient) -> None:
    version_id = planned_schedule(world, world.ana, networks_folder())
    review = f"/schedule/versions/{version_id}"
    assert "Days are planned moderately even." in ana.get(review).text
    assert "another rule" not in ana.get(PAGE).text + ana.get(review).text
    ana.post(PAGE, data={"balance": "none"})
    assert (
        "Planned under another rule: the days of the newest plan are moderately even." in ana.get(PAGE).text
    )
    assert "Planned under another rule: days are to be planned with the least driving" in ana.get(review).text


def test_what_each_choice_costs_is_worked_out_by_a_run_and_stands_on_the_page(
    world: World, ana: FlaskClient
) -> None:
    assert "What does each cost?" in ana.get(PAGE).text
    asked = ana.post(f"{PAGE}/curve").location
    assert "What even days cost Ana" in ana.get(asked).text
    page = ana.get(PAGE).text
    assert "What each choice costs is being worked out." in page
    assert "A plan is being made" not in ana.get("/schedule").text
    world.session.rollback()
    run = world.session.scalars(select(PlanningRun)).one()
    assert (run.kind, run.from_on) == (RunKind.BALANCE, TODAY + timedelta(days=1))
    with pytest.MonkeyPatch.context() as patch:
        patch.setattr(balance_curve, "ITERATIONS", 200)
        carry_out_runs(world, networks_folder())
    assert ana.get(asked).location == f"{PAGE}?rep={world.ana.id}#curve"
    page = ana.get(PAGE).text
    assert page.count("of driving, ") == len(Balance)
    assert "the least of these" in page
    assert page.count("Nine days in ten take") == len(Balance)
    assert "Work it out again" in page


def test_a_curve_can_be_called_off_and_leaves_nothing(world: World, ana: FlaskClient) -> None:
    asked = ana.post(f"{PAGE}/curve").location
    ana.post(f"{asked}/cancel")
    assert "Called off. Nothing has changed." in ana.get(asked).text
    world.session.rollback()
    assert world.session.scalars(select(PlanningRun.state)).one() is RunState.CANCELLED
    assert "What does each cost?" in ana.get(PAGE).text


def test_a_rep_without_accounts_has_a_curve_of_empty_days(world: World, sign_in: SignIn, app: Flask) -> None:
    app.config["NETWORKS_FOLDER"] = networks_folder()
    bruno = sign_in(world.bruno)
    bruno.post(f"{PAGE}/curve")
    with pytest.MonkeyPatch.context() as patch:
        patch.setattr(balance_curve, "ITERATIONS", 10)
        carry_out_runs(world, networks_folder())
    assert bruno.get(PAGE).text.count("0 min of driving, the least of these.") == len(Balance)


def test_overtime_to_come_is_listed_with_who_agreed_it_and_what_is_over_is_not(
    world: World, ana: FlaskClient
) -> None:
    agreed(world)
    agreed(world, TODAY - timedelta(days=1))
    listed = ana.get(PAGE).text.split('id="overtime"')[1]
    assert "Fri 6 Mar" in listed
    assert "30 min" in listed
    assert "for Casa Elqui" in listed
    assert "agreed by Marta" in listed
    assert listed.count("Take back</button>") == 1


def test_overtime_is_taken_back_in_one_tap_and_comes_back_in_one(world: World, ana: FlaskClient) -> None:
    agreed(world)
    after = ana.post(f"{PAGE}/overtime/{FRIDAY}/remove")
    assert overtimes(world) == {}
    page = ana.get(after.location).text
    assert "Taken back: 30 min of overtime on Fri 6 Mar." in page
    assert f'action="{PAGE}/overtime/{FRIDAY}/undo"' in page
    world.session.rollback()
    assert runs.is_waiting(world.session, NOW)
    ana.post(f"{PAGE}/overtime/{FRIDAY}/undo", data={"seconds": "1800"})
    assert overtimes(world) == {FRIDAY: 1800}
    assert "Taken back" not in ana.get(after.location).text


def test_undo_twice_adds_nothing_and_nonsense_is_refused(world: World, ana: FlaskClient) -> None:
    agreed(world)
    undo = f"{PAGE}/overtime/{FRIDAY}/undo"
    assert (
        "There is overtime on this day again"
        in ana.get(ana.post(undo, data={"seconds": "1800"}).location).text
    )
    ana.post(f"{PAGE}/overtime/{FRIDAY}/remove")
    for seconds in ("0", "-60", "90000", "much"):
        assert "at most 6 hours" in ana.get(ana.post(undo, data={"seconds": seconds}).location).text
    assert overtimes(world) == {}


def test_overtime_of_a_day_that_is_over_stays(world: World, ana: FlaskClient) -> None:
    yesterday = TODAY - timedelta(days=1)
    agreed(world, yesterday)
    assert ana.post(f"{PAGE}/overtime/{yesterday}/remove").status_code == 404
    assert ana.post(f"{PAGE}/overtime/{yesterday}/undo", data={"seconds": "60"}).status_code == 404
    assert overtimes(world) == {yesterday: 1800}


def test_the_log_says_of_which_date_the_overtime_is(world: World, ana: FlaskClient) -> None:
    agreed(world)
    agreed(world)
    entries = world.session.scalars(select(AuditEntry).where(AuditEntry.action == "rep.overtime")).all()
    field = f"overtime_seconds {FRIDAY}"
    assert [(entry.before, entry.after) for entry in entries] == [
        ({field: None}, {field: 1800}),
        ({field: 1800}, {field: 3600}),
    ]


def test_the_page_asks_the_database_as_often_whatever_it_lists(world: World, ana: FlaskClient) -> None:
    agreed(world)
    few = queries(ana, PAGE)
    for days in (10, 11, 12):
        agreed(world, TODAY + timedelta(days=days))
    assert queries(ana, PAGE) == few
