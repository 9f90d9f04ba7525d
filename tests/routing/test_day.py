"""One shift as a route: brute force agrees, every left-out stop has its reason."""

from __future__ import annotations

from dataclasses import replace

import numpy as np
import pytest
from hypothesis import given, settings
from hypothesis import strategies as st

from routing.day import solve_day
from routing.errors import BadProblem, Unreachable
from routing.slots import drive_seconds, over_the_day, swing
from routing.types import (
    UNREACHABLE_SECONDS,
    DayProblem,
    LeftOut,
    Lunch,
    RushTimes,
    SearchBudget,
    Shift,
    Stop,
    TimeWindow,
    TravelMatrix,
)
from tests.routing.judge import best_cost, cost_of, ends_of, faults, ways_of

BUDGET = SearchBudget(iterations=50, seconds=5.0)
HOUR = 3600


def matrix(points: list[tuple[int, int]]) -> TravelMatrix:
    """Seconds are city-block distances, metres ten times that."""
    places = np.array(points, dtype=np.int64)
    seconds = np.abs(places[:, None, :] - places[None, :, :]).sum(axis=2)
    return TravelMatrix(seconds, seconds * 10, "test")


def line(*seconds: int) -> TravelMatrix:
    """Places on one straight road, by their seconds from its beginning."""
    return matrix([(s, 0) for s in seconds])


@st.composite
def days(draw: st.DrawFn, most: int = 5) -> DayProblem:
    count = draw(st.integers(0, most))
    spot = st.integers(0, 3000)
    travel = matrix([(draw(spot), draw(spot)) for _ in range(count + 1)])
    stops = []
    for index in range(count):
        opens = draw(st.lists(st.integers(7 * HOUR, 15 * HOUR), max_size=2))
        windows = tuple(TimeWindow(o, o + draw(st.integers(-600, 2 * HOUR))) for o in opens)
        price = draw(st.one_of(st.none(), st.integers(0, 8000)))
        stops.append(Stop(index, index + 1, draw(st.integers(0, HOUR)), windows, price))
    lunch = draw(st.one_of(st.none(), st.just(Lunch(12 * HOUR, 13 * HOUR, 1800))))
    shift = Shift(8 * HOUR, draw(st.integers(11 * HOUR, 17 * HOUR)), lunch=lunch)
    return DayProblem(shift, tuple(stops), travel)


@st.composite
def rush_days(draw: st.DrawFn, most: int = 4) -> DayProblem:
    """Days with a slow morning, a quick noon and a slow evening, none in step with the others."""
    problem = draw(days(most))
    slots, begins = [], 7 * HOUR
    for _ in range(draw(st.integers(1, 3))):
        begins += draw(st.integers(0, 2 * HOUR))
        ends = begins + draw(st.integers(60, 2 * HOUR))
        slots.append(slot(problem.travel, begins, ends, draw(st.sampled_from([0.3, 0.6, 0.9, 1.4]))))
        begins = ends
    return replace(problem, travel=replace(problem.travel, rush=tuple(slots)))


def slot(travel: TravelMatrix, begins: int, ends: int, speed: float) -> RushTimes:
    """A slot in which roads to some places are driven at ``speed``, to others half as much changed."""
    changed = np.where(np.arange(len(travel.seconds)) % 2, 1 / speed, 2 / (1 + speed))
    seconds = np.rint(travel.seconds * changed[None, :]).astype(np.int64)
    return RushTimes(begins, ends, seconds, travel.seconds * 11, swing(travel.seconds, seconds))


@settings(max_examples=150, deadline=None)
@given(rush_days())
def test_a_short_day_in_rush_hours_costs_what_brute_force_says(problem: DayProblem) -> None:
    route = solve_day(problem, BUDGET)
    order = tuple(stop.key for stop in route.stops)
    assert faults(problem, route) == []
    assert (route.driving_seconds, route.home_at) == min(ways_of(problem, order))
    assert cost_of(problem, order) == best_cost(problem)


def test_who_is_under_way_when_the_rush_begins_goes_on_at_its_pace() -> None:
    # Half an hour on free roads, an hour in the rush from nine: at 8:45 half is driven by nine.
    travel = line(0, 1800)
    travel = replace(travel, rush=(RushTimes(9 * HOUR, 10 * HOUR, travel.seconds * 2, travel.metres, 0.5),))
    quarter = HOUR // 4
    took = [drive_seconds(travel, 0, 1, 9 * HOUR + n * quarter) for n in (-2, -1, 0, 2, 3, 4)]
    assert took == [1800, 1800 + 900, 3600, 2700, 2250, 1800]


def test_a_plan_that_knows_no_hours_yet_takes_the_mean_over_the_shifts() -> None:
    travel = line(0, 1800)
    rush = RushTimes(7 * HOUR, 9 * HOUR, travel.seconds * 2, travel.metres, 0.5)
    mean = over_the_day(replace(travel, rush=(rush,)), [(8 * HOUR, 12 * HOUR), (8 * HOUR, 16 * HOUR)])
    # Two hours of twelve are in the rush.
    assert (mean.seconds[0, 1], mean.rush) == (1800 + 1800 * 2 // 12, ())


def test_to_a_first_door_one_leaves_when_the_rush_is_over() -> None:
    travel = line(0, 1800)
    travel = replace(
        travel, rush=(RushTimes(8 * HOUR, 9 * HOUR, travel.seconds * 2, travel.seconds * 11, 0.5),)
    )
    stop = Stop(7, 1, 1800, (TimeWindow(10 * HOUR, 11 * HOUR),))
    route = solve_day(DayProblem(Shift(8 * HOUR, 17 * HOUR), (stop,), travel), BUDGET)
    assert (route.leaves_at, route.stops[0].leg_seconds) == (9 * HOUR + 1800, 1800)


def test_the_metres_are_those_of_the_way_that_is_fastest_at_departure() -> None:
    travel = line(0, 1800)
    travel = replace(
        travel, rush=(RushTimes(8 * HOUR, 9 * HOUR, travel.seconds * 2, travel.seconds * 11, 0.5),)
    )
    route = solve_day(DayProblem(Shift(8 * HOUR, 17 * HOUR), (Stop(7, 1, 1800),), travel), BUDGET)
    assert (route.stops[0].leg_metres, route.home_leg_metres) == (19800, 18000)


@settings(max_examples=150, deadline=None)
@given(days())
def test_a_short_day_costs_what_brute_force_says(problem: DayProblem) -> None:
    route = solve_day(problem, BUDGET)
    order = tuple(stop.key for stop in route.stops)
    assert route.proven
    assert faults(problem, route) == []
    assert route.home_at == min(ends_of(problem, order))
    assert cost_of(problem, order) == best_cost(problem)


@settings(max_examples=100, deadline=None)
@given(days())
def test_reasons_for_left_out_stops_are_true(problem: DayProblem) -> None:
    route = solve_day(problem, BUDGET)
    order = tuple(stop.key for stop in route.stops)
    for out in route.left_out:
        alone = bool(ends_of(problem, (out.key,)))
        fits = any(ends_of(problem, (*order[:i], out.key, *order[i:])) for i in range(len(order) + 1))
        assert alone == (out.reason in {LeftOut.DAY_FULL, LeftOut.NOT_WORTH})
        assert fits == (out.reason is LeftOut.NOT_WORTH)


def test_a_long_day_keeps_every_rule_and_loses_no_stop() -> None:
    random = np.random.default_rng(4)
    travel = matrix([(int(x), int(y)) for x, y in random.integers(0, 900, (15, 2))])
    stops = tuple(
        Stop(i, i, 20 * 60, (TimeWindow(9 * HOUR, 12 * HOUR), TimeWindow(15 * HOUR, 18 * HOUR)), 4 * HOUR)
        for i in range(1, 15)
    )
    problem = DayProblem(Shift(8 * HOUR, 19 * HOUR, lunch=Lunch(12 * HOUR, 14 * HOUR, HOUR)), stops, travel)
    route = solve_day(problem, BUDGET)

    assert faults(problem, route) == []
    assert len(route.stops) == 14
    # Lunch lies between its limits and in nobody's service.
    assert route.lunch_begins is not None
    assert 12 * HOUR <= route.lunch_begins <= 14 * HOUR
    assert all(s.leaves <= route.lunch_begins or s.begins >= route.lunch_begins + HOUR for s in route.stops)


def test_the_same_long_day_comes_out_the_same() -> None:
    random = np.random.default_rng(9)
    travel = matrix([(int(x), int(y)) for x, y in random.integers(0, 2400, (12, 2))])
    problem = DayProblem(
        Shift(8 * HOUR, 18 * HOUR), tuple(Stop(i, i, 900, price=HOUR) for i in range(1, 12)), travel
    )
    budget = SearchBudget(iterations=30, seconds=60.0)
    assert solve_day(problem, budget) == solve_day(problem, budget)


def test_a_day_without_stops_stays_at_home() -> None:
    route = solve_day(DayProblem(Shift(8 * HOUR, 17 * HOUR), (), line(0)), BUDGET)
    assert (route.stops, route.driving_seconds, route.home_at) == ((), 0, 8 * HOUR)


def test_nobody_leaves_home_early_to_wait_at_the_first_door() -> None:
    # Ten minutes' drive, open from nine: leave at 8:50, not at eight.
    stop = Stop(7, 1, 1800, (TimeWindow(9 * HOUR, 10 * HOUR),))
    route = solve_day(DayProblem(Shift(8 * HOUR, 17 * HOUR), (stop,), line(0, 600)), BUDGET)
    assert route.leaves_at == 9 * HOUR - 600
    assert route.home_at == 9 * HOUR + 1800 + 600


@pytest.mark.parametrize(
    ("stop", "reason"),
    [
        (Stop(1, 1, 600, (TimeWindow(10 * HOUR, 9 * HOUR),)), LeftOut.CLOSED),
        (Stop(1, 1, 600, (TimeWindow(5 * HOUR, 7 * HOUR),)), LeftOut.CLOSED),
        (Stop(1, 1, 600, (TimeWindow(18 * HOUR, 19 * HOUR),)), LeftOut.CLOSED),
        (Stop(1, 1, 10 * HOUR), LeftOut.TOO_LONG),
        (Stop(1, 2, 600), LeftOut.UNREACHABLE),
        (Stop(1, 1, 600, price=500), LeftOut.NOT_WORTH),
    ],
)
def test_each_reason_is_named(stop: Stop, reason: LeftOut) -> None:
    travel = line(0, 600, 900)
    travel.seconds[0, 2] = UNREACHABLE_SECONDS
    route = solve_day(DayProblem(Shift(8 * HOUR, 17 * HOUR), (stop,), travel), BUDGET)
    assert [out.reason for out in route.left_out] == [reason]


def test_a_full_day_keeps_the_dearer_visit() -> None:
    stops = (Stop(1, 1, 5 * HOUR, price=3000), Stop(2, 1, 5 * HOUR, price=9000))
    route = solve_day(DayProblem(Shift(8 * HOUR, 17 * HOUR), stops, line(0, 600)), BUDGET)
    assert [stop.key for stop in route.stops] == [2]
    assert route.left_out[0].reason is LeftOut.DAY_FULL


@pytest.mark.parametrize(
    "problem",
    [
        DayProblem(Shift(9, 8), (), line(0)),
        DayProblem(Shift(8, 9), (Stop(1, 0, -1),), line(0)),
        DayProblem(Shift(8, 9), (Stop(1, 5, 60),), line(0)),
        DayProblem(Shift(8, 9), (Stop(1, 0, 60, price=-1),), line(0)),
    ],
)
def test_a_problem_that_contradicts_itself_is_refused(problem: DayProblem) -> None:
    with pytest.raises(BadProblem):
        solve_day(problem, BUDGET)


def test_an_end_no_road_leads_to_is_said_so() -> None:
    travel = line(0, 600)
    travel.seconds[0, 1] = UNREACHABLE_SECONDS
    with pytest.raises(Unreachable):
        solve_day(DayProblem(Shift(8 * HOUR, 17 * HOUR, start=0, end=1), (), travel), BUDGET)
