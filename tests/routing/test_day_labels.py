"""The compiled proof of a day agrees with the one in plain Python, stop by stop and second by second."""

from __future__ import annotations

from dataclasses import replace

import numpy as np
import pytest
from hypothesis import given, settings
from hypothesis import strategies as st

from routing.day.labels import MOST_STOPS, proven_order
from routing.day.measure import cost_of
from routing.types import DayProblem, Lunch, Shift, Stop, TimeWindow, TravelMatrix
from tests.routing.judge import MUST, best_cost

HOUR = 3600


@st.composite
def days(draw: st.DrawFn) -> DayProblem:
    count = draw(st.integers(0, 5))
    spots = draw(
        st.lists(st.tuples(st.integers(0, 60), st.integers(0, 60)), min_size=count + 1, max_size=count + 1)
    )
    places = np.array(spots, dtype=np.int64)
    seconds = 60 * np.abs(places[:, None, :] - places[None, :, :]).sum(axis=2)
    stops = []
    for index in range(count):
        windows = []
        for _ in range(draw(st.integers(0, 2))):
            opens = draw(st.integers(7, 16)) * HOUR
            windows.append(TimeWindow(opens, opens + draw(st.integers(0, 4)) * HOUR))
        price = draw(st.sampled_from([None, 0, HOUR, 5 * HOUR]))
        stops.append(Stop(index, index + 1, draw(st.integers(0, 3)) * 1800, tuple(windows), price))
    lunch = draw(
        st.sampled_from([None, Lunch(11 * HOUR, 12 * HOUR, HOUR), Lunch(12 * HOUR, 14 * HOUR, 1800)])
    )
    shift = Shift(8 * HOUR, draw(st.integers(13, 18)) * HOUR, lunch=lunch)
    return DayProblem(shift, tuple(stops), TravelMatrix(seconds, seconds, "test"))


@settings(max_examples=300, deadline=None)
@given(days())
def test_a_day_costs_what_brute_force_says(problem: DayProblem) -> None:
    best = best_cost(problem)
    found = proven_order(problem)
    # Where something that must happen cannot, the judge prices it as a must; no order has everything then.
    if best >= MUST:
        assert found.stops is None
        return
    assert found.is_proven
    assert found.cost == best
    assert found.stops is not None
    cost = cost_of(problem, found.stops)
    assert cost is not None
    assert cost[0] == best


@settings(max_examples=60, deadline=None)
@given(days())
def test_nothing_below_the_best_is_found(problem: DayProblem) -> None:
    found = proven_order(problem)
    if found.cost is not None:
        assert proven_order(problem, known_cost=found.cost).stops is None
        assert proven_order(problem, known_cost=found.cost + 1).cost == found.cost


def test_overtime_is_paid_by_the_hour() -> None:
    # An hour there, an hour of service, an hour back: home at 11, an hour after the shift.
    seconds = np.array([[0, HOUR], [HOUR, 0]])
    problem = DayProblem(
        Shift(8 * HOUR, 10 * HOUR), (Stop(0, 1, HOUR),), TravelMatrix(seconds, seconds, "test")
    )
    assert proven_order(problem).stops is None
    assert proven_order(problem, overtime_seconds=HOUR, overtime_price=1800).cost == 2 * HOUR + 1800


def test_too_many_stops_are_refused() -> None:
    seconds = np.zeros((MOST_STOPS + 2, MOST_STOPS + 2), dtype=np.int64)
    stops = tuple(Stop(i, i + 1, 0) for i in range(MOST_STOPS + 1))
    problem = DayProblem(Shift(0, HOUR), stops, TravelMatrix(seconds, seconds, "test"))
    with pytest.raises(ValueError, match="not a day"):
        proven_order(problem)
    assert proven_order(replace(problem, stops=stops[:2])).cost == 0
