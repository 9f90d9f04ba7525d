"""The visits to come of one rep's day shared out among colleagues: no database, so that it can take its time.

Colleagues keep their own visits; those that are over or under way stay in front. Only what is to be taken
over may be left.
"""

from __future__ import annotations

from collections.abc import Callable
from dataclasses import dataclass, replace

from planner.services.cover.shared_day import ColleagueDay, Left, SharedDay, Taken
from planner.services.days.day_facts import DayFacts
from planner.services.days.day_posing import END, NO_PLACE, OFF_ROAD, START, TOO_LATE, RestOfDay, pose
from planner.services.days.visit_facts import DayVisit
from planner.services.roads import RoadsTravel
from routing.day import no_order_holds, solve_day, solve_days
from routing.network import snap
from routing.types import (
    DayProblem,
    DayRoute,
    LeftOut,
    LeftOutStop,
    Objective,
    SearchBudget,
    Shift,
    Snap,
    Stop,
    TeamProblem,
    TravelMatrix,
)

BUDGET = SearchBudget(iterations=200, seconds=1.0)
ALONE = SearchBudget(iterations=0, seconds=0.3, most_labels=400_000, quick=True)
AGREED_PRICE = 40 * 3600
"""Seconds: an agreed visit is taken over before any other, and never for one of a colleague's own."""


@dataclass(frozen=True, slots=True)
class TeamDay:
    """What a day is shared out from. ``names`` by visit and ``people`` by rep; ``agreed`` are the
    appointments' times by visit; ``gone`` is how much of the day is past."""

    away: DayFacts
    colleagues: tuple[DayFacts, ...]
    names: dict[int, str]
    people: dict[int, str]
    agreed: dict[int, int]
    gone: int
    stands: tuple[tuple[int, int, int], ...]

    @property
    def coming(self) -> list[DayVisit]:
        return [visit for visit in self.away.visits if visit.held is None]


@dataclass(frozen=True, slots=True)
class Joint:
    """Every colleague's rest of the day on one travel matrix; a stop's key is its visit's id."""

    rests: list[RestOfDay]
    shifts: list[Shift]
    own: list[list[Stop]]
    offered: list[Stop]
    travel: TravelMatrix

    def before(self, colleague: int) -> DayRoute:
        stops = tuple(self.own[colleague])
        return solve_day(DayProblem(self.shifts[colleague], stops, self.travel), ALONE)

    def whole_shifts(self) -> list[Shift]:
        """As they were before anything of the day was past."""
        found = []
        for rest, shift in zip(self.rests, self.shifts, strict=True):
            facts, at = rest.facts, shift.end - END
            found.append(Shift(facts.starts, facts.ends, at + START, at + END, facts.lunch))
        return found

    def team(self) -> TeamProblem:
        owned = [(stop, (colleague,)) for colleague, stops in enumerate(self.own) for stop in stops]
        stops = (*(stop for stop, _ in owned), *self.offered)
        reps = (*(reps for _, reps in owned), *(() for _ in self.offered))
        return TeamProblem(tuple(self.shifts), stops, self.travel, reps)


def share_out(
    day: TeamDay, travel: RoadsTravel, should_stop: Callable[[], bool] = lambda: False
) -> tuple[SharedDay, str]:
    """Also the version of the roads; the best so far when it ``should_stop``. Raises as ``day_posing.pose``
    does."""
    spots, left = _offered(day, travel)
    joint = _joint(day, travel, spots)
    before = [joint.before(colleague) for colleague in range(len(day.colleagues))]
    team = solve_days(joint.team(), BUDGET, Objective.LEAST_DRIVING, should_stop)
    after, given_back = _keeping_their_own(joint, before, list(team.routes))
    offered = {stop.key for stop in joint.offered}
    out_of_all = [out for out in team.left_out if out.key in offered]
    left += [_left(day, out.key, _reason(joint, out), out.seconds) for out in out_of_all]
    left += [_left(day, key, _no_room(joint, before, key), None) for key in given_back]
    shared = SharedDay(
        taken=_taken(day, after, offered),
        left=tuple(left),
        days=tuple(_colleague_day(day, *one) for one in zip(joint.rests, before, after, strict=True)),
        stands=day.stands,
    )
    return shared, joint.travel.network_version


def _offered(day: TeamDay, travel: RoadsTravel) -> tuple[list[tuple[DayVisit, Snap]], list[Left]]:
    """The visits somebody could take, with their places on the roads, and the others with their reasons."""
    placed = [visit for visit in day.coming if visit.place is not None]
    found = snap(travel.network, [v.place for v in placed if v.place], day.away.refuse_metres)
    spots, left = [], [_left(day, v.visit_id, NO_PLACE, None) for v in day.coming if v.place is None]
    for visit, spot in zip(placed, found, strict=True):
        if isinstance(spot, Snap) and visit.is_open:
            spots.append((visit, spot))
        else:
            reason = LeftOut.CLOSED.value if isinstance(spot, Snap) else OFF_ROAD
            left.append(_left(day, visit.visit_id, reason, None))
    return spots, left


def _joint(day: TeamDay, travel: RoadsTravel, spots: list[tuple[DayVisit, Snap]]) -> Joint:
    rests = [pose(facts, travel, day.gone) for facts in day.colleagues]
    snaps: list[Snap] = []
    shifts, own = [], []
    for rest in rests:
        at, problem = len(snaps), rest.problem
        shift = problem.shift
        shifts.append(replace(shift, start=shift.start + at, end=shift.end + at))
        own.append([_own(rest, stop, at) for stop in problem.stops])
        snaps.extend(rest.places.snaps)
    offered = [_stop(visit, len(snaps) + number) for number, (visit, _) in enumerate(spots)]
    snaps.extend(spot for _, spot in spots)
    return Joint(rests, shifts, own, offered, travel.matrix(snaps))


def _own(rest: RestOfDay, stop: Stop, at: int) -> Stop:
    return replace(stop, key=rest.visit(stop.key).visit_id, at=stop.at + at, price=None)


def _stop(visit: DayVisit, at: int) -> Stop:
    price = AGREED_PRICE if visit.price is None else min(visit.price, AGREED_PRICE)
    return Stop(visit.visit_id, at, visit.service_seconds, visit.windows, price)


def _keeping_their_own(
    joint: Joint, before: list[DayRoute], after: list[DayRoute]
) -> tuple[list[DayRoute], list[int]]:
    """Who would lose a visit of their own takes nothing; what they would have taken comes back."""
    kept, given_back = list(after), []
    for colleague, stops in enumerate(joint.own):
        own = {stop.key for stop in stops}
        served = {stop.key for stop in after[colleague].stops}
        if not {stop.key for stop in before[colleague].stops} <= served:
            kept[colleague] = before[colleague]
            given_back += sorted(served - own)
    return kept, given_back


def _no_room(joint: Joint, before: list[DayRoute], key: int) -> str:
    """Of a visit that came back: whether all colleagues' days are certainly full without it."""
    (stop,) = [one for one in joint.offered if one.key == key]
    for colleague, own in enumerate(joint.own):
        served = {one.key for one in before[colleague].stops}
        stops = (*(one for one in own if one.key in served), stop)
        if not no_order_holds(DayProblem(joint.shifts[colleague], stops, joint.travel)):
            return LeftOut.NOT_FOUND.value
    return LeftOut.DAY_FULL.value


def _taken(day: TeamDay, after: list[DayRoute], offered: set[int]) -> tuple[Taken, ...]:
    return tuple(
        Taken(stop.key, day.names[stop.key], facts.rep_id, stop.begins, day.agreed.get(stop.key))
        for facts, route in zip(day.colleagues, after, strict=True)
        for stop in route.stops
        if stop.key in offered
    )


def _left(day: TeamDay, visit_id: int, reason: str, seconds: int | None) -> Left:
    return Left(visit_id, day.names[visit_id], reason, seconds)


def _reason(joint: Joint, out: LeftOutStop) -> str:
    """What would have fitted somebody's whole day, and no longer does, comes too late."""
    if out.reason not in (LeftOut.CLOSED, LeftOut.TOO_LONG):
        return out.reason.value
    (stop,) = [one for one in joint.offered if one.key == out.key]
    alone = [DayProblem(shift, (stop,), joint.travel) for shift in joint.whole_shifts()]
    return TOO_LATE if any(solve_day(problem, ALONE).stops for problem in alone) else out.reason.value


def _colleague_day(day: TeamDay, rest: RestOfDay, before: DayRoute, after: DayRoute) -> ColleagueDay:
    driven = sum(stop.leg_seconds for stop in rest.driven)
    return ColleagueDay(
        rep_id=rest.facts.rep_id,
        name=day.people[rest.facts.rep_id],
        visits_before=len(rest.driven) + len(before.stops),
        visits_after=len(rest.driven) + len(after.stops),
        driving_before=driven + before.driving_seconds,
        driving_after=driven + after.driving_seconds,
        home_before=before.home_at,
        home_after=after.home_at,
    )
