"""Expenses in the ledger: policy by date, other currencies, tax, what they belong to, doubles."""

from __future__ import annotations

import csv
import io
from dataclasses import replace
from datetime import date, timedelta
from decimal import Decimal

import pytest
from hypothesis import HealthCheck, given, settings
from hypothesis import strategies as st
from sqlalchemy import text
from sqlalchemy.exc import IntegrityError
from sqlalchemy.orm import Session

from planner.domain.access import Actor, Role
from planner.domain.claims import ClaimAction
from planner.domain.errors import Conflict, Invalid, NotFound
from planner.domain.expense_policy import Basis
from planner.domain.expenses import TYPED, ExpenseCategory
from planner.domain.review import Flag
from planner.models.ledger import Expense
from planner.services.ledger import (
    chain,
    claim_check,
    claims,
    entry_pages,
    exchange_rates,
    expense_findings,
    expense_policy,
    expenses,
    export_files,
    presets,
)
from planner.services.ledger.exchange_rates import NewExchange
from planner.services.ledger.expense_lines import NewExpense
from planner.services.ledger.expense_policy import NewRule
from tests.conftest import NOW, TODAY
from tests.queries import counted
from tests.services.ledger_world import LedgerWorld, rep, uid

pytestmark = pytest.mark.both_databases
LONG_SINCE = date(2025, 1, 1)
DOLLAR = NewExchange("USD", "CLP", LONG_SINCE, Decimal("945.37"), "Banco Central, 2 January")
MEALS = NewRule((ExpenseCategory.MEAL,), "CLP", LONG_SINCE, 12_000, Basis.DAY, 5_000)
LUNCH = NewExpense("", TODAY, ExpenseCategory.MEAL, 4_000, "CLP", "Casino")


@pytest.fixture
def world(session: Session) -> LedgerWorld:
    return LedgerWorld(session)


def spend(world: LedgerWorld, **values: object) -> Expense:
    new = replace(LUNCH, uid=uid(), **values)  # type: ignore[arg-type]
    return expenses.add(world.session, rep(world.ana), NOW, TODAY, new)


def rule(world: LedgerWorld, new: NewRule = MEALS, **values: object) -> None:
    expense_policy.add(world.session, None, NOW, replace(new, **values))  # type: ignore[arg-type]


def flags(world: LedgerWorld, row: Expense) -> set[Flag]:
    return {finding.flag for finding in expense_findings.of_one(world.session, row)}


def test_the_policy_of_the_day_is_kept_with_the_entry(world: LedgerWorld) -> None:
    rule(world)
    assert flags(world, spend(world)) == set()
    second = spend(world, amount_minor=9_000, merchant="Bar")
    # 4 000 and 9 000 are 13 000 of 12 000 a day; 9 000 needs a receipt from 5 000 on.
    assert flags(world, second) == {Flag.OVER_CAP, Flag.NO_RECEIPT}


def test_a_new_policy_changes_nothing_that_was_entered(world: LedgerWorld) -> None:
    rule(world)
    row = spend(world)
    before = chain.head(world.session, world.ana.id)
    rule(world, effective_from_on=TODAY - timedelta(days=3), cap_minor=1, receipt_from_minor=0)
    assert flags(world, row) == set()
    assert flags(world, spend(world, merchant="Bar")) == {Flag.OVER_CAP, Flag.NO_RECEIPT}
    assert chain.head(world.session, world.ana.id) != before
    assert chain.verify(world.session) == []


def test_without_a_policy_every_expense_needs_a_receipt(world: LedgerWorld) -> None:
    assert flags(world, spend(world)) == {Flag.NO_RECEIPT}


def test_lodging_needs_a_receipt_whatever_the_limit(world: LedgerWorld) -> None:
    rule(world, categories=TYPED, basis=Basis.ITEM, cap_minor=None, receipt_from_minor=20_000)
    assert flags(world, spend(world)) == set()
    bed = spend(world, category=ExpenseCategory.LODGING, amount_minor=1_000)
    assert (bed.nights, flags(world, bed)) == (1, {Flag.NO_RECEIPT})


@pytest.mark.parametrize(
    ("values", "field"),
    [
        ({"categories": ()}, "category"),
        ({"currency": "XXY"}, "currency"),
        ({"effective_from_on": date(1999, 1, 1)}, "effective_from_on"),
        ({"cap_minor": 0}, "cap"),
        ({"receipt_from_minor": -1}, "receipt_from"),
        ({"basis": Basis.NIGHT}, "basis"),
        ({"source": "x" * 241}, "source"),
    ],
)
def test_what_is_wrong_with_a_policy_is_said_at_its_field(
    world: LedgerWorld, values: dict[str, object], field: str
) -> None:
    with pytest.raises(Invalid) as refused:
        rule(world, **values)
    assert refused.value.field == field


def test_a_policy_in_use_stays_and_a_day_has_one(world: LedgerWorld) -> None:
    rule(world)
    spend(world)
    (listed,) = expense_policy.listed(world.session, TODAY)
    assert (listed.is_used, listed.holds_now) == (True, True)
    with pytest.raises(Conflict, match="rule_in_use"):
        expense_policy.remove(world.session, rep(world.ana), NOW, listed.row.id)
    with pytest.raises(Conflict, match="rule_known"):
        rule(world)


def test_what_entries_were_made_by_is_guarded_in_the_database(world: LedgerWorld) -> None:
    rule(world)
    exchange_rates.add(world.session, None, NOW, DOLLAR)
    spend(world, amount_minor=1_250, currency="USD")
    world.session.commit()
    for statement in (
        "UPDATE expense_rule SET cap_minor = 1",
        "DELETE FROM expense_rule",
        "UPDATE exchange_rate SET rate = 1",
        "DELETE FROM exchange_rate",
    ):
        with pytest.raises((Conflict, IntegrityError), match="guard_terms"):
            world.session.execute(text(statement))
        world.session.rollback()


def test_what_was_paid_in_dollars_is_claimed_in_pesos_at_the_rate_of_the_day(world: LedgerWorld) -> None:
    exchange_rates.add(world.session, None, NOW, DOLLAR)
    later = replace(DOLLAR, effective_from_on=TODAY + timedelta(days=1), rate=Decimal(1))
    exchange_rates.add(world.session, None, NOW, later)
    row = spend(world, amount_minor=1_250, tax_minor=200, currency="USD")
    # 12.50 × 945.37 = 11 817.125; of the tax 2.00 × 945.37 = 1 890.74.
    assert (row.amount_minor, row.currency, row.tax_minor) == (11_817, "CLP", 1_891)
    assert (row.paid_minor, row.paid_currency, row.paid_tax_minor) == (1_250, "USD", 200)
    assert row.exchange_rate == Decimal("945.37")
    assert claims.summed(world.session, row.claim_id or 0).expenses_minor == 11_817


def test_a_rate_added_later_changes_nothing_and_a_second_sending_is_the_same_entry(
    world: LedgerWorld,
) -> None:
    exchange_rates.add(world.session, None, NOW, DOLLAR)
    new = replace(LUNCH, uid=uid(), amount_minor=1_250, currency="USD", tax_percent=Decimal(19))
    row = expenses.add(world.session, rep(world.ana), NOW, TODAY, new)
    exchange_rates.add(world.session, None, NOW, replace(DOLLAR, effective_from_on=TODAY, rate=Decimal(900)))
    world.session.expire_all()
    again = expenses.add(world.session, rep(world.ana), NOW, TODAY, new)
    assert (again.id, again.amount_minor) == (row.id, 11_817)
    assert again.tax_minor == 1_887  # 11 817 × 19 ÷ 119 = 1 886.75…
    assert chain.verify(world.session) == []
    with pytest.raises(Conflict, match="uid_taken"):
        expenses.add(world.session, rep(world.ana), NOW, TODAY, replace(new, amount_minor=1_251))


def test_a_currency_without_a_rate_on_the_day_says_so(world: LedgerWorld) -> None:
    exchange_rates.add(world.session, None, NOW, replace(DOLLAR, effective_from_on=TODAY + timedelta(days=1)))
    with pytest.raises(Invalid, match="exchange_missing") as refused:
        spend(world, currency="USD")
    assert refused.value.field == "currency"


@pytest.mark.parametrize(
    ("values", "field"),
    [
        ({"from_currency": "XXY"}, "from_currency"),
        ({"to_currency": "USD"}, "to_currency"),
        ({"rate": Decimal(0)}, "rate"),
        ({"rate": Decimal("NaN")}, "rate"),
        ({"rate": Decimal("0.00000000001")}, "rate"),
        ({"rate": Decimal("12345.12345678")}, "rate"),
        ({"source": " "}, "source"),
    ],
)
def test_what_is_wrong_with_an_exchange_rate_is_said_at_its_field(
    world: LedgerWorld, values: dict[str, object], field: str
) -> None:
    with pytest.raises(Invalid) as refused:
        exchange_rates.add(world.session, None, NOW, replace(DOLLAR, **values))  # type: ignore[arg-type]
    assert refused.value.field == field


def test_an_exchange_rate_in_use_stays(world: LedgerWorld) -> None:
    first = exchange_rates.add(world.session, None, NOW, DOLLAR)
    spare = exchange_rates.add(world.session, None, NOW, replace(DOLLAR, effective_from_on=TODAY))
    spend(world, on=TODAY - timedelta(days=1), currency="USD")
    exchange_rates.remove(world.session, rep(world.ana), NOW, spare.id)
    with pytest.raises(Conflict, match="exchange_in_use"):
        exchange_rates.remove(world.session, rep(world.ana), NOW, first.id)
    with pytest.raises(Conflict, match="exchange_known"):
        exchange_rates.add(world.session, None, NOW, DOLLAR)


def test_tax_is_said_as_an_amount_or_in_per_cent(world: LedgerWorld) -> None:
    assert spend(world, amount_minor=11_900, tax_minor=1_900).tax_minor == 1_900
    assert spend(world, amount_minor=11_900, tax_percent=Decimal(19)).tax_minor == 1_900
    assert spend(world).tax_minor is None
    with pytest.raises(Invalid, match="tax_range"):
        spend(world, tax_minor=4_000)
    with pytest.raises(Invalid, match="percent_range"):
        spend(world, tax_percent=Decimal(61))


def test_an_expense_belongs_to_a_visit_a_drive_or_an_account_of_ones_own(world: LedgerWorld) -> None:
    visit = world.visit(10)
    world.close()
    drive = world.trips()[0]
    parking = spend(world, category=ExpenseCategory.PARKING, visit_id=visit.id, merchant="P1")
    toll = spend(world, category=ExpenseCategory.TOLL, trip_id=drive.id, merchant="T1")
    lunch = spend(world, account_id=visit.account_id, visit_id=visit.id)
    page = entry_pages.trip_page(world.session, rep(world.ana), TODAY, drive.id)
    assert [row.id for row in page.expenses] == [parking.id, toll.id]
    tied = entry_pages.expense_page(world.session, rep(world.ana), TODAY, lunch.id).tied
    assert tied.account_name == visit.account.name
    for values in ({"trip_id": drive.id + 99}, {"visit_id": 9_999}, {"account_id": 9_999}):
        with pytest.raises(NotFound):
            spend(world, **values)


def test_a_double_is_shown_on_both_until_one_is_reversed(world: LedgerWorld) -> None:
    rule(world, cap_minor=None, receipt_from_minor=None)
    first, second = spend(world), spend(world, merchant=" casino")
    assert flags(world, first) == flags(world, second) == {Flag.TWICE}
    expenses.void(world.session, rep(world.ana), NOW, TODAY, second.id, uid(), "entered twice")
    assert flags(world, first) == set()


def test_a_reversed_foreign_expense_keeps_what_it_belonged_to_and_no_money(world: LedgerWorld) -> None:
    exchange_rates.add(world.session, None, NOW, DOLLAR)
    row = spend(world, amount_minor=1_250, tax_minor=200, currency="USD")
    void = expenses.void(world.session, rep(world.ana), NOW, TODAY, row.id, uid(), "private")
    assert (void.amount_minor, void.paid_minor, void.tax_minor, void.currency) == (0, None, None, "CLP")
    assert chain.verify(world.session) == []


def test_the_reviewer_sees_what_the_rep_was_told(world: LedgerWorld) -> None:
    rule(world)
    row = spend(world, amount_minor=13_000)
    world.step(world.ana, ClaimAction.SUBMIT)
    (checked,) = claim_check.check(world.session, [world.claim()])
    assert checked.expenses[0].findings == expense_findings.of_one(world.session, row)
    assert {Flag.OVER_CAP, Flag.NO_RECEIPT} <= set(checked.expenses[0].flags)


def test_findings_of_many_lines_take_as_many_queries_as_those_of_one(world: LedgerWorld) -> None:
    rows = [spend(world, merchant=f"Bar {number}") for number in range(12)]
    with counted() as one:
        expense_findings.of_lines(world.session, rows[:1])
    with counted() as many:
        expense_findings.of_lines(world.session, rows)
    assert len(many) == len(one)


PAID = st.lists(
    st.tuples(
        st.integers(1, 10**7), st.sampled_from(["CLP", "USD", "JPY"]), st.sampled_from([None, 0, 7, 19])
    ),
    min_size=1,
    max_size=12,
)


@settings(max_examples=20, deadline=None, suppress_health_check=[HealthCheck.function_scoped_fixture])
@given(PAID)
def test_the_sum_of_the_lines_is_the_claim_however_they_were_paid(
    world: LedgerWorld, paid: list[tuple[int, str, int | None]]
) -> None:
    session = world.session
    with session.begin_nested() as kept:
        for currency, rate in (("USD", "945.37"), ("JPY", "6.213")):
            exchange_rates.add(
                session, None, NOW, replace(DOLLAR, from_currency=currency, rate=Decimal(rate))
            )
        rows = [
            spend(
                world,
                amount_minor=minor,
                currency=currency,
                tax_percent=None if percent is None else Decimal(percent),
            )
            for minor, currency, percent in paid
        ]
        assert all(0 <= (row.tax_minor or 0) <= row.amount_minor for row in rows)
        found = claims.summed(session, rows[0].claim_id or 0)
        assert found.expenses_minor == sum(row.amount_minor for row in rows)
        assert chain.verify(session) == []
        assert exported(world) == found.expenses_minor
        kept.rollback()


def exported(world: LedgerWorld) -> int:
    """What the amounts of the payroll file come to, once the claim is approved."""
    claim = world.step(world.ana, ClaimAction.SUBMIT)
    claim = world.step(world.company.marta, ClaimAction.APPROVE)
    admin = Actor(world.company.admin.id, Role.ADMIN)
    columns, seen = presets.find("payroll"), [(claim.id, claim.rev)]
    with export_files.prepared(world.session, admin, TODAY, seen, columns, str, str) as made:
        assert made.by_claim[claim.id].totals == claims.totals_of(world.session, claim)
        made.file.seek(0)
        headers, *lines = csv.reader(io.StringIO(made.file.read().decode("utf-8-sig"), newline=""))
    return sum(int(line[headers.index("Amount")]) for line in lines)
