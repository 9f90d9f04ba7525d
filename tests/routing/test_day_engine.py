"""The day's engine against brute force: every objective, several windows, lunch, rush hours, and its
bounds."""

from __future__ import annotations

from dataclasses import replace
from itertools import count, permutations

import numpy as np
import pytest
from hypothesis import given, settings
from hypothesis import strategies as st

from routing.day import labels, route_of, solve_day
from routing.day import solve as day_solve
from routing.day.label_bound import simple_bound
from routing.day.label_store import labels_for
from routing.day.label_tables import tabled
from routing.day.labels import FIRST_ROUNDS, LAST_ROUNDS, Proof, Proofs, Round
from routing.day.measure import cost_of, prices_of
from routing.day.reasons import why_left_out
from routing.types import DayProblem, LeftOut, Lunch, Objective, SearchBudget, Shift, Stop, TimeWindow
from tests.routing.judge import MUST, every_day, faults, ways_of
from tests.routing.test_day import days, matrix, rush_days, slot

HOUR = 3600
WITHOUT_ORTOOLS = SearchBudget(iterations=0)


def judged_cost(problem: DayProblem, order: tuple[int, ...], objective: Objective) -> int | None:
    """The measure of the objective from scratch; None where the order does not fit."""
    ways = ways_of(problem, order)
    if not ways:
        return None
    weight = problem.shift.ends - problem.shift.starts + 1 if objective is Objective.MOST_VALUE else 1
    outside = [stop.price for i, stop in enumerate(problem.stops) if i not in order]
    missing = weight * sum(MUST if price is None else price for price in outside)
    if objective is Objective.EARLIEST_HOME:
        served = sum(problem.stops[i].service_seconds for i in order)
        return min(home for _, home in ways) - problem.shift.starts - served + missing
    return min(driving for driving, _ in ways) + missing


def judged_best(problem: DayProblem, objective: Objective) -> int:
    """By brute force."""
    weight = problem.shift.ends - problem.shift.starts + 1 if objective is Objective.MOST_VALUE else 1
    prices = [weight * (MUST if stop.price is None else stop.price) for stop in problem.stops]
    services = [stop.service_seconds for stop in problem.stops]
    is_home_first = objective is Objective.EARLIEST_HOME
    return min(
        (home - problem.shift.starts - sum(services[i] for i in order) if is_home_first else driving)
        + sum(prices)
        - sum(prices[i] for i in order)
        for order, driving, home in every_day(problem)
    )


@settings(max_examples=150, deadline=None)
@given(st.one_of(days(), rush_days()), st.sampled_from(Objective))
def test_a_short_day_is_as_good_as_brute_force_makes_it(problem: DayProblem, objective: Objective) -> None:
    route = solve_day(problem, WITHOUT_ORTOOLS, objective)
    order = tuple(stop.key for stop in route.stops)
    assert faults(problem, route) == []
    assert route.proven
    assert judged_cost(problem, order, objective) == judged_best(problem, objective)


@settings(max_examples=150, deadline=None)
@given(st.one_of(days(most=8), rush_days(most=8)), st.sampled_from(Objective))
def test_a_day_of_eight_stops_is_as_good_as_brute_force_makes_it(
    problem: DayProblem, objective: Objective
) -> None:
    route = solve_day(problem, WITHOUT_ORTOOLS, objective)
    assert route.proven
    assert faults(problem, route) == []
    order = tuple(stop.key for stop in route.stops)
    assert judged_cost(problem, order, objective) == judged_best(problem, objective)


@settings(max_examples=100, deadline=None)
@given(st.one_of(days(), rush_days()), st.sampled_from(Objective), st.booleans())
def test_no_bound_lies_above_the_best_day(problem: DayProblem, objective: Objective, is_eager: bool) -> None:
    # So little room that labels run out, and so few looks that ways home must forget.
    day = tabled(problem, prices_of(problem, objective), objective is Objective.EARLIEST_HOME)
    orders = [o for n in range(6) for o in permutations(range(len(problem.stops)), n)]
    best = min(cost[0] for order in orders if (cost := cost_of(problem, order, objective)))
    assert simple_bound(day) <= best
    for rounds in ((Round(1, 10, 16, is_eager),), (Round(5, 100, 20, is_eager),), FIRST_ROUNDS):
        proof = Proofs(day, seconds=1.0).go_on(best + 1, rounds)
        assert proof.bound <= best
        assert proof.cost is None or proof.cost == best


@settings(max_examples=60, deadline=None)
@given(days())
def test_a_proven_day_never_says_not_found(problem: DayProblem) -> None:
    route = solve_day(problem, WITHOUT_ORTOOLS)
    assert route.proven
    assert LeftOut.NOT_FOUND not in {out.reason for out in route.left_out}
    assert route.bound_seconds == route.cost_seconds


def long_day(count: int, seed: int = 3) -> DayProblem:
    random = np.random.default_rng(seed)
    travel = matrix([(int(x), int(y)) for x, y in random.integers(0, 1500, (count + 1, 2))])
    afternoon = (TimeWindow(9 * HOUR, 11 * HOUR), TimeWindow(14 * HOUR, 17 * HOUR))
    stops = tuple(
        Stop(i, i, 600, afternoon if i % 3 else (), None if i % 4 == 0 else 1800) for i in range(1, count + 1)
    )
    return DayProblem(Shift(8 * HOUR, 18 * HOUR, lunch=Lunch(12 * HOUR, 14 * HOUR, HOUR)), stops, travel)


def test_a_morning_that_is_over_before_lunch_must_begin_has_room_for_visits_in_its_hour() -> None:
    """Ninety minutes three times from eight to one; of the third it is not certain that the day is full."""
    shift = Shift(8 * HOUR, 13 * HOUR, lunch=Lunch(12 * HOUR, 13 * HOUR, HOUR))
    visits = tuple(Stop(key, 0, 90 * 60) for key in range(3))
    assert route_of(DayProblem(shift, visits, matrix([(0, 0)])), [0, 1, 2]) is not None
    at_nine = replace(visits[2], windows=(TimeWindow(9 * HOUR, 9 * HOUR),))
    morning = DayProblem(shift, (*visits[:2], at_nine), matrix([(0, 0)]))
    told = why_left_out(morning, [0, 1], 2, proven=False, objective=Objective.LEAST_DRIVING)
    assert told.reason is LeftOut.NOT_FOUND


def test_fifteen_stops_are_proven() -> None:
    problem = long_day(15)
    route = solve_day(problem, WITHOUT_ORTOOLS)
    assert route.proven
    assert faults(problem, route) == []


@pytest.mark.parametrize("places", [1, 2])
def test_stops_at_one_place_that_take_no_time_are_proven_too(places: int) -> None:
    """Ways home could go round among them for ever."""
    travel = matrix([(0, 0), *([(600, 0), (0, 700)][i % places] for i in range(16))])
    stops = tuple(Stop(i, i, 0, (TimeWindow(9 * HOUR, (10 + i % 3) * HOUR),)) for i in range(1, 17))
    route = solve_day(DayProblem(Shift(8 * HOUR, 18 * HOUR), stops, travel), WITHOUT_ORTOOLS)
    assert route.proven
    assert route.driving_seconds == (1200 if places == 1 else 600 + 1300 + 700)


@pytest.mark.parametrize("count", [40, 60, 75])
def test_a_day_too_long_to_prove_says_how_far_from_the_best_it_may_be(count: int) -> None:
    # 75 are more than a label can hold.
    problem = long_day(count)
    route = solve_day(problem, SearchBudget(iterations=0, seconds=0.2))
    assert faults(problem, route) == []
    assert 0 < route.bound_seconds <= route.cost_seconds
    assert route.proven == (route.bound_seconds == route.cost_seconds)
    left_out = {out.reason for out in route.left_out}
    assert left_out <= {LeftOut.NOT_WORTH, LeftOut.DAY_FULL, LeftOut.NOT_FOUND}


def test_a_proof_ends_when_its_time_is_over() -> None:
    problem = long_day(40)
    day = tabled(problem, prices_of(problem, Objective.LEAST_DRIVING))
    (cost, *_) = cost_of(problem, []) or (0,)
    moments, read = count(), []

    def clock() -> float:
        read.append(next(moments))
        return float(read[-1])

    proofs = Proofs(day, seconds=3.0, clock=clock)
    proof = proofs.go_on(cost, LAST_ROUNDS)
    assert not proof.is_proven
    assert 0 <= proof.bound <= cost
    assert len(read) <= 8
    # It has ended for good.
    assert proofs.go_on(cost, LAST_ROUNDS) == replace(proof, stops=None, cost=None)


def test_a_proof_keeps_no_more_labels_than_it_may(monkeypatch: pytest.MonkeyPatch) -> None:
    rooms = []
    monkeypatch.setattr(labels, "labels_for", lambda room: rooms.append(room) or labels_for(room))
    solve_day(long_day(30), SearchBudget(iterations=0, seconds=0.75, most_labels=20_000))
    assert len(rooms) > 1
    assert set(rooms) == {20_000}


def test_no_step_may_take_longer_than_is_left_of_the_seconds(monkeypatch: pytest.MonkeyPatch) -> None:
    ticks, asked = count(), []

    def ruined(problem: object, prices: object, objective: object, budget: SearchBudget) -> list[int]:
        asked.append((float(next(ticks)), budget.iterations, budget.seconds))
        return []

    monkeypatch.setattr(day_solve, "thread_time", lambda: float(next(ticks)))
    monkeypatch.setattr(day_solve, "ruined_order", ruined)
    solve_day(long_day(30), SearchBudget(iterations=0, seconds=400.0, most_labels=20_000))
    assert all(seconds is not None and now + seconds <= 400 for now, _, seconds in asked)
    long = [(now, seconds) for now, trials, seconds in asked if trials in day_solve.FRESH_STARTS]
    assert len(long) == len(day_solve.FRESH_STARTS)
    for runs, (now, seconds) in zip(range(len(long), 0, -1), long, strict=True):
        assert seconds <= (400 - now) / runs + 2
    assert long[-1][1] > long[0][1]


def _steps(monkeypatch: pytest.MonkeyPatch, problem: DayProblem) -> list[str]:
    """Which long steps a search takes, in their order."""
    taken: list[str] = []

    def searched(self: Proofs, known_cost: int, now: Round, watch: object) -> Proof:
        taken.append(f"proof {now.room}")
        return look(self, known_cost, now, watch)

    def ruined(problem: object, prices: object, objective: object, budget: SearchBudget) -> list[int]:
        taken.append("ruin")
        return []

    look = Proofs._searched
    monkeypatch.setattr(Proofs, "_searched", searched)
    monkeypatch.setattr(day_solve, "ruined_order", ruined)
    solve_day(problem, SearchBudget(iterations=0, seconds=60.0))
    return taken


def test_better_orders_come_before_a_proof_that_is_not_to_be_hoped_for(
    monkeypatch: pytest.MonkeyPatch,
) -> None:
    (room,) = {now.room for now in LAST_ROUNDS[:1]}
    wide = _steps(monkeypatch, long_day(40))
    assert wide.index(f"proof {room}") > wide.index("proof 50000") + len(day_solve.FRESH_STARTS)
    monkeypatch.undo()
    narrow = _steps(monkeypatch, long_day(20))
    assert narrow.index(f"proof {room}") == narrow.index("proof 50000") + 1


def test_a_quick_answer_asks_no_clock_and_is_the_same_every_time(monkeypatch: pytest.MonkeyPatch) -> None:
    monkeypatch.setattr(day_solve, "thread_time", None)
    quick = SearchBudget(iterations=5, seconds=0.02, quick=True)
    assert solve_day(long_day(25), quick) == solve_day(long_day(25), quick)


def test_an_order_that_is_known_is_begun_with() -> None:
    problem = long_day(60)
    nothing = SearchBudget(iterations=0, seconds=0.0, quick=True)
    better = solve_day(problem, SearchBudget(iterations=0, seconds=0.3))
    keys = [stop.key for stop in better.stops]
    assert solve_day(problem, nothing, known=keys).cost_seconds <= better.cost_seconds


def test_what_is_not_proven_is_asked_of_ortools_too(monkeypatch: pytest.MonkeyPatch) -> None:
    problem = long_day(30)
    asked = []
    monkeypatch.setattr(day_solve, "search_apart", lambda question: asked.append(question) or [[]])
    route = solve_day(problem, SearchBudget(iterations=5, seconds=0.05))
    assert not route.proven
    assert [len(question.stops) for question in asked] == [30]
    assert all(stop.key in {s.key for s in problem.stops} for stop in route.stops)


def test_value_first_drives_further_for_a_dearer_stop() -> None:
    # An hour and a half there and back is more than its price of an hour, unless value is all that counts.
    stop = Stop(7, 1, 600, price=HOUR)
    problem = DayProblem(Shift(8 * HOUR, 17 * HOUR), (stop,), matrix([(0, 0), (2700, 0)]))
    assert solve_day(problem, WITHOUT_ORTOOLS).stops == ()
    assert [s.key for s in solve_day(problem, WITHOUT_ORTOOLS, Objective.MOST_VALUE).stops] == [7]


def test_who_wants_home_early_rather_drives_than_waits() -> None:
    # On one road: 1 at ten minutes opens at ten, 2 at twenty is always open. Waiting at 1 first drives less.
    stops = (Stop(1, 1, 0, (TimeWindow(10 * HOUR, 11 * HOUR),)), Stop(2, 2, 2 * HOUR))
    problem = DayProblem(Shift(8 * HOUR, 17 * HOUR), stops, matrix([(0, 0), (600, 0), (0, 1200)]))
    early = solve_day(problem, WITHOUT_ORTOOLS, Objective.EARLIEST_HOME)
    # Out at 8:20, served by 10:20, half an hour to the other, ten minutes home.
    assert ([s.key for s in early.stops], early.home_at) == ([2, 1], 11 * HOUR)
    assert early.cost_seconds == HOUR


def test_rush_hours_beyond_brute_force_keep_every_rule() -> None:
    problem = long_day(12)
    slow = (slot(problem.travel, 8 * HOUR, 9 * HOUR, 0.6), slot(problem.travel, 16 * HOUR, 18 * HOUR, 0.7))
    problem = replace(problem, travel=replace(problem.travel, rush=slow))
    for objective in Objective:
        assert faults(problem, solve_day(problem, SearchBudget(0, 0.5), objective)) == []
