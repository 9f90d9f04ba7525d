"""Claims as a reviewer and their rep see them: every line with its flags, the days, and what is missing.

A fixed number of queries whatever the number of claims.
"""

from __future__ import annotations

from collections import defaultdict
from collections.abc import Iterator, Sequence
from dataclasses import dataclass
from datetime import date

from sqlalchemy.orm import Session

from planner.domain import review
from planner.domain.claims import Totals, totals
from planner.domain.review import ExpenseFacts, Flag, OdometerReading, Policy, TripFacts
from planner.models.ledger import Claim, ClosedDay, Expense, Trip
from planner.services.ledger import claim_facts, expense_policy
from planner.services.ledger.claim_facts import ClaimFacts

WHOLE_WEEK = frozenset(range(7))

DAY_WIDE = frozenset({Flag.LATE, Flag.DAY_OFF, Flag.NO_RATE, Flag.OTHER_PERIOD})
"""Flags of trips that are asked about once a day, not once a trip."""

OF_TRIPS = frozenset({Flag.LONGER, Flag.SHORTER})


@dataclass(frozen=True, slots=True)
class CheckedTrip:
    row: Trip
    flags: tuple[Flag, ...]

    @property
    def own_flags(self) -> tuple[Flag, ...]:
        """Without those its day is asked about."""
        return tuple(flag for flag in self.flags if flag not in DAY_WIDE)


@dataclass(frozen=True, slots=True)
class CheckedExpense:
    row: Expense
    flags: tuple[Flag, ...]


@dataclass(frozen=True, slots=True)
class CheckedDay:
    """One day's driving. ``planned_metres`` is the whole of its route, None where it has none now.

    ``flags`` are the day's, those of ``DAY_WIDE`` that any of its trips has included.
    """

    on: date
    trips: tuple[CheckedTrip, ...]
    planned_metres: int | None
    flags: tuple[Flag, ...]

    @property
    def road_metres(self) -> int:
        return sum(trip.row.road_metres for trip in self.trips)

    @property
    def metres(self) -> int:
        return sum(trip.row.metres for trip in self.trips)

    @property
    def amount_minor(self) -> int:
        return sum(trip.row.amount_minor for trip in self.trips)


@dataclass(frozen=True, slots=True)
class CheckedClaim:
    row: Claim
    days: tuple[CheckedDay, ...]
    expenses: tuple[CheckedExpense, ...]
    not_closed: tuple[date, ...]

    @property
    def totals(self) -> Totals:
        """The sum of the lines; once submitted, what was frozen is the same."""
        trips = [(trip.row.metres, trip.row.amount_minor) for day in self.days for trip in day.trips]
        return totals(trips, [expense.row.amount_minor for expense in self.expenses])

    @property
    def road_metres(self) -> int:
        return sum(day.road_metres for day in self.days)

    @property
    def trip_count(self) -> int:
        return sum(len(day.trips) for day in self.days)

    @property
    def flags(self) -> dict[Flag, int]:
        """How many lines carry each flag, in the order of ``Flag``."""
        found = list(self._found())
        return {flag: found.count(flag) for flag in Flag if flag in found}

    @property
    def is_clean(self) -> bool:
        return not self.flags

    def _found(self) -> Iterator[Flag]:
        for day in self.days:
            yield from day.flags
            for trip in day.trips:
                yield from trip.own_flags
        for expense in self.expenses:
            yield from expense.flags
        yield from (Flag.NOT_CLOSED for _ in self.not_closed)


def check(session: Session, claims: Sequence[Claim]) -> list[CheckedClaim]:
    """Each claim with its lines and flags, in the order given. The caller has checked the scope."""
    if not claims:
        return []
    facts = claim_facts.gather(session, claims)
    limits = {currency: expense_policy.receipt_above(session, currency) for currency in _currencies(claims)}
    return [_checked(claim, facts, limits[claim.currency]) for claim in claims]


def _checked(claim: Claim, facts: ClaimFacts, receipt_above: int) -> CheckedClaim:
    policy = Policy(receipt_above, facts.weekdays.get(claim.rep_id, WHOLE_WEEK), claim.from_on)
    closed = facts.closed[claim.rep_id]
    held = {on for on in facts.held_on[claim.rep_id] if claim.from_on <= on < claim.until_on}
    return CheckedClaim(
        row=claim,
        days=tuple(_days(claim, facts, policy)),
        expenses=tuple(
            CheckedExpense(row, review.expense_flags(_expense_facts(row), policy))
            for row in facts.expenses[claim.id]
        ),
        not_closed=tuple(review.not_closed(held, closed)),
    )


def _days(claim: Claim, facts: ClaimFacts, policy: Policy) -> Iterator[CheckedDay]:
    by_day: dict[date, list[CheckedTrip]] = defaultdict(list)
    for row in facts.trips[claim.id]:
        by_day[row.on].append(CheckedTrip(row, review.trip_flags(_trip_facts(row), policy)))
    claimed = {on: sum(trip.row.metres for trip in trips) for on, trips in by_day.items()}
    gaps = set(review.odometer_gaps(list(_readings(facts.closed[claim.rep_id], claimed))))
    for on, trips in sorted(by_day.items()):
        planned = facts.planned.get((claim.rep_id, on))
        found = {*review.day_flags(claimed[on], planned), *(flag for trip in trips for flag in trip.flags)}
        found = (found - OF_TRIPS) | ({Flag.ODOMETER} if on in gaps else set())
        yield CheckedDay(on, tuple(trips), planned, tuple(flag for flag in Flag if flag in found))


def _readings(closed: dict[date, ClosedDay], claimed: dict[date, int]) -> Iterator[OdometerReading]:
    """Each odometer reading of the period with what was claimed since the one before."""
    since = 0
    for on in sorted(closed.keys() | claimed.keys()):
        since += claimed.get(on, 0)
        day = closed.get(on)
        if day is not None and day.odometer_metres is not None:
            yield OdometerReading(on, day.odometer_metres, since)
            since = 0


def _trip_facts(row: Trip) -> TripFacts:
    return TripFacts(row.on, row.metres, row.road_metres, row.is_late, row.rate_id is not None)


def _expense_facts(row: Expense) -> ExpenseFacts:
    return ExpenseFacts(row.on, row.amount_minor, row.receipt_id is not None, row.is_late)


def _currencies(claims: Sequence[Claim]) -> set[str]:
    return {claim.currency for claim in claims}
