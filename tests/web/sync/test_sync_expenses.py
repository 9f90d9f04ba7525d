"""Expenses out of an outbox: policy is said and hinders nothing; other currencies; drives of others."""

from __future__ import annotations

from collections.abc import Callable
from datetime import date
from decimal import Decimal
from typing import Any

import pytest
from sqlalchemy import select
from sqlalchemy.orm import Session

from planner.domain.expense_policy import Basis
from planner.domain.expenses import TYPED
from planner.models.ledger import Expense
from planner.services.ledger import chain, exchange_rates, expense_policy
from planner.services.ledger.exchange_rates import NewExchange
from planner.services.ledger.expense_policy import NewRule
from planner.web.sentences import SENTENCES
from tests.conftest import NOW
from tests.phones import Phone, spending

pytestmark = pytest.mark.both_databases
SINCE = date(2025, 1, 1)
ASKED = str(SENTENCES["sync_expense_asked"])
Count = Callable[[type[Any]], int]


@pytest.fixture(autouse=True)
def terms(session: Session, phone: Phone) -> None:
    """At most 2 000 pesos each, a receipt from 1 800 on; a dollar is 945.37 pesos."""
    rule = NewRule(TYPED, "CLP", SINCE, 2_000, Basis.ITEM, 1_800)
    expense_policy.add(session, None, NOW, rule)
    exchange_rates.add(session, None, NOW, NewExchange("USD", "CLP", SINCE, Decimal("945.37"), "Bank"))
    session.commit()


def test_a_breach_is_said_and_the_expense_is_kept(phone: Phone, count: Count) -> None:
    fine, over = (phone.item("expense", payload=spending(amount=amount)) for amount in ("1500", "2500"))
    answers = [phone.one(fine), phone.one(over), phone.one(over)]
    assert [(one["answer"], one["message"]) for one in answers] == [
        ("created", ""),
        ("created", ASKED),
        ("duplicate", ASKED),
    ]
    assert count(Expense) == 2


def test_a_photo_on_its_way_is_no_missing_receipt(phone: Phone) -> None:
    bare = phone.item("expense", payload=spending(amount="1900"))
    coming = phone.item("expense", payload=spending(amount="1901"), photos=["a" * 64])
    assert [phone.one(item)["message"] for item in (bare, coming)] == [ASKED, ""]


def test_what_was_paid_in_dollars_is_reckoned_and_one_without_a_rate_waits_for_the_rep(
    session: Session, phone: Phone
) -> None:
    paid = spending(amount="1.25", currency="USD", tax="0.20")
    assert phone.one(phone.item("expense", payload=paid))["answer"] == "created"
    refused = phone.one(phone.item("expense", payload=spending(amount="1.25", currency="EUR")))
    assert (refused["answer"], "EUR" in refused["message"]) == ("rejected", True)
    row = session.scalars(select(Expense)).one()
    # 1.25 × 945.37 = 1 181.71; of the tax 0.20 × 945.37 = 189.07.
    assert (row.amount_minor, row.paid_minor, row.paid_currency, row.tax_minor) == (1_182, 125, "USD", 189)
    assert chain.verify(session) == []


def test_a_drive_of_somebody_else_is_rejected(phone: Phone, count: Count) -> None:
    answer = phone.one(phone.item("expense", payload=spending(trip="999")))
    assert (answer["answer"], count(Expense)) == ("rejected", 0)
