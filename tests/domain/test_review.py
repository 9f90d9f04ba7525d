"""What a reviewer is asked to look at, and what is within policy."""

from __future__ import annotations

from dataclasses import replace
from datetime import date

from planner.domain.odometer import DayDriven, Occasion, Reading, stretches
from planner.domain.review import (
    ExpenseFacts,
    Flag,
    OdometerGap,
    Policy,
    TripFacts,
    day_flags,
    expense_flags,
    not_closed,
    odometer_gaps,
    trip_flags,
)

WEDNESDAY, SATURDAY = date(2026, 3, 4), date(2026, 3, 7)
POLICY = Policy(working_weekdays=frozenset(range(5)), from_on=date(2026, 3, 1))
TRIP = TripFacts(WEDNESDAY, metres=10_000, road_metres=10_000, is_late=False, has_rate=True)
EXPENSE = ExpenseFacts(WEDNESDAY, is_late=False)


def test_a_trip_as_the_road_says_is_within_policy() -> None:
    assert trip_flags(TRIP, POLICY) == ()


def test_each_trouble_of_a_trip_has_its_flag() -> None:
    assert trip_flags(replace(TRIP, metres=14_000), POLICY) == (Flag.LONGER,)
    assert trip_flags(replace(TRIP, metres=3_000, road_metres=1_500), POLICY) == (Flag.LONGER,)
    assert trip_flags(replace(TRIP, metres=5_000), POLICY) == (Flag.SHORTER,)
    assert trip_flags(replace(TRIP, is_late=True), POLICY) == (Flag.LATE,)
    assert trip_flags(replace(TRIP, has_rate=False), POLICY) == (Flag.NO_RATE,)
    assert trip_flags(replace(TRIP, on=SATURDAY), POLICY) == (Flag.DAY_OFF,)
    assert trip_flags(replace(TRIP, on=date(2026, 2, 27)), POLICY) == (Flag.OTHER_PERIOD,)


def test_what_is_not_counted_of_a_drive_was_driven_all_the_same() -> None:
    way_to_work = replace(TRIP, metres=4_000, uncounted_metres=6_000)
    assert trip_flags(way_to_work, POLICY) == ()
    assert trip_flags(replace(way_to_work, metres=8_000), POLICY) == (Flag.LONGER,)


def test_a_rep_who_works_saturdays_is_not_asked_about_them() -> None:
    works_saturdays = replace(POLICY, working_weekdays=frozenset(range(6)))
    assert trip_flags(replace(TRIP, on=SATURDAY), works_saturdays) == ()


def test_what_policy_asks_about_an_expense_stands_among_its_flags() -> None:
    assert expense_flags(EXPENSE, POLICY) == ()
    found = frozenset({Flag.OVER_CAP, Flag.NO_RECEIPT})
    late = replace(EXPENSE, found=found, is_late=True)
    assert expense_flags(late, POLICY) == (Flag.LATE, Flag.NO_RECEIPT, Flag.OVER_CAP)


def test_a_day_claimed_well_beyond_its_route_is_asked_about() -> None:
    assert day_flags(38_000, 30_000) == (Flag.OFF_PLAN,)
    assert day_flags(22_000, 30_000) == ()
    assert day_flags(38_000, None) == ()


def test_more_claimed_than_the_car_went_is_asked_about() -> None:
    readings = [
        Reading(0, date(2026, 3, 2), 10_000_000, Occasion.DAY),
        Reading(0, date(2026, 3, 3), 10_060_000, Occasion.DAY),
        Reading(0, date(2026, 3, 4), 10_070_000, Occasion.DAY),
    ]
    driven = {
        date(2026, 3, 3): DayDriven(40_000),  # and 20 km that nobody noted
        date(2026, 3, 4): DayDriven(30_000),  # 20 km too many
    }
    found = [gap for _, gap in odometer_gaps(stretches(readings, driven))]
    assert found == [OdometerGap(date(2026, 3, 4), 30_000, 10_000)]


def test_days_with_visits_held_and_no_trips_are_named_once() -> None:
    held = [date(2026, 3, 4), date(2026, 3, 3), date(2026, 3, 3)]
    assert not_closed(held, [date(2026, 3, 4)]) == [date(2026, 3, 3)]
