"""Near me: due accounts and prospects by the driving that calling there adds to the rest of the day, or, for
a rep who wants to be home earliest, by how much later they are home.

Measured along the roads from the route as it stands, not by radius. What is closed by then, or does not fit,
is listed with its reason.
"""

from __future__ import annotations

from dataclasses import dataclass, replace
from datetime import date, datetime
from pathlib import Path

from sqlalchemy.orm import Session

from planner.domain.access import Actor
from planner.domain.cadence import DueState
from planner.domain.day_goals import DayGoal
from planner.services import roads
from planner.services.days import day_posing, day_routes, kept_order, near_rows, replanning, visit_facts
from planner.services.days.best_places import best_place
from planner.services.days.day_facts import DayFacts
from planner.services.days.day_posing import RestOfDay
from planner.services.days.near_rows import NearRow
from planner.services.roads import RoadsTravel
from routing.day import solve_day
from routing.network import snap
from routing.travel import nearest_by_detour
from routing.types import DayProblem, LeftOut, Place, Snap, Stop

MOST_TRIED = 24
MOST_SHOWN = 15

TOO_LATE = day_posing.TOO_LATE


@dataclass(frozen=True, slots=True)
class Nearby:
    """An account beside the way. ``why_not`` "" where it fits; ``after`` is the stop before it, "" for the
    first. ``next_on`` is a visit that is planned anyway. ``home_later_seconds`` is None where it does not
    fit."""

    account_id: int
    name: str
    account_class: str
    address: str
    is_prospect: bool
    due: DueState | None
    last_on: date | None
    next_on: date | None
    service_seconds: int
    detour_seconds: int
    after: str
    why_not: str
    home_later_seconds: int | None = None


@dataclass(frozen=True, slots=True)
class Near:
    """``from_position``: measured from where the phone is. Nearest by ``goal`` first."""

    on: date
    goal: DayGoal
    places: tuple[Nearby, ...]
    from_position: bool


def near(
    session: Session,
    actor: Actor,
    networks_folder: Path,
    now: datetime,
    today: date,
    on: date,
    position: Place | None = None,
) -> Near:
    """Raises as ``replanning.check_open`` and ``day_facts.gather`` do, and routing's errors about a home or
    position off the roads."""
    replanning.check_open(session, actor, today, on)
    facts = day_routes.gather(session, actor.user_id, on)
    travel = roads.travel(networks_folder, facts.network_name, facts.driving, facts.engine)
    rows = near_rows.due_or_new(session, actor, on)
    rest = day_posing.pose(facts, travel, facts.seconds_gone(now), position)
    order = kept_order.indices(rest, kept_order.present(day_routes.row_of(session, actor.user_id, on)).order)
    beside = _beside(travel, rest, order, rows, facts.refuse_metres)
    spots = [spot for _, spot, _ in beside]
    problem = replace(rest.problem, travel=travel.matrix([*rest.places.snaps, *spots]))
    here = len(rest.places.snaps)
    found = [
        _tried(session, replace(rest, problem=problem), order, row, here + number, seconds)
        for number, (row, _, seconds) in enumerate(beside)
    ]
    found.sort(key=lambda place: (_distance(place, facts.goal), place.name))
    return Near(on, facts.goal, tuple(found[:MOST_SHOWN]), position is not None)


def _distance(place: Nearby, goal: DayGoal) -> tuple[int, int]:
    later = place.home_later_seconds
    is_home_first = goal is DayGoal.EARLIEST_HOME and later is not None
    return (later or 0) if is_home_first else place.detour_seconds, place.detour_seconds


def _beside(
    travel: RoadsTravel, rest: RestOfDay, order: list[int], rows: list[NearRow], refuse_metres: int
) -> list[tuple[NearRow, Snap, int]]:
    """Those nearest to the rest of the route, with their detour in calm hours."""
    spots = snap(travel.network, [row.place for row in rows], refuse_metres)
    on_roads = [(row, spot) for row, spot in zip(rows, spots, strict=True) if isinstance(spot, Snap)]
    shift, snaps = rest.problem.shift, rest.places.snaps
    way = [snaps[at] for at in (shift.start, *(rest.problem.stops[i].at for i in order), shift.end)]
    detours = nearest_by_detour(travel, way, [spot for _, spot in on_roads])
    return [(*on_roads[detour.place], detour.seconds) for detour in detours[:MOST_TRIED]]


def _tried(
    session: Session, rest: RestOfDay, order: list[int], row: NearRow, at: int, seconds: int
) -> Nearby:
    """``at`` is the account's index in the travel matrix."""
    visit = visit_facts.must_visit(session, row.account, rest.facts.on, 0)
    shown = Nearby(
        account_id=row.account.id,
        name=row.account.name,
        account_class=row.account.account_class.value,
        address=row.account.address,
        is_prospect=row.is_prospect,
        due=row.due,
        last_on=row.last_on,
        next_on=row.next_on,
        service_seconds=visit.service_seconds,
        detour_seconds=seconds,
        after="",
        why_not=LeftOut.CLOSED.value if row.is_closed else "",
    )
    if row.is_closed:
        return shown
    stop = Stop(-1, at, visit.service_seconds, visit.windows, None)
    problem = replace(rest.problem, stops=(*rest.problem.stops, stop))
    best = best_place(problem, order, len(problem.stops) - 1, rest.facts.goal)
    if best is None:
        return replace(shown, why_not=_reason(problem, stop))
    before = rest.visit(rest.problem.stops[order[best.at - 1]].key).visit_id if best.at else None
    return replace(
        shown,
        detour_seconds=best.detour_seconds,
        home_later_seconds=best.home_later_seconds,
        after=_name(rest.facts, before),
    )


def _reason(problem: DayProblem, stop: Stop) -> str:
    """Too late even alone, or too full with the others."""
    alone = solve_day(replace(problem, stops=(stop,)), replanning.BUDGET)
    if alone.stops:
        return LeftOut.DAY_FULL.value
    reason = alone.left_out[0].reason
    return TOO_LATE if reason in (LeftOut.CLOSED, LeftOut.TOO_LONG) else reason.value


def _name(facts: DayFacts, visit_id: int | None) -> str:
    visit = facts.visit(visit_id) if visit_id is not None else None
    return visit.place.label if visit is not None and visit.place is not None else ""
