"""The rep's day in the browser: the page, its steps, double taps, strangers, and text that must not run."""

from __future__ import annotations

import re
from collections.abc import Callable, Iterator
from datetime import UTC, datetime, timedelta
from pathlib import Path
from uuid import uuid4

import pytest
from flask import Flask
from flask.testing import FlaskClient
from sqlalchemy import event, func, select
from sqlalchemy.orm import Session

from planner import clock
from planner.database import db
from planner.domain.visits import Outcome, VisitState
from planner.jobs import EXTENSION
from planner.models.ledger import ClosedDay
from planner.models.people import Absence, AbsenceKind, Person
from planner.models.runs import PlanningRun
from planner.models.visits import Note, Visit
from tests.conftest import NOW, TODAY
from tests.days import planned_visit, routed_day
from tests.roads import install_into
from tests.world import World

TOMORROW = TODAY + timedelta(days=1)
NASTY = "<script>alert(1)</script>${alert(2)}"


@pytest.fixture(autouse=True)
def noon(monkeypatch: pytest.MonkeyPatch) -> None:
    """NOW is noon in UTC, which is 9:00 in Chile in March: the day of ``routed_day`` has just begun."""

    def at_noon() -> datetime:
        return NOW

    monkeypatch.setattr(clock, "now", at_noon)


@pytest.fixture
def world(session: Session) -> World:
    return World(session)


@pytest.fixture
def ana(world: World, sign_in: Callable[[Person], FlaskClient]) -> Iterator[Callable[[], FlaskClient]]:
    """Ana's browser, once everything that the test needs is stored."""

    def browser() -> FlaskClient:
        world.session.commit()
        return sign_in(world.ana)

    return browser


class Bell:
    """In the dispatcher's place."""

    def __init__(self) -> None:
        self.rung = 0

    def ring(self) -> None:
        self.rung += 1


def state_of(session: Session, visit_id: int) -> VisitState:
    session.rollback()
    return session.get_one(Visit, visit_id).state


def test_the_day_says_what_is_next_and_how_it_goes(world: World, ana: Callable[[], FlaskClient]) -> None:
    visits = routed_day(world, world.ana, 3)
    name = visits[0].account.name
    page = ana().get("/today").text
    assert "0 of 3 done" in page
    assert "16.0 km" in page
    assert "home 13:00" in page
    assert re.search(rf"Next stop.*?<h2><a[^>]*>{name}</a></h2>.*?10:00.*?30 min · 4.0 km", page, re.DOTALL)
    assert "Due: every 4 weeks, last visit 4 Feb" in page


def test_the_drive_stands_between_the_visits(world: World, ana: Callable[[], FlaskClient]) -> None:
    routed_day(world, world.ana, 3)
    page = ana().get("/today").text
    assert page.count('class="drive"') - page.count('class="drive" hidden') == 3


def test_what_was_left_out_says_why(world: World, ana: Callable[[], FlaskClient]) -> None:
    routed_day(world, world.ana, 1, left_out=1)
    assert "The day is full. (+12 min)" in ana().get("/today").text


def test_a_day_without_visits_points_to_the_next_one(world: World, ana: Callable[[], FlaskClient]) -> None:
    planned_visit(world, world.ana, TOMORROW)
    page = ana().get("/today").text
    assert "Nothing is planned for this day." in page
    assert f'href="/today/{TOMORROW}"' in page


def test_a_day_of_leave_says_so(world: World, ana: Callable[[], FlaskClient]) -> None:
    world.session.add(Absence(rep_id=world.ana.id, from_on=TODAY, until_on=TOMORROW, kind=AbsenceKind.LEAVE))
    assert "Leave" in ana().get("/today").text


def test_a_rep_without_a_territory_reads_a_sentence(
    world: World, sign_in: Callable[[Person], FlaskClient]
) -> None:
    from planner.models.territories import Membership

    for row in world.session.scalars(select(Membership).where(Membership.person_id == world.ana.id)):
        world.session.delete(row)
    world.session.commit()
    assert sign_in(world.ana).get("/today").status_code == 409


@pytest.mark.parametrize(
    "address", ["/today/2026-02-30", "/today/0001-01-01", "/today/x", "/today/9999-12-31"]
)
def test_a_date_that_is_none_is_a_page_that_does_not_exist(
    ana: Callable[[], FlaskClient], address: str
) -> None:
    assert ana().get(address).status_code == 404


def test_a_day_is_shown_in_a_fixed_number_of_queries(
    app: Flask, world: World, ana: Callable[[], FlaskClient]
) -> None:
    routed_day(world, world.ana, 2, TODAY)
    routed_day(world, world.ana, 12, TOMORROW, left_out=3)
    browser = ana()
    today, tomorrow = (_queries(app, lambda on=on: browser.get(f"/today/{on}")) for on in (TODAY, TOMORROW))
    assert today == tomorrow + 1 <= 20, "today alone asks which claims are to be submitted"


def _queries(app: Flask, act: Callable[[], object]) -> int:
    found: list[str] = []

    def note(_connection: object, _cursor: object, statement: str, *_rest: object) -> None:
        found.append(statement)

    with app.app_context():
        engine = db.engine
    event.listen(engine, "before_cursor_execute", note)
    act()
    event.remove(engine, "before_cursor_execute", note)
    return len([statement for statement in found if statement.startswith(("SELECT", "WITH"))])


def test_arrived_done_and_undo_by_plain_forms(world: World, ana: Callable[[], FlaskClient]) -> None:
    key = routed_day(world, world.ana, 2)[0].id
    browser = ana()
    assert browser.post(f"/today/visits/{key}/arrived").location == f"/today/visits/{key}"
    assert state_of(world.session, key) is VisitState.ARRIVED
    sent = browser.post(f"/today/visits/{key}/report", data={"outcome": "order", "uid": str(uuid4())})
    assert sent.location == f"/today/{TODAY}?just={key}"
    page = browser.get(sent.location).text
    assert "1 of 2 done" in page
    assert 'class="snackbar"' in page
    browser.post(f"/today/visits/{key}/undo")
    assert state_of(world.session, key) is VisitState.PLANNED


def test_who_has_left_is_shown_the_next_stop_and_what_is_to_be_written_up(
    world: World, ana: Callable[[], FlaskClient]
) -> None:
    first, second = (visit.id for visit in routed_day(world, world.ana, 2))
    browser = ana()
    browser.post(f"/today/visits/{first}/arrived")
    here = browser.get("/today").text
    assert f'action="/today/visits/{first}/left"' in here
    assert "<section data-unwritten hidden>" in here
    left = browser.post(f"/today/visits/{first}/left")
    assert left.location == f"/today/{TODAY}?just={first}"
    page = browser.get(left.location).text
    assert "0 of 2 done" in page
    assert f'action="/today/visits/{second}/arrived"' in page
    section = page.split("<section data-unwritten>")[1].split("</section>")[0]
    assert re.findall(r'data-visit="(\d+)" data-state="left">', section) == [str(first)]
    assert f'href="/today/visits/{first}/report"' in section
    assert "Undo: still here" in browser.get(f"/today/visits/{first}").text
    browser.post(f"/today/visits/{first}/undo")
    assert "You are here" in browser.get("/today").text


def test_a_day_that_is_closed_is_not_put_in_order_from_a_page_of_before(
    world: World, ana: Callable[[], FlaskClient]
) -> None:
    routed_day(world, world.ana, 1)
    world.session.add(ClosedDay(rep_id=world.ana.id, on=TODAY, as_planned=True, closed_at=NOW))
    answer = ana().post(f"/today/{TODAY}/order")
    assert (answer.status_code, "closed" in answer.text) == (409, True)
    assert world.session.scalar(select(func.count()).select_from(PlanningRun)) == 0


def test_a_report_sent_twice_stores_one_note(world: World, ana: Callable[[], FlaskClient]) -> None:
    key = routed_day(world, world.ana, 1)[0].id
    browser = ana()
    uid = re.search(r'name="uid"[^>]*value="([^"]+)"', browser.get(f"/today/visits/{key}/report").text)
    assert uid is not None
    form = {"outcome": "agreed", "note": "Once", "uid": uid[1], "see_again": "14", "next_step": "Call"}
    answers = [browser.post(f"/today/visits/{key}/report", data=form).status_code for _ in range(2)]
    assert answers == [302, 302]
    world.session.rollback()
    assert world.session.scalar(select(func.count()).select_from(Note)) == 1
    row = world.session.get_one(Visit, key)
    assert (row.outcome, row.see_again_days, row.next_step) == (Outcome.AGREED, 14, "Call")


def test_a_report_without_an_outcome_keeps_what_was_typed(
    world: World, ana: Callable[[], FlaskClient]
) -> None:
    key = routed_day(world, world.ana, 1)[0].id
    answer = ana().post(f"/today/visits/{key}/report", data={"note": "Long talk", "uid": str(uuid4())})
    assert answer.status_code == 400
    assert "Choose what came of the visit." in answer.text
    assert "Long talk" in answer.text


def test_a_report_on_a_closed_day_is_refused_with_the_text_still_there(
    world: World, ana: Callable[[], FlaskClient]
) -> None:
    key = routed_day(world, world.ana, 1)[0].id
    world.session.add(ClosedDay(rep_id=world.ana.id, on=TODAY, as_planned=True, closed_at=NOW))
    form = {"outcome": "order", "note": "Long talk", "uid": str(uuid4())}
    answer = ana().post(f"/today/visits/{key}/report", data=form)
    assert answer.status_code == 409
    assert "is closed" in answer.text
    assert "Long talk" in answer.text


@pytest.mark.parametrize("how", ["missed", "skipped"])
def test_a_visit_not_held_asks_why(world: World, ana: Callable[[], FlaskClient], how: str) -> None:
    key = routed_day(world, world.ana, 1)[0].id
    browser = ana()
    assert browser.post(f"/today/visits/{key}/{how}").status_code == 400
    assert browser.post(f"/today/visits/{key}/{how}", data={"reason": "closed"}).status_code == 302
    assert state_of(world.session, key).value == how


def test_a_skip_offers_to_put_the_day_in_order_again(world: World, ana: Callable[[], FlaskClient]) -> None:
    key = routed_day(world, world.ana, 2)[0].id
    browser = ana()
    browser.post(f"/today/visits/{key}/skipped", data={"reason": "no_time"})
    assert "The day has changed" in browser.get("/today").text


def test_asking_for_a_better_order_rings_the_dispatcher(
    app: Flask, world: World, ana: Callable[[], FlaskClient]
) -> None:
    routed_day(world, world.ana, 2)
    browser = ana()
    bell = Bell()
    app.extensions[EXTENSION] = bell
    browser.post(f"/today/{TODAY}/order")
    assert bell.rung == 1


@pytest.mark.parametrize("page", ["", "/report", "/missed", "/skipped"])
def test_a_visit_of_somebody_else_is_not_found(
    world: World, ana: Callable[[], FlaskClient], page: str
) -> None:
    key = planned_visit(world, world.bruno).id
    browser = ana()
    assert browser.get(f"/today/visits/{key}{page}").status_code == 404


@pytest.mark.parametrize("step", ["arrived", "left", "undo", "report", "missed", "skipped"])
def test_nobody_reports_for_somebody_else(world: World, ana: Callable[[], FlaskClient], step: str) -> None:
    key = planned_visit(world, world.bruno).id
    form = {"outcome": "order", "reason": "closed", "uid": str(uuid4())}
    assert ana().post(f"/today/visits/{key}/{step}", data=form).status_code == 404
    assert state_of(world.session, key) is VisitState.PLANNED


def test_names_and_notes_are_text_and_nothing_else(world: World, ana: Callable[[], FlaskClient]) -> None:
    visit = routed_day(world, world.ana, 1)[0]
    visit.account.name = visit.account.address = visit.account.parking_hint = NASTY
    browser, key = ana(), visit.id
    browser.post(f"/today/visits/{key}/report", data={"outcome": "order", "note": NASTY, "uid": str(uuid4())})
    for address in ("/today", f"/today/visits/{key}", f"/today/visits/{key}/report", f"/today/{TODAY}/map"):
        assert "<script>alert" not in browser.get(address).text
    assert "<script>alert" not in browser.get(f"/today/{TODAY}/map.js").text


def test_the_stop_shows_contacts_notes_and_the_last_visit(
    world: World, ana: Callable[[], FlaskClient]
) -> None:
    from planner.models.accounts import Contact, OpeningWindow

    visit = routed_day(world, world.ana, 1)[0]
    account = visit.account
    account.contacts = [Contact(name="Rosa Díaz", phone="+56 9 1234 5678")]
    account.windows = [OpeningWindow(weekday=2, opens_seconds=9 * 3600, closes_seconds=13 * 3600)]
    account.parking_hint = "Behind the church"
    before = planned_visit(world, world.ana, TODAY - timedelta(days=28))
    before.account_id, before.state, before.outcome = account.id, VisitState.DONE, Outcome.ORDER
    note = Note(uid=str(uuid4()), account_id=account.id, author_id=world.ana.id, text="Likes tea")
    note.captured_at = note.received_at = NOW - timedelta(days=28)
    world.session.add(note)
    page = ana().get(f"/today/visits/{visit.id}").text
    for text in (
        "tel:+56912345678",
        "Rosa Díaz",
        "Behind the church",
        "09:00–13:00",
        "open until 13:00",
        "Likes tea",
    ):
        assert text in page
    assert "Wed 4 Feb" in page
    assert "https://www.google.com/maps/dir/?api=1" in page


def test_the_map_and_its_script_share_their_element_ids(world: World, ana: Callable[[], FlaskClient]) -> None:
    routed_day(world, world.ana, 2)
    browser = ana()
    page, script = browser.get(f"/today/{TODAY}/map").text, browser.get(f"/today/{TODAY}/map.js")
    ids = re.findall(r'id="(map_[^"]+)"', page)
    assert len(ids) == 1
    assert ids[0] in script.text
    assert script.mimetype == "text/javascript"
    assert "<script>" not in page


def test_a_day_without_a_route_has_no_map_but_a_way_back(
    world: World, ana: Callable[[], FlaskClient]
) -> None:
    page = ana().get(f"/today/{TODAY}/map").text
    assert "Nothing to draw yet" in page


def test_a_visit_added_by_hand_stands_beside_the_route(world: World, ana: Callable[[], FlaskClient]) -> None:
    routed_day(world, world.ana, 1)
    account = world.account(world.ana, "Botillería Nueva")
    browser = ana()
    assert "Botillería Nueva" in browser.get(f"/today/{TODAY}/add?search=botiller").text
    assert "Botillería Nueva" not in browser.get(f"/today/{TODAY}/add?search=%25").text
    answer = browser.post(f"/today/{TODAY}/add", data={"account_id": account.id})
    assert re.fullmatch(rf"/today/{TODAY}\?just=\d+", answer.location)
    page = browser.get(answer.location).text
    assert "Not in the route yet" in page
    assert "Put them in the best place" in page


def test_nothing_is_added_to_a_closed_day(world: World, ana: Callable[[], FlaskClient]) -> None:
    account = world.account(world.ana)
    world.session.add(ClosedDay(rep_id=world.ana.id, on=TODAY, as_planned=True, closed_at=NOW))
    answer = ana().post(f"/today/{TODAY}/add", data={"account_id": account.id})
    assert answer.status_code == 409
    assert "is closed" in answer.text


def test_an_account_of_somebody_else_cannot_be_added(world: World, ana: Callable[[], FlaskClient]) -> None:
    account = world.account(world.bruno)
    assert ana().post(f"/today/{TODAY}/add", data={"account_id": account.id}).status_code == 404


def test_managers_have_no_day_of_their_own(world: World, sign_in: Callable[[Person], FlaskClient]) -> None:
    world.session.commit()
    assert sign_in(world.marta).get("/today").status_code == 403


def test_a_late_day_offers_to_re_plan_and_one_tap_takes_it_back(
    app: Flask, world: World, ana: Callable[[], FlaskClient], monkeypatch: pytest.MonkeyPatch
) -> None:
    install_into(Path(app.config["NETWORKS_FOLDER"]))
    routed_day(world, world.ana, 3)
    browser = ana()
    assert "Re-plan the rest?" not in browser.get("/today").text
    monkeypatch.setattr(clock, "now", lambda: NOW + timedelta(hours=2))
    assert "You are 1 h late." in browser.get("/today").text
    sent = browser.post(f"/today/{TODAY}/replan")
    page = browser.get(sent.location).text
    assert re.search(r'class="snackbar".*?Re-planned: home \d\d:\d\d', page, re.DOTALL)
    assert "Re-plan the rest?" not in page
    undo = re.search(r'action="(/today/changes/\d+/undo)"', page)
    assert undo is not None
    browser.post(undo[1])
    assert "You are 1 h late." in browser.get("/today").text


@pytest.mark.parametrize(
    "form", [{"lat": "x", "lon": "1"}, {"lat": "nan", "lon": "0"}, {"lat": "91", "lon": "0"}]
)
def test_a_position_that_is_none_is_refused_with_a_sentence(
    world: World, ana: Callable[[], FlaskClient], form: dict[str, str]
) -> None:
    routed_day(world, world.ana, 2)
    browser = ana()
    assert browser.post(f"/today/{TODAY}/replan", data=form).location == f"/today/{TODAY}"
    assert "This is no position." in browser.get("/today").text


def test_a_way_to_mend_the_day_is_taken_and_the_other_days_are_solved_again(
    app: Flask, world: World, ana: Callable[[], FlaskClient], monkeypatch: pytest.MonkeyPatch
) -> None:
    install_into(Path(app.config["NETWORKS_FOLDER"]))
    routed_day(world, world.ana, 3)
    monkeypatch.setattr(clock, "now", lambda: NOW + timedelta(hours=3))
    bell = app.extensions[EXTENSION] = Bell()
    browser = ana()
    page = browser.get(f"/today/{TODAY}/mend").text
    codes = re.findall(r'name="way" value="([^"]+)"', page)
    assert len(codes) >= 2
    assert page.count("Proven: no other order drives less.") == len(codes)
    sent = browser.post(f"/today/{TODAY}/mend", data={"way": codes[1]})
    assert re.fullmatch(rf"/today/{TODAY}\?changed=\d+", sent.location)
    assert bell.rung == 1
    again = browser.post(f"/today/{TODAY}/mend", data={"way": codes[1]})
    assert again.location == f"/today/{TODAY}/mend"
    assert "The plan has changed meanwhile" in browser.get(again.location).text


def test_another_day_than_today_cannot_break(world: World, ana: Callable[[], FlaskClient]) -> None:
    planned_visit(world, world.ana, TOMORROW)
    browser = ana()
    assert browser.get(f"/today/{TOMORROW}/mend").location == f"/today/{TOMORROW}"
    assert "Only the day that is under way can break." in browser.get(f"/today/{TOMORROW}").text


def test_a_visit_that_takes_longer_is_named_as_why_the_day_is_late(
    world: World, ana: Callable[[], FlaskClient], monkeypatch: pytest.MonkeyPatch
) -> None:
    first = routed_day(world, world.ana, 3)[0]
    first.account.name, first.state = "El Faro", VisitState.ARRIVED
    first.arrived_at = datetime(2026, 3, 4, 13, tzinfo=UTC)
    monkeypatch.setattr(clock, "now", lambda: datetime(2026, 3, 4, 14, 0, tzinfo=UTC))
    page = ana().get("/today").text
    assert "You are 30 min late: El Faro takes 30 min longer than planned." in page


def test_an_order_with_somebody_too_late_says_so_on_the_button_that_keeps_it(
    app: Flask, world: World, ana: Callable[[], FlaskClient]
) -> None:
    from planner.models.accounts import OpeningWindow

    install_into(Path(app.config["NETWORKS_FOLDER"]))
    visits = routed_day(world, world.ana, 3)
    visits[0].account.windows = [
        OpeningWindow(weekday=2, opens_seconds=8 * 3600, closes_seconds=9 * 3600 + 1800)
    ]
    ids = [visit.id for visit in visits]
    browser = ana()
    assert "Save this order" in browser.get(f"/today/{TODAY}/stops").text
    draft = {"order": [*ids[1:], ids[0]]}
    page = browser.post(f"/today/{TODAY}/stops", data=draft).text
    assert "Save, with 1 too late" in page
    assert re.search(r"\d+ min too late: until 09:30|1 h \d+ too late: until 09:30", page)
    shut = browser.post(f"/today/{TODAY}/stops", data=draft | {f"at-{ids[0]}": "11:00", "save": "1"})
    assert "is closed at that time." in shut.text
    assert browser.post(f"/today/{TODAY}/stops", data=draft | {"save": "1"}).status_code == 302


def test_what_is_taught_at_a_stop_stands_in_the_account(
    app: Flask, world: World, ana: Callable[[], FlaskClient]
) -> None:
    install_into(Path(app.config["NETWORKS_FOLDER"]))
    visit = routed_day(world, world.ana, 2)[0]
    key, account_id = visit.id, visit.account_id
    browser = ana()
    form = {"lesson": "closed", "from": "13:00", "until": "15:00"}
    page = browser.get(browser.post(f"/today/visits/{key}/teach", data=form).location).text
    assert "is closed from 13:00 to 15:00 on this weekday." in page
    assert "13:00" in browser.get(f"/accounts/{account_id}").text


@pytest.mark.parametrize(
    "form",
    [
        {"lesson": "closed", "from": "15:00", "until": "13:00"},
        {"lesson": "closed", "from": "x"},
        {"lesson": "longer", "minutes": "9999"},
        {"lesson": "pin", "lat": "", "lon": ""},
        {"lesson": "pin", "lat": "-29.85", "lon": "-71.60"},
        {},
    ],
)
def test_what_cannot_be_learnt_is_refused_with_a_sentence(
    app: Flask, world: World, ana: Callable[[], FlaskClient], form: dict[str, str]
) -> None:
    install_into(Path(app.config["NETWORKS_FOLDER"]))
    key = routed_day(world, world.ana, 1)[0].id
    browser = ana()
    answer = browser.post(f"/today/visits/{key}/teach", data=form)
    assert answer.location == f"/today/visits/{key}/teach"
    assert 'class="banner bad"' in browser.get(answer.location).text


def test_the_day_can_be_taken_along_as_gpx_and_calendar(world: World, ana: Callable[[], FlaskClient]) -> None:
    visits = routed_day(world, world.ana, 2)
    visits[0].account.name = NASTY
    browser = ana()
    gpx, ics = (browser.get(f"/today/{TODAY}/day.{ending}") for ending in ("gpx", "ics"))
    assert (gpx.mimetype, ics.mimetype) == ("application/gpx+xml", "text/calendar")
    assert f"rounds-{TODAY}.gpx" in gpx.headers["Content-Disposition"]
    assert "<script>" not in gpx.text
    assert ics.text.count("BEGIN:VEVENT") == 2
    assert "DTSTART:20260304T130000Z" in ics.text
    assert re.findall(r"^UID:(.*)@rounds\r$", ics.text, re.MULTILINE) == [visit.uid for visit in visits]
    again = browser.get(f"/today/{TODAY}/day.ics").text
    assert re.findall("UID:.*", again) == re.findall("UID:.*", ics.text)
    assert browser.get(f"/today/{TOMORROW}/day.gpx").status_code == 404
    skipped, left = visits[0].id, visits[1].uid
    browser.post(f"/today/visits/{skipped}/skipped", data={"reason": "closed"})
    assert re.findall(r"UID:(.*)@rounds\r\n", browser.get(f"/today/{TODAY}/day.ics").text) == [left]
    assert browser.get(f"/today/{TODAY}/day.gpx").text.count("<rtept") == 3  # home, one stop, home


def test_the_map_says_windows_and_lateness_in_words(world: World, ana: Callable[[], FlaskClient]) -> None:
    from planner.models.accounts import OpeningWindow

    visits = routed_day(world, world.ana, 2)
    for visit, closes in zip(visits, (9 * 3600 + 1800, 18 * 3600), strict=True):
        visit.account.windows = [OpeningWindow(weekday=2, opens_seconds=8 * 3600, closes_seconds=closes)]
    browser = ana()
    for answer in (browser.get(f"/today/{TODAY}/map"), browser.get(f"/today/{TODAY}/map.js")):
        assert "closes 09:30: 30 min too late" in answer.text
        assert "open until 18:00" in answer.text


def test_what_is_taught_never_puts_today_in_order_unasked(
    app: Flask, world: World, ana: Callable[[], FlaskClient]
) -> None:
    install_into(Path(app.config["NETWORKS_FOLDER"]))
    key = routed_day(world, world.ana, 2)[0].id
    browser = ana()
    browser.post(f"/today/visits/{key}/teach", data={"lesson": "longer", "minutes": "50"})
    assert "The day has changed since it was put in order" in browser.get("/today").text
    world.session.rollback()
    (run,) = world.session.scalars(select(PlanningRun))
    assert run.from_on == TOMORROW
