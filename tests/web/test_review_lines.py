"""One line under review: its page, its map without a home on it, questions, holds, and what is taken back."""

from __future__ import annotations

import re
from collections.abc import Callable
from datetime import date, timedelta

import pytest
from flask import Flask
from flask.testing import FlaskClient
from sqlalchemy import insert, select, update

from planner.database import db, transaction
from planner.domain.access import Actor, Role
from planner.domain.claims import ClaimAction, ClaimState
from planner.domain.mileage import TripOrigin
from planner.models import guards
from planner.models.ledger import Claim, Trip
from planner.models.people import Person, Rep
from planner.models.settings import AuditEntry
from planner.models.visits import DayRoute, Stop, Visit
from planner.services.days import day_routes
from planner.services.installation import audit
from planner.services.ledger import claims
from tests.conftest import NOW, TODAY
from tests.queries import queries
from tests.roads import install_into
from tests.services.ledger_world import LedgerWorld, uid

SignIn = Callable[[Person], FlaskClient]
FEBRUARY = date(2026, 2, 25)
ASKED = re.compile("road takes|than the road allows")
DAY = FEBRUARY.isoformat()
FAST = date(2026, 2, 26).isoformat()
HOME = (-29.95, -71.34)


@pytest.fixture
def world(app: Flask) -> LedgerWorld:
    """Ana's February: a day far longer than the road, and one with two visits a minute apart."""
    install_into(app.config["NETWORKS_FOLDER"])
    with app.app_context(), transaction() as session:
        made = LedgerWorld(session)
        visits = [made.visit(hour=hour, on=FEBRUARY) for hour in (9, 11, 14)]
        made.close(on=FEBRUARY, as_planned=False, changes={visits[0].id: 40_000}, reason="+ detour")
        made.expense(25_000, on=FEBRUARY, merchant="Hotel")
        fast = date.fromisoformat(FAST)
        one, two = made.visit(hour=9, on=fast), made.visit(hour=11, on=fast)
        far_apart(made, one, two)
        made.close(on=fast)
        made.step(made.ana, ClaimAction.SUBMIT, on=FEBRUARY)
        for person in (made.ana, made.company.marta, made.company.sergio):
            session.refresh(person)
            session.expunge(person)
    return made


def far_apart(world: LedgerWorld, one: Visit, two: Visit) -> None:
    """The second begins a minute after the first ends, ten minutes of road away."""
    one.account.lat, one.account.lon = -29.9027, -71.2519
    two.account.lat, two.account.lon = -29.9533, -71.3436
    assert one.left_at is not None
    two.arrived_at = one.left_at + timedelta(minutes=1)
    two.left_at = two.arrived_at + timedelta(minutes=20)
    world.session.flush()


@pytest.fixture
def marta(sign_in: SignIn, world: LedgerWorld) -> FlaskClient:
    return sign_in(world.company.marta)


@pytest.fixture
def ana(sign_in: SignIn, world: LedgerWorld) -> FlaskClient:
    return sign_in(world.ana)


def say(who: FlaskClient, act: str, line: str = "", text: str = "") -> int:
    return who.post(f"/review/claims/1/say/{act}", data={"line": line, "text": text}).status_code


def later(monkeypatch: pytest.MonkeyPatch, days: int) -> None:
    monkeypatch.setattr("planner.clock.now", lambda: NOW + timedelta(days=days))


def test_an_exception_says_why_in_figures(marta: FlaskClient) -> None:
    page = marta.get("/review/claims/1").text
    assert re.search(r"driven, [\d.]+ km by road: [\d.]+ km more", page)
    assert "+ detour" in page


def test_plausibility_is_with_the_rep_until_they_answer(marta: FlaskClient, ana: FlaskClient) -> None:
    for path in ("", "/claims", "/claims.csv", "/claims/1", f"/claims/1/lines/{FAST}"):
        assert not ASKED.search(marta.get(f"/review{path}").text)
    assert "1 line is with the rep" in marta.get("/review/claims/1").text
    asked = ana.get("/log/claims/1").text
    assert "1 question for you" in asked
    assert "apart, the road takes" in asked
    ana.post("/log/claims/1/answer", data={"line": FAST, "text": "Noted both in the evening"})
    assert "question for you" not in ana.get("/log/claims/1").text
    page = marta.get("/review/claims/1").text
    assert "apart, the road takes" in page
    assert "Noted both in the evening" in page


def test_unanswered_it_comes_to_the_reviewer_after_three_days(
    marta: FlaskClient, monkeypatch: pytest.MonkeyPatch
) -> None:
    later(monkeypatch, 3)
    page = marta.get("/review/claims/1").text
    assert "apart, the road takes" in page
    assert "has not answered" in page


def test_a_reviewers_question_goes_to_the_rep_and_comes_back_answered(
    marta: FlaskClient, ana: FlaskClient
) -> None:
    assert say(marta, "ask", DAY, "Why the detour?") == 302
    assert "Why the detour?" in ana.get("/log/claims/1").text
    assert ana.post("/log/claims/1/answer", data={"line": DAY, "text": "Road works"}).status_code == 302
    assert "Road works" in marta.get(f"/review/claims/1/lines/{DAY}").text


def test_a_question_about_an_expense_stays_with_it_when_it_is_corrected(
    app: Flask, marta: FlaskClient, ana: FlaskClient, world: LedgerWorld
) -> None:
    say(marta, "ask", "expense-1", "Two nights?")
    returned = {"rev": "2", "reason": "See the question"}
    assert marta.post("/review/claims/1/return", data=returned).status_code == 302
    form = {"uid": uid(), "on": DAY, "category": "parking", "amount": "12500", "currency": "CLP"}
    form |= {"merchant": "Hotel", "reason": "One night"}
    assert ana.post("/log/expenses/1/correct", data=form).status_code == 302
    assert "Two nights?" in ana.get("/log/claims/1").text
    with app.app_context(), transaction() as session:
        actor, row = Actor(world.ana.id, Role.REP), session.get_one(Claim, 1)
        claims.step(session, actor, NOW, TODAY, 1, row.rev, ClaimAction.SUBMIT)
    page = marta.get("/review/claims/1/lines/expense-1").text
    assert "Two nights?" in page
    assert "CLP12,500" in page
    assert marta.get("/review/claims/1/lines/expense-2").status_code == 404


def test_the_log_says_that_somebody_asks(marta: FlaskClient, ana: FlaskClient) -> None:
    assert "Somebody asks" in ana.get("/log?month=2026-02").text
    ana.post("/log/claims/1/answer", data={"line": FAST, "text": "Noted both in the evening"})
    assert "Somebody asks" not in ana.get("/log?month=2026-02").text


@pytest.mark.parametrize("act", ["ask", "answer"])
def test_a_question_and_an_answer_need_words(marta: FlaskClient, ana: FlaskClient, act: str) -> None:
    if act == "ask":
        answer = marta.post("/review/claims/1/say/ask", data={"line": DAY, "text": " "})
    else:
        answer = ana.post("/log/claims/1/answer", data={"line": FAST, "text": ""})
    assert answer.status_code == 400
    assert 'aria-invalid="true"' in answer.text


def test_what_was_looked_at_steps_back_and_can_be_taken_back(marta: FlaskClient) -> None:
    moved = marta.post("/review/claims/1/say/look", data={"line": DAY})
    assert "at=expense-1" in moved.location
    assert f"done={DAY}" in moved.location
    assert "1 of 2 looked at" in marta.get("/review/claims/1").text
    assert say(marta, "unlook", DAY) == 302
    assert "looked at</span>" not in marta.get("/review/claims/1").text


def test_after_the_last_line_the_decision_is_next(marta: FlaskClient) -> None:
    say(marta, "look", DAY)
    moved = marta.post("/review/claims/1/say/look", data={"line": "expense-1"})
    assert "at=" not in moved.location


def test_a_claim_on_hold_is_not_approved_until_it_is_taken_off(app: Flask, marta: FlaskClient) -> None:
    assert say(marta, "hold", text="The office asks payroll") == 302
    page = marta.get("/review").text
    assert page.index("On hold") < page.index("The office asks payroll")
    answer = marta.post("/review/claims/1/approve", data={"rev": 2})
    assert answer.status_code == 409
    assert "on hold" in answer.text
    assert say(marta, "hold") == 409
    assert say(marta, "release") == 302
    assert marta.post("/review/claims/1/approve", data={"rev": 2}).status_code == 302


def test_an_approval_is_taken_back_from_the_page_that_follows(app: Flask, marta: FlaskClient) -> None:
    moved = marta.post("/review/claims/1/approve", data={"rev": 2})
    page = marta.get(moved.location).text
    assert 'action="/review/take-back"' in page
    marta.post("/review/take-back", data={"claim": "1:3"})
    with app.app_context():
        assert db.session.get_one(Claim, 1).state is ClaimState.SUBMITTED


def test_what_went_on_meanwhile_is_not_taken_back(app: Flask, marta: FlaskClient) -> None:
    marta.post("/review/claims/1/approve", data={"rev": 2})
    marta.post("/review/claims/1/export", data={"rev": 3})
    answer = marta.post("/review/take-back", data={"claim": ["1:3", "999:1", "x"]}, follow_redirects=True)
    assert "went on meanwhile" in answer.text
    with app.app_context():
        assert db.session.get_one(Claim, 1).state is ClaimState.EXPORTED


@pytest.mark.parametrize("line", ["2026-09-09", "expense-99", "expense-x", "nonsense", "20260225", ""])
def test_a_line_the_claim_does_not_hold_does_not_exist(marta: FlaskClient, line: str) -> None:
    assert say(marta, "look", line) == 404
    assert marta.get(f"/review/claims/1/lines/{line or 'none'}").status_code == 404


@pytest.mark.parametrize("act", ["answer", "restart", "fly"])
def test_a_reviewer_says_what_reviewers_say(marta: FlaskClient, act: str) -> None:
    assert say(marta, act, DAY, "x") == 404


def test_nobody_looks_at_a_claim_that_is_decided(app: Flask, marta: FlaskClient, ana: FlaskClient) -> None:
    marta.post("/review/claims/1/approve", data={"rev": 2})
    assert say(marta, "look", DAY) == 409
    assert ana.post("/log/claims/1/answer", data={"line": FAST, "text": "Late"}).status_code == 409


def test_what_is_said_stands_in_the_audit_log_and_its_chain_holds(app: Flask, marta: FlaskClient) -> None:
    say(marta, "ask", DAY, "Why?")
    say(marta, "look", "expense-1")
    with app.app_context():
        found = db.session.scalars(select(AuditEntry.action).where(AuditEntry.action.like("review.%"))).all()
        assert list(found) == ["review.ask", "review.look"]
        assert audit.verify(db.session).holds


def route(app: Flask, world: LedgerWorld) -> None:
    """The longer day, put in order along the roads from a home that is far from every account."""
    with app.app_context(), transaction() as session:
        rep = session.get_one(Rep, world.ana.id)
        rep.home_lat, rep.home_lon, rep.home_address = *HOME, "Calle Secreta 7"
        session.execute(update(Visit).where(Visit.on == FEBRUARY).values(state="planned"))
        folder = app.config["NETWORKS_FOLDER"]
        assert day_routes.solve(session, NOW, folder, world.ana.id, FEBRUARY)
        session.execute(update(Visit).where(Visit.on == FEBRUARY).values(state="done"))


def test_a_day_is_drawn_between_accounts_and_never_from_or_to_home(
    app: Flask, marta: FlaskClient, world: LedgerWorld
) -> None:
    route(app, world)
    page = marta.get(f"/review/claims/1/lines/{DAY}").text
    script = marta.get(f"/review/claims/1/lines/{DAY}/map.js").text
    # Three visits: two drives between them, as driven and as planned.
    assert script.count("map-leg-driven") == script.count("map-leg-planned") == 2
    for text in (page, script):
        assert "Secreta" not in text
    with app.app_context():
        rep = db.session.get_one(Rep, world.ana.id)
        near = (round(rep.home_lat or 0, 3), round(rep.home_lon or 0, 3))
    drawn = {(round(float(lat), 3), round(float(lon), 3)) for lat, lon in POINT.findall(script)}
    assert drawn
    assert near not in drawn


POINT = re.compile(r"\[(-2\d\.\d+), (-7\d\.\d+)\]")


def test_another_territorys_line_has_no_map(sign_in: SignIn, world: LedgerWorld) -> None:
    sergio = sign_in(world.company.sergio)
    assert sergio.get(f"/review/claims/1/lines/{DAY}/map.js").status_code == 404


def test_a_day_says_how_it_was_driven_beside_its_plan(
    app: Flask, marta: FlaskClient, world: LedgerWorld
) -> None:
    address = f"/review/claims/1/lines/{DAY}"
    assert "The day had no route to stand beside." in marta.get(address).text
    with app.app_context(), transaction() as session:
        ids = session.scalars(select(Visit.id).where(Visit.on == FEBRUARY).order_by(Visit.arrived_at.desc()))
        route = DayRoute(rep_id=world.ana.id, on=FEBRUARY, leaves_seconds=0, home_seconds=0)
        route.home_leg_seconds, route.home_leg_metres = 60, 700
        route.network_name, route.network_version, route.solved_at = "x", "0" * 64, NOW - timedelta(days=30)
        for at, visit_id in enumerate(ids):
            stop = Stop(visit_id=visit_id, position=at, arrives_seconds=0, begins_seconds=0, leaves_seconds=0)
            stop.leg_seconds, stop.leg_metres = 60, 500
            route.stops.append(stop)
        session.add(route)
    assert "Not as planned: in another order." in marta.get(address).text


def test_the_history_of_a_line_names_its_place_in_the_chain(marta: FlaskClient) -> None:
    page = marta.get(f"/review/claims/1/lines/{DAY}").text
    assert "Entry 1 of the chain" in page


def test_a_claim_of_two_thousand_lines_costs_as_many_queries_as_one_of_six(
    app: Flask, marta: FlaskClient, world: LedgerWorld
) -> None:
    pages = ("/review/claims/1", f"/review/claims/1/lines/{DAY}", "/review")
    with app.app_context():
        few = [queries(marta, page) for page in pages]
    with app.app_context(), transaction() as session:
        guards.lift(session.connection())
        session.execute(insert(Trip), many_trips(world, 2000))
        guards.put(session.connection())
    with app.app_context():
        assert [queries(marta, page) for page in pages] == few
    assert marta.get("/review/claims/1").text.count("entered by hand") >= 60


def many_trips(world: LedgerWorld, count: int) -> list[dict[str, object]]:
    """Trips by hand of the weeks before, each of them something to look at."""
    every = {"rep_id": world.ana.id, "claim_id": 1, "metres": 9000, "road_metres": 9000, "road_seconds": 600}
    texts = {"from_label": "A", "to_label": "B", "purpose": "Fair", "network_name": "", "network_version": ""}
    rest = {"amount_minor": 1620, "currency": "CLP", "entered_at": NOW, "is_late": True, "is_void": False}
    fixed = {**every, **texts, **rest, "origin": TripOrigin.MANUAL}
    return [
        {**fixed, "uid": uid(), "position": number, "on": FEBRUARY - timedelta(days=1 + number % 60)}
        for number in range(count)
    ]
