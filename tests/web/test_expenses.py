"""Expenses through the browser: policy while entering, other currencies, tax, per diems, admin tables."""

from __future__ import annotations

import csv
import io
import re
from collections.abc import Callable
from datetime import timedelta

import pytest
from flask import Flask
from flask.testing import FlaskClient
from sqlalchemy import select

from planner.database import db, transaction
from planner.models.accounts import Account
from planner.models.expense_terms import ExchangeRate, ExpenseRule, PerDiemRate
from planner.models.ledger import Expense
from planner.models.people import Person
from tests.conftest import TODAY
from tests.services.ledger_world import LedgerWorld, uid

SignIn = Callable[[Person], FlaskClient]


@pytest.fixture
def world(app: Flask) -> LedgerWorld:
    """Ana has held a visit at 9 and one at 17 o'clock and closed the day."""
    with app.app_context(), transaction() as session:
        made = LedgerWorld(session)
        made.visit(hour=9)
        made.visit(hour=17)
        made.close()
        for person in (made.ana, made.company.marta, made.company.admin):
            session.refresh(person)
            session.expunge(person)
    return made


@pytest.fixture
def ana(sign_in: SignIn, world: LedgerWorld) -> FlaskClient:
    return sign_in(world.ana)


@pytest.fixture
def admin(sign_in: SignIn, world: LedgerWorld) -> FlaskClient:
    return sign_in(world.company.admin)


def rows(app: Flask, table: type) -> list:
    with app.app_context():
        return list(db.session.scalars(select(table).order_by(table.id)))


def policy(**values: object) -> dict[str, object]:
    given = {"category": "meal", "currency": "clp", "effective_from_on": "2025-01-01", "cap": "12.000"}
    return {**given, "basis": "day", "receipt_from": "5.000", **values}


def exchange(**values: object) -> dict[str, object]:
    given = {"from_currency": "usd", "to_currency": "clp", "rate": "945,37", "source": "Bank"}
    return {**given, "effective_from_on": "2025-01-01", **values}


def expense(**values: object) -> dict[str, object]:
    given = {"uid": uid(), "amount": "9.000", "category": "meal", "on": "2026-03-04", "visit": "0"}
    return {**given, **values}


def test_an_admin_adds_and_removes_a_policy(app: Flask, admin: FlaskClient) -> None:
    assert admin.post("/rules/expenses", data=policy()).status_code == 302
    (rule,) = rows(app, ExpenseRule)
    assert (rule.cap_minor, rule.receipt_from_minor) == (12_000, 5_000)
    assert "12,000 a day" in admin.get("/rules/expenses").text.replace("\xa0", " ").replace(
        "12.000", "12,000"
    )
    assert "already for one of these" in admin.post("/rules/expenses", data=policy()).text
    assert admin.post("/rules/expenses", data=policy(cap="much")).status_code == 400
    admin.post(f"/rules/expenses/{rule.id}/remove")
    assert rows(app, ExpenseRule) == []


def test_an_empty_limit_means_no_cap_and_never_a_receipt(app: Flask, admin: FlaskClient) -> None:
    admin.post("/rules/expenses", data=policy(cap="", receipt_from="", category=["meal", "lodging"]))
    found = {rule.category.value: rule.receipt_from_minor for rule in rows(app, ExpenseRule)}
    assert found == {"meal": None, "lodging": 0}


def test_a_rep_is_told_what_is_over_and_it_is_saved_all_the_same(
    app: Flask, admin: FlaskClient, ana: FlaskClient
) -> None:
    admin.post("/rules/expenses", data=policy())
    form = ana.get("/log/expenses/new").text
    assert re.search(r'data-category="meal"[^>]*data-basis="day" data-cap="12000" data-receipt="5000"', form)
    said = ana.post("/log/expenses/new", data=expense(amount="13.000"), follow_redirects=True).text
    assert "1,000" in said.replace("1.000", "1,000")
    assert "there is no receipt" in said
    assert [row.amount_minor for row in rows(app, Expense)] == [13_000]
    assert "over the cap" in ana.get("/log").text
    assert "a day" in ana.get("/log/expenses/1").text


def test_another_currency_is_offered_once_it_has_a_rate(
    app: Flask, admin: FlaskClient, ana: FlaskClient
) -> None:
    offered = '<option value="USD">'
    assert offered not in ana.get("/log/expenses/new").text
    refused = ana.post("/log/expenses/new", data=expense(currency="USD"))
    assert refused.status_code == 400
    assert admin.post("/rules/expenses/exchange", data=exchange()).status_code == 302
    assert offered in ana.get("/log/expenses/new").text
    assert (
        ana.post("/log/expenses/new", data=expense(currency="USD", amount="12.50", tax="2")).status_code
        == 302
    )
    (row,) = rows(app, Expense)
    assert (row.amount_minor, row.paid_minor, row.tax_minor) == (11_817, 1_250, 1_891)
    assert "945" in ana.get("/log/expenses/1").text
    form = ana.get("/log/expenses/1/correct").text
    assert 'value="12.5"' in form.replace("12,5", "12.5")
    assert '<option selected value="USD">' in form
    too_early = expense(currency="USD", on="2024-12-31")
    assert ana.post("/log/expenses/new", data=too_early).status_code == 400
    assert len(rows(app, ExchangeRate)) == 1


def test_what_is_wrong_stands_at_its_field(admin: FlaskClient, ana: FlaskClient) -> None:
    assert "part of the amount" in ana.post("/log/expenses/new", data=expense(tax="9.000")).text
    assert "per cent" in ana.post("/log/expenses/new", data=expense(tax_percent="99")).text
    assert ana.post("/log/expenses/new", data=expense(trip="99")).status_code == 400
    assert "same currency" in admin.post("/rules/expenses/exchange", data=exchange(to_currency="USD")).text
    assert admin.post("/rules/expenses/exchange", data=exchange(rate="0")).status_code == 400


def test_parking_belongs_to_a_drive_and_stands_on_its_page(ana: FlaskClient) -> None:
    ana.post("/log/expenses/new", data=expense(category="parking", trip="1", merchant="Garage"))
    assert "Garage" in ana.get("/log/trips/1").text
    assert "/log/trips/1" in ana.get("/log/expenses/1").text


def test_a_per_diem_is_proposed_when_the_day_is_closed_and_claimed_by_a_tap(
    app: Flask, admin: FlaskClient, ana: FlaskClient
) -> None:
    assert "Claim it" not in ana.get("/today/2026-03-04/close").text
    day = {"country": "cl", "kind": "hours", "from_minutes": "481", "amount": "6.000", "currency": "clp"}
    admin.post("/rules/expenses/per-diem", data={**day, "effective_from_on": "2025-01-01", "source": "Firm"})
    page = ana.get("/today/2026-03-04/close").text
    assert "Claim it" in page
    assert rows(app, Expense) == []
    sent = {"uid": uid(), "rate": re.findall(r'name="rate" value="(\d+)"', page)}
    for _ in range(2):
        assert ana.post("/log/per-diem/2026-03-04", data=sent).status_code == 302
    assert [row.amount_minor for row in rows(app, Expense)] == [6_000]
    assert "Claim it" not in ana.get("/today/2026-03-04/close").text
    assert "Correct it" not in ana.get("/log/expenses/1").text


def test_a_day_past_midnight_says_for_which_date_it_counts(
    app: Flask, world: LedgerWorld, admin: FlaskClient, ana: FlaskClient
) -> None:
    yesterday = TODAY - timedelta(days=1)
    with app.app_context(), transaction():
        one, other = db.session.scalars(select(Account).order_by(Account.id)).all()
        world.visit(23, on=yesterday, account=one)  # 20:00 there, until 4:30 and home
        last = world.visit(23, on=yesterday, account=other)
        assert last.left_at is not None
        last.arrived_at = last.left_at = last.left_at + timedelta(hours=8)
        world.close(on=yesterday)
    day = {"country": "cl", "kind": "hours", "from_minutes": "481", "amount": "6.000", "currency": "clp"}
    admin.post("/rules/expenses/per-diem", data={**day, "effective_from_on": "2025-01-01", "source": "Firm"})
    page = ana.get(f"/today/{yesterday}/close").text
    assert re.search(
        "The hours past midnight count with the others, for .*4 Mar.*which has more of them", page
    )
    sent = {"uid": uid(), "rate": re.findall(r'name="rate" value="(\d+)"', page)}
    page = ana.post(f"/log/per-diem/{yesterday}", data=sent, follow_redirects=True).text
    assert re.search("Saved for .*4 Mar.*, which has more of the hours.", page)
    assert [row.on for row in rows(app, Expense)] == [TODAY]


def test_published_per_diems_are_taken_over_to_be_verified(app: Flask, admin: FlaskClient) -> None:
    admin.post("/rules/expenses/per-diem/known/GB")
    assert "verify" in admin.get("/rules/expenses/per-diem").text
    for row in rows(app, PerDiemRate):
        admin.post(f"/rules/expenses/per-diem/{row.id}/confirm")
    assert [row.is_verified for row in rows(app, PerDiemRate)] == [True] * 3


def test_the_file_of_expenses_has_tax_and_what_was_paid(
    sign_in: SignIn, world: LedgerWorld, admin: FlaskClient, ana: FlaskClient
) -> None:
    admin.post("/rules/expenses/exchange", data=exchange())
    ana.post("/log/expenses/new", data=expense(currency="USD", amount="12.50", tax_percent="19"))
    marta = sign_in(world.company.marta)
    data = marta.get("/review/expenses.csv?from=2026-03-01&to=2026-03-31").data.decode("utf-8-sig")
    headers, line, *_ = csv.reader(io.StringIO(data, newline=""))
    found = dict(zip(headers, line, strict=True))
    assert (found["Amount"], found["Tax in it"], found["Paid"], found["Paid in"]) == (
        "11817",
        "1887",
        "12.50",
        "USD",
    )
