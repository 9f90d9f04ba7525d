"""What makes an expense acceptable."""

from __future__ import annotations

from datetime import date, timedelta

import pytest

from planner.domain.errors import Invalid
from planner.domain.expenses import ExpenseCategory, check
from tests.conftest import TODAY


def test_a_parking_ticket_of_today_is_fine() -> None:
    check(TODAY, TODAY, 1500, ExpenseCategory.PARKING, "")


@pytest.mark.parametrize(
    ("on", "amount", "category", "field"),
    [
        (TODAY + timedelta(days=1), 1500, ExpenseCategory.MEAL, "on"),
        (TODAY - timedelta(days=366), 1500, ExpenseCategory.MEAL, "on"),
        (TODAY, 0, ExpenseCategory.MEAL, "amount"),
        (TODAY, -1, ExpenseCategory.MEAL, "amount"),
        (TODAY, 1500, ExpenseCategory.OTHER, "note"),
    ],
)
def test_what_is_wrong_is_said_at_its_field(
    on: date, amount: int, category: ExpenseCategory, field: str
) -> None:
    with pytest.raises(Invalid) as refused:
        check(on, TODAY, amount, category, "  ")
    assert refused.value.field == field
