"""Padding is asked about at the smallest scale it shows on: a drive, a day, a claim."""

from __future__ import annotations

from datetime import date, timedelta
from random import Random

import pytest

from planner.domain.mileage import DistanceTrouble
from planner.domain.plausible import Drive, Excess, claim_excess, day_excess

MONDAY = date(2026, 3, 2)


def month(*days: list[Drive]) -> dict[date, list[Drive]]:
    return {MONDAY + timedelta(days=at): drives for at, drives in enumerate(days)}


@pytest.mark.parametrize(
    ("metres", "road", "trouble"),
    [
        (3_001, 1_500, DistanceTrouble.LONGER),  # twice, and 1.5 km more
        (2_200, 1_000, None),  # more than twice, but by 1.2 km only
        (2_201, 1_000, DistanceTrouble.LONGER),
        (2_999, 1_500, None),  # not quite twice
        (1_201, 0, DistanceTrouble.LONGER),  # two doors on
        (13_201, 10_000, DistanceTrouble.LONGER),
        (500, 1_500, None),
        (80_000, 100_000, DistanceTrouble.SHORTER),
    ],
)
def test_a_drive_of_twice_its_road_stands_out_from_1200_metres_on(
    metres: int, road: int, trouble: DistanceTrouble | None
) -> None:
    assert Drive(metres, road).trouble is trouble


def test_a_city_day_of_legs_each_padded_by_less_than_its_road_is_asked_about_as_a_day() -> None:
    drives = [Drive(1_700, 900)] * 4 + [Drive(400, 300)]  # each 0.8 km over, and less than twice
    assert all(drive.trouble is None for drive in drives)
    assert day_excess(drives) == Excess(7_200, 3_900)


@pytest.mark.parametrize(("more", "is_asked"), [(2_000, False), (2_001, True)])
def test_a_day_may_be_over_by_two_kilometres(more: int, is_asked: bool) -> None:
    drives = [Drive(5_000 + more, 5_000), Drive(5_000, 5_000)]
    assert (day_excess(drives) is not None) is is_asked


@pytest.mark.parametrize(("more", "is_asked"), [(6_000, False), (6_006, True)])
def test_a_day_may_be_over_by_a_tenth(more: int, is_asked: bool) -> None:
    drives = [Drive(20_000 + more // 3, 20_000)] * 3
    assert (day_excess(drives) is not None) is is_asked


def test_3190_metres_more_on_one_drive_of_each_city_day_are_asked_about() -> None:
    """What one drive may be over without a reason."""
    drives = [Drive(5_000 + 3_190, 5_000), *[Drive(4_000, 4_000)] * 4]
    assert drives[0].trouble is None
    assert day_excess(drives) == Excess(24_190, 21_000)


def test_a_drive_that_stands_out_by_itself_is_not_asked_about_with_its_day() -> None:
    detour = Drive(40_000, 5_000)
    assert day_excess([detour, Drive(5_100, 5_000)]) is None
    padded = [Drive(6_500, 5_000)] * 2
    assert day_excess([detour, *padded]) == Excess(13_000, 10_000, is_rest=True)


def test_a_drive_that_is_shorter_by_itself_hides_no_padding() -> None:
    assert day_excess([Drive(10_000, 20_000), *[Drive(7_000, 5_000)] * 2]) == Excess(14_000, 10_000, True)


def test_a_claim_over_on_days_that_are_not_is_asked_about_with_the_day_that_adds_most() -> None:
    days = month(*[[Drive(11_300, 10_000)]] * 15, [Drive(11_900, 10_000)], [Drive(11_300, 10_000)])
    assert all(day_excess(drives) is None for drives in days.values())
    assert claim_excess(days) == (MONDAY + timedelta(days=15), Excess(192_700, 170_000))


def test_of_two_days_that_add_as_much_the_later_is_asked_about() -> None:
    found = claim_excess(month(*[[Drive(11_900, 10_000)]] * 3))
    assert found == (MONDAY + timedelta(days=2), Excess(35_700, 30_000))


@pytest.mark.parametrize(("more", "is_asked"), [(1_000, False), (1_001, True)])
def test_a_claim_may_be_over_by_five_kilometres(more: int, is_asked: bool) -> None:
    assert (claim_excess(month(*[[Drive(2_000 + more, 2_000)]] * 5)) is not None) is is_asked


def test_days_that_are_asked_about_are_left_out_of_the_claim_and_hide_nothing() -> None:
    honest = [[Drive(10_200, 10_000)]] * 10
    day_over, detour = [Drive(7_000, 5_000)] * 2, [Drive(90_000, 10_000)]
    assert claim_excess(month(*honest, day_over, detour)) is None
    padded = [[Drive(11_500, 10_000)]] * 10
    assert claim_excess(month(day_over, detour, *padded)) == (
        MONDAY + timedelta(days=11),
        Excess(115_000, 100_000, is_rest=True),
    )


def test_nothing_is_asked_where_nothing_was_driven() -> None:
    assert day_excess([]) is None
    assert claim_excess({}) is None
    assert claim_excess(month([])) is None


@pytest.mark.parametrize("seed", range(20))
def test_reading_an_odometer_to_the_kilometre_and_ways_round_for_parking_are_not_asked_about(
    seed: int,
) -> None:
    """A month of city days: each drive up to 150 m round the block, typed as the difference of two readings
    without their tenths."""
    chance, days, at = Random(seed), [], 0
    for _ in range(21):
        drives = []
        for _ in range(8):
            road = chance.randrange(300, 5_000)
            before, at = at, at + road + chance.randrange(150)
            drives.append(Drive((at // 1000 - before // 1000) * 1000, road))
        days.append(drives)
    assert [drive for drives in days for drive in drives if drive.trouble] == []
    assert [day_excess(drives) for drives in days] == [None] * 21
    assert claim_excess(month(*days)) is None
