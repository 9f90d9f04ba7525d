"""What a run makes of a day that is not in order: the best order, but of a day that is on already its own.

On the day itself the rep has looked at the order and is driving by it, so a run leaves it as it is. What came
to the day is put where it adds least, with nobody later for it; what finds no room there is left out, and the
rep may have the rest put in order anew.
"""

from __future__ import annotations

from datetime import datetime
from pathlib import Path

from planner.services import roads
from planner.services.days import best_places, day_posing, day_solve, kept_order
from planner.services.days.as_wanted import as_wanted
from planner.services.days.day_facts import DayFacts
from planner.services.days.day_posing import RestOfDay, SolvedLeftOut
from planner.services.days.day_solve import SolvedDay
from routing.types import LeftOut, Stop


def solve(facts: DayFacts, networks_folder: Path, now: datetime) -> SolvedDay | None:
    """The day on the roads of its territory; None for a day without visits. Raises as ``day_solve.solve``
    does."""
    if not facts.visits:
        return None
    travel = roads.travel(networks_folder, facts.network_name, facts.driving, facts.engine)
    if facts.is_on(now):
        rest = day_posing.pose(facts, travel, facts.seconds_gone(now))
        order = kept_order.indices(rest, facts.present.order)
        if order:
            return _as_it_stands(rest, order)
    return day_solve.solve(facts, travel, facts.seconds_gone(now))


def _as_it_stands(rest: RestOfDay, order: list[int]) -> SolvedDay:
    left_out: list[SolvedLeftOut] = []
    stops = rest.problem.stops
    for index in sorted(set(range(len(stops))) - set(order), key=lambda index: _rank(stops[index])):
        best = best_places.best_place(rest.problem, order, index, rest.facts.goal)
        if best is None:
            visit_id = rest.visit(stops[index].key).visit_id
            left_out.append(SolvedLeftOut(visit_id, LeftOut.NOT_FOUND.value))
        else:
            order = [*order[: best.at], index, *order[best.at :]]
    return kept_order.solved(rest, as_wanted(rest.problem, order), left_out)


def _rank(stop: Stop) -> tuple[bool, int]:
    """What was agreed comes first, then what is dearest to leave out."""
    return stop.price is not None, -(stop.price or 0)
