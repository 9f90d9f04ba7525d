"""The review: exceptions first, one decision each, lists and files that show the same."""

from __future__ import annotations

import csv
import io
import re
from collections.abc import Callable
from datetime import date, timedelta
from decimal import Decimal

import pytest
from flask import Flask
from flask.testing import FlaskClient
from openpyxl import load_workbook
from psycopg.errors import DeadlockDetected
from sqlalchemy import event, select
from sqlalchemy.exc import OperationalError

from planner.database import db, transaction
from planner.domain.access import Actor, Role
from planner.domain.claims import ClaimAction, ClaimState
from planner.models.ledger import Claim, Expense, Trip
from planner.models.people import Person, Rep
from planner.services.ledger import approvals, claim_check, claim_states, entries, ledger_pages
from planner.services.ledger import claims as claims_service
from planner.services.sync import batches as outbox_batches
from planner.web.review import claims, exports, queue
from tests.conftest import NOW, TODAY
from tests.phones import Phone, spending
from tests.services.ledger_world import LedgerWorld

SignIn = Callable[[Person], FlaskClient]
FORMULA = '=HYPERLINK("http://evil")'


@pytest.fixture
def world(app: Flask) -> LedgerWorld:
    """Ana's February is submitted with a claim far longer than the road; her March is submitted and clean."""
    with app.app_context(), transaction() as session:
        made = LedgerWorld(session)
        session.get_one(Rep, made.ana.id).home_address = "Calle Secreta 7"
        february = date(2026, 2, 25)
        visit = made.visit(hour=9, on=february)
        made.close(on=february, as_planned=False, changes={visit.id: 40_000}, reason="+ detour")
        made.expense(25_000, on=february, merchant=FORMULA)
        made.step(made.ana, ClaimAction.SUBMIT, on=february)
        made.visit(hour=9)
        made.close()
        made.step(made.ana, ClaimAction.SUBMIT)
        people = (made.ana, made.company.bruno, made.company.marta, made.company.sergio, made.company.admin)
        for person in people:
            session.refresh(person)
            session.expunge(person)
    return made


@pytest.fixture
def marta(sign_in: SignIn, world: LedgerWorld) -> FlaskClient:
    return sign_in(world.company.marta)


def states(app: Flask) -> list[ClaimState]:
    with app.app_context():
        return list(db.session.scalars(select(Claim.state).order_by(Claim.from_on)))


def test_exceptions_come_first_then_what_is_within_policy(marta: FlaskClient) -> None:
    page = marta.get("/review").text
    assert "1 needs a look" in page
    assert "1 within policy" in page
    assert page.index("needs a look") < page.index("longer than the road") < page.index("within policy")


def test_a_claim_of_very_many_lines_lists_all_of_them_when_asked(
    marta: FlaskClient, monkeypatch: pytest.MonkeyPatch
) -> None:
    purpose = "Visit: order"
    whole = marta.get("/review/claims/1").text
    monkeypatch.setattr(claims, "LISTED_AT_ONCE", 2)
    page = marta.get("/review/claims/1").text
    assert "39.1 km more" in page
    assert "Show all 3 trips and expenses" in page
    assert purpose in whole
    assert purpose not in page
    asked = marta.get("/review/claims/1?all=1").text
    assert purpose in asked
    assert '<details class="card" id="all" open>' in asked


def test_who_gets_a_claim_back_is_told_so_on_today_and_in_the_log(
    marta: FlaskClient, sign_in: SignIn, world: LedgerWorld
) -> None:
    marta.post("/review/claims/1/return", data={"rev": 2, "reason": "Which detour?"})
    ana = sign_in(world.ana)
    for address in ("/today", "/log", "/log?month=2026-02"):
        page = ana.get(address).text
        assert "Your claim of February came back" in page
        assert "Which detour?" in page
    page = marta.get("/review").text
    assert page.index("Not submitted yet") < page.index("Which detour?")
    ana.post("/log/claims/1/submit", data={"rev": 3})
    assert "came back" not in ana.get("/today").text
    assert "Not submitted yet" not in marta.get("/review").text


def test_approving_all_approves_the_clean_and_leaves_the_flagged(app: Flask, marta: FlaskClient) -> None:
    marta.post("/review/approve-clean", data={"claim": ["1:2", "2:2"]})
    assert states(app) == [ClaimState.SUBMITTED, ClaimState.APPROVED]


@pytest.mark.parametrize("path", ["/review/approve-clean", "/review/take-back"])
def test_an_old_page_decides_nothing_and_notes_nothing(
    app: Flask, marta: FlaskClient, world: LedgerWorld, path: str
) -> None:
    """Ana has taken her claim back and submitted it once more since."""
    with app.app_context(), transaction() as session:
        ana = Actor(world.ana.id, Role.REP)
        for rev, action in ((2, ClaimAction.WITHDRAW), (3, ClaimAction.SUBMIT)):
            claims_service.step(session, ana, NOW, TODAY, 2, rev, action)
    assert marta.post(path, data={"claim": ["2:2"]}).status_code == 302
    assert states(app) == [ClaimState.SUBMITTED] * 2
    with app.app_context():
        session = db.session()
        assert session.get_one(Claim, 2).events[-1].action is ClaimAction.SUBMIT
        assert claim_states.verify(session) == []


def test_above_the_limit_approving_all_is_the_first_approval_and_says_so(
    app: Flask, marta: FlaskClient, world: LedgerWorld
) -> None:
    with app.app_context(), transaction() as session:
        approvals.set_limit(session, None, NOW, "CLP", 0)
    page = marta.post("/review/approve-clean", data={"claim": ["2:2"]}, follow_redirects=True).text
    assert "1 is above the limit: yours is the first approval of two." in page
    assert "claim approved" not in page
    assert states(app) == [ClaimState.SUBMITTED] * 2


@pytest.mark.parametrize("seen", [["2:1"], ["999:2"], ["x"], ["2:x"], []])
def test_approving_the_unseen_approves_nothing(app: Flask, marta: FlaskClient, seen: list[str]) -> None:
    assert marta.post("/review/approve-clean", data={"claim": seen}).status_code == 302
    assert states(app) == [ClaimState.SUBMITTED] * 2


def test_a_claim_says_what_to_look_at(marta: FlaskClient) -> None:
    page = marta.get("/review/claims/1").text
    for text in ("longer than the road", "no receipt", "40.0 km", "+ detour"):
        assert text in page


def test_a_claim_is_approved_exported_and_paid(app: Flask, marta: FlaskClient) -> None:
    for rev, (action, state) in enumerate(
        (("approve", ClaimState.APPROVED), ("export", ClaimState.EXPORTED), ("pay", ClaimState.PAID)), start=2
    ):
        assert marta.post(f"/review/claims/1/{action}", data={"rev": rev}).status_code == 302
        assert states(app)[0] is state


def test_a_return_without_a_reason_asks_for_one(app: Flask, marta: FlaskClient) -> None:
    answer = marta.post("/review/claims/1/return", data={"rev": 2})
    assert answer.status_code == 400
    assert "Say why" in answer.text
    assert marta.post("/review/claims/1/return", data={"rev": 2, "reason": "Detour?"}).status_code == 302
    assert states(app)[0] is ClaimState.RETURNED


def test_the_second_of_two_managers_is_told(
    app: Flask, marta: FlaskClient, sign_in: SignIn, world: LedgerWorld
) -> None:
    admin = sign_in(world.company.admin)
    assert marta.post("/review/claims/1/approve", data={"rev": 2}).status_code == 302
    late = admin.post("/review/claims/1/return", data={"rev": 2, "reason": "No"})
    assert late.status_code == 409
    assert states(app)[0] is ClaimState.APPROVED


def test_of_two_who_wait_for_each_other_the_one_is_told_and_the_phone_sends_again(
    marta: FlaskClient, sign_in: SignIn, world: LedgerWorld, monkeypatch: pytest.MonkeyPatch
) -> None:
    def waits(*_: object, **__: object) -> None:
        raise OperationalError("UPDATE", {}, DeadlockDetected("deadlock detected"))

    monkeypatch.setattr(claims_service, "step", waits)
    answer = marta.post("/review/claims/1/approve", data={"rev": 2})
    assert (answer.status_code, "Look at it again, then try once more." in answer.text) == (409, True)
    monkeypatch.setattr(outbox_batches, "take", waits)
    phone = Phone(sign_in(world.ana))
    items = [phone.item("expense", on=TODAY, payload=spending())]
    answer = phone.client.post("/api/sync", json={"sent_at": NOW.isoformat(), "items": items})
    assert answer.status_code == 503


@pytest.mark.parametrize("action", ["submit", "withdraw", "fly"])
def test_a_reviewer_does_not_submit(app: Flask, marta: FlaskClient, action: str) -> None:
    assert marta.post(f"/review/claims/1/{action}", data={"rev": 2}).status_code in {403, 404, 409}
    assert states(app) == [ClaimState.SUBMITTED] * 2


@pytest.mark.parametrize("path", ["/review/claims/1", "/review/expenses/1/receipt"])
def test_another_territorys_claim_does_not_exist(sign_in: SignIn, world: LedgerWorld, path: str) -> None:
    assert sign_in(world.company.sergio).get(path).status_code == 404
    assert sign_in(world.ana).get(path).status_code == 403


def test_another_territorys_manager_sees_empty_lists(sign_in: SignIn, world: LedgerWorld) -> None:
    sergio = sign_in(world.company.sergio)
    for path in ("/review", "/review/trips", "/review/expenses", "/review/claims"):
        assert "Ana" not in sergio.get(path).text
    assert "Ana" not in sergio.get("/review/trips.csv").text


def table(answer_data: bytes) -> list[list[str]]:
    return list(csv.reader(io.StringIO(answer_data.decode("utf-8-sig"))))


@pytest.mark.parametrize(
    "query", ["", "?flagged=1", "?from=2026-03-01&to=2026-03-31", "?rep=1000", "?state=paid"]
)
def test_a_file_holds_the_lines_shown_and_its_total_is_their_sum(marta: FlaskClient, query: str) -> None:
    page = marta.get(f"/review/trips{query}").text
    headers, *lines = table(marta.get(f"/review/trips.csv{query}").data)
    metres, amount = headers.index("Metres"), headers.index("Amount")
    trips = [line for line in lines if line[0] != "Total"]
    if not trips:
        assert "No trips match" in page
        return
    (total,) = (line for line in lines if line[0] == "Total")
    assert int(total[metres]) == sum(int(line[metres]) for line in trips)
    assert Decimal(total[amount]) == sum(Decimal(line[amount]) for line in trips)
    assert f"{len(trips)} trips" in page or f"{len(trips)} trip<" in page
    assert f"CLP{int(total[amount]):,}" in page


def test_the_file_reconciles_with_the_claims(app: Flask, marta: FlaskClient, world: LedgerWorld) -> None:
    headers, *lines = table(marta.get("/review/claims.csv").data)
    with app.app_context():
        rows = db.session.scalars(select(Claim).order_by(Claim.from_on)).all()
        summed = [each.totals.amount_minor for each in claim_check.check(db.session, rows)]
        frozen = [row.trips_minor + row.expenses_minor for row in rows]
    column = headers.index("Total")
    assert [int(line[column]) for line in lines] == [*frozen, sum(frozen)]
    assert frozen == summed


def test_a_formula_stays_text_and_numbers_stay_numbers(marta: FlaskClient) -> None:
    headers, line, *_ = table(marta.get("/review/expenses.csv").data)
    assert line[headers.index("Where")] == f"'{FORMULA}"
    sheet = load_workbook(io.BytesIO(marta.get("/review/expenses.xlsx").data)).active
    values = [cell.value for cell in sheet[2]]
    assert values[headers.index("Where")] == f"'{FORMULA}"
    assert values[headers.index("Amount")] == 25_000
    assert {cell.data_type for row in sheet for cell in row} <= {"s", "inlineStr", "n", "d"}


def test_a_file_says_when_an_entry_was_noted_and_received_and_whether_that_was_late(
    app: Flask, world: LedgerWorld, marta: FlaskClient
) -> None:
    with app.app_context(), transaction():
        row = world.expense(1_000, on=date(2026, 2, 20))
        row.captured_at, row.is_late = NOW - timedelta(hours=51, seconds=30), True
    columns = ["Entered", "Noted at", "Received at", "Late"]
    headers, *lines = table(marta.get("/review/expenses.csv").data)
    said = {line[0]: [line[headers.index(name)] for name in columns] for line in lines}
    noted, received = "2026-03-02 05:59:30-03:00", "2026-03-04 09:00:00-03:00"
    assert said["2026-02-20"] == ["2026-03-04", noted, received, "yes"]
    assert said["2026-02-25"] == ["2026-03-04", received, received, "no"]
    headers, first, *_ = table(marta.get("/review/trips.csv").data)
    assert [first[headers.index(name)] for name in columns] == ["2026-03-04", received, received, "no"]
    sheet = load_workbook(io.BytesIO(marta.get("/review/trips.xlsx").data)).active
    assert [cell.value for cell in sheet[1]] == headers
    assert sheet[2][headers.index("Noted at")].value == received


def test_where_a_rep_lives_is_in_no_file_and_on_no_page_of_a_manager(marta: FlaskClient) -> None:
    headers, first, *_ = table(marta.get("/review/trips.csv").data)
    assert first[headers.index("From")] == "Home"
    for path in ("/review/trips.csv", "/review/trips", "/review/claims/1", "/log/trips/1"):
        assert "Secreta" not in marta.get(path).text


def test_the_distance_is_in_the_persons_unit(app: Flask, world: LedgerWorld, sign_in: SignIn) -> None:
    with app.app_context(), transaction() as session:
        session.get_one(Person, world.company.marta.id).distance_unit = "mi"  # type: ignore[assignment]
    headers, line, *_ = table(sign_in(world.company.marta).get("/review/trips.csv").data)
    # 40 000 m ÷ 1609.344 = 24.8548
    assert line[headers.index("Distance (mi)")] == "24.855"
    assert line[headers.index("Metres")] == "40000"


@pytest.mark.parametrize(
    "query",
    [
        "?from=9999-12-31&to=9999-12-31",
        "?from=2199-12-31&to=2199-12-31",
        "?from=2026-03-31&to=2026-03-01",
        "?rep=99999999999999999999",
        "?rep=-1&state=none&flagged=2",
        "?_external=1&form=exe&filename=../x",
    ],
)
def test_any_filter_in_the_address_is_answered(marta: FlaskClient, query: str) -> None:
    for path in ("/review/trips", "/review/expenses", "/review/claims", "/review/trips.xlsx"):
        assert marta.get(path + query).status_code == 200


def test_two_claims_cost_as_many_queries_as_one(app: Flask, world: LedgerWorld) -> None:
    with app.app_context():
        rows = db.session.scalars(select(Claim).order_by(Claim.id)).all()
        counts = []
        for few in (rows[:1], rows):
            asked: list[str] = []
            note = lambda *args, asked=asked: asked.append(args[2])  # noqa: E731
            event.listen(db.engine, "before_cursor_execute", note)
            claim_check.check(db.session, few)
            event.remove(db.engine, "before_cursor_execute", note)
            counts.append(len(asked))
    assert counts[0] == counts[1]


def test_every_standing_entry_is_in_a_claim(app: Flask, world: LedgerWorld) -> None:
    with app.app_context():
        for kind in (Trip, Expense):
            assert set(db.session.scalars(select(kind.claim_id).where(entries.standing(kind)))) <= {1, 2}


@pytest.mark.parametrize("name", ["trips", "expenses", "claims"])
def test_a_list_has_pages_that_keep_the_filter_and_a_file_has_all_of_it(
    marta: FlaskClient, monkeypatch: pytest.MonkeyPatch, name: str
) -> None:
    monkeypatch.setattr(ledger_pages, "PAGE_SIZE", 1)
    query = "from=2026-02-01&to=2026-03-31"
    whole = marta.get(f"/review/{name}.csv?{query}&page=2").data
    lines = [line for line in table(whole)[1:] if line[0] != "Total"]
    pages = [marta.get(f"/review/{name}?{query}&page={number}").text for number in range(1, len(lines) + 1)]
    for number, page in enumerate(pages, start=1):
        assert page.count('<a href="/review/claims/') == 1
        if len(lines) > 1:
            assert f"Page {number} of {len(lines)}" in page
            assert "review/pages.js" in page
            assert (f"/review/{name}?page={number + 1}&amp;from=2026-02-01" in page) is (number < len(lines))
        assert f"{len(lines)} {name.rstrip('s')}" in page


def test_approve_all_is_for_those_that_are_not_shown_too_and_says_so(
    app: Flask, marta: FlaskClient, monkeypatch: pytest.MonkeyPatch
) -> None:
    assert "not only those shown" not in marta.get("/review").text
    monkeypatch.setattr(queue, "MOST_QUEUED", 0)
    page = marta.get("/review").text
    clean = page[page.index("1 within policy") :]
    assert "data-line" not in clean
    assert "That approves all 1, not only those shown here." in clean
    assert "The first 0 of 1." in clean
    assert "/review/claims?state=submitted&amp;from=2026-03-01" in clean
    seen = re.findall(r'name="claim" value="(\d+:\d+)"', page)
    marta.post("/review/approve-clean", data={"claim": seen})
    assert states(app) == [ClaimState.SUBMITTED, ClaimState.APPROVED]


def test_an_export_is_of_all_that_wait_and_says_so(
    marta: FlaskClient, monkeypatch: pytest.MonkeyPatch
) -> None:
    seen = re.findall(r'name="claim" value="(\d+:\d+)"', marta.get("/review").text)
    marta.post("/review/approve-clean", data={"claim": seen})
    monkeypatch.setattr(exports, "MOST_QUEUED", 0)
    page = marta.get("/review/exports").text
    assert "The first 0 of 1 are shown; the totals and the export are of all of them." in page
    assert re.findall(r'name="claim" value="(\d+):\d+"', page) == [seen[0].split(":")[0]]
    assert "1 claim" in page
