"""Caps and receipts: what a policy asks about an expense."""

from __future__ import annotations

from dataclasses import replace

from planner.domain.expense_policy import (
    ALLOWANCE,
    UNRULED,
    Basis,
    Rule,
    Spent,
    findings,
    without_rule,
)
from planner.domain.expenses import ExpenseCategory
from planner.domain.findings import Finding
from planner.domain.review import Flag

MEAL = Rule(cap_minor=12_000, basis=Basis.DAY, receipt_from_minor=5_000)
SPENT = Spent(amount_minor=4_000, day_minor=4_000, nights=0, has_receipt=False, currency="CLP")


def test_at_the_cap_and_below_the_receipt_limit_nothing_is_asked() -> None:
    assert findings(replace(SPENT, day_minor=12_000), MEAL) == ()


def test_a_receipt_is_needed_from_its_amount_on() -> None:
    assert findings(replace(SPENT, amount_minor=4_999), MEAL) == ()
    assert findings(replace(SPENT, amount_minor=5_000), MEAL) == (
        Finding(Flag.NO_RECEIPT, {"from_minor": 5_000, "currency": "CLP"}),
    )
    assert findings(replace(SPENT, amount_minor=5_000, has_receipt=True), MEAL) == ()


def test_a_cap_for_the_day_counts_what_else_was_spent_on_it() -> None:
    # 9 000 at noon and 4 000 now are 13 000 of 12 000.
    (found,) = findings(replace(SPENT, day_minor=13_000), MEAL)
    assert (found.flag, found.values["over_minor"]) == (Flag.OVER_CAP, 1_000)


def test_a_cap_for_the_night_is_taken_by_the_nights() -> None:
    bed = Rule(cap_minor=10_000, basis=Basis.NIGHT, receipt_from_minor=0)
    stay = Spent(amount_minor=31_000, day_minor=31_000, nights=3, has_receipt=True, currency="CLP")
    (found,) = findings(stay, bed)
    assert found.values["over_minor"] == 1_000  # 31 000 less 3 × 10 000
    assert findings(replace(stay, amount_minor=30_000), bed) == ()
    assert findings(replace(stay, amount_minor=10_001, nights=0), bed)[0].values["over_minor"] == 1


def test_a_cap_for_each_does_not_count_the_rest_of_the_day() -> None:
    each = replace(MEAL, basis=Basis.ITEM)
    assert findings(replace(SPENT, day_minor=99_000), each) == ()
    assert findings(replace(SPENT, amount_minor=12_001, has_receipt=True), each)[0].values["over_minor"] == 1


def test_without_a_policy_everything_needs_a_receipt_but_an_allowance() -> None:
    assert without_rule(ExpenseCategory.PARKING) is UNRULED
    assert findings(replace(SPENT, amount_minor=1), UNRULED) == (
        Finding(Flag.NO_RECEIPT, {"from_minor": 0, "currency": "CLP"}),
    )
    assert without_rule(ExpenseCategory.PER_DIEM) is ALLOWANCE
    assert findings(SPENT, ALLOWANCE) == ()
