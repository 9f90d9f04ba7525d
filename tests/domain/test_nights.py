"""The rule about nights away: what may be written into it, and which evenings can be ticked."""

from __future__ import annotations

import pytest
from hypothesis import given
from hypothesis import strategies as st

from planner.domain.errors import Invalid
from planner.domain.nights import (
    AT_HOME,
    FARTHEST_METRES,
    NightsAway,
    check_evenings,
    joins_work,
    read_least_distance,
    shown_distance,
)
from planner.domain.working_week import WorkingDay

HOUR = 3600


def week(*weekdays: int) -> list[WorkingDay]:
    return [WorkingDay(weekday, 8 * HOUR, 17 * HOUR) for weekday in weekdays]


def test_no_evening_is_ticked_until_somebody_does() -> None:
    assert AT_HOME.evenings == ()
    check_evenings(AT_HOME, [])


@pytest.mark.parametrize(
    ("evening", "code"), [(4, "night_before_day_off"), (5, "night_without_shift"), (6, "night_without_shift")]
)
def test_an_evening_beside_a_day_off_is_refused_in_its_row(evening: int, code: str) -> None:
    with pytest.raises(Invalid) as refused:
        check_evenings(NightsAway((0, evening)), week(0, 1, 2, 3, 4))
    assert (refused.value.field, refused.value.code) == (f"days-{evening}-night_after", code)


@given(st.sets(st.integers(0, 6)), st.integers(0, 6))
def test_what_may_be_ticked_is_what_joins_two_days_of_work(worked: set[int], evening: int) -> None:
    days = week(*sorted(worked))
    if joins_work(evening, days):
        check_evenings(NightsAway((evening,)), days)
    else:
        with pytest.raises(Invalid):
            check_evenings(NightsAway((evening,)), days)


@given(st.integers(0, FARTHEST_METRES - 1000), st.sampled_from(["km", "mi"]))
def test_a_distance_reads_back_as_it_was_shown(metres: int, unit: str) -> None:
    shown = shown_distance(metres, unit)
    assert shown_distance(read_least_distance(shown, unit), unit) == shown
    assert abs(read_least_distance(shown, unit) - metres) <= 81


@pytest.mark.parametrize("text", ["", "far", "-1", "nan", "inf", "1e9"])
def test_what_is_no_distance_is_refused(text: str) -> None:
    with pytest.raises(Invalid):
        read_least_distance(text, "km")
