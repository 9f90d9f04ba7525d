"""What the first and the last leg of a day count, by the firm's rule."""

from __future__ import annotations

import pytest

from planner.domain.commuting import Commute, CommutePolicy, uncounted_metres


@pytest.mark.parametrize(
    ("policy", "metres", "uncounted"),
    [
        (CommutePolicy(), 12_000, 0),
        (CommutePolicy(Commute.NOT_COUNTED), 12_000, 12_000),
        (CommutePolicy(Commute.BEYOND, 10_000), 12_000, 10_000),
        (CommutePolicy(Commute.BEYOND, 10_000), 8_000, 8_000),
        (CommutePolicy(Commute.BEYOND, 0), 8_000, 0),
    ],
)
def test_a_leg_from_home_counts_as_the_firm_has_it(
    policy: CommutePolicy, metres: int, uncounted: int
) -> None:
    assert uncounted_metres(metres, policy) == uncounted
