"""The rep's log through the browser's eyes: months, expenses with receipts, corrections, claims."""

from __future__ import annotations

import io
from collections.abc import Callable

import pytest
from flask import Flask
from flask.testing import FlaskClient
from PIL import Image
from sqlalchemy import select

from planner.database import db, transaction
from planner.domain.claims import ClaimState
from planner.models.ledger import Claim, Expense, Trip
from planner.models.people import Person
from planner.services.ledger import entries
from tests.services.ledger_world import LedgerWorld, uid

SignIn = Callable[[Person], FlaskClient]


@pytest.fixture
def world(app: Flask) -> LedgerWorld:
    """Ana has held one visit today and closed the day."""
    with app.app_context(), transaction() as session:
        made = LedgerWorld(session)
        made.visit(hour=9, account=made.company.account(made.ana, name="<script>alert(1)</script>"))
        made.close()
        for person in (made.ana, made.company.bruno, made.company.marta):
            session.refresh(person)
            session.expunge(person)
    return made


@pytest.fixture
def ana(sign_in: SignIn, world: LedgerWorld) -> FlaskClient:
    return sign_in(world.ana)


def rows(app: Flask, table: type) -> list:
    with app.app_context():
        return list(db.session.scalars(select(table).order_by(table.id)))


def photo(form: str = "JPEG") -> tuple[io.BytesIO, str]:
    out = io.BytesIO()
    Image.new("RGB", (40, 60), "white").save(out, form)
    return io.BytesIO(out.getvalue()), "receipt.jpg"


def expense(**values: object) -> dict[str, object]:
    return {
        "uid": uid(),
        "amount": "1.500",
        "category": "parking",
        "on": "2026-03-04",
        "visit": "0",
        **values,
    }


def test_the_month_shows_what_was_driven_and_names_stay_text(ana: FlaskClient) -> None:
    page = ana.get("/log").text
    assert "March 2026" in page
    assert "&lt;script&gt;" in page
    assert "<script>alert" not in page


@pytest.mark.parametrize("month", ["", "2026-02", "9999-99", "0000-01", "' OR 1=1", "2199-12"])
def test_any_month_in_the_address_is_answered(ana: FlaskClient, month: str) -> None:
    assert ana.get("/log", query_string={"month": month}).status_code == 200


def test_an_expense_with_a_photo_sent_twice_is_one_entry(app: Flask, ana: FlaskClient) -> None:
    form = expense()
    for _ in range(2):
        answer = ana.post("/log/expenses/new", data={**form, "receipt": photo()})
        assert answer.status_code == 302
    (entry,) = rows(app, Expense)
    assert (entry.amount_minor, entry.currency) == (1500, "CLP")
    picture = ana.get(f"/log/expenses/{entry.id}/receipt")
    assert picture.mimetype == "image/jpeg"
    assert picture.headers["X-Content-Type-Options"] == "nosniff"


def test_a_wrong_amount_keeps_what_was_typed_and_the_photo(app: Flask, ana: FlaskClient) -> None:
    answer = ana.post("/log/expenses/new", data=expense(amount="12,5", merchant="Plaza", receipt=photo()))
    assert answer.status_code == 400
    assert "no decimals" in answer.text
    assert 'value="Plaza"' in answer.text
    assert "The photo is kept" in answer.text
    kept = answer.text.split('name="kept"')[1].split('value="')[1].split('"')[0]
    assert ana.post("/log/expenses/new", data=expense(kept=kept)).status_code == 302
    assert rows(app, Expense)[0].receipt_id is not None


def test_a_photo_that_is_none_is_said_at_its_field(app: Flask, ana: FlaskClient) -> None:
    answer = ana.post("/log/expenses/new", data=expense(receipt=(io.BytesIO(b"<svg/>"), "x.svg")))
    assert answer.status_code == 400
    assert "no picture we can read" in answer.text
    assert rows(app, Expense) == []


def test_owner_and_amount_cannot_be_smuggled_in(app: Flask, ana: FlaskClient, world: LedgerWorld) -> None:
    extra = {
        "rep_id": world.company.bruno.id,
        "amount_minor": 9,
        "claim_id": 7,
        "is_void": 1,
        "rule_id": 99,
        "exchange_rate": 2,
        "own_currency": "USD",
    }
    ana.post("/log/expenses/new", data=expense(**extra))
    (entry,) = rows(app, Expense)
    assert (entry.rep_id, entry.amount_minor, entry.is_void, entry.currency) == (
        world.ana.id,
        1500,
        False,
        "CLP",
    )


def test_an_expense_is_corrected_with_a_reason_and_reversed(app: Flask, ana: FlaskClient) -> None:
    ana.post("/log/expenses/new", data=expense())
    without = ana.post("/log/expenses/1/correct", data=expense(amount="1.800"))
    assert without.status_code == 400
    done = ana.post("/log/expenses/1/correct", data=expense(amount="1.800", reason="Misread"))
    assert done.location == "/log/expenses/2"
    assert "Misread" in ana.get("/log/expenses/2").text
    ana.post("/log/expenses/2/reverse", data={"reverse-uid": uid(), "reverse-reason": "Paid by the firm"})
    with app.app_context():
        assert db.session.scalars(select(Expense).where(entries.standing(Expense))).all() == []


def test_a_trip_is_corrected_in_the_persons_unit(app: Flask, ana: FlaskClient) -> None:
    form = {"uid": uid(), "distance": "12,4", "purpose": "Visit: order", "reason": "Road closed"}
    assert ana.post("/log/trips/1/correct", data=form).location == "/log/trips/3"
    corrected = rows(app, Trip)[-1]
    assert (corrected.metres, corrected.purpose) == (12_400, "cadence.order")


def test_a_distance_left_as_shown_stays_to_the_metre(app: Flask, ana: FlaskClient) -> None:
    before = rows(app, Trip)[0]
    shown = str(round(before.metres / 1000, 1))
    form = {"uid": uid(), "distance": shown, "purpose": "Sample delivery", "reason": "Purpose was wrong"}
    ana.post("/log/trips/1/correct", data=form)
    after = rows(app, Trip)[-1]
    assert (after.metres, after.purpose) == (before.metres, "Sample delivery")


@pytest.mark.parametrize("distance", ["far", "-3", "NaN", "1e9", ""])
def test_what_is_no_distance_is_said_at_its_field(ana: FlaskClient, distance: str) -> None:
    form = {"uid": uid(), "distance": distance, "purpose": "Visit", "reason": "Because"}
    answer = ana.post("/log/trips/1/correct", data=form)
    assert answer.status_code == 400
    assert 'class="field wrong"' in answer.text


def test_a_claim_is_submitted_taken_back_and_locked_between(app: Flask, ana: FlaskClient) -> None:
    assert ana.post("/log/claims/1/submit", data={"rev": "1"}).status_code == 302
    form = {"uid": uid(), "distance": "9", "purpose": "Visit", "reason": "Because"}
    assert ana.post("/log/trips/1/correct", data=form).status_code == 409
    assert "stays as it is" in ana.get("/log/trips/1").text
    assert ana.post("/log/claims/1/withdraw", data={"rev": "1"}).status_code == 409
    assert ana.post("/log/claims/1/withdraw", data={"rev": "2"}).status_code == 302
    assert rows(app, Claim)[0].state is ClaimState.DRAFT


@pytest.mark.parametrize(
    "path",
    [
        "/log/trips/1",
        "/log/expenses/1",
        "/log/expenses/1/receipt",
        "/log/expenses/1/correct",
        "/log/claims/1",
    ],
)
def test_what_is_another_reps_does_not_exist(
    ana: FlaskClient, sign_in: SignIn, world: LedgerWorld, path: str
) -> None:
    ana.post("/log/expenses/new", data=expense(receipt=photo()))
    assert ana.get(path).status_code == 200
    assert sign_in(world.company.bruno).get(path).status_code == 404
    assert sign_in(world.company.marta).get(path).status_code == 403
