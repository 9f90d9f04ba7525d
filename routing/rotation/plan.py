"""A finished search as the plan its caller gets: times of day from ``routing.day``, detours, reasons."""

from __future__ import annotations

from collections.abc import Iterator

from routing.day import route_of
from routing.day.mend import bettered
from routing.rotation.reasons import unplaced
from routing.rotation.search import Search
from routing.rotation.setting import Setting
from routing.types import DayProblem, DayRoute, RotationPlan, RotationVisit, Stop


def polish(search: Search) -> None:
    """Drive every day in the best order single moves lead to."""
    for turn, order in enumerate(search.routes.orders):
        if order:
            better = bettered(_day_problem(search.setting, turn, order), range(len(order)))
            search.routes.replace(turn, [order[index] for index in better])


def plan_of(search: Search, iterations: int) -> RotationPlan:
    setting = search.setting
    visits: list[RotationVisit] = []
    metres = 0
    for turn, order in enumerate(search.routes.orders):
        route = route_of(_day_problem(setting, turn, order), range(len(order)))
        assert route is not None, "the search only keeps orders that fit"
        visits += _visits(setting, turn, order, route)
        metres += route.driving_metres
    return RotationPlan(
        visits=tuple(visits),
        unplaced=unplaced(search.routes, search.dates),
        driving_seconds=search.routes.driving_seconds,
        driving_metres=metres,
        cost_seconds=search.cost,
        iterations=iterations,
    )


def _day_problem(setting: Setting, turn: int, order: list[int]) -> DayProblem:
    stops = tuple(
        Stop(number, wanted.account.at, wanted.account.service_seconds, wanted.windows[turn])
        for number, wanted in ((number, setting.wanted[number]) for number in order)
    )
    return DayProblem(setting.shifts[turn], stops, setting.problem.travel)


def _visits(setting: Setting, turn: int, order: list[int], route: DayRoute) -> Iterator[RotationVisit]:
    shift, seconds = setting.shifts[turn], setting.seconds
    way = [shift.start, *(setting.wanted[number].account.at for number in order), shift.end]
    for position, (number, stop) in enumerate(zip(order, route.stops, strict=True)):
        before, at, behind = way[position : position + 3]
        yield RotationVisit(
            key=setting.wanted[number].account.key,
            day=setting.days[turn],
            position=position,
            begins=stop.begins,
            detour_seconds=seconds[before][at] + seconds[at][behind] - seconds[before][behind],
        )
