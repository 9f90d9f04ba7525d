"""The trips of an official log and what follows from them: sums by rate, the yearly counter, approved months.

Distances are whole metres, money whole minor units. Trips come in the order driven.
"""

from __future__ import annotations

from collections.abc import Callable, Iterable, Iterator, Mapping, Sequence
from dataclasses import dataclass
from datetime import date, datetime
from decimal import Decimal
from enum import StrEnum

from planner.domain.claims import SETTLED, ClaimState
from planner.domain.mileage_rates import VehicleKind
from planner.domain.months import next_month


@dataclass(frozen=True, slots=True)
class Where:
    """An end of a trip. ``account`` is empty where no account was visited; ``is_stay``: it is home, or where
    the night is spent. An end that is hidden is the home of somebody else than the reader, without its
    address."""

    name: str
    address: str = ""
    postcode: str = ""
    account: str = ""
    is_stay: bool = False
    is_hidden: bool = False


@dataclass(frozen=True, slots=True)
class RatePaid:
    """A rate as it stood: ``per_unit`` of ``currency`` per ``unit``, from a day on."""

    rate_id: int
    per_unit: Decimal
    unit: str
    currency: str
    from_on: date
    source: str = ""


@dataclass(frozen=True, slots=True)
class Share:
    """What of a trip was paid at one rate; without one it is worth nothing."""

    rate: RatePaid | None
    metres: int
    amount_minor: int


class ChangeKind(StrEnum):
    DISTANCE = "distance"
    PURPOSE = "purpose"
    AMOUNT = "amount"
    REVERSED = "reversed"
    ODOMETER = "odometer"


@dataclass(frozen=True, slots=True)
class Change:
    """One value that was corrected. ``old`` and ``new`` are metres, minor units or a purpose; a reversal has
    the metres it took away. ``by`` is empty where the rates did it. ``entry_id`` is the trip's that stands
    now, None of an odometer's reading, which has no ``currency`` either; ``on`` None: the day was not
    kept."""

    entry_id: int | None
    on: date | None
    start: str
    goal: str
    kind: ChangeKind
    old: int | str
    new: int | str
    reason: str
    at: datetime
    by: str
    currency: str = ""


@dataclass(frozen=True, slots=True)
class LoggedTrip:
    """A trip that stands, or one that was reversed (``is_void``) and has no metres any more.

    ``metres`` count, ``commute_metres`` were driven on the way to work and do not; of a private trip all are
    ``private_metres``. ``road_metres`` None: not measured. An adjustment has an amount alone. ``recorded_on``
    is when the first entry of the trip was made. ``state`` is that of its claim.
    """

    entry_id: int
    on: date
    start: Where
    goal: Where
    purpose: str
    vehicle: str
    kind: VehicleKind
    metres: int
    commute_metres: int
    private_metres: int
    road_metres: int | None
    reason: str
    recorded_on: date
    is_late: bool
    shares: tuple[Share, ...]
    amount_minor: int
    currency: str
    state: ClaimState | None = None
    is_void: bool = False
    is_adjustment: bool = False

    @property
    def driven_metres(self) -> int:
        return self.metres + self.commute_metres + self.private_metres

    @property
    def is_private(self) -> bool:
        return self.private_metres > 0

    @property
    def is_business(self) -> bool:
        """Whether it is a drive that a tax office asks the purpose of."""
        return not (self.is_private or self.is_void or self.is_adjustment)


@dataclass(frozen=True, slots=True)
class RateTotal:
    """What was driven at a rate. ``rate`` None: at none, or, ``is_adjustment``, what later rates added."""

    rate: RatePaid | None
    currency: str
    metres: int
    amount_minor: int
    is_adjustment: bool = False


class MonthState(StrEnum):
    APPROVED = "approved"
    PARTLY = "partly"
    OPEN = "open"
    EMPTY = "empty"


def rate_totals(trips: Iterable[LoggedTrip]) -> list[RateTotal]:
    """What was driven and is worth at each rate, by the day it began; no rate and adjustments come last."""
    sums: dict[tuple[RatePaid | None, str, bool], tuple[int, int]] = {}
    for trip in trips:
        for share in () if trip.is_private else trip.shares:
            key = (None if trip.is_adjustment else share.rate, trip.currency, trip.is_adjustment)
            metres, minor = sums.get(key, (0, 0))
            sums[key] = metres + share.metres, minor + share.amount_minor
    found = [
        RateTotal(rate, currency, *summed, is_adjustment)
        for (rate, currency, is_adjustment), summed in sums.items()
        if any(summed)
    ]
    return sorted(found, key=_order)


def _order(total: RateTotal) -> tuple[bool, bool, date, str, Decimal]:
    rate = total.rate
    begins = rate.from_on if rate else date.max
    return total.is_adjustment, rate is None, begins, total.currency, -(rate.per_unit if rate else Decimal(0))


def amounts(trips: Iterable[LoggedTrip]) -> dict[str, int]:
    """What trips come to in each currency."""
    found: dict[str, int] = {}
    for trip in trips:
        if not trip.is_private:
            found[trip.currency] = found.get(trip.currency, 0) + trip.amount_minor
    return dict(sorted(found.items()))


def running(
    trips: Iterable[LoggedTrip],
    year_begins_on: Callable[[date], date],
    driven_before: Mapping[tuple[date, VehicleKind], int],
) -> Iterator[int]:
    """After each trip the business metres of its tax year with that kind of vehicle. ``driven_before`` were
    driven before the first of them, in the tax year that began on a day."""
    sums = dict(driven_before)
    for trip in trips:
        key = (year_begins_on(trip.on), trip.kind)
        sums[key] = sums.get(key, 0) + trip.metres
        yield sums[key]


def months(trips: Sequence[LoggedTrip], from_on: date, until_on: date) -> Iterator[tuple[date, MonthState]]:
    """For each month of a period whether all that counts of it is in approved claims."""
    first = from_on.replace(day=1)
    while first < until_on:
        after = next_month(first)
        states = {
            trip.state
            for trip in trips
            if first <= trip.on < after and not trip.is_private and not trip.is_void
        }
        yield first, _month_state(states)
        first = after


def _month_state(states: set[ClaimState | None]) -> MonthState:
    if not states:
        return MonthState.EMPTY
    if states <= SETTLED:
        return MonthState.APPROVED
    return MonthState.PARTLY if states & SETTLED else MonthState.OPEN
