"""Dates in one tap. Today is Wednesday 4 March 2026."""

from __future__ import annotations

from datetime import date, timedelta

import pytest
from hypothesis import given
from hypothesis import strategies as st

from planner.domain.quick_dates import KNOWN_DAYS, Quick, meant, until

TODAY = date(2026, 3, 4)
ALL_DAYS = [TODAY + timedelta(days=number) for number in range(KNOWN_DAYS)]
WEEKDAYS = [on for on in ALL_DAYS if on.weekday() < 5]


@pytest.mark.parametrize(
    ("quick", "expected"),
    [
        (Quick.TODAY, date(2026, 3, 4)),
        (Quick.TOMORROW, date(2026, 3, 5)),
        (Quick.WEEK, date(2026, 3, 11)),
        (Quick.TWO_WEEKS, date(2026, 3, 18)),
        (Quick.MONTH, date(2026, 4, 6)),  # the 4th is a Saturday
    ],
)
def test_what_is_said_is_meant_on_a_working_day(quick: Quick, expected: date) -> None:
    assert meant(quick, TODAY, WEEKDAYS) == expected


def test_a_month_from_the_31st_is_the_last_day_of_the_next() -> None:
    assert meant(Quick.MONTH, date(2026, 1, 31), []) == date(2026, 2, 28)


def test_on_friday_tomorrow_is_monday_and_today_stays_today_on_a_sunday() -> None:
    assert meant(Quick.TOMORROW, date(2026, 3, 6), WEEKDAYS) == date(2026, 3, 9)
    assert meant(Quick.TODAY, date(2026, 3, 8), WEEKDAYS) == date(2026, 3, 8)


@given(st.sampled_from(list(Quick)), st.sets(st.sampled_from(ALL_DAYS)))
def test_it_is_never_before_what_is_said_and_on_a_working_day_where_there_is_one(
    quick: Quick, works_on: set[date]
) -> None:
    said = meant(quick, TODAY, [])
    found = meant(quick, TODAY, works_on)
    assert said <= found < until(TODAY)
    later = {on for on in works_on if on >= said}
    assert found == said or (found in works_on and not any(on < found for on in later))
    assert quick is Quick.TODAY or not later or found in works_on
