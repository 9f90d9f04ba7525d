"""The order a rep wishes, with what it breaks; and one day of several reps."""

from __future__ import annotations

from dataclasses import replace
from itertools import permutations
from typing import Any

import numpy as np
import pytest
from hypothesis import given, settings

from routing.day import (
    drive_as_ordered,
    is_plainly_full,
    no_order_holds,
    route_of,
    several,
    solve_day,
    solve_days,
)
from routing.day.apart import search_apart
from routing.day.search import Question
from routing.errors import BadProblem, Unreachable
from routing.types import (
    UNREACHABLE_SECONDS,
    Broken,
    BrokenRule,
    DayProblem,
    DayRoute,
    LeftOut,
    Lunch,
    Objective,
    SearchBudget,
    Shift,
    Stop,
    TeamProblem,
    TimeWindow,
)
from tests.routing.judge import faults, ways_of
from tests.routing.test_day import days, line, matrix

HOUR = 3600
WITHOUT_ORTOOLS = SearchBudget(iterations=0)


@settings(max_examples=150, deadline=None)
@given(days())
def test_an_order_that_breaks_nothing_is_driven_as_well_as_it_can_be(problem: DayProblem) -> None:
    keys = [stop.key for stop in problem.stops]
    wished = drive_as_ordered(problem, keys)
    ways = ways_of(problem, tuple(keys))
    assert (wished.broken == ()) == bool(ways)
    assert [stop.key for stop in wished.route.stops] == keys
    if ways:
        assert (wished.route.driving_seconds, wished.route.home_at) == min(ways)


def test_a_missed_window_is_said_with_its_lateness() -> None:
    # Two hours at the first, half an hour on the road: at 10:40 where it closed at ten.
    stops = (Stop(1, 1, 2 * HOUR), Stop(2, 2, 600, (TimeWindow(8 * HOUR, 10 * HOUR),)))
    problem = DayProblem(Shift(8 * HOUR, 17 * HOUR), stops, line(0, 600, 2400))
    wished = drive_as_ordered(problem, [1, 2])
    assert wished.broken == (BrokenRule(Broken.LATE, 2, 2400),)
    assert wished.route.stops[1].begins == 10 * HOUR + 2400
    assert drive_as_ordered(problem, [2, 1]).broken == ()


def test_a_stop_that_never_opens_a_late_lunch_and_a_late_evening_are_said() -> None:
    lunch = Lunch(12 * HOUR, 13 * HOUR, HOUR)
    stops = (Stop(1, 1, 6 * HOUR), Stop(2, 1, 4 * HOUR, (TimeWindow(9 * HOUR, 8 * HOUR),)))
    wished = drive_as_ordered(DayProblem(Shift(8 * HOUR, 17 * HOUR, lunch=lunch), stops, line(0, 0)), [1, 2])
    # Six hours until two, when lunch should have begun by one; then an hour's lunch and four hours.
    assert set(wished.broken) == {
        BrokenRule(Broken.LUNCH_LATE, None, HOUR),
        BrokenRule(Broken.CLOSED, 2),
        BrokenRule(Broken.HOME_LATE, None, 2 * HOUR),
    }


def test_a_stop_no_road_leads_to_is_left_out_of_the_times_and_said() -> None:
    travel = line(0, 600, 900)
    travel.seconds[0, 2] = travel.seconds[1, 2] = UNREACHABLE_SECONDS
    problem = DayProblem(Shift(8 * HOUR, 17 * HOUR), (Stop(1, 1, 600), Stop(2, 2, 600)), travel)
    wished = drive_as_ordered(problem, [1, 2])
    assert wished.broken == (BrokenRule(Broken.UNREACHABLE, 2),)
    assert [stop.key for stop in wished.route.stops] == [1]


@pytest.mark.parametrize("keys", [[1, 1], [9]])
def test_an_order_of_other_stops_is_refused(keys: list[int]) -> None:
    problem = DayProblem(Shift(8 * HOUR, 17 * HOUR), (Stop(1, 1, 600),), line(0, 600))
    with pytest.raises(BadProblem):
        drive_as_ordered(problem, keys)


def team(count: int, reps: int) -> TeamProblem:
    random = np.random.default_rng(5)
    travel = matrix([(int(x), int(y)) for x, y in random.integers(0, 1500, (count + 1, 2))])
    stops = tuple(Stop(i, i, 1800, price=4 * HOUR) for i in range(1, count + 1))
    lunch = Lunch(12 * HOUR, 14 * HOUR, HOUR)
    return TeamProblem(tuple(Shift(8 * HOUR, 17 * HOUR, lunch=lunch) for _ in range(reps)), stops, travel)


def test_several_reps_share_the_stops_of_one_who_is_ill(monkeypatch: pytest.MonkeyPatch) -> None:
    # On a busy machine ten seconds may be over before the days are proven; nobody waits here.
    monkeypatch.setattr(several, "LONGEST_SECONDS", 3600.0)
    problem = team(18, 2)
    shared = solve_days(problem, WITHOUT_ORTOOLS)
    assert shared.left_out == ()
    assert sorted(stop.key for route in shared.routes for stop in route.stops) == list(range(1, 19))
    assert all(route.proven for route in shared.routes)
    for shift, route in zip(problem.shifts, shared.routes, strict=True):
        theirs = tuple(stop for stop in problem.stops if stop.key in {s.key for s in route.stops})
        assert faults(DayProblem(shift, theirs, problem.travel), route) == []


def test_a_rep_serves_only_what_is_allowed_to_him_and_one_alone_cannot_serve_all() -> None:
    problem = team(24, 2)
    problem = replace(problem, reps=tuple((0,) for _ in problem.stops))
    shared = solve_days(problem, WITHOUT_ORTOOLS)
    assert shared.routes[1].stops == ()
    assert len(shared.routes[0].stops) + len(shared.left_out) == 24
    assert {out.reason for out in shared.left_out} <= {LeftOut.DAY_FULL, LeftOut.NOT_FOUND}
    assert shared.left_out


def test_ortools_shares_out_in_a_process_of_its_own() -> None:
    shared = solve_days(team(8, 2), SearchBudget(iterations=5, seconds=0.5))
    assert shared.left_out == ()


def test_a_sharing_that_should_stop_drives_what_is_known(monkeypatch: pytest.MonkeyPatch) -> None:
    monkeypatch.setattr(several, "search_apart", None)
    problem = team(60, 3)
    shared = solve_days(problem, SearchBudget(iterations=5), should_stop=lambda: True)
    served = [stop.key for route in shared.routes for stop in route.stops]
    assert sorted([*served, *(out.key for out in shared.left_out)]) == list(range(1, 61))
    assert len(served) > 20
    for shift, route in zip(problem.shifts, shared.routes, strict=True):
        theirs = tuple(stop for stop in problem.stops if stop.key in {s.key for s in route.stops})
        assert faults(DayProblem(shift, theirs, problem.travel), route) == []


def test_a_sharing_that_takes_too_long_ends_with_the_best_so_far() -> None:
    budgets = []

    def solve(day: DayProblem, budget: SearchBudget, *rest: Any) -> DayRoute:
        budgets.append(budget.seconds)
        return solve_day(day, budget, *rest)

    minutes = iter(range(0, 60 * 60, 60))
    shared = several.shared_out(
        team(12, 3), WITHOUT_ORTOOLS, Objective.LEAST_DRIVING, solve, lambda: False, lambda: next(minutes)
    )
    assert budgets == [0.0] * 3
    assert len(shared.routes) == 3


def test_ortools_is_ended_when_nobody_waits_for_it() -> None:
    problem = team(8, 2)
    prices, reps = tuple(4 * HOUR for _ in problem.stops), tuple((0, 1) for _ in problem.stops)
    asked = Question(
        problem.shifts, problem.stops, prices, reps, problem.travel.seconds, SearchBudget(10**9, 600.0)
    )
    questions = iter([False, True])
    assert search_apart(asked, should_stop=lambda: next(questions)) == [[], []]


@settings(max_examples=100, deadline=None)
@given(days())
def test_a_day_is_full_when_no_order_holds_all_of_it(problem: DayProblem) -> None:
    orders = permutations(range(len(problem.stops)))
    is_full = all(route_of(problem, order) is None for order in orders)
    assert no_order_holds(problem) == is_full
    assert is_full or not is_plainly_full(problem)


def test_nobody_there_leaves_everything() -> None:
    assert len(solve_days(team(3, 0), WITHOUT_ORTOOLS).left_out) == 3


BAD_DAYS = {
    "a window that closed before now": (Stop(1, 1, 600, (TimeWindow(7 * HOUR, 8 * HOUR),)), LeftOut.CLOSED),
    "service longer than its window": (Stop(1, 1, HOUR, (TimeWindow(10 * HOUR, 10 * HOUR + 60),)), None),
    "an appointment during lunch": (Stop(1, 1, HOUR, (TimeWindow(12 * HOUR, 12 * HOUR),)), None),
    "an appointment all lunch long": (
        Stop(1, 1, 3 * HOUR, (TimeWindow(11 * HOUR, 11 * HOUR),)),
        LeftOut.TOO_LONG,
    ),
    "no road": (Stop(1, 2, 600), LeftOut.UNREACHABLE),
    "a window of another year": (Stop(1, 1, 600, (TimeWindow(10**12, 10**13),)), LeftOut.CLOSED),
    "always open": (Stop(1, 1, 600, (TimeWindow(-(10**12), 10**13),)), None),
}


@pytest.mark.parametrize("name", BAD_DAYS)
def test_odd_stops_get_a_reason_and_the_rest_is_planned(name: str) -> None:
    stop, reason = BAD_DAYS[name]
    travel = line(0, 600, 900)
    travel.seconds[:2, 2] = UNREACHABLE_SECONDS
    shift = Shift(8 * HOUR + 1, 17 * HOUR, lunch=Lunch(12 * HOUR, 13 * HOUR, HOUR))
    route = solve_day(DayProblem(shift, (stop, Stop(5, 1, 600)), travel), WITHOUT_ORTOOLS)
    assert [out.reason for out in route.left_out] == ([] if reason is None else [reason])
    assert 5 in {planned.key for planned in route.stops}
    assert route.proven


def test_two_stops_at_one_place_and_sixty_of_no_length_are_planned() -> None:
    stops = tuple(Stop(i, 1, 0) for i in range(60))
    route = solve_day(DayProblem(Shift(8 * HOUR, 17 * HOUR), stops, line(0, 600)), SearchBudget(0, 0.2))
    assert len(route.stops) == 60
    assert route.driving_seconds == 1200


@pytest.mark.parametrize(
    ("shift", "stops", "error"),
    [
        (Shift(9 * HOUR, 8 * HOUR), (), BadProblem),
        (Shift(8 * HOUR, 8 * HOUR, start=0, end=1), (), BadProblem),
        (Shift(8 * HOUR, 17 * HOUR, start=0, end=2), (), Unreachable),
        (Shift(8 * HOUR, 17 * HOUR, start=0, end=7), (), BadProblem),
        (Shift(8 * HOUR, 2**40), (), BadProblem),
        (Shift(8 * HOUR, 17 * HOUR, lunch=Lunch(12 * HOUR, 13 * HOUR, -1)), (), BadProblem),
        (Shift(8 * HOUR, 17 * HOUR, lunch=Lunch(13 * HOUR, 12 * HOUR, 60)), (), BadProblem),
        (Shift(8 * HOUR, 17 * HOUR), (Stop(1, 1, 2**40),), BadProblem),
        (Shift(8 * HOUR, 17 * HOUR), (Stop(1, 1, 60, price=2**40),), BadProblem),
    ],
)
def test_what_contradicts_itself_is_refused(
    shift: Shift, stops: tuple[Stop, ...], error: type[Exception]
) -> None:
    travel = line(0, 600, 900)
    travel.seconds[0, 2] = UNREACHABLE_SECONDS
    with pytest.raises(error):
        solve_day(DayProblem(shift, stops, travel), WITHOUT_ORTOOLS)
