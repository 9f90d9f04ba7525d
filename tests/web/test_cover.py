"""Sharing out a day on the manager's pages: asked, shown, handed over and taken back with a tap each."""

from __future__ import annotations

from collections.abc import Callable
from datetime import timedelta

import pytest
from flask import Flask
from flask.testing import FlaskClient
from sqlalchemy import select
from sqlalchemy.orm import Session

from planner.models.people import Person
from planner.models.visits import DayChange, Visit
from tests.conftest import TODAY
from tests.days import planned_visit
from tests.roads import networks_folder
from tests.workers import carry_out_runs
from tests.world import World

TOMORROW = TODAY + timedelta(days=1)
SignIn = Callable[[Person], FlaskClient]


@pytest.fixture
def world(session: Session, app: Flask) -> World:
    app.config["NETWORKS_FOLDER"] = networks_folder()
    made = World(session)
    session.commit()
    return made


@pytest.fixture
def bea(world: World) -> Person:
    return world.rep("bea", world.norte)


def page(world: World) -> str:
    return f"/team/{TOMORROW}/cover/{world.ana.id}"


def visit(world: World, name: str) -> Visit:
    row = planned_visit(world, world.ana, TOMORROW, name)
    world.session.commit()
    return row


def work_out(app: Flask, world: World, client: FlaskClient) -> str:
    assert "/schedule/runs/" in client.post(page(world)).location
    assert carry_out_runs(app) == 1
    world.session.expire_all()
    return client.get(page(world)).text


def test_team_today_leads_to_sharing_out_only_where_there_are_visits(
    world: World, bea: Person, sign_in: SignIn
) -> None:
    visit(world, "Kiosco Uno")
    client = sign_in(world.marta)
    text = client.get(f"/team/{TOMORROW}").text
    assert text.count("Share out this day") == 1
    assert page(world) in text
    assert "Share out this day" not in client.get(f"/team/{TODAY - timedelta(days=1)}").text


def test_one_tap_hands_over_and_one_takes_back(
    app: Flask, world: World, bea: Person, sign_in: SignIn
) -> None:
    row = visit(world, "Kiosco Uno")
    client = sign_in(world.marta)
    assert "Work out who takes what" in client.get(page(world)).text
    text = work_out(app, world, client)
    assert "Kiosco Uno" in text
    assert "0 → 1" in text
    assert "Hand over 1 visit" in text
    done = client.post(f"{page(world)}/apply", follow_redirects=True).text
    assert "Bea visits Kiosco Uno about" in done
    world.session.expire_all()
    assert row.rep_id == bea.id
    change_id = world.session.scalar(select(DayChange.id))
    text = client.post(f"/team/cover/{change_id}/undo", follow_redirects=True).text
    assert "every visit stands with Ana as before" in text
    world.session.expire_all()
    assert row.rep_id == world.ana.id


def test_the_run_leads_back_to_the_page(app: Flask, world: World, bea: Person, sign_in: SignIn) -> None:
    visit(world, "Kiosco Uno")
    client = sign_in(world.marta)
    run = client.post(page(world)).location
    assert "Sharing out the day of Ana" in client.get(run).text
    carry_out_runs(app)
    assert client.get(run).location == page(world)


def test_what_nobody_takes_is_named_with_its_reason(
    app: Flask, world: World, bea: Person, sign_in: SignIn
) -> None:
    account = visit(world, "Kiosco Uno").account
    account.lat = account.lon = None
    world.session.commit()
    text = work_out(app, world, sign_in(world.marta))
    assert "Nobody can take any of these visits." in text
    assert "The account has no place on the map." in text
    assert "Hand over" not in text


def test_a_day_that_changed_is_worked_out_anew(
    app: Flask, world: World, bea: Person, sign_in: SignIn
) -> None:
    row = visit(world, "Kiosco Uno")
    client = sign_in(world.marta)
    work_out(app, world, client)
    row.rev += 1
    world.session.commit()
    assert "The day has changed since it was worked out." in client.get(page(world)).text
    text = client.post(f"{page(world)}/apply", follow_redirects=True).text
    assert "Work out again who takes what." in text


def test_a_day_nobody_can_take_over_says_so(world: World, sign_in: SignIn) -> None:
    client = sign_in(world.marta)
    assert "there is nothing to share out" in client.get(page(world)).text
    visit(world, "Kiosco Uno")
    assert "Nobody else you may plan for works on that day." in client.get(page(world)).text
    assert "Nobody else you may plan" in client.post(page(world), follow_redirects=True).text


def test_who_covers_sees_for_whom_and_reads_the_account_but_changes_nothing(
    app: Flask, world: World, bea: Person, sign_in: SignIn
) -> None:
    row = visit(world, "Kiosco Uno")
    manager = sign_in(world.marta)
    work_out(app, world, manager)
    manager.post(f"{page(world)}/apply")
    client = sign_in(bea)
    account = f"/accounts/{row.account_id}"
    assert "For Ana, who cannot come" in client.get(f"/today/visits/{row.id}").text
    assert account in client.get(f"/today/visits/{row.id}").text
    text = client.get(account).text
    assert "Kiosco Uno" in text
    assert "Its owner changes and plans it." in text
    assert f"{account}/edit" not in text
    assert client.get(f"{account}/edit").status_code == 404
    assert "Kiosco Uno" not in client.get("/accounts").text
    assert f"rep={bea.id}" not in sign_in(world.ana).get(account).text
