"""Factors of road classes from whole legs: the truth is found, little is learnt from little."""

from __future__ import annotations

import math
import random
from dataclasses import replace

import pytest

from planner.domain.calibration import DrivenLeg, counted, fit, held_out
from planner.domain.class_factors import ClassFactors, MixedLeg, alike, fit_classes

HOUR = 3600
TRUTH = {8: ClassFactors(1.6, 1.25, 1.0), 13: ClassFactors(1.1, 1.0, 0.85)}


def season(count: int, seed: int) -> list[DrivenLeg]:
    """Legs over mixed roads whose factors are ``TRUTH``, with noise; a twentieth of the time is for turns."""
    dice = random.Random(seed)
    legs = []
    for _ in range(count):
        hour, parts = dice.choice([8, 13]), [dice.random() ** 2 for _ in range(3)]
        shares = tuple(0.95 * part / sum(parts) for part in parts)
        planned = dice.randint(300, 1800)
        ratio = TRUTH[hour].over(shares) * math.exp(dice.gauss(0, 0.08))
        legs.append(DrivenLeg(hour * HOUR, planned, round(planned * ratio), shares))
    return legs


@pytest.mark.parametrize("seed", range(4))
def test_the_factors_legs_were_made_with_are_found_by_hour_and_class(seed: int) -> None:
    found = fit(season(800, seed))
    for hour, truth in TRUTH.items():
        slot = (0, 9) if hour == 8 else (12, 15)
        assert found.classes[slot].values == pytest.approx(truth.values, abs=0.08)


@pytest.mark.parametrize("seed", range(4))
def test_held_out_legs_improve_further_once_their_roads_are_known(seed: int) -> None:
    legs = season(600, seed)
    plain, by_class = held_out([replace(leg, shares=None) for leg in legs]), held_out(legs)
    assert plain is not None
    assert by_class is not None
    assert by_class.after.typical < 0.85 * plain.after.typical < 0.85 * plain.before.typical


def test_few_legs_and_legs_of_unknown_roads_give_no_classes() -> None:
    assert fit(season(40, 1)).classes == {}
    assert fit([replace(leg, shares=None) for leg in season(300, 1)]).classes == {}


def test_a_class_nobody_drove_on_stays_as_believed() -> None:
    found = fit_classes([MixedLeg((1.0, 0.0, 0.0), 1.5)] * 200, alike(1.1), 12)
    assert found.values == pytest.approx((1.5, 1.1, 1.1), abs=0.03)


def test_turns_and_lights_take_as_long_as_planned() -> None:
    found = fit_classes([MixedLeg((0.5, 0.0, 0.0), 1.25)] * 2000, alike(1.0), 12)
    assert found.main == pytest.approx(1.5, abs=0.02)


def test_a_gross_error_moves_no_class() -> None:
    legs = [MixedLeg((1.0, 0.0, 0.0), 1.2)] * 100
    assert fit_classes([*legs, *[MixedLeg((1.0, 0.0, 0.0), 3.9)] * 9], alike(1.0), 12).main == pytest.approx(
        fit_classes(legs, alike(1.0), 12).main, abs=0.02
    )


def test_a_pause_between_two_doors_of_a_car_park_is_no_driving() -> None:
    drives = [DrivenLeg(10 * HOUR, 900, 900 + 10 * (number % 9)) for number in range(40)]
    pauses = [DrivenLeg(10 * HOUR, 150, 550)] * 60
    assert counted([*drives, *pauses]) == drives
    assert fit([*drives, *pauses]) == fit(drives)


def test_a_long_drive_and_a_short_one_within_two_minutes_are_no_pauses() -> None:
    drives = [DrivenLeg(10 * HOUR, 900, 920)] * 40
    slow = [DrivenLeg(10 * HOUR, 900, 2000), DrivenLeg(10 * HOUR, 150, 300)]
    assert counted([*drives, *slow]) == [*drives, *slow]
