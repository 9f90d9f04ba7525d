"""The pages of follow-ups, as Ana sees them."""

from __future__ import annotations

import csv
import io
from collections.abc import Callable
from datetime import date, timedelta
from uuid import uuid4

import pytest
from flask.testing import FlaskClient
from openpyxl import load_workbook
from sqlalchemy import select
from sqlalchemy.orm import Session
from werkzeug.test import TestResponse

from planner.domain.follow_ups import FollowUpState
from planner.domain.working_week import AbsenceKind
from planner.models.follow_ups import FollowUp
from planner.models.people import Absence, Person
from planner.models.visits import Visit
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


@pytest.fixture
def carla(world: World, follow_up: FollowUp) -> Person:
    """A colleague of Ana's with a visit to come at the follow-up's account."""
    made = world.rep("carla", world.norte)
    visit = Visit(uid=str(uuid4()), account_id=follow_up.account_id, rep_id=made.id, on=TODAY)
    visit.service_seconds = 1800
    world.session.add(visit)
    world.session.commit()
    return made


def test_a_manager_gives_chosen_ones_to_a_colleague_and_takes_it_back(
    sign_in: Callable[[Person], FlaskClient], world: World, follow_up: FollowUp, carla: Person
) -> None:
    marta, of_carla, carla_id = sign_in(world.marta), sign_in(carla), carla.id
    assert f'<option value="{carla_id}">Carla</option>' in marta.get("/follow-ups").text
    assert "Samples" not in of_carla.get("/follow-ups").text
    answer = marta.post("/follow-ups/give", data={"follow_up": [follow_up.id, 999], "to": carla_id})
    assert answer.location == f"/follow-ups?given={follow_up.id}:0&to={carla_id}"
    page = marta.get(answer.location).text
    assert "1 follow-up given." in page
    assert "1 was left as it is" in page
    theirs = of_carla.get("/follow-ups").text
    assert "Samples" in theirs
    assert f"/accounts/{follow_up.account_id}" not in theirs, "not hers to open by it"
    back = {"from": carla_id, "given": [f"{follow_up.id}:0"]}
    assert marta.post("/follow-ups/give", data=back).location == "/follow-ups"
    assert "Samples" not in of_carla.get("/follow-ups").text


@pytest.mark.parametrize(
    "data",
    [{}, {"to": "x", "follow_up": "1"}, {"to": "1", "follow_up": "x"}, {"from": "9", "given": "x:y"}],
)
def test_nothing_chosen_or_nobody_named_gives_nothing(
    ana: FlaskClient, world: World, follow_up: FollowUp, data: dict[str, str]
) -> None:
    assert ana.post("/follow-ups/give", data=data).location == "/follow-ups"
    world.session.refresh(follow_up)
    assert follow_up.given_to_id is None


def test_the_file_has_exactly_what_is_filtered_and_no_formula(
    sign_in: Callable[[Person], FlaskClient], world: World, follow_up: FollowUp
) -> None:
    theirs = world.account(world.bruno, name="=HYPERLINK()")
    for number in range(60):
        row = FollowUp(uid=str(uuid4()), account_id=theirs.id, author_id=world.bruno.id, made_at=NOW)
        row.text = f"+{number}"
        world.session.add(row)
    ended = FollowUp(
        uid=str(uuid4()), account_id=theirs.id, author_id=world.bruno.id, text="Over", made_at=NOW
    )
    ended.state, ended.ended_by, ended.ended_at = FollowUpState.DONE, world.bruno.id, NOW
    world.session.add(ended)
    world.session.commit()
    bruno_id, admin = world.bruno.id, sign_in(world.admin)
    whole = lines_of(admin.get("/follow-ups/list.csv"))
    assert len(whole) == 62
    assert whole[1] == [whole[1][0], "Samples", "2026-03-02", "Ana", "open", ""]
    of_bruno = lines_of(admin.get(f"/follow-ups/list.csv?rep={bruno_id}"))
    assert len(of_bruno) == 61
    assert of_bruno[1] == ["'=HYPERLINK()", "'+0", "", "Bruno", "open", ""]
    over = lines_of(admin.get(f"/follow-ups/list.csv?rep={bruno_id}&state=ended"))
    assert over[1:] == [["'=HYPERLINK()", "Over", "", "Bruno", "done", "2026-03-04"]]
    assert lines_of(sign_in(world.ana).get("/follow-ups/list.csv"))[1:] == [whole[1]]
    book = load_workbook(io.BytesIO(admin.get(f"/follow-ups/list.xlsx?rep={bruno_id}").data))
    assert book.active.max_row == 61


def lines_of(answer: TestResponse) -> list[list[str]]:
    assert answer.status_code == 200
    return list(csv.reader(io.StringIO(answer.data.decode("utf-8-sig"))))


def test_a_long_list_has_pages_that_keep_the_filter(
    sign_in: Callable[[Person], FlaskClient], world: World
) -> None:
    account = world.account(world.bruno)
    for number in range(120):
        row = FollowUp(uid=str(uuid4()), account_id=account.id, author_id=world.bruno.id, made_at=NOW)
        row.text = f"Number {number:03}"
        world.session.add(row)
    world.session.commit()
    bruno_id, admin = world.bruno.id, sign_in(world.admin)
    shown = admin.get(f"/follow-ups?rep={bruno_id}&page=2").text
    assert "Page 2 of 3" in shown
    assert "51 to 100 of 120" in shown
    assert shown.count("Number 0") >= 50
    assert "Number 049" not in shown
    for page in (1, 3):
        assert f"/follow-ups?page={page}&amp;rep={bruno_id}" in shown
    assert all("Page 1 of 3" in admin.get(f"/follow-ups?page={page}").text for page in ("x", "-1", "²", "0"))
