"""How a plan is set apart from what stands, told from dates alone."""

from __future__ import annotations

from datetime import date, timedelta

import pytest
from hypothesis import given
from hypothesis import strategies as st

from planner.domain.plan_difference import Reach, WeekChange, reach, week_changes

MONDAY = date(2026, 3, 2)
DATES = st.integers(0, 60).map(lambda days: MONDAY + timedelta(days=days))


@pytest.mark.parametrize(
    ("days", "expected"),
    [
        ([1, -2], Reach.ALL_NEAR),
        ([1, 2, 9], Reach.MOST_NEAR),
        ([1, 9], Reach.FEW_NEAR),
        ([-3], Reach.ALL_FAR),
    ],
)
def test_most_means_more_than_half(days: list[int], expected: Reach) -> None:
    assert reach(days) is expected


def test_a_visit_that_moves_within_its_week_changes_no_week() -> None:
    assert week_changes([MONDAY], [MONDAY + timedelta(days=4)]) == ()


def test_weeks_count_what_they_gain_and_lose() -> None:
    next_week = MONDAY + timedelta(days=9)
    changes = week_changes([MONDAY, MONDAY + timedelta(days=1)], [next_week])
    assert changes == (WeekChange(MONDAY, -2), WeekChange(MONDAY + timedelta(days=7), 1))


@given(st.lists(DATES), st.lists(DATES))
def test_weeks_add_up_to_the_visits_gained(lost: list[date], gained: list[date]) -> None:
    assert sum(week.visits for week in week_changes(lost, gained)) == len(gained) - len(lost)
