"""Days as they might go on, tried so that several can be laid side by side."""

from __future__ import annotations

from collections.abc import Collection, Sequence
from dataclasses import dataclass, replace

from planner.domain.day_goals import DayGoal, Proof, proof
from planner.services.days import day_posing, day_solve
from planner.services.days.day_facts import DayFacts
from planner.services.days.day_posing import RestOfDay
from planner.services.days.day_solve import SolvedDay
from planner.services.days.visit_facts import DayVisit
from planner.services.roads import RoadsTravel
from routing.day import is_plainly_full, solve_day
from routing.types import DayProblem, DayRoute, Place, SearchBudget

OFFER = SearchBudget(iterations=0, seconds=0.08, most_labels=100_000, quick=True)
"""Of a day that is shown to be chosen from."""

TRIAL = SearchBudget(iterations=0, seconds=0.02, most_labels=100_000, quick=True)
"""Of one of several days tried to find the one that is shown: somebody waits for all of them."""


@dataclass(frozen=True, slots=True)
class Outline:
    """A day tried."""

    rest: RestOfDay
    route: DayRoute

    @property
    def facts(self) -> DayFacts:
        return self.rest.facts

    @property
    def home(self) -> int:
        return self.route.home_at

    @property
    def driving_seconds(self) -> int:
        """Of what is still to come."""
        return self.route.driving_seconds

    @property
    def proof(self) -> Proof | None:
        goal, route = DayGoal(self.facts.goal), self.route
        return proof(goal, route.proven, route.within_percent, bool(route.left_out))

    @property
    def left_out(self) -> tuple[DayVisit, ...]:
        """Visits still to come that are not in it; without what no order could hold."""
        return tuple(self.rest.visit(out.key) for out in self.route.left_out)

    @property
    def movable_left_out(self) -> tuple[int, ...]:
        return tuple(visit.visit_id for visit in self.left_out if visit.is_movable)

    @property
    def movable(self) -> tuple[int, ...]:
        """Those in the day that nobody has agreed on."""
        visits = (self.rest.visit(stop.key) for stop in self.rest.problem.stops)
        return tuple(visit.visit_id for visit in visits if visit.is_movable)

    @property
    def freeing_most(self) -> list[int]:
        """The movable visits by the time that goes without them, most first; at once, by the drives around
        them."""
        problem = self.rest.problem
        at = {stop.key: stop.at for stop in problem.stops}
        way = [problem.shift.start, *(at[stop.key] for stop in self.route.stops), problem.shift.end]
        seconds = problem.travel.seconds
        freed = {
            stop.key: stop.leaves - stop.begins + int(seconds[a, b] + seconds[b, c] - seconds[a, c])
            for stop, a, b, c in zip(self.route.stops, way, way[1:], way[2:], strict=False)
        }
        order = sorted((key for key in at if self.rest.visit(key).is_movable), key=lambda k: -freed.get(k, 0))
        return [self.rest.visit(key).visit_id for key in order]

    @property
    def order(self) -> list[int]:
        """The visits still to come, as they are driven."""
        return [self.rest.visit(stop.key).visit_id for stop in self.route.stops]

    def is_in(self, visit_id: int) -> bool:
        return visit_id in self.order

    def told(self, gone: Collection[int]) -> SolvedDay:
        """With its street paths; ``gone`` are left out of it because they leave the day."""
        solved = day_solve.told(self.rest, self.route)
        return replace(solved, left_out=tuple(out for out in solved.left_out if out.visit_id not in gone))


def outline(
    facts: DayFacts,
    travel: RoadsTravel,
    not_before: int,
    position: Place | None = None,
    known: Sequence[int] = (),
) -> Outline:
    """``known`` are visits in an order that may be good. Raises as ``day_posing.pose`` does."""
    rest = day_posing.pose(facts, travel, not_before, position)
    return Outline(rest, day_solve.best_route(rest, OFFER, known))


def shortened(day: Outline, ends: int, gone: Collection[int] = (), known: Outline | None = None) -> Outline:
    """The rest of the day without some visits, home by ``ends`` if that can be at all. ``known``: what was
    found when it was tried; without, it is only tried."""
    problem = _shorter(day, ends, gone)
    if not gone and problem.shift == day.rest.problem.shift:
        return day
    rest = replace(day.rest, problem=problem)
    budget, order = (TRIAL, day.order) if known is None else (OFFER, known.order)
    return Outline(rest, day_solve.best_route(rest, budget, order))


def may_hold_all(day: Outline, ends: int, gone: Collection[int]) -> bool:
    """False where it is certain that ``shortened`` would leave somebody out."""
    return not is_plainly_full(_shorter(day, ends, gone))


def _shorter(day: Outline, ends: int, gone: Collection[int]) -> DayProblem:
    problem = day.rest.problem
    alone = solve_day(replace(problem, stops=()), TRIAL).home_at
    return replace(
        problem,
        stops=tuple(stop for stop in problem.stops if day.rest.visit(stop.key).visit_id not in gone),
        shift=replace(problem.shift, ends=max(alone, ends)),
    )
