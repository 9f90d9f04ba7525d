"""Mileage: the order driven, what a drive is worth, what is late, and what has to be explained.

Distances are whole metres. A rate is money per kilometre or mile; each trip is rounded half up, once.
"""

from __future__ import annotations

from collections.abc import Sequence
from dataclasses import dataclass
from datetime import date, datetime
from decimal import ROUND_HALF_UP, Decimal
from enum import StrEnum

from planner.domain.errors import Invalid
from planner.domain.money import rounded
from planner.domain.visits import Outcome, VisitKind, VisitState

METRES_PER = {"km": Decimal(1000), "mi": Decimal("1609.344")}

LATE_AFTER_DAYS = 7
"""An entry made more than this many days after the day driven is marked late."""

DIFFERENCE_SHARE = Decimal("0.10")
DIFFERENCE_METRES = 3_200
"""A claimed distance this far off the road's, in both measures, needs a reason (about two miles)."""

FARTHEST_METRES = 2_000_000

DRIVEN_TO = frozenset({VisitState.DONE, VisitState.MISSED})
"""States of visits somebody drove to; a skipped one was not."""

HOME = "home"
NIGHT = "night"
"""Purposes of the last drive of a day: home, or to where the night is spent."""

ADJUSTMENT = "adjustment"
"""Purpose of an entry that books what a later rate makes a locked trip worth more or less."""

CONTRA = "contra"
"""Purpose of an entry that takes a locked one back."""

REPRICED = "repriced"
"""Reason of a correction that only prices a trip anew."""


class TripOrigin(StrEnum):
    """How an entry came to be."""

    DAY = "day"
    """Made when its day was closed, of the visits held."""
    MANUAL = "manual"
    """Entered by hand."""
    ADJUSTMENT = "adjustment"
    """The difference a later rate makes to a trip whose claim is locked."""
    CONTRA = "contra"
    """The exact negative of a trip whose claim is locked: takes it back."""


BOOKED_LATER = (TripOrigin.ADJUSTMENT, TripOrigin.CONTRA)
"""Entries that change what another trip is worth and are no drives themselves."""


class DistanceTrouble(StrEnum):
    """How a claimed distance stands against the road's."""

    LONGER = "longer"
    SHORTER = "shorter"


@dataclass(frozen=True, slots=True)
class Rate:
    """``per_unit`` of the currency's own unit, per ``unit`` ("km" or "mi")."""

    per_unit: Decimal
    unit: str
    exponent: int


@dataclass(frozen=True, slots=True)
class Held:
    """A visit somebody drove to. ``at``: when they got there or left, where known; ``planned`` its place
    in the day's route, None when it had none."""

    visit_id: int
    at: datetime | None
    planned: int | None


def amount_minor(metres: int, rate: Rate) -> int:
    """What a distance is worth: metres ÷ metres per unit × rate, half up to a whole minor unit."""
    units = Decimal(metres) / METRES_PER[rate.unit]
    return rounded((units * rate.per_unit).scaleb(rate.exponent))


def metres_of(distance: Decimal, unit: str) -> int:
    """Whole metres, half up. Raises Invalid("distance", "distance_range")."""
    if not distance.is_finite() or not 0 <= distance * METRES_PER[unit] <= FARTHEST_METRES:
        raise Invalid("distance", "distance_range", most=FARTHEST_METRES // 1000)
    return int((distance * METRES_PER[unit]).quantize(Decimal(1), rounding=ROUND_HALF_UP))


def is_late(driven_on: date, entered_on: date) -> bool:
    """Whether an entry made on ``entered_on`` is no longer at or near the time."""
    return (entered_on - driven_on).days > LATE_AFTER_DAYS


def difference(claimed_metres: int, road_metres: int) -> DistanceTrouble | None:
    """How the claim differs from the road, when by more than both limits. None: near enough."""
    apart = abs(claimed_metres - road_metres)
    if apart <= DIFFERENCE_METRES or apart <= DIFFERENCE_SHARE * road_metres:
        return None
    return DistanceTrouble.LONGER if claimed_metres > road_metres else DistanceTrouble.SHORTER


def is_home(account_id: int | None, lat: float | None) -> bool:
    """Whether an end of a trip is where the rep lives: it has a place and is no account's. The address of it
    is nobody else's business; an end by hand without a place is what its label says."""
    return account_id is None and lat is not None


def order_driven(visits: Sequence[Held]) -> list[int]:
    """Visit ids in the order driven: by the time noted, else behind the neighbour in the route.

    Equal times stand as planned; what has neither time nor place in the route comes last, by id.
    """
    timed = sorted((v for v in visits if v.at is not None), key=lambda v: (v.at, *_as_planned(v)))
    order = [visit.visit_id for visit in timed]
    planned = {visit.visit_id: visit.planned for visit in visits if visit.planned is not None}
    untimed = [visit for visit in visits if visit.at is None]
    for visit in sorted(untimed, key=_as_planned):
        order.insert(_place(order, planned, visit), visit.visit_id)
    return order


def purpose(kind: VisitKind, state: VisitState, outcome: Outcome | None) -> str:
    """The purpose of a drive to a visit as a code, ``cadence.order``; the edge says it in words."""
    what = "missed" if state is VisitState.MISSED else (outcome.value if outcome else "visit")
    return f"{kind.value}.{what}"


def _as_planned(visit: Held) -> tuple[bool, int, int]:
    return visit.planned is None, visit.planned or 0, visit.visit_id


def _place(order: list[int], planned: dict[int, int], visit: Held) -> int:
    """Right behind the nearest visit that stood before it in the route; first when there is none."""
    if visit.planned is None:
        return len(order)
    before = [key for key in order if key in planned and planned[key] < visit.planned]
    nearest = max(before, key=lambda key: planned[key], default=None)
    return 0 if nearest is None else order.index(nearest) + 1
