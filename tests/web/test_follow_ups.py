"""The pages of follow-ups, as Ana sees them."""

from __future__ import annotations

from collections.abc import Callable
from uuid import uuid4

import pytest
from flask.testing import FlaskClient
from sqlalchemy.orm import Session

from planner.models.follow_ups import FollowUp
from planner.models.people import Person
from tests.conftest import NOW, TODAY
from tests.days import planned_visit
from tests.world import World


@pytest.fixture
def world(session: Session) -> World:
    made = World(session)
    session.commit()  # the pages write by connections of their own
    return made


def test_a_follow_up_is_added_listed_done_and_opened_again(ana: FlaskClient, world: World) -> None:
    account = world.account(world.ana)
    world.session.commit()
    page = f"/follow-ups/account/{account.id}"
    assert "Nothing to follow up" in ana.get("/follow-ups").text
    form = {"text": "Bring samples", "uid": "5b0f6a2e-8a3c-4f57-9d5e-0d1c3f0b7a11", "due_on": ""}
    for _ in range(2):
        assert ana.post(page, data=form).status_code == 302
    listed = ana.get("/follow-ups").text
    assert listed.count("Bring samples<br>") == 1
    assert "Without a date" in listed
    assert ana.post("/follow-ups/1/done").location == "/follow-ups"
    assert "Without a date" not in ana.get("/follow-ups").text
    assert ana.post("/follow-ups/1/open", data={"back": "account"}).location == page
    assert ana.post("/follow-ups/1/done", data={"visit": "7"}).location == "/today/visits/7"


def test_who_answers_for_several_reps_sees_whose_they_are_and_those_of_one(
    sign_in: Callable[[Person], FlaskClient], world: World
) -> None:
    for rep, text in ((world.ana, "Bring samples"), (world.bruno, "Send the quote")):
        account = world.account(rep)
        session = world.session
        session.add(
            FollowUp(uid=str(uuid4()), account_id=account.id, author_id=rep.id, text=text, made_at=NOW)
        )
    world.session.commit()
    bruno_id, admin = world.bruno.id, sign_in(world.admin)
    assert all(text in admin.get("/follow-ups").text for text in ("Bring samples", "Send the quote"))
    of_bruno = f"/follow-ups?rep={bruno_id}"
    shown = admin.get(of_bruno).text
    assert "Bring samples" not in shown
    assert "· Bruno" in shown
    assert admin.post("/follow-ups/2/done", data={"rep": str(bruno_id)}).location == of_bruno


def test_nobody_s_own_name_stands_at_their_follow_ups(ana: FlaskClient, world: World) -> None:
    account = world.account(world.ana)
    row = FollowUp(uid=str(uuid4()), account_id=account.id, author_id=world.ana.id, text="x", made_at=NOW)
    world.session.add(row)
    world.session.commit()
    page = ana.get("/follow-ups").text
    assert "· Ana" not in page
    assert 'name="rep"' not in page


def test_a_date_that_is_over_is_said_at_its_field(ana: FlaskClient, world: World) -> None:
    account = world.account(world.ana)
    world.session.commit()
    answer = ana.post(
        f"/follow-ups/account/{account.id}",
        data={"text": "x", "uid": "5b0f6a2e-8a3c-4f57-9d5e-0d1c3f0b7a11", "due_on": "2020-01-01"},
    )
    assert (answer.status_code, "This date is over" in answer.text) == (400, True)


def test_what_is_open_stands_at_the_stop_and_beneath_the_report(ana: FlaskClient, world: World) -> None:
    visit = planned_visit(world, world.ana, TODAY)
    world.session.commit()
    stop = f"/today/visits/{visit.id}"
    assert "To follow up" not in ana.get(stop).text
    form = {"text": "Bring samples", "uid": "5b0f6a2e-8a3c-4f57-9d5e-0d1c3f0b7a11", "due_on": "2026-03-06"}
    ana.post(f"/follow-ups/account/{visit.account_id}", data=form)
    for page in (stop, f"{stop}/report"):
        shown = ana.get(page).text
        assert "To follow up" in shown
        assert "Bring samples" in shown
        assert "by Fri 6 Mar" in shown
