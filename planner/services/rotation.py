"""A horizon to proposals: poses the rotation's problem, solves it, and says why each visit stands.

No database, so that it can take its time. Index 0 of the travel matrix is the rep's home.
"""

from __future__ import annotations

from collections import defaultdict
from collections.abc import Callable, Sequence
from dataclasses import dataclass, field, replace
from datetime import date
from itertools import pairwise
from typing import Any

from routing.rotation import plan_rotation

from planner.domain.visits import VisitKind
from planner.services.candidates import Candidate, Pinned
from planner.services.horizon import DayLoad, Horizon
from routing.network import NotOnRoad, snap
from routing.travel import RoadTravel
from routing.types import (
    RotationAccount,
    RotationDay,
    RotationPlan,
    RotationProblem,
    RotationVisit,
    SearchBudget,
    Snap,
    TravelMatrix,
)

LATENESS_SHARE = 8
"""A visit a whole cadence late or early costs one eighth of a missed one: half an hour where missing
costs four hours, the price at which dates and driving balance in trials."""

STABILITY_SECONDS = 15 * 60
"""Moving a published visit must save this much."""

BALANCE_SECONDS = 5 * 60


@dataclass(frozen=True, slots=True)
class Proposed:
    account_id: int
    on: date
    position: int
    begins: int
    service_seconds: int
    detour_seconds: int
    due_on: date | None
    is_pinned: bool
    kind: VisitKind
    reason: str
    reason_values: dict[str, Any] = field(default_factory=dict)


@dataclass(frozen=True, slots=True)
class NotPlaced:
    account_id: int
    due_from_on: date | None
    due_until_on: date | None
    reason: str
    reason_values: dict[str, Any] = field(default_factory=dict)


@dataclass(frozen=True, slots=True)
class Solution:
    proposals: tuple[Proposed, ...]
    not_placed: tuple[NotPlaced, ...]
    days: tuple[DayLoad, ...]
    driving_seconds: int
    driving_metres: int
    cost_seconds: int
    network_version: str


@dataclass(frozen=True, slots=True)
class _Posed:
    problem: RotationProblem
    candidates: dict[int, Candidate]
    not_placed: tuple[NotPlaced, ...]


def solve(
    horizon: Horizon,
    travel: RoadTravel,
    budget: SearchBudget,
    progress: Callable[[float], None] | None = None,
    cancelled: Callable[[], bool] | None = None,
) -> Solution:
    """Plan the horizon. Raises ``OffRoad`` or ``BadPoint`` for a home that is not on the roads; an
    account that cannot be driven to or has no day is listed with its reason."""
    posed = _posed(horizon, travel)
    plan = plan_rotation(posed.problem, budget, progress, cancelled)
    by_account: dict[int, list[RotationVisit]] = defaultdict(list)
    for visit in sorted(plan.visits, key=lambda v: v.day):
        by_account[visit.key].append(visit)
    proposals = [
        _proposed(horizon, posed.candidates[key], visits, number)
        for key, visits in by_account.items()
        for number in range(len(visits))
    ]
    return Solution(
        proposals=tuple(sorted(proposals, key=lambda p: (p.on, p.position))),
        not_placed=_not_placed(horizon, posed, plan),
        days=_loads(horizon, posed, plan),
        driving_seconds=plan.driving_seconds,
        driving_metres=plan.driving_metres,
        cost_seconds=plan.cost_seconds,
        network_version=posed.problem.travel.network_version,
    )


def _posed(horizon: Horizon, travel: RoadTravel) -> _Posed:
    places = [candidate.place for candidate in horizon.candidates if candidate.place is not None]
    home, *rest = snap(travel.network, [horizon.home, *places], horizon.refuse_metres)
    if isinstance(home, NotOnRoad):
        raise home.error()
    snaps, spots = [home], iter(rest)
    accounts: list[RotationAccount] = []
    refused: list[NotPlaced] = []
    for candidate in horizon.candidates:
        spot = next(spots) if candidate.place is not None else None
        trouble = _trouble(horizon, candidate, spot)
        if trouble is not None:
            refused.append(trouble)
        if isinstance(spot, Snap) and not candidate.trouble:
            accounts.append(_account(horizon, candidate, len(snaps)))
            snaps.append(spot)
    problem = RotationProblem(
        days=tuple(RotationDay(day.shift) for day in horizon.days),
        accounts=tuple(accounts),
        travel=travel.matrix(snaps),
        stability_price=STABILITY_SECONDS,
        balance_price=BALANCE_SECONDS,
    )
    return _Posed(problem, {c.account_id: c for c in horizon.candidates}, tuple(refused))


def _account(horizon: Horizon, candidate: Candidate, at: int) -> RotationAccount:
    return RotationAccount(
        key=candidate.account_id,
        at=at,
        service_seconds=candidate.service_seconds,
        windows=candidate.windows,
        cadence=candidate.cadence_days,
        earliest_gap=candidate.earliest_gap,
        latest_gap=candidate.latest_gap,
        first_from=candidate.first_from,
        first_to=candidate.first_to,
        first_wish=candidate.first_wish,
        price=candidate.price_seconds,
        lateness_price=candidate.price_seconds // LATENESS_SHARE,
        fixed_days=candidate.fixed_days,
        pinned_days=tuple(pin.day for pin in candidate.pinned if horizon.days[pin.day].shift is not None),
        published_days=candidate.published_days,
    )


def _trouble(horizon: Horizon, candidate: Candidate, spot: Snap | NotOnRoad | None) -> NotPlaced | None:
    """What keeps an account, or a visit agreed with it, out of the rotation before it begins."""
    if spot is None:
        return NotPlaced(candidate.account_id, None, None, "no_place")
    if isinstance(spot, NotOnRoad):
        values = {"metres": spot.metres_off_road, "limit": spot.limit_metres}
        return NotPlaced(candidate.account_id, None, None, spot.trouble.value, values)
    if candidate.trouble:
        return NotPlaced(candidate.account_id, None, None, candidate.trouble)
    for pinned in candidate.pinned:
        if horizon.days[pinned.day].shift is None:
            on = horizon.days[pinned.day].on
            return NotPlaced(candidate.account_id, on, on, "pinned_day_off")
    return None


def _proposed(
    horizon: Horizon, candidate: Candidate, visits: Sequence[RotationVisit], number: int
) -> Proposed:
    visit = visits[number]
    on = horizon.days[visit.day].on
    pinned = next((p for p in candidate.pinned if p.day == visit.day), None)
    due_day = _due_day(candidate, visits, number)
    reason, values = _why(candidate, visit, due_day, is_first=number == 0)
    proposed = Proposed(
        account_id=candidate.account_id,
        on=on,
        position=visit.position,
        begins=visit.begins,
        service_seconds=candidate.service_seconds,
        detour_seconds=visit.detour_seconds,
        due_on=None if due_day is None else horizon.date_of(due_day),
        is_pinned=False,
        kind=candidate.kind,
        reason=reason,
        reason_values=values,
    )
    return proposed if pinned is None else _agreed(proposed, pinned)


def _agreed(proposed: Proposed, pinned: Pinned) -> Proposed:
    reason = pinned.kind.value if pinned.is_agreed else "pinned"
    return replace(
        proposed,
        is_pinned=True,
        kind=pinned.kind,
        service_seconds=pinned.service_seconds,
        reason=reason,
        reason_values={},
    )


def _due_day(candidate: Candidate, visits: Sequence[RotationVisit], number: int) -> int | None:
    """The day the cadence wishes: the first from the last visit held, each next from the one before."""
    if candidate.kind is VisitKind.PROSPECT:
        return None
    if candidate.fixed_days:
        return visits[number].day
    if number == 0 or candidate.cadence_days is None:
        return candidate.first_wish
    return visits[number - 1].day + candidate.cadence_days


def _why(
    candidate: Candidate, visit: RotationVisit, due_day: int | None, is_first: bool
) -> tuple[str, dict[str, Any]]:
    if candidate.kind is VisitKind.PROSPECT and candidate.cadence_days is None:
        return "prospect", {"detour_seconds": visit.detour_seconds}
    if candidate.fixed_days:
        return "fixed_cycle", {}
    if candidate.last_on is None and is_first:
        return "never_visited", {}
    values: dict[str, Any] = {"cadence_days": candidate.cadence_days}
    if is_first and candidate.last_on is not None:
        values["last_on"] = candidate.last_on.isoformat()
        if candidate.see_again_days:
            return "see_again", values | {"days": candidate.see_again_days}
        if visit.day > candidate.promised_to and due_day is not None:
            return "overdue", values | {"days": visit.day - due_day}
    return "due", values


def _not_placed(horizon: Horizon, posed: _Posed, plan: RotationPlan) -> tuple[NotPlaced, ...]:
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


def _loads(horizon: Horizon, posed: _Posed, plan: RotationPlan) -> tuple[DayLoad, ...]:
    by_day: dict[int, list[RotationVisit]] = defaultdict(list)
    for visit in sorted(plan.visits, key=lambda v: v.position):
        by_day[visit.day].append(visit)
    at = {account.key: account.at for account in posed.problem.accounts}
    loads = []
    for number, day in enumerate(horizon.days):
        visits = by_day[number]
        load = DayLoad(
            on=day.on,
            off=day.off,
            off_name=day.off_name,
            available_seconds=day.available_seconds,
            visits=len(visits),
            service_seconds=sum(posed.candidates[v.key].service_seconds for v in visits),
            driving_seconds=_driving(posed.problem.travel, [at[v.key] for v in visits]),
        )
        loads.append(load)
    return tuple(loads)


def _driving(travel: TravelMatrix, stops: Sequence[int]) -> int:
    """Home, the stops in order, home again."""
    if not stops:
        return 0
    way = [0, *stops, 0]
    return sum(int(travel.seconds[a, b]) for a, b in pairwise(way))
