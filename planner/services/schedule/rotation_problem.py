"""A horizon posed as the rotation's problem, and the accounts that cannot take part, with the reason.

Index 0 of the travel matrix is the rep's home; an account's key is its id.
"""

from __future__ import annotations

from dataclasses import dataclass, field, replace
from datetime import date
from typing import Any

from planner.domain.balance import PRICE_SECONDS
from planner.services.roads import RoadsTravel
from planner.services.schedule import night_problem
from planner.services.schedule.candidacy import Candidate
from planner.services.schedule.horizon import Horizon
from routing.network import NotOnRoad, snap
from routing.rotation.workload import even_percent
from routing.slots import over_the_day
from routing.types import RotationAccount, RotationProblem, Snap

LATENESS_SHARE = 8
"""A visit a whole cadence late or early costs one eighth of a missed one: half an hour where missing
costs four hours, the price at which dates and driving balance in trials."""

STABILITY_SECONDS = 15 * 60
"""Moving a published visit must save this much."""


@dataclass(frozen=True, slots=True)
class NotPlaced:
    account_id: int
    due_from_on: date | None
    due_until_on: date | None
    reason: str
    reason_values: dict[str, Any] = field(default_factory=dict)


@dataclass(frozen=True, slots=True)
class Posed:
    problem: RotationProblem
    candidates: dict[int, Candidate]
    not_placed: tuple[NotPlaced, ...]


def pose(horizon: Horizon, travel: RoadsTravel) -> Posed:
    """Raises ``OffRoad`` or ``BadPoint`` for a home that is not on the roads. A settled night whose bed is no
    longer on them is spent at home."""
    places = [candidate.place for candidate in horizon.candidates if candidate.place is not None]
    beds = [night.place for night in horizon.nights.settled]
    home, *rest = snap(travel.network, [horizon.home, *places, *beds], horizon.refuse_metres)
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
            pinned = tuple(pin.day for pin in candidate.pinned if horizon.days[pin.day].shift is not None)
            accounts.append(account_of(candidate, pinned, len(snaps)))
            snaps.append(spot)
    bed_of = _put_beds(horizon, snaps, list(spots))
    hours = [(day.shift.starts, day.shift.ends) for day in horizon.days if day.shift]
    matrix = over_the_day(travel.matrix(snaps), hours)
    bed_of = {evening: at for evening, at in bed_of.items() if night_problem.is_connected(matrix, at)}
    problem = RotationProblem(
        days=night_problem.days_between(horizon, bed_of),
        accounts=tuple(accounts),
        travel=matrix,
        stability_price=STABILITY_SECONDS,
        balance_price=PRICE_SECONDS[horizon.balance],
        quotas=horizon.quotas,
        nights=night_problem.nights_of(horizon, matrix, {one.key: one.at for one in accounts}, bed_of),
    )
    problem = replace(problem, even_percent=even_percent(problem))
    return Posed(problem, {c.account_id: c for c in horizon.candidates}, tuple(refused))


def _put_beds(horizon: Horizon, snaps: list[Snap], found: list[Snap | NotOnRoad]) -> dict[int, int]:
    """The matrix index of each settled night's bed by its evening; places not there yet are added."""
    bed_of: dict[int, int] = {}
    for night, spot in zip(horizon.nights.settled, found, strict=True):
        if isinstance(spot, NotOnRoad):
            continue
        if spot not in snaps:
            snaps.append(spot)
        bed_of[night_problem.evening_of(horizon, night)] = snaps.index(spot)
    return bed_of


def account_of(candidate: Candidate, pinned_days: tuple[int, ...], at: int = 0) -> RotationAccount:
    """``at`` is its index in the travel matrix; who only asks for its dates needs none."""
    return RotationAccount(
        key=candidate.account_id,
        at=at,
        service_seconds=candidate.service_seconds,
        windows=candidate.windows,
        cadence=candidate.cadence_days,
        earliest_gap=candidate.earliest_gap,
        latest_gap=candidate.latest_gap,
        first_from=candidate.first_from,
        first_to=candidate.promised_to,
        first_wish=candidate.first_wish,
        price=candidate.price_seconds,
        lateness_price=candidate.price_seconds // LATENESS_SHARE,
        fixed_days=candidate.fixed_days,
        pinned_days=pinned_days,
        published_days=candidate.published_days,
        in_quota=candidate.in_quota,
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
