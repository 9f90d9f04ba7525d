"""Speeds that learn: medians, little from few legs, held-out legs improve, nothing made of noise."""

from __future__ import annotations

import math
import random

import pytest
from hypothesis import given
from hypothesis import strategies as st

from planner.domain.calibration import (
    LEGS_OF_BELIEF,
    SLOTS,
    UNCHANGED,
    DrivenLeg,
    errors,
    fit,
    held_out,
    slot_of,
    visit_length,
)

HOUR = 3600


def leg(ratio: float, hour: int = 10, planned: int = 600) -> DrivenLeg:
    return DrivenLeg(hour * HOUR, planned, round(planned * ratio))


def season(factor: float, rush: float, count: int, seed: int = 1) -> list[DrivenLeg]:
    """Legs that take ``factor`` times the plan, ``rush`` times before nine, with noise and forgotten taps."""
    dice = random.Random(seed)
    legs = []
    for number in range(count):
        hour = dice.choice([8, 10, 13, 16])
        true = (rush if hour == 8 else factor) * math.exp(dice.gauss(0, 0.12))
        legs.append(leg(true * (3.5 if number % 15 == 0 else 1), hour, dice.randint(200, 1500)))
    return legs


def test_many_legs_say_what_they_say() -> None:
    assert fit([leg(1.2)] * 400).overall == pytest.approx(1.2, abs=0.01)


def test_few_legs_change_little() -> None:
    assert fit([leg(1.5)]).overall == pytest.approx(1.5 ** (1 / (1 + LEGS_OF_BELIEF)), abs=1e-9)
    assert fit([]) == UNCHANGED


def test_a_forgotten_tap_moves_nothing() -> None:
    legs = [leg(1.1)] * 60
    assert fit([*legs, leg(3.9), leg(50)]).overall == pytest.approx(fit(legs).overall, abs=0.005)


def test_drives_round_the_corner_say_nothing() -> None:
    assert fit([leg(3, planned=60)] * 50) == UNCHANGED


def test_the_hour_of_the_day_has_its_own_factor() -> None:
    found = fit([*[leg(1.4, 8)] * 80, *[leg(1.0, 13)] * 80])
    assert found.of(8 * HOUR) > 1.3 > 1.1 > found.of(13 * HOUR)


def test_an_hour_nobody_drove_in_is_as_the_whole_day() -> None:
    found = fit([leg(1.2, 10)] * 50)
    assert found.of(22 * HOUR) == found.overall


@pytest.mark.parametrize("seed", range(8))
def test_held_out_legs_improve_where_plans_were_off(seed: int) -> None:
    found = held_out(season(1.15, 1.4, 300, seed))
    assert found is not None
    assert found.improves
    assert found.after.typical < 0.75 * found.before.typical
    assert abs(found.after.median) < abs(found.before.median)


@pytest.mark.parametrize("seed", range(8))
def test_where_plans_were_right_next_to_nothing_changes(seed: int) -> None:
    found = held_out(season(1.0, 1.0, 300, seed))
    assert found is not None
    assert found.after.typical < 1.1 * found.before.typical
    assert fit(season(1.0, 1.0, 300, seed)).overall == pytest.approx(1, abs=0.05)


def test_the_error_is_told_as_median_and_ninetieth() -> None:
    found = errors([leg(1 + n / 100) for n in range(1, 11)])
    assert found is not None
    assert (found.legs, round(found.median, 3), round(found.p90, 2)) == (10, 0.055, 0.09)
    assert errors([]) is None
    assert held_out([leg(1.1)] * 5) is None


@given(st.lists(st.floats(0.26, 3.9), min_size=1, max_size=60))
def test_a_factor_lies_between_one_and_the_median(ratios: list[float]) -> None:
    from statistics import median

    middle = math.exp(median(math.log(leg(ratio, planned=100_000).ratio) for ratio in ratios))
    found = fit([leg(ratio, planned=100_000) for ratio in ratios]).overall
    assert min(1, middle) - 1e-9 <= found <= max(1, middle) + 1e-9


@given(st.integers(0, 86_400))
def test_every_moment_lies_in_one_slot(departs: int) -> None:
    assert slot_of(departs) in SLOTS


def test_a_visit_s_length_follows_its_visits_slowly() -> None:
    assert visit_length(1800, [2700] * 10) == 2400
    assert visit_length(1800, [2700] * 2) is None
    assert visit_length(1800, [1850] * 10) is None
    assert visit_length(1800, [60, 60, 60, 60]) is None
