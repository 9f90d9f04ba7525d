"""The pages of a rep who came to a territory of another currency within the month: Ana, on 4 March 2026."""

from __future__ import annotations

import pytest
from flask import Flask
from flask.testing import FlaskClient
from sqlalchemy import select

from planner.database import db, transaction
from planner.models.ledger import Claim, Expense
from planner.models.territories import Membership
from tests.conftest import TODAY
from tests.services.ledger_world import uid
from tests.world import World

MONDAY = "2026-03-02"


@pytest.fixture
def world(app: Flask) -> World:
    """In pesos until Tuesday, in euros from today on."""
    with app.app_context(), transaction() as session:
        made = World(session)
        held = session.scalars(select(Membership).where(Membership.person_id == made.ana.id)).one()
        held.until_on = TODAY
        este = made.territory("Este", made.root)
        este.country, este.currency = "DE", "EUR"
        session.add(Membership(person_id=made.ana.id, territory_id=este.id, kind=held.kind, from_on=TODAY))
        session.flush()
        session.refresh(made.ana)
        session.expunge(made.ana)
    return made


def spend(ana: FlaskClient, on: str, amount: str, currency: str) -> int:
    form = {"uid": uid(), "amount": amount, "category": "parking", "on": on, "currency": currency}
    return ana.post("/log/expenses/new", data=form).status_code


def entered(app: Flask) -> list[tuple[str, int]]:
    with app.app_context():
        return [(row.currency, row.amount_minor) for row in db.session.scalars(select(Expense))]


def test_the_form_says_the_currency_of_its_day(ana: FlaskClient) -> None:
    for on, currency in ((MONDAY, "CLP"), (TODAY.isoformat(), "EUR")):
        page = ana.get("/log/expenses/new", query_string={"on": on}).text
        assert f'name="currency" value="{currency}"' in page


def test_a_number_is_never_taken_for_other_money(app: Flask, ana: FlaskClient) -> None:
    """The form was opened for today, in euros, and the day changed in it."""
    form = {"uid": uid(), "amount": "12", "category": "parking", "on": MONDAY, "currency": "EUR"}
    answer = ana.post("/log/expenses/new", data=form)
    assert answer.status_code == 400
    assert "EUR" in answer.text
    assert '<option selected value="EUR">' in answer.text
    assert entered(app) == []
    assert spend(ana, MONDAY, "12", "CLP") == 302
    assert entered(app) == [("CLP", 12)]


def test_the_log_and_the_claims_say_which_is_which(app: Flask, ana: FlaskClient) -> None:
    assert spend(ana, MONDAY, "12000", "CLP") == 302
    alone = ana.get("/log").text
    assert "Claim of March<" in alone
    assert spend(ana, TODAY.isoformat(), "12", "EUR") == 302
    page = ana.get("/log").text
    assert "Claim of March (CLP)" in page
    assert "Claim of March (EUR)" in page

    assert "<dd>12,00\xa0€ + 12.000\xa0CLP</dd>" in page
    with app.app_context():
        numbers = list(db.session.scalars(select(Claim.id).order_by(Claim.id)))
    assert "March 2026 (EUR)" in ana.get(f"/log/claims/{numbers[1]}").text
