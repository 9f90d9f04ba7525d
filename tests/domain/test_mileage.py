"""What a drive is worth, in which order it went, what is late and what has to be explained."""

from __future__ import annotations

from datetime import UTC, date, datetime
from decimal import Decimal

import pytest
from hypothesis import given
from hypothesis import strategies as st

from planner.domain.errors import Invalid
from planner.domain.mileage import (
    DistanceTrouble,
    Held,
    Rate,
    amount_minor,
    difference,
    is_late,
    metres_of,
    order_driven,
    purpose,
)
from planner.domain.plausible import Drive, day_excess
from planner.domain.visits import Outcome, VisitKind, VisitState

PESOS = Rate(Decimal("180"), "km", 0)
PENCE = Rate(Decimal("0.45"), "mi", 2)


def nine(minute: int) -> datetime:
    return datetime(2026, 3, 4, 9, minute, tzinfo=UTC)


def test_kilometres_at_pesos() -> None:
    # 12.431 km × 180 CLP = 2237.58, half up 2238
    assert amount_minor(12_431, PESOS) == 2238


def test_miles_at_pounds_to_the_penny() -> None:
    # 25 000 m ÷ 1609.344 = 15.53428 mi × 0.45 GBP = 6.990425, half up 6.99
    assert amount_minor(25_000, PENCE) == 699


def test_exactly_half_a_peso_is_rounded_up() -> None:
    # 0.025 km × 180 CLP = 4.5
    assert amount_minor(25, PESOS) == 5


@given(st.integers(0, 500_000), st.integers(0, 500_000))
def test_a_longer_drive_is_never_worth_less(one: int, other: int) -> None:
    shorter, longer = sorted((one, other))
    assert amount_minor(shorter, PENCE) <= amount_minor(longer, PENCE)


def test_an_entry_is_late_from_the_eighth_day() -> None:
    driven = date(2026, 3, 4)
    assert not is_late(driven, date(2026, 3, 11))
    assert is_late(driven, date(2026, 3, 12))


@pytest.mark.parametrize(
    ("claimed", "road", "trouble"),
    [
        (13_200, 10_000, None),  # 32 % but just within 3.2 km: its day is asked about instead
        (13_201, 10_000, DistanceTrouble.LONGER),
        (110_000, 100_000, None),  # 10 km but just within 10 %
        (110_001, 100_000, DistanceTrouble.LONGER),
        (80_000, 100_000, DistanceTrouble.SHORTER),
        (5_000, 0, DistanceTrouble.LONGER),
    ],
)
def test_a_difference_counts_when_it_is_large_in_both_measures(
    claimed: int, road: int, trouble: DistanceTrouble | None
) -> None:
    assert difference(claimed, road) is trouble


def test_what_is_within_two_miles_on_one_drive_is_asked_about_with_its_day() -> None:
    assert day_excess([Drive(13_200, 10_000)]) is not None


def test_visits_are_driven_in_the_order_of_their_times_not_of_the_route() -> None:
    assert order_driven([Held(1, nine(40), 0), Held(2, nine(5), 1)]) == [2, 1]


def test_visits_noted_at_the_same_time_stand_in_the_order_planned():
    visits = [Held(1, nine(5), None), Held(2, nine(5), 2), Held(3, nine(5), 1)]
    assert order_driven(visits) == [3, 2, 1]


def test_a_visit_without_a_time_follows_its_neighbour_in_the_route() -> None:
    visits = [Held(1, nine(40), 0), Held(2, None, 1), Held(3, nine(5), 2), Held(4, None, None)]
    assert order_driven(visits) == [3, 1, 2, 4]


def test_a_visit_that_stood_first_in_the_route_is_driven_first() -> None:
    assert order_driven([Held(2, nine(5), 1), Held(1, None, 0)]) == [1, 2]


@given(st.lists(st.tuples(st.one_of(st.none(), st.integers(0, 59)), st.one_of(st.none(), st.integers(0, 9)))))
def test_every_visit_is_driven_to_once(rows: list[tuple[int | None, int | None]]) -> None:
    visits = [
        Held(key, None if minute is None else nine(minute), planned)
        for key, (minute, planned) in enumerate(rows)
    ]
    assert sorted(order_driven(visits)) == list(range(len(rows)))


def test_a_distance_is_read_in_the_persons_unit() -> None:
    assert metres_of(Decimal("12.4"), "km") == 12_400
    assert metres_of(Decimal("7.7"), "mi") == 12_392  # 12 391.9488


@pytest.mark.parametrize("text", ["-1", "2001", "NaN", "Infinity"])
def test_a_distance_nobody_drives_in_a_leg_is_refused(text: str) -> None:
    with pytest.raises(Invalid):
        metres_of(Decimal(text), "km")


def test_the_purpose_says_why_and_what_came_of_it() -> None:
    assert purpose(VisitKind.CADENCE, VisitState.DONE, Outcome.ORDER) == "cadence.order"
    assert purpose(VisitKind.PROSPECT, VisitState.MISSED, None) == "prospect.missed"
    assert purpose(VisitKind.APPOINTMENT, VisitState.DONE, None) == "appointment.visit"
