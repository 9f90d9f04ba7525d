"""How a plan is set apart from what stands, told from dates alone."""

from __future__ import annotations

from datetime import date, timedelta

import pytest
from hypothesis import given
from hypothesis import strategies as st

from planner.domain.plan_difference import Reach, WeekChange, breaks_promise, reach, week_changes

MONDAY = date(2026, 3, 2)
DATES = st.integers(0, 60).map(lambda days: MONDAY + timedelta(days=days))


@pytest.mark.parametrize(
    ("days", "expected"),
    [([1, -2], Reach.ALL_NEAR), ([1, 2, 9], Reach.MOST_NEAR), ([1, 9], Reach.FAR), ([-3], Reach.FAR)],
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


@pytest.mark.parametrize(
    ("days", "is_broken"),
    [
        ([10], False),  # by the 10th; the next is due on the 30th, after the end
        ([11], True),
        ([], True),
        ([5], True),  # the next would be due on the 25th
        ([5, 25], False),
        ([5, 26], True),
        ([25, 5], False),
    ],
)
def test_each_visit_is_promised_a_latest_gap_after_the_one_before(days: list[int], is_broken: bool) -> None:
    dates = [MONDAY + timedelta(days=day) for day in days]
    until_on = MONDAY + timedelta(days=28)
    assert breaks_promise(dates, MONDAY + timedelta(days=10), 20, until_on) is is_broken


def test_a_promise_that_ends_after_the_weeks_looked_at_is_not_broken_in_them() -> None:
    assert breaks_promise([], MONDAY + timedelta(days=28), 20, MONDAY + timedelta(days=28)) is False


@given(st.lists(DATES), DATES)
def test_one_more_visit_never_breaks_a_promise(dates: list[date], more: date) -> None:
    promise = MONDAY + timedelta(days=7), 14, MONDAY + timedelta(days=28)
    assert breaks_promise(dates, *promise) or not breaks_promise([*dates, more], *promise)
