"""A finished search as the plan its caller gets: times of day from ``routing.day``, detours, reasons."""

from __future__ import annotations

from collections.abc import Iterator, Sequence
from dataclasses import replace

from routing.day import route_of
from routing.day.labels import MOST_STOPS, proven_order
from routing.rotation.reasons import unplaced
from routing.rotation.search import Search
from routing.rotation.setting import Run, Setting
from routing.rotation.tables import COST, DRIVING, STOPS
from routing.types import DayProblem, DayRoute, RotationPlan, RotationVisit, Stop


def polish(search: Search) -> int:
    """Drive every day in its best order; returns how many days are proven so.

    Days of more than ``MOST_STOPS`` stops stay as they are found, unproven.
    """
    proven = 0
    for route, order in enumerate(search.orders()):
        run = search.run(route)
        if order and len(order) <= MOST_STOPS:
            shift, figures = run.shift, search.plan.figures[route]
            known = int(figures[DRIVING]) + int(search.overtime_cost(route))
            day = replace(day_problem(search.setting, run, order), shift=replace(shift, overtime_seconds=0))
            price = search.setting.problem.overtime_price
            proof = proven_order(day, known, shift.overtime_seconds, price)
            if proof.stops is not None:
                _drive_in(search, route, order, [order[index] for index in proof.stops])
            proven += proof.is_proven
    return proven


def _drive_in(search: Search, route: int, order: list[int], better: list[int]) -> None:
    """Less driving and overtime, unless more driving and less overtime made the day more uneven."""
    before = int(search.plan.figures[route, COST])
    search.replace(route, better)
    if search.plan.figures[route, COST] > before:
        search.replace(route, order)


def plan_of(search: Search, iterations: int, proven: int) -> RotationPlan:
    setting = search.setting
    visits: list[RotationVisit] = []
    metres = 0
    for number, order in enumerate(search.orders()):
        run = search.run(number)
        route = route_of(day_problem(setting, run, order), range(len(order)))
        assert route is not None, "the search only keeps orders that fit"
        visits += _visits(setting, run, order, route)
        metres += route.driving_metres
    return RotationPlan(
        visits=tuple(visits),
        unplaced=unplaced(search),
        driving_seconds=int(search.plan.figures[:, DRIVING].sum()),
        driving_metres=metres,
        cost_seconds=search.cost,
        iterations=iterations,
        days_driven=int((search.plan.figures[:, STOPS] > 0).sum()),
        days_proven=proven,
        nights=search.nights(),
    )


def day_problem(setting: Setting, run: Run, order: Sequence[int]) -> DayProblem:
    """A rep's day with these accounts, overtime counted as shift."""
    stops = tuple(
        Stop(number, wanted.account.at, wanted.account.service_seconds, wanted.windows[run.slot])
        for number, wanted in ((number, setting.wanted[number]) for number in order)
    )
    return DayProblem(run.with_overtime, stops, setting.problem.travel)


def _visits(setting: Setting, run: Run, order: list[int], route: DayRoute) -> Iterator[RotationVisit]:
    shift, seconds = run.shift, setting.problem.travel.seconds
    way = [shift.start, *(setting.wanted[number].account.at for number in order), shift.end]
    for position, (number, stop) in enumerate(zip(order, route.stops, strict=True)):
        before, at, behind = way[position : position + 3]
        yield RotationVisit(
            key=setting.wanted[number].account.key,
            day=run.day,
            position=position,
            begins=stop.begins,
            detour_seconds=int(seconds[before, at] + seconds[at, behind] - seconds[before, behind]),
            rep=run.rep,
        )
