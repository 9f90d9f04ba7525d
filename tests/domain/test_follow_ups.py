"""How a follow-up stands to its date. Today is Wednesday 4 March 2026."""

from __future__ import annotations

from datetime import date

import pytest

from planner.domain.errors import Invalid
from planner.domain.follow_ups import Urgency, checked, urgency

TODAY = date(2026, 3, 4)


@pytest.mark.parametrize(
    ("due_on", "expected"),
    [
        (date(2026, 3, 3), Urgency.OVERDUE),
        (date(2026, 3, 4), Urgency.TODAY),
        (date(2026, 3, 5), Urgency.SOON),
        (date(2026, 3, 11), Urgency.SOON),
        (date(2026, 3, 12), Urgency.LATER),
        (None, Urgency.UNDATED),
    ],
    ids=["yesterday", "today", "tomorrow", "in-seven-days", "in-eight-days", "no-date"],
)
def test_a_follow_up_is_as_urgent_as_its_date(due_on: date | None, expected: Urgency) -> None:
    assert urgency(due_on, TODAY) is expected


@pytest.mark.parametrize(
    ("text", "due_on"),
    [(" ", None), ("x" * 401, None), ("Call", date(2026, 3, 3))],
    ids=["empty", "long", "past"],
)
def test_no_text_one_too_long_and_a_date_that_is_over_are_refused(text: str, due_on: date | None) -> None:
    with pytest.raises(Invalid):
        checked(text, due_on, TODAY)


def test_a_date_it_had_before_may_stay() -> None:
    assert checked(" Call ", date(2026, 3, 3), TODAY, date(2026, 3, 3)) == "Call"
