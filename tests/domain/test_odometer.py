"""Odometer readings: what lies between two of them, and what of it nobody noted."""

from __future__ import annotations

from datetime import date

from hypothesis import given
from hypothesis import strategies as st

from planner.domain.odometer import DayDriven, Occasion, Reading, stretches


def reading(day: int, kilometres: int, car: int = 0, occasion: Occasion = Occasion.DAY) -> Reading:
    return Reading(car, date(2026, 3, day), kilometres * 1000, occasion)


def test_the_gap_is_what_the_car_went_and_nobody_noted() -> None:
    # 300 km by the odometer; 200 for work, 30 to work, 50 private: 20 km are open.
    days = {date(2026, 3, 3): DayDriven(200_000, 30_000), date(2026, 3, 4): DayDriven(private_metres=50_000)}
    (found,) = stretches([reading(2, 1_000), reading(5, 1_300)], days)
    assert found.odometer_metres == 300_000
    assert found.noted == DayDriven(200_000, 30_000, 50_000)
    assert found.gap_metres == 20_000


def test_more_noted_than_driven_is_a_gap_below_zero() -> None:
    (found,) = stretches([reading(2, 100), reading(3, 110)], {date(2026, 3, 3): DayDriven(12_000)})
    assert found.gap_metres == -2_000


def test_a_reading_is_taken_in_the_evening() -> None:
    days = {date(2026, 3, 2): DayDriven(7_000), date(2026, 3, 3): DayDriven(10_000)}
    (found,) = stretches([reading(2, 100), reading(3, 110)], days)
    assert found.gap_metres == 0


def test_readings_of_two_cars_say_nothing_about_each_other() -> None:
    left = reading(9, 80_000, occasion=Occasion.CAR_LEFT)
    taken = reading(9, 12, car=1, occasion=Occasion.CAR_TAKEN)
    found = list(stretches([taken, reading(2, 79_000), reading(12, 112, car=1), left], {}))
    assert [(each.begins.car, each.odometer_metres) for each in found] == [(0, 1_000_000), (1, 100_000)]


@given(st.lists(st.integers(0, 500), min_size=2, max_size=20))
def test_gaps_add_up_to_the_gap_of_the_whole(kilometres: list[int]) -> None:
    readings = [reading(day, total) for day, total in enumerate(sorted(kilometres), start=1)]
    days = {date(2026, 3, day): DayDriven(day * 1_000) for day in range(1, 25)}
    whole = list(stretches([readings[0], readings[-1]], days))
    assert sum(each.gap_metres for each in stretches(readings, days)) == whole[0].gap_metres
