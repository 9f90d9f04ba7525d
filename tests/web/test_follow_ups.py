"""The pages of follow-ups, as Ana sees them."""

from __future__ import annotations

from collections.abc import Callable
from datetime import date, timedelta
from uuid import uuid4

import pytest
from flask.testing import FlaskClient
from sqlalchemy import select
from sqlalchemy.orm import Session

from planner.domain.working_week import AbsenceKind
from planner.models.follow_ups import FollowUp
from planner.models.people import Absence, Person
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


@pytest.fixture
def follow_up(world: World) -> FollowUp:
    """Ana's, due two days ago."""
    account = world.account(world.ana)
    row = FollowUp(
        uid=str(uuid4()), account_id=account.id, author_id=world.ana.id, text="Samples", made_at=NOW
    )
    row.due_on = TODAY - timedelta(days=2)
    world.session.add(row)
    world.session.commit()
    return row


def test_one_is_put_off_in_one_tap_and_back_again(
    ana: FlaskClient, world: World, follow_up: FollowUp
) -> None:
    answer = ana.post(f"/follow-ups/{follow_up.id}/later/week")
    assert answer.location == f"/follow-ups?was={follow_up.id}:2026-03-02"
    world.session.refresh(follow_up)
    assert follow_up.due_on == TODAY + timedelta(days=7)
    page = ana.get(answer.location).text
    assert "Put off until Wed 11 Mar: Samples" in page
    assert 'name="due_on" value="2026-03-02"' in page
    assert (
        ana.post(f"/follow-ups/{follow_up.id}/due", data={"due_on": "2026-03-02"}).location == "/follow-ups"
    )
    world.session.refresh(follow_up)
    assert follow_up.due_on == TODAY - timedelta(days=2)
    assert ana.post(f"/follow-ups/{follow_up.id}/due", data={"due_on": ""}).status_code == 302
    world.session.refresh(follow_up)
    assert follow_up.due_on is None


@pytest.mark.parametrize("was", ["x", "1", "1:x", "99999999:", "²:", ":", "1:2026-03-02:", "999:2026-03-02"])
def test_an_address_that_names_nothing_says_nothing(ana: FlaskClient, follow_up: FollowUp, was: str) -> None:
    answer = ana.get(f"/follow-ups?was={was}")
    assert (answer.status_code, "Put off until" in answer.text) == (200, was == "1")


def test_a_damaged_date_is_refused(ana: FlaskClient, follow_up: FollowUp) -> None:
    assert ana.post(f"/follow-ups/{follow_up.id}/due", data={"due_on": "soon"}).status_code == 400
    assert ana.post(f"/follow-ups/{follow_up.id}/later/year").status_code == 404


def test_dates_in_one_tap_stand_beside_the_field_on_working_days(ana: FlaskClient, world: World) -> None:
    visit = planned_visit(world, world.ana, TODAY)
    away = Absence(rep_id=world.ana.id, from_on=TODAY + timedelta(days=1), until_on=date(2026, 3, 10))
    away.kind = AbsenceKind.LEAVE
    world.session.add(away)
    world.session.commit()
    for page in (f"/today/visits/{visit.id}/report", f"/follow-ups/account/{visit.account_id}"):
        shown = ana.get(page).text
        assert "<span data-says>Next working day</span>" in shown
        assert "Tue 10 Mar" in shown
        assert "Wed 18 Mar" in shown
        assert "phone/due.js" in shown


def test_a_plain_form_says_a_date_in_one_word(ana: FlaskClient, world: World, session: Session) -> None:
    visit = planned_visit(world, world.ana, TODAY)
    world.session.commit()
    form = {"text": "Call", "uid": str(uuid4()), "due_on": "", "due_in": "two_weeks"}
    assert ana.post(f"/follow-ups/account/{visit.account_id}", data=form).status_code == 302
    said = {"outcome": "agreed", "next_step": "Quote", "next_by": "", "next_in": "tomorrow"}
    assert ana.post(f"/today/visits/{visit.id}/report", data=said).status_code == 302
    session.rollback()
    found = session.scalars(select(FollowUp.due_on).order_by(FollowUp.id)).all()
    assert found == [TODAY + timedelta(days=14), TODAY + timedelta(days=1)]
    said = {"text": "Never", "uid": str(uuid4()), "due_on": "", "due_in": "some day"}
    assert ana.post(f"/follow-ups/account/{visit.account_id}", data=said).status_code == 302
