"""Drives with rush hours and without: one way and back."""

from __future__ import annotations

import pytest
from hypothesis import given
from hypothesis import strategies as st

from planner.domain.calibration import DrivenLeg
from planner.domain.paces import calm_seconds, calm_shares, hour_at, in_rush_hours
from planner.domain.rush_hours import RushHours

HOUR = 3600
MORNING = RushHours(7 * HOUR, 9 * HOUR, 0.5, 0.8, 1.0)

lefts = st.floats(0.2, 1.5)
parts = st.tuples(*(st.floats(0, 0.3),) * 3)


def test_an_hour_holds_from_its_begin_to_before_its_end() -> None:
    moments = (7 * HOUR - 1, 7 * HOUR, 9 * HOUR - 1, 9 * HOUR)
    assert [hour_at([MORNING], at) is not None for at in moments] == [False, True, True, False]


def test_ten_minutes_of_which_six_are_on_main_roads_at_half_speed() -> None:
    """Three of the six minutes are the rush's, and a fifth of the two on middle roads: 600 - 180 - 24."""
    assert calm_seconds(600, (360, 120, 60), MORNING) == pytest.approx(396)
    assert calm_shares(600, (360, 120, 60), MORNING) == pytest.approx((180 / 396, 96 / 396, 60 / 396))
    assert calm_seconds(600, None, MORNING) == pytest.approx(600 * 2.3 / 3)
    assert calm_seconds(600, (360, 120, 60), None) == 600


@given(
    planned=st.integers(10_000, 90_000),
    shares=parts,
    left=st.tuples(lefts, lefts, lefts),
    known=st.booleans(),
)
def test_one_way_and_back_changes_nothing(
    planned: int, shares: tuple[float, float, float], left: tuple[float, float, float], known: bool
) -> None:
    hour = RushHours(7 * HOUR, 9 * HOUR, *left)
    calm = DrivenLeg(8 * HOUR, planned, 500, shares if known else None)
    slow = in_rush_hours(calm, [hour])
    if slow.shares is None:
        assert calm_seconds(slow.planned_seconds, None, hour) == pytest.approx(planned, abs=2)
        return
    classes = [share * slow.planned_seconds for share in slow.shares]
    assert calm_seconds(slow.planned_seconds, classes, hour) == pytest.approx(planned, abs=2)
    assert calm_shares(slow.planned_seconds, classes, hour) == pytest.approx(shares, abs=1e-3)
