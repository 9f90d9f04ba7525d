"""What even days cost a rep: the weeks planned once for each choice, from scratch, searched alike.

No database, so that it can take its time. Agreed and pinned visits stand; others are free, for a plan that
stands would hold each choice near to the days it has now.
"""

from __future__ import annotations

from collections.abc import Callable, Sequence
from dataclasses import asdict, dataclass, replace
from datetime import date
from typing import Any

from planner.domain.balance import PRICE_SECONDS, Balance
from planner.services.roads import RoadsTravel
from planner.services.schedule.horizon import DayLoad, Horizon
from planner.services.schedule.rotation import loads
from planner.services.schedule.rotation_problem import Posed, pose
from routing.rotation import plan_rotation
from routing.types import SearchBudget

ITERATIONS = 30_000
"""Trials for each choice: two seconds for eighty accounts, at most 3 % dearer than three times as many."""

SECONDS = 60.0
MIDDLE_PERCENT = 90


@dataclass(frozen=True, slots=True)
class Point:
    """A choice and what it comes to. Hours are driving and visits of days that are worked: the shortest and
    the longest day, and the two between which ``MIDDLE_PERCENT`` of them lie."""

    balance: Balance
    driving_seconds: int
    visits: int
    broken: int
    days: int
    least_seconds: int
    low_seconds: int
    high_seconds: int
    most_seconds: int
    fewest_visits: int
    most_visits: int


@dataclass(frozen=True, slots=True)
class Curve:
    """Over the weeks from ``from_on`` to before ``until_on``; ``broken``: promises without a day."""

    from_on: date
    until_on: date
    points: tuple[Point, ...]

    @property
    def least_driving_seconds(self) -> int:
        return min(point.driving_seconds for point in self.points)

    @property
    def most_seconds(self) -> int:
        """The longest day of all; at least a second, to be a share of."""
        return max(1, *(point.most_seconds for point in self.points))

    @property
    def most_visits(self) -> int:
        """Of the choice that makes most."""
        return max(point.visits for point in self.points)

    def to_json(self) -> dict[str, Any]:
        return {
            "from_on": self.from_on.isoformat(),
            "until_on": self.until_on.isoformat(),
            "points": [asdict(point) for point in self.points],
        }

    @classmethod
    def from_json(cls, values: dict[str, Any]) -> Curve:
        points = (Point(**(point | {"balance": Balance(point["balance"])})) for point in values["points"])
        return cls(
            date.fromisoformat(values["from_on"]), date.fromisoformat(values["until_on"]), tuple(points)
        )


def curve(
    horizon: Horizon, travel: RoadsTravel, seed: int, progress: Callable[[float], None] | None = None
) -> tuple[Curve, str]:
    """The curve, and the version of the roads it was measured on. Raises as ``rotation.solve`` does."""
    posed = _unpublished(pose(horizon, travel))
    tell, points = progress or _nobody, []
    for number, balance in enumerate(Balance):

        def share(done: float, number: int = number) -> None:
            tell((number + done) / len(Balance))

        points.append(_point(horizon, posed, balance, seed, share))
    return Curve(horizon.from_on, horizon.until_on, tuple(points)), posed.problem.travel.network_version


def _point(
    horizon: Horizon, posed: Posed, balance: Balance, seed: int, progress: Callable[[float], None]
) -> Point:
    problem = replace(posed.problem, balance_price=PRICE_SECONDS[balance])
    plan = plan_rotation(problem, SearchBudget(ITERATIONS, SECONDS, seed), progress)
    broken = sum(posed.candidates[out.key].is_recurring for out in plan.unplaced)
    worked = [load for load in loads(horizon, posed, plan) if load.available_seconds]
    return summed(balance, plan.driving_seconds, broken, worked)


def summed(balance: Balance, driving_seconds: int, broken: int, worked: Sequence[DayLoad]) -> Point:
    """``worked`` are the dates somebody works on."""
    used = sorted(load.service_seconds + load.driving_seconds for load in worked) or [0]
    visits = [load.visits for load in worked] or [0]
    beside = len(used) * (100 - MIDDLE_PERCENT) // 200
    return Point(
        balance=balance,
        driving_seconds=driving_seconds,
        visits=sum(visits),
        broken=broken,
        days=len(worked),
        least_seconds=used[0],
        low_seconds=used[beside],
        high_seconds=used[-1 - beside],
        most_seconds=used[-1],
        fewest_visits=min(visits),
        most_visits=max(visits),
    )


def _unpublished(posed: Posed) -> Posed:
    """With visits and nights free that only a plan has put where they are."""
    problem = posed.problem
    return replace(
        posed,
        problem=replace(
            problem,
            accounts=tuple(replace(account, published_days=()) for account in problem.accounts),
            nights=tuple(replace(nights, published=()) for nights in problem.nights),
        ),
    )


def _nobody(share: float) -> None:
    """Nobody wants to know."""
