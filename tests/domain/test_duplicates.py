"""Expenses that look like one another."""

from __future__ import annotations

from base64 import b64encode
from dataclasses import replace
from datetime import date

import pytest

from planner.domain.duplicates import Pictured, Slip, alike, resembling, twins
from planner.domain.expenses import ExpenseCategory
from planner.domain.findings import Finding
from planner.domain.review import Flag

ON = date(2026, 3, 4)
ONE = Slip(1, 7, ON, ExpenseCategory.MEAL, 8_900, "CLP", "Café  Central")


def test_the_same_day_amount_and_merchant_is_asked_about_on_both() -> None:
    other = replace(ONE, expense_id=2, merchant="café central ")
    assert twins([ONE, other]) == {
        1: (Finding(Flag.TWICE, {"other_on": ON}),),
        2: (Finding(Flag.TWICE, {"other_on": ON}),),
    }


def test_another_day_amount_currency_merchant_or_person_is_another_expense() -> None:
    for change in (
        {"on": date(2026, 3, 5)},
        {"paid_minor": 8_901},
        {"currency": "EUR"},
        {"merchant": "Café Sur"},
        {"rep_id": 8},
    ):
        assert twins([ONE, replace(ONE, expense_id=2, **change)]) == {}  # type: ignore[arg-type]


def test_without_a_merchant_the_category_tells_them_apart() -> None:
    bare = replace(ONE, merchant=" ")
    assert twins([bare, replace(bare, expense_id=2, category=ExpenseCategory.TOLL)]) == {}
    assert set(twins([bare, replace(bare, expense_id=2)])) == {1, 2}


def test_one_picture_for_two_expenses_is_asked_about_whoever_they_belong_to() -> None:
    mine, theirs = (
        replace(ONE, receipt_id=5),
        replace(ONE, expense_id=2, rep_id=8, receipt_id=5, paid_minor=1),
    )
    assert twins([mine, theirs]) == {
        1: (Finding(Flag.SAME_RECEIPT, {"other_on": None}),),
        2: (Finding(Flag.SAME_RECEIPT, {"other_on": None}),),
    }


def test_of_the_reps_own_the_day_is_told() -> None:
    later = replace(ONE, expense_id=2, receipt_id=5, on=date(2026, 3, 9), paid_minor=1)
    found = twins([replace(ONE, receipt_id=5), later])
    assert found[1] == (Finding(Flag.SAME_RECEIPT, {"other_on": date(2026, 3, 9)}),)
    assert found[2] == (Finding(Flag.SAME_RECEIPT, {"other_on": ON}),)


def test_a_day_and_its_night_of_allowance_are_no_double() -> None:
    day = replace(ONE, category=ExpenseCategory.PER_DIEM, merchant="")
    assert twins([day, replace(day, expense_id=2)]) == {}


def shades(*fields: int) -> str:
    return b64encode(bytes(fields)).decode()


def test_pictures_of_one_rep_that_look_alike_are_asked_about_with_the_earliest_other_day() -> None:
    days = [date(2026, 3, day) for day in (4, 9, 2)]
    own = [Pictured(key, 7, on, key + 10, f"{key:064x}") for key, on in enumerate(days)]
    theirs, unlike = Pictured(8, 9, ON, 30, "0" * 64), Pictured(9, 7, ON, 31, "f" * 64)
    pairs = resembling([*own, theirs, unlike], range(10))
    assert {(one.expense_id, other.expense_id) for one, other in pairs} == {(0, 1), (0, 2), (1, 2)}
    found = alike(pairs, {key: shades(100, 9) for key in (10, 11, 12)})
    assert {key: (each.flag, each.values["other_on"]) for key, each in found.items()} == {
        0: (Flag.ALIKE_RECEIPT, days[2]),
        1: (Flag.ALIKE_RECEIPT, days[2]),
        2: (Flag.ALIKE_RECEIPT, days[0]),
    }


@pytest.mark.parametrize(("darker", "found"), [(7, {1, 2}), (8, set())])
def test_what_is_the_same_from_far_and_another_from_near_is_not_alike(darker: int, found: set[int]) -> None:
    pairs = resembling([Pictured(key, 7, ON, key, "0" * 64) for key in (1, 2)], [2])
    assert set(alike(pairs, {1: shades(50, 200), 2: shades(50, 200 - darker)})) == found


def test_the_very_same_picture_looks_like_no_other() -> None:
    assert resembling([Pictured(key, 7, ON, 5, "0" * 64) for key in (1, 2)], [1, 2]) == []


@pytest.mark.parametrize(("asked", "found"), [(0, {(0, 1), (0, 2)}), (1, {(0, 1), (1, 2)}), (7, set())])
def test_only_what_is_asked_about_is_compared(asked: int, found: set[tuple[int, int]]) -> None:
    pairs = resembling([Pictured(key, 7, ON, key, "0" * 64) for key in range(3)], {asked})
    assert {(one.expense_id, other.expense_id) for one, other in pairs} == found
