"""Two visits closer in time than the road between them allows."""

from __future__ import annotations

from datetime import UTC, datetime, timedelta

import pytest

from planner.domain.pace import Held, too_fast

NINE = datetime(2026, 3, 4, 9, tzinfo=UTC)
ROAD_SECONDS = 20 * 60


def minutes(after_nine: float | None) -> datetime | None:
    return None if after_nine is None else NINE + timedelta(minutes=after_nine)


def pair(
    left: float | None, arrived: float | None, road_seconds: int | None = ROAD_SECONDS
) -> tuple[Held, Held]:
    """Two visits; minutes after nine at which one left the first and came to the second."""
    return (
        Held(1, "Bakery", None, minutes(left), None),
        Held(2, "Kiosk", minutes(arrived), None, road_seconds),
    )


def test_a_drive_as_long_as_the_road_takes_is_no_question() -> None:
    assert list(too_fast(pair(left=0, arrived=20))) == []


@pytest.mark.parametrize(
    ("arrived", "is_asked"), [(9.9, True), (10, False), (13, False), (0, True), (-5, True)]
)
def test_less_than_sixty_percent_of_the_road_is_asked_about(arrived: float, is_asked: bool) -> None:
    # 60 % of 20 minutes are 12, less 2 for how exactly one taps: 10.
    assert bool(list(too_fast(pair(left=0, arrived=arrived)))) is is_asked


def test_what_is_found_says_how_far_apart_and_how_long_the_road_is() -> None:
    (found,) = too_fast(pair(left=0, arrived=4))
    assert (found.before.name, found.after.name) == ("Bakery", "Kiosk")
    assert (found.apart_seconds, found.road_seconds) == (240, ROAD_SECONDS)


def test_next_door_is_never_too_fast() -> None:
    assert list(too_fast(pair(left=0, arrived=0, road_seconds=60))) == []


@pytest.mark.parametrize(("left", "arrived", "road"), [(None, 1, 1200), (0, None, 1200), (0, 1, None)])
def test_without_both_times_and_a_road_nothing_is_asked(
    left: float | None, arrived: float | None, road: int | None
) -> None:
    assert list(too_fast(pair(left, arrived, road))) == []


def test_a_visit_with_one_tap_stands_for_both() -> None:
    # Reports written in the evening: only when it was left is known of each.
    one = Held(1, "Bakery", None, minutes(0), None)
    two = Held(2, "Kiosk", None, minutes(1), ROAD_SECONDS)
    three = Held(3, "Hotel", None, minutes(2), ROAD_SECONDS)
    assert [(found.before.visit_id, found.after.visit_id) for found in too_fast([one, two, three])] == [
        (1, 2),
        (2, 3),
    ]
