from __future__ import annotations

import pytest

from planner.domain.errors import Invalid
from planner.domain.rush_hours import RushHours, is_rush_hours, most_apart, read_rush_hours


def test_lines_are_read_in_the_order_of_the_day():
    found = read_rush_hours("16:30-18:00 60\n\n7:00 – 09:00 70 80% 90\n")
    assert found == (RushHours(25_200, 32_400, 0.7, 0.8, 0.9), RushHours(59_400, 64_800, 0.6, 0.6, 0.6))


@pytest.mark.parametrize(
    ("text", "code"),
    [
        ("at eight", "rush_line"),
        ("09:00-07:00 70", "rush_line"),
        ("07:60-09:00 70", "rush_line"),
        ("07:00-25:00 70", "rush_line"),
        ("07:00-09:00 5", "rush_percent"),
        ("07:00-09:00 70\n08:00-10:00 80", "rush_overlap"),
        ("\n".join(f"{hour:02}:00-{hour:02}:30 70" for hour in range(9)), "rush_many"),
    ],
)
def test_what_cannot_be_read_is_said_with_its_reason(text, code):
    with pytest.raises(Invalid) as told:
        read_rush_hours(text)
    assert (told.value.field, told.value.code) == ("rush_hours", code)
    assert not is_rush_hours(text)


def test_hours_are_as_far_apart_as_their_class_that_differs_most():
    one, other = read_rush_hours("07:00-09:00 70 80 90"), read_rush_hours("07:00-09:00 68 80 95")
    assert most_apart(one, other) == pytest.approx(0.05)
    assert most_apart(one, one) == most_apart((), ()) == 0
    # Without any, the speed at that hour is the usual one.
    assert most_apart(one, ()) == most_apart((), one) == pytest.approx(0.3)
