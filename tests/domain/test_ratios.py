"""Ratios: part by whole, and nothing where there is nothing to divide by."""

from __future__ import annotations

from collections.abc import Callable

import pytest

from planner.domain import ratios

Ratio = Callable[[int, int], float | None]
ALL: list[Ratio] = [
    ratios.coverage,
    ratios.cadence_kept,
    ratios.plan_adherence,
    ratios.strike_rate,
    ratios.driving_share,
]


@pytest.mark.parametrize("ratio", ALL)
def test_three_of_four_are_three_quarters(ratio: Ratio) -> None:
    assert ratio(3, 4) == 0.75


@pytest.mark.parametrize("ratio", ALL)
def test_of_nothing_there_is_no_share(ratio: Ratio) -> None:
    assert ratio(0, 0) is None
