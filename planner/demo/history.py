"""The weeks behind: on each working day a rep sees the accounts most due and near to one another.

Pure: account facts and a travel matrix go in, past days come out; ``history_rows`` writes them. Times
are seconds after local midnight. Index 0 of the matrix is the rep's home, account ``n`` is ``n + 1``.
"""

from __future__ import annotations

import random
from collections.abc import Sequence
from dataclasses import dataclass, replace
from datetime import date, timedelta
from functools import partial
from itertools import combinations

from planner.domain.visits import NotHeldReason, Outcome, VisitState
from routing.types import Shift, TravelMatrix

HOME = 0
DUE_FROM = 0.85
"""Share of the cadence after which an account may be visited when the rep is near."""

LEAST_STOPS, MOST_STOPS = 5, 8
URGENCY_SECONDS = 900
"""How far out of the way, one way, a whole cadence of lateness sends the rep."""

DAY_SECONDS = 24 * 3600
STOP_WORTH_SECONDS = 2 * 3600
NOBODY_THERE_SECONDS = 4 * 60
OUTCOMES = {
    Outcome.ORDER: 50,
    Outcome.AGREED: 12,
    Outcome.INFORMATION: 12,
    Outcome.SERVICE: 9,
    Outcome.NO_DECISION: 13,
    Outcome.NOT_INTERESTED: 4,
}
STATES = {VisitState.DONE: 90, VisitState.MISSED: 5, VisitState.SKIPPED: 5}
MISSED_FOR = (NotHeldReason.CLOSED, NotHeldReason.CONTACT_AWAY)
SKIPPED_FOR = (NotHeldReason.NO_TIME, NotHeldReason.NO_TIME, NotHeldReason.ROAD_BLOCKED)


@dataclass(frozen=True, slots=True)
class Shop:
    """An account as the past sees it. ``windows`` by weekday: (opens, closes) pairs. ``only_on``: the
    dates of a fixed cycle. ``until_on``: not visited from this date on."""

    cadence_days: int
    service_seconds: int
    windows: tuple[tuple[tuple[int, int], ...], ...]
    only_on: frozenset[date] = frozenset()
    until_on: date | None = None


@dataclass(frozen=True, slots=True)
class PastStop:
    """``shop`` is the account's index. Planned times and leg; then what came of it. ``arrived`` and
    ``left`` are None for a visit that was skipped."""

    shop: int
    arrives: int
    begins: int
    leaves: int
    leg_seconds: int
    leg_metres: int
    state: VisitState = VisitState.DONE
    arrived: int | None = None
    left: int | None = None
    outcome: Outcome | None = None
    reason: NotHeldReason | None = None


@dataclass(frozen=True, slots=True)
class PastDay:
    on: date
    leaves: int
    stops: tuple[PastStop, ...]
    home: int
    home_leg_seconds: int
    home_leg_metres: int


class Past:
    """Lives through the days in order, remembering when each account was seen last."""

    def __init__(
        self, shops: Sequence[Shop], travel: TravelMatrix, from_on: date, rng: random.Random
    ) -> None:
        self.shops = shops
        self.seconds: list[list[int]] = travel.seconds.tolist()
        self.metres = travel.metres
        self.rng = rng
        self.seen = [from_on - timedelta(days=rng.randrange(shop.cadence_days + 1)) for shop in shops]

    def day(self, on: date, shift: Shift) -> PastDay | None:
        """One working day; None when nothing is due."""
        planned = self._best_order(on, self._chosen(on), shift)
        if not planned:
            return None
        lived = self._lived(on, planned, shift)
        for stop in lived:
            if stop.state is VisitState.DONE:
                self.seen[stop.shop] = on
        last = lived[-1].shop + 1
        home_seconds, home_metres = self.seconds[last][HOME], int(self.metres[last, HOME])
        return PastDay(
            on, shift.starts, tuple(lived), lived[-1].leaves + home_seconds, home_seconds, home_metres
        )

    def _urgency(self, shop: int, on: date) -> float:
        facts = self.shops[shop]
        if not facts.windows[on.weekday()] or (facts.until_on is not None and on >= facts.until_on):
            return 0.0
        if facts.only_on:
            return 9.0 if on in facts.only_on else 0.0
        return (on - self.seen[shop]).days / facts.cadence_days

    def _chosen(self, on: date) -> list[int]:
        """The most urgent account, and those due that lie best around it."""
        urgency = {shop: self._urgency(shop, on) for shop in range(len(self.shops))}
        due = [shop for shop, value in urgency.items() if value >= DUE_FROM]
        if not due:
            return []
        pivot = max(due, key=lambda shop: (urgency[shop], -shop))
        away = self.seconds[pivot + 1]
        due.sort(key=lambda shop: (away[shop + 1] - URGENCY_SECONDS * (urgency[shop] - 1), shop))
        chosen = due[: self.rng.randint(LEAST_STOPS, MOST_STOPS)]
        return chosen if pivot in chosen else [pivot, *chosen[:-1]]

    def _best_order(self, on: date, chosen: list[int], shift: Shift) -> list[PastStop]:
        """Nearest neighbour from home, then stretches turned round as long as that shortens the day."""
        order = self._nearest_first(chosen)
        best = self._planned(on, order, shift)
        improved = True
        while improved:
            improved = False
            for i, j in combinations(range(len(order) + 1), 2):
                turned = order[:i] + order[i:j][::-1] + order[j:]
                stops = self._planned(on, turned, shift)
                if self._cost(stops) < self._cost(best):
                    order, best, improved = turned, stops, True
        return best

    def _nearest_first(self, chosen: list[int]) -> list[int]:
        left, here, order = set(chosen), HOME, []
        while left:
            nearest = min(left, key=partial(self._away, here))
            left.remove(nearest)
            order.append(nearest)
            here = nearest + 1
        return order

    def _away(self, here: int, shop: int) -> tuple[int, int]:
        return self.seconds[here][shop + 1], shop

    def _cost(self, stops: Sequence[PastStop]) -> int:
        """Home time and driving in seconds; a stop more is worth two hours."""
        if not stops:
            return DAY_SECONDS
        home_leg = self.seconds[stops[-1].shop + 1][HOME]
        driving = sum(stop.leg_seconds for stop in stops) + home_leg
        return stops[-1].leaves + home_leg + driving - STOP_WORTH_SECONDS * len(stops)

    def _planned(self, on: date, order: Sequence[int], shift: Shift) -> list[PastStop]:
        """The order with its times; who is closed on arrival or would make the day too long is left."""
        stops: list[PastStop] = []
        here, free, lunch = HOME, shift.starts, shift.lunch
        for shop in order:
            if lunch is not None and free >= lunch.earliest:
                free, lunch = free + lunch.seconds, None
            leg = self.seconds[here][shop + 1]
            begins = _first_opening(self.shops[shop].windows[on.weekday()], free + leg)
            if begins is None:
                continue
            leaves = begins + self.shops[shop].service_seconds
            if leaves + self.seconds[shop + 1][HOME] > shift.ends:
                continue
            stops.append(PastStop(shop, free + leg, begins, leaves, leg, int(self.metres[here, shop + 1])))
            here, free = shop + 1, leaves
        return stops

    def _lived(self, on: date, planned: Sequence[PastStop], shift: Shift) -> list[PastStop]:
        """What really happened: late and early, nobody there, no time left."""
        lived: list[PastStop] = []
        here, free, lunch = HOME, shift.starts + self.rng.randint(-300, 600), shift.lunch
        for stop in planned:
            state = self.rng.choices(list(STATES), weights=list(STATES.values()))[0]
            if state is VisitState.SKIPPED:
                lived.append(replace(stop, state=state, reason=self.rng.choice(SKIPPED_FOR)))
                continue
            if lunch is not None and free >= lunch.earliest:
                free, lunch = free + lunch.seconds, None
            drive = int(self.seconds[here][stop.shop + 1] * self.rng.uniform(0.95, 1.2)) + 60
            arrived = max(free + drive, stop.begins - 900)
            here = stop.shop + 1
            if state is VisitState.MISSED:
                free = arrived + NOBODY_THERE_SECONDS
                reason = self.rng.choice(MISSED_FOR)
                lived.append(replace(stop, state=state, arrived=arrived, left=free, reason=reason))
                continue
            free = arrived + int(self.shops[stop.shop].service_seconds * self.rng.uniform(0.75, 1.2))
            outcome = self.rng.choices(list(OUTCOMES), weights=list(OUTCOMES.values()))[0]
            lived.append(replace(stop, arrived=arrived, left=free, outcome=outcome))
        return lived


def _first_opening(windows: Sequence[tuple[int, int]], arrives: int) -> int | None:
    return next((max(opens, arrives) for opens, closes in windows if arrives <= closes), None)
