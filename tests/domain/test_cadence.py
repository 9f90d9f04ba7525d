"""Cadence: gaps, due windows, fixed cycles."""

from __future__ import annotations

from datetime import date, timedelta

import pytest
from hypothesis import given
from hypothesis import strategies as st

from planner.domain.cadence import (
    Cadence,
    DueState,
    Wishes,
    cadence_of,
    cycle_days,
    days_late,
    due_state,
    due_window,
    inherited,
)
from planner.domain.errors import Invalid

MONDAY = date(2026, 1, 5)


@given(st.integers(1, 500))
def test_gaps_lie_around_the_wish(days: int) -> None:
    cadence = cadence_of(days)
    assert 1 <= cadence.earliest_gap <= days <= cadence.latest_gap


def test_unsaid_gaps_are_70_and_130_percent() -> None:
    # 28 days: 19.6 rounded down, 36.4 rounded up.
    assert cadence_of(28) == Cadence(28, 19, 37)


@pytest.mark.parametrize(
    ("days", "earliest", "latest", "field"),
    [
        (0, None, None, "cadence_days"),
        (-7, None, None, "cadence_days"),
        (5000, None, None, "cadence_days"),
        (28, 0, None, "earliest_gap_days"),
        (28, 29, None, "earliest_gap_days"),
        (28, None, 27, "latest_gap_days"),
    ],
)
def test_a_cadence_that_contradicts_itself_names_its_field(
    days: int, earliest: int | None, latest: int | None, field: str
) -> None:
    with pytest.raises(Invalid) as caught:
        cadence_of(days, earliest, latest)
    assert caught.value.field == field


def test_an_account_takes_its_class_cadence_until_it_has_its_own() -> None:
    of_class = Wishes(28, 20, 40)
    assert inherited(Wishes(), of_class) == Cadence(28, 20, 40)
    # The class's gaps belong to the class's wish.
    assert inherited(Wishes(7), of_class) == Cadence(7, 4, 10)
    assert inherited(Wishes(), Wishes()) is None


@given(st.dates(date(2020, 1, 1), date(2030, 1, 1)), st.integers(1, 200), st.integers(0, 400))
def test_lateness_begins_the_day_after_the_promise(held_on: date, days: int, later: int) -> None:
    window = due_window(held_on, cadence_of(days))
    on = held_on + timedelta(days=later)
    assert (due_state(window, on) is DueState.OVERDUE) == (days_late(window, on) > 0) == (on > window.latest)


def test_see_again_in_two_weeks_moves_the_wish_and_its_gaps() -> None:
    window = due_window(MONDAY, cadence_of(56), see_again_days=14)
    assert window.wish == MONDAY + timedelta(days=14)
    assert window.latest == MONDAY + timedelta(days=19)


def test_every_second_tuesday_means_the_same_weeks_wherever_one_looks_from() -> None:
    rule = "RRULE:FREQ=WEEKLY;INTERVAL=2;BYDAY=TU"
    whole = cycle_days(rule, MONDAY, MONDAY + timedelta(days=56))
    part = cycle_days(rule, MONDAY + timedelta(days=10), MONDAY + timedelta(days=56))
    assert whole[0] == date(2026, 1, 6)
    assert part == tuple(on for on in whole if on >= MONDAY + timedelta(days=10))


def test_the_end_of_a_range_does_not_count() -> None:
    assert cycle_days("RRULE:FREQ=DAILY", MONDAY, MONDAY + timedelta(days=2)) == (
        MONDAY,
        MONDAY + timedelta(days=1),
    )


@pytest.mark.parametrize("rule", ["", "every tuesday", "RRULE:FREQ=OFTEN", "RRULE:FREQ=WEEKLY;BYDAY=XX"])
def test_a_rule_that_cannot_be_read_is_refused(rule: str) -> None:
    with pytest.raises(Invalid) as caught:
        cycle_days(rule, MONDAY, MONDAY + timedelta(days=7))
    assert caught.value.field == "cycle_rule"
