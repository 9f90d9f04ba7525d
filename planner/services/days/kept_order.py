"""A day solved in an order that is given: what is left out stays so, with the reason it has."""

from __future__ import annotations

from collections.abc import Collection, Sequence
from dataclasses import dataclass, replace

from planner.models.visits import DayRoute
from planner.services.days import day_solve
from planner.services.days.as_wanted import AsWanted, as_wanted
from planner.services.days.day_posing import RestOfDay, SolvedLeftOut
from planner.services.days.day_solve import SolvedDay


@dataclass(frozen=True, slots=True)
class Present:
    """The order as it stands: visits to come in their order, and those left out of it."""

    order: tuple[int, ...]
    left_out: tuple[SolvedLeftOut, ...]


def present(row: DayRoute | None) -> Present:
    if row is None:
        return Present((), ())
    return Present(
        tuple(stop.visit_id for stop in row.stops),
        tuple(SolvedLeftOut(out.visit_id, out.reason, out.detour_seconds) for out in row.left_out),
    )


def indices(rest: RestOfDay, visit_ids: Sequence[int]) -> list[int]:
    """Of the visits that are still to come, in the problem's stops; others are passed over."""
    places = {rest.visit(stop.key).visit_id: index for index, stop in enumerate(rest.problem.stops)}
    return [places[visit_id] for visit_id in visit_ids if visit_id in places]


def without_place(rest: RestOfDay, known: Present) -> tuple[int, ...]:
    """Visits to come that are neither in the order nor left out of it: nobody has looked for their place."""
    seen = {*known.order, *(out.visit_id for out in known.left_out)}
    ids = (rest.visit(stop.key).visit_id for stop in rest.problem.stops)
    return tuple(visit_id for visit_id in ids if visit_id not in seen)


def wanted(rest: RestOfDay, visit_ids: Sequence[int]) -> AsWanted:
    """The rest of the day with the visits in this order."""
    return as_wanted(rest.problem, indices(rest, visit_ids))


def solved(rest: RestOfDay, found: AsWanted, left_out: Collection[SolvedLeftOut]) -> SolvedDay:
    """The whole day; of ``left_out`` those count that it does not visit."""
    day = day_solve.told(rest, found.route)
    here = {stop.visit_id for stop in day.stops} | {out.visit_id for out in day.left_out}
    known = {visit.visit_id for visit in rest.facts.visits}
    kept = tuple(out for out in left_out if out.visit_id in known - here)
    return replace(day, left_out=(*day.left_out, *kept))
