"""Fixed cycles as people choose them."""

from __future__ import annotations

from datetime import date, timedelta

import pytest
from hypothesis import given
from hypothesis import strategies as st

from planner.domain.cadence import cycle_days
from planner.domain.cycles import Weekly, check_rule, rule_of, weekly_of
from planner.domain.errors import Invalid

weeklies = st.builds(
    Weekly,
    weekdays=st.sets(st.integers(0, 6), min_size=1).map(lambda days: tuple(sorted(days))),
    weeks=st.integers(1, 52),
    starts_on=st.integers(0, 900).map(lambda weeks: date(2020, 1, 6) + timedelta(weeks=weeks)),
)


@given(weeklies)
def test_plain_choices_come_back_from_their_rule(weekly: Weekly) -> None:
    rule = rule_of(weekly)

    check_rule(rule)
    assert weekly_of(rule) == weekly


def test_every_second_tuesday_falls_into_the_week_it_was_counted_from() -> None:
    rule = rule_of(Weekly((1,), 2, date(2026, 3, 4)))

    assert cycle_days(rule, date(2026, 3, 1), date(2026, 4, 1)) == (
        date(2026, 3, 3),
        date(2026, 3, 17),
        date(2026, 3, 31),
    )


def test_a_richer_rule_has_no_plain_choices() -> None:
    rule = "RRULE:FREQ=MONTHLY;BYDAY=1TU"

    check_rule(rule)
    assert weekly_of(rule) is None


@pytest.mark.parametrize(
    "rule",
    [
        "every other Tuesday",
        "FREQ=SECONDLY",
        "FREQ=WEEKLY;BYDAY=XX",
        "DTSTART:19000101 RRULE:FREQ=DAILY",
        "FREQ=",
    ],
)
def test_a_rule_that_cannot_be_counted_is_refused(rule: str) -> None:
    with pytest.raises(Invalid) as refused:
        check_rule(rule)

    assert (refused.value.field, refused.value.code) == ("cycle_rule", "bad_cycle_rule")
