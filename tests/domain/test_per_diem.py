"""Per diem: the golden cases of two countries, with the arithmetic told."""

from __future__ import annotations

from dataclasses import replace
from datetime import datetime

import pytest

from planner.domain.per_diem import DayAway, PerDiemKind, Tier, proposed

DE = (
    Tier(1, PerDiemKind.HOURS, 481, 1400),
    Tier(2, PerDiemKind.TRAVEL_DAY, 0, 1400),
    Tier(3, PerDiemKind.FULL_DAY, 0, 2800),
    Tier(4, PerDiemKind.NIGHT, 0, 2000),
)
GB = (
    Tier(5, PerDiemKind.HOURS, 300, 500),
    Tier(6, PerDiemKind.HOURS, 600, 1000),
    Tier(7, PerDiemKind.HOURS, 900, 2500),
)


def away(left: str, back: str, **more: bool) -> DayAway:
    times = (datetime.fromisoformat(f"2026-03-04T{at}") for at in (left, back))
    return DayAway(*times, **more)


def worth(day: DayAway, tiers: tuple[Tier, ...]) -> list[int]:
    return [tier.amount_minor for tier in proposed(day, tiers)]


@pytest.mark.parametrize(
    ("day", "amounts"),
    [
        (away("08:00", "16:00"), []),  # 8 h 00: not more than 8 hours
        (away("08:00", "16:01"), [1400]),
        (away("06:00", "22:00"), [1400]),
        (away("21:00", "23:00", night_after=True), [1400, 2000]),  # leaving: however short
        (away("21:00", "23:00", night_after=True, has_lodging=True), [1400]),  # the bed is on a receipt
        (away("09:00", "10:00", night_before=True), [1400]),
        (away("09:00", "10:00", night_before=True, night_after=True), [2800, 2000]),
    ],
)
def test_germany_by_more_than_8_hours_travel_days_and_whole_days(day: DayAway, amounts: list[int]) -> None:
    assert worth(day, DE) == amounts


@pytest.mark.parametrize(
    ("day", "amounts"),
    [
        (away("08:00", "12:59"), []),
        (away("08:00", "13:00"), [500]),
        (away("08:00", "18:00"), [1000]),
        (away("07:00", "22:00"), [2500]),  # 15 h
        (away("16:00", "20:00", night_after=True), [500]),  # 16:00 to midnight are 8 h
        (away("07:00", "10:30", night_before=True), [1000]),  # midnight to 10:30 are 10 h 30
        (away("07:00", "19:00", night_before=True, night_after=True), [2500]),  # 24 h
    ],
)
def test_the_uk_knows_hours_alone(day: DayAway, amounts: list[int]) -> None:
    assert worth(day, GB) == amounts


def test_a_tier_of_nothing_ends_the_one_before_it_without_being_proposed() -> None:
    ended = (replace(GB[0], amount_minor=0), *GB[1:])
    assert proposed(away("08:00", "14:00"), ended) == ()


def test_back_before_leaving_is_no_time_away() -> None:
    assert away("10:00", "09:00").minutes == 0
