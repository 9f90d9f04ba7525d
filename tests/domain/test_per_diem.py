"""Per diem: the golden cases of two countries, with the arithmetic told."""

from __future__ import annotations

from dataclasses import replace
from datetime import date, datetime
from zoneinfo import ZoneInfo

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


MONDAY, TUESDAY, WEDNESDAY = date(2026, 3, 2), date(2026, 3, 3), date(2026, 3, 4)


def over(left: str, back: str, zone: str = "Europe/Berlin", **more: object) -> DayAway:
    """``03-02 20:00`` is the second of March at eight in the evening, by the clock there."""
    times = (datetime.fromisoformat(f"2026-{at.replace(' ', 'T')}:00") for at in (left, back))
    return DayAway(*(at.replace(tzinfo=ZoneInfo(zone)) for at in times), **more)  # type: ignore[arg-type]


@pytest.mark.parametrize(
    ("day", "minutes", "on"),
    [
        (over("03-02 14:00", "03-03 01:30"), 690, MONDAY),  # 10 h before midnight, 1 h 30 after it
        (over("03-02 20:00", "03-03 06:00"), 600, TUESDAY),  # 4 h before, 6 h after
        (over("03-02 20:00", "03-03 04:00"), 480, MONDAY),  # as many: the first
        (over("03-02 20:00", "03-03 04:01"), 481, TUESDAY),
        (over("03-02 06:00", "03-03 00:00"), 1080, MONDAY),
        (over("03-02 23:00", "03-04 01:00"), 1560, TUESDAY),  # 1 h, 24 h, 1 h
        (over("03-02 23:30", "03-03 02:00", on=TUESDAY), 150, TUESDAY),
    ],
)
def test_hours_past_midnight_count_with_the_others_for_the_day_with_more_of_them(
    day: DayAway, minutes: int, on: date
) -> None:
    assert (day.minutes, day.counts_on) == (minutes, on)


def test_a_way_home_past_midnight_makes_more_than_8_hours_in_germany() -> None:
    assert worth(over("03-02 17:00", "03-03 01:00"), DE) == []
    assert worth(over("03-02 17:00", "03-03 01:01"), DE) == [1400]


def test_the_hour_a_clock_is_put_forward_or_back_counts_as_it_was_spent() -> None:
    assert over("03-28 20:00", "03-29 06:00").minutes == 9 * 60
    assert over("10-24 20:00", "10-25 06:00").minutes == 11 * 60


def test_back_from_a_night_after_midnight_the_whole_day_was_away() -> None:
    day = over("03-03 07:00", "03-04 00:30", night_before=True, on=TUESDAY)
    assert (day.minutes, day.counts_on, worth(day, DE)) == (1440, TUESDAY, [2800])
    day = over("03-03 07:00", "03-03 23:30", night_before=True, on=TUESDAY)
    assert (day.minutes, worth(day, DE)) == (1410, [1400])


def test_a_bed_that_is_reached_after_midnight_adds_nothing_to_the_day_of_leaving() -> None:
    day = over("03-03 14:00", "03-04 00:30", night_after=True, on=TUESDAY)
    assert (day.minutes, day.counts_on, worth(day, DE)) == (600, TUESDAY, [1400, 2000])
    early = over("03-02 23:30", "03-03 18:00", night_after=True, on=TUESDAY)
    assert (early.minutes, early.counts_on, worth(early, DE)) == (1440, TUESDAY, [2800, 2000])
