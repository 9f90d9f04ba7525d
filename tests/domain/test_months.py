"""Calendar months, and leafing from one to the next."""

from __future__ import annotations

from datetime import date

from hypothesis import given
from hypothesis import strategies as st

from planner.domain.months import MonthShown, month, next_month


def test_a_month_ends_before_the_first_of_the_next() -> None:
    assert month(date(2026, 12, 31)) == (date(2026, 12, 1), date(2027, 1, 1))
    assert next_month(date(2028, 1, 1)) == date(2028, 2, 1)


@given(st.dates(date(2000, 1, 1), date(2100, 1, 1)))
def test_every_date_is_in_its_own_month(on: date) -> None:
    first, end = month(on)
    assert first <= on < end
    assert month(first)[0] == first


def test_one_leafs_back_for_ever_and_forward_to_the_present_month() -> None:
    shown = MonthShown(date(2026, 1, 1), date(2026, 2, 1))
    assert (shown.before, shown.after) == (date(2025, 12, 1), date(2026, 2, 1))
    assert MonthShown(date(2026, 1, 1), date(2026, 1, 31)).after is None
