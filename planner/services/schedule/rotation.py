"""A horizon to proposals: poses the rotation's problem, solves it, and sums up what came of it.

No database, so that it can take its time. Index 0 of the travel matrix is the rep's home.
"""

from __future__ import annotations

from collections import defaultdict
from collections.abc import Callable, Iterator, Sequence
from dataclasses import dataclass
from datetime import date
from itertools import pairwise
from typing import Any

from planner.services.roads import RoadsTravel
from planner.services.schedule import night_problem
from planner.services.schedule.horizon import DayLoad, Horizon
from planner.services.schedule.proposals import Proposed, proposal
from planner.services.schedule.rotation_problem import NotPlaced, Posed, pose
from routing.rotation import plan_rotation
from routing.types import RotationPlan, RotationVisit, SearchBudget, TravelMatrix


@dataclass(frozen=True, slots=True)
class ProposedNight:
    """``saves_seconds`` of driving against coming home with the same visits in the same order."""

    on: date
    account_id: int
    saves_seconds: int


@dataclass(frozen=True, slots=True)
class Solution:
    proposals: tuple[Proposed, ...]
    not_placed: tuple[NotPlaced, ...]
    days: tuple[DayLoad, ...]
    driving_seconds: int
    driving_metres: int
    cost_seconds: int
    network_version: str
    days_driven: int = 0
    days_proven: int = 0
    nights: tuple[ProposedNight, ...] = ()


def solve(
    horizon: Horizon,
    travel: RoadsTravel,
    budget: SearchBudget,
    progress: Callable[[float], None] | None = None,
    cancelled: Callable[[], bool] | None = None,
) -> Solution:
    """Plan the horizon. Raises ``OffRoad`` or ``BadPoint`` for a home that is not on the roads; an
    account that cannot be driven to or has no day is listed with its reason."""
    posed = pose(horizon, travel)
    plan = plan_rotation(posed.problem, budget, progress, cancelled)
    by_account: dict[int, list[RotationVisit]] = defaultdict(list)
    for visit in sorted(plan.visits, key=lambda v: v.day):
        by_account[visit.key].append(visit)
    ways = _ways(posed, plan)
    proposals = [
        proposal(horizon, posed.candidates[key], visits, number)
        for key, visits in by_account.items()
        for number in range(len(visits))
    ]
    return Solution(
        proposals=tuple(sorted(proposals, key=lambda p: (p.on, p.position))),
        not_placed=_not_placed(horizon, posed, plan),
        days=loads(horizon, posed, plan),
        driving_seconds=plan.driving_seconds,
        driving_metres=plan.driving_metres,
        cost_seconds=plan.cost_seconds,
        network_version=posed.problem.travel.network_version,
        days_driven=plan.days_driven,
        days_proven=plan.days_proven,
        nights=tuple(_nights(horizon, posed, plan, ways)),
    )


def _not_placed(horizon: Horizon, posed: Posed, plan: RotationPlan) -> tuple[NotPlaced, ...]:
    """One entry per account; a prospect that found no room is no promise broken, so it is not listed."""
    found = {entry.account_id: entry for entry in posed.not_placed}
    for out in plan.unplaced:
        candidate = posed.candidates[out.key]
        if out.key in found or not candidate.is_recurring:
            continue
        values: dict[str, Any] = {"service_seconds": candidate.service_seconds}
        if out.seconds is not None:
            values["seconds"] = out.seconds
        due = horizon.date_of(out.first_from), horizon.date_of(out.first_to)
        found[out.key] = NotPlaced(out.key, *due, out.reason.value, values)
    return tuple(found.values())


def loads(horizon: Horizon, posed: Posed, plan: RotationPlan) -> tuple[DayLoad, ...]:
    """How full each date of the horizon is."""
    by_day: dict[int, list[RotationVisit]] = defaultdict(list)
    for visit in plan.visits:
        by_day[visit.day].append(visit)
    ways, found = _ways(posed, plan), []
    for number, day in enumerate(horizon.days):
        visits = by_day[number]
        load = DayLoad(
            on=day.on,
            off=day.off,
            off_name=day.off_name,
            available_seconds=day.available_seconds,
            visits=len(visits),
            service_seconds=sum(posed.candidates[v.key].service_seconds for v in visits),
            driving_seconds=_driving(posed.problem.travel, ways[number]),
        )
        found.append(load)
    return tuple(found)


def _ways(posed: Posed, plan: RotationPlan) -> list[list[int]]:
    """Of every day the places of the matrix in the order driven: where it begins, the stops, where it ends;
    empty for a day nobody works."""
    at = {account.key: account.at for account in posed.problem.accounts}
    beds = {night.day: night.at for night in plan.nights}
    ways: list[list[int]] = []
    for number, day in enumerate(posed.problem.days):
        shift = day.shift
        ways.append([] if shift is None else [beds.get(number - 1, shift.start), beds.get(number, shift.end)])
    for visit in sorted(plan.visits, key=lambda v: v.position):
        ways[visit.day].insert(-1, at[visit.key])
    return ways


def _driving(travel: TravelMatrix, way: Sequence[int]) -> int:
    return sum(int(travel.seconds[a, b]) for a, b in pairwise(way))


def _nights(
    horizon: Horizon, posed: Posed, plan: RotationPlan, ways: Sequence[Sequence[int]]
) -> Iterator[ProposedNight]:
    account_at = {account.at: account.key for account in posed.problem.accounts}
    for night in sorted(plan.nights, key=lambda night: night.day):
        before, after = ways[night.day][:-1], ways[night.day + 1][1:]
        saves = night_problem.saved_seconds(posed.problem.travel, before, night.at, after)
        yield ProposedNight(horizon.date_of(night.day), account_at[night.at], saves)
