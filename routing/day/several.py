"""One day of several reps, as when someone is ill: who serves which stop, then each day on its own.

OR-Tools shares the stops out, and ruin and recreate does; the cheaper of the two is taken. The order
within each day is then found without OR-Tools.
"""

from __future__ import annotations

from collections.abc import Callable, Sequence
from dataclasses import replace
from time import monotonic

from routing.day.apart import search_apart
from routing.day.checks import check_parts
from routing.day.full import is_plainly_full, no_order_holds
from routing.day.measure import MUST_PRICE
from routing.day.search import Question
from routing.day.watch import Clock, Watch
from routing.errors import BadProblem
from routing.slots import over_the_day
from routing.types import (
    DayProblem,
    DayRoute,
    LeftOut,
    LeftOutStop,
    Objective,
    RotationAccount,
    RotationDay,
    RotationProblem,
    SearchBudget,
    Stop,
    TeamProblem,
    TeamRoutes,
    TimeWindow,
)

TRIALS = 20_000
DEFAULT_SECONDS = 3.0
MOST_LABELS = 400_000
LONGEST_SECONDS = 10.0
"""Of the whole; what then is known is driven."""

ALWAYS = (TimeWindow(0, 2**30),)

Solve = Callable[[DayProblem, SearchBudget, Objective, Sequence[int]], DayRoute]
Shares = list[list[int]]
"""Stops (indices) by shift, in an order that may be good."""


class Sharing:
    """``is_over``: there is no time left, or nobody waits any more; days are then solved in no time."""

    def __init__(
        self,
        problem: TeamProblem,
        budget: SearchBudget,
        objective: Objective,
        solve: Solve,
        is_over: Callable[[], bool],
    ) -> None:
        self._problem, self._objective, self._solve = problem, objective, solve
        seconds = DEFAULT_SECONDS if budget.seconds is None else budget.seconds
        each = min(seconds, 2 * seconds / max(1, len(problem.shifts)))
        self._alone = replace(budget, iterations=0, seconds=each, most_labels=MOST_LABELS, quick=True)
        self.is_over = is_over

    def driven(self, shares: Shares) -> TeamRoutes:
        """Each share in its best order; then what nobody serves is offered to each shift in turn."""
        problem = self._problem
        routes = [self._solved(rep, share) for rep, share in enumerate(shares)]
        outside = self._outside(routes)
        reasons: dict[int, LeftOutStop] = {}
        for rep in range(len(problem.shifts)):
            able = [i for i in outside if rep in _able(problem, i)]
            served = {stop.key for stop in routes[rep].stops}
            inside = [i for i, stop in enumerate(problem.stops) if stop.key in served]
            if able and not self.is_over():
                routes[rep] = self._solved(rep, [*inside, *able], [stop.key for stop in routes[rep].stops])
                outside = self._outside(routes)
            for out in self._left(rep, routes[rep], [i for i in outside if rep in _able(problem, i)]):
                reasons[out.key] = min(out, reasons.get(out.key, out), key=_hope)
        left_out = tuple(reasons[problem.stops[i].key] for i in outside)
        return TeamRoutes(tuple(replace(route, left_out=()) for route in routes), left_out)

    def _outside(self, routes: list[DayRoute]) -> list[int]:
        served = {stop.key for route in routes for stop in route.stops}
        return [i for i, stop in enumerate(self._problem.stops) if stop.key not in served]

    def _solved(self, rep: int, share: list[int], known: Sequence[int] = ()) -> DayRoute:
        budget = replace(self._alone, seconds=0.0) if self.is_over() else self._alone
        keys = known or [self._problem.stops[index].key for index in share]
        return self._solve(_of_rep(self._problem, rep, share), budget, self._objective, keys)

    def _left(self, rep: int, route: DayRoute, able: list[int]) -> list[LeftOutStop]:
        """Why those whom this shift might have served are not in its route."""
        told = {out.key: out for out in route.left_out}
        at = {stop.key: index for index, stop in enumerate(self._problem.stops)}
        inside = [at[stop.key] for stop in route.stops]
        found = []
        for index in able:
            key = self._problem.stops[index].key
            out = told.get(key, LeftOutStop(key, LeftOut.NOT_FOUND))
            day = _of_rep(self._problem, rep, [*inside, index])
            is_full = is_plainly_full if self.is_over() else no_order_holds
            if out.reason is LeftOut.NOT_FOUND and is_full(day):
                out = replace(out, reason=LeftOut.DAY_FULL)
            found.append(out)
        return found


def shared_out(
    problem: TeamProblem,
    budget: SearchBudget,
    objective: Objective,
    solve: Solve,
    should_stop: Callable[[], bool],
    clock: Clock = monotonic,
) -> TeamRoutes:
    check_parts(problem.shifts, problem.stops, problem.travel)
    if problem.reps and len(problem.reps) != len(problem.stops):
        raise BadProblem(why="not every stop says who may serve it")
    if any(not 0 <= rep < len(problem.shifts) for reps in problem.reps for rep in reps):
        raise BadProblem(why="a rep who has no shift")
    if not problem.shifts:
        return TeamRoutes((), tuple(LeftOutStop(stop.key, LeftOut.DAY_FULL) for stop in problem.stops))
    watch = Watch(clock, LONGEST_SECONDS)
    sharing = Sharing(problem, budget, objective, solve, lambda: watch.is_over() or should_stop())
    calm = replace(problem, travel=over_the_day(problem.travel, [(s.starts, s.ends) for s in problem.shifts]))
    best = sharing.driven(_by_ruin(calm, budget, sharing.is_over))
    if budget.iterations and not sharing.is_over():
        other = sharing.driven(_by_ortools(calm, budget, sharing.is_over))
        best = min(best, other, key=lambda team: _cost(problem, team))
    return best


def _hope(out: LeftOutStop) -> tuple[int, int]:
    """Of the reasons several shifts give, the one that says most: who came nearest to serving it."""
    ranks = (LeftOut.NOT_WORTH, LeftOut.NOT_FOUND, LeftOut.DAY_FULL, LeftOut.TOO_LONG, LeftOut.CLOSED)
    return ranks.index(out.reason) if out.reason in ranks else len(ranks), out.seconds or 0


def _of_rep(problem: TeamProblem, rep: int, share: list[int]) -> DayProblem:
    stops = tuple(problem.stops[index] for index in share)
    return DayProblem(problem.shifts[rep], stops, problem.travel)


def _able(problem: TeamProblem, index: int) -> tuple[int, ...]:
    everybody = tuple(range(len(problem.shifts)))
    return (problem.reps[index] or everybody) if problem.reps else everybody


def _price(stop: Stop) -> int:
    return MUST_PRICE if stop.price is None else stop.price


def _cost(problem: TeamProblem, team: TeamRoutes) -> int:
    price = {stop.key: _price(stop) for stop in problem.stops}
    return sum(route.driving_seconds for route in team.routes) + sum(price[out.key] for out in team.left_out)


def _by_ortools(problem: TeamProblem, budget: SearchBudget, is_over: Callable[[], bool]) -> Shares:
    reps = tuple(_able(problem, index) for index in range(len(problem.stops)))
    prices = tuple(_price(stop) for stop in problem.stops)
    asked = Question(problem.shifts, problem.stops, prices, reps, problem.travel.seconds, budget)
    return search_apart(asked, should_stop=is_over)


def _by_ruin(problem: TeamProblem, budget: SearchBudget, is_over: Callable[[], bool]) -> Shares:
    # The rotation in turn proves its days with this package.
    from routing.rotation.search import Search
    from routing.rotation.setting import setting_of

    accounts = tuple(_account(problem, index, stop) for index, stop in enumerate(problem.stops))
    day = RotationDay(problem.shifts[0], problem.shifts[1:])
    search = Search(setting_of(RotationProblem((day,), accounts, problem.travel)), budget.seed)
    search.construct()
    search.improve(replace(budget, iterations=TRIALS, paced=False), lambda share: None, is_over)
    return search.orders()


def _account(problem: TeamProblem, index: int, stop: Stop) -> RotationAccount:
    return RotationAccount(
        key=index,
        at=stop.at,
        service_seconds=stop.service_seconds,
        windows=(stop.windows or ALWAYS,),
        cadence=None,
        earliest_gap=1,
        latest_gap=1,
        first_from=0,
        first_to=0,
        first_wish=0,
        price=_price(stop),
        lateness_price=0,
        reps=_able(problem, index),
    )
