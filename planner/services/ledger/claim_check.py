"""Claims as a reviewer and their rep see them: every line with its flags, the days, and what is missing.

A fixed number of queries whatever the number of claims.
"""

from __future__ import annotations

from collections import defaultdict
from collections.abc import Iterable, Iterator, Sequence
from dataclasses import dataclass, replace
from datetime import date

from sqlalchemy.orm import Session

from planner.domain import pace, review
from planner.domain.claims import Totals, totals
from planner.domain.commuting import Leg, is_same_way
from planner.domain.findings import Finding
from planner.domain.mileage import BOOKED_LATER, REPRICED, TripOrigin
from planner.domain.odometer import Stretch
from planner.domain.pace import TooFast
from planner.domain.plausible import Drive, Excess, claim_excess, day_excess
from planner.domain.review import ExpenseFacts, Flag, OdometerGap, Policy, TripFacts
from planner.models.ledger import Claim, Expense, Trip
from planner.services.ledger import claim_facts
from planner.services.ledger.claim_facts import ClaimFacts

WHOLE_WEEK = frozenset(range(7))

DAY_WIDE = frozenset({Flag.LATE, Flag.DAY_OFF, Flag.NO_RATE, Flag.OTHER_PERIOD, Flag.TAKES_BACK})
"""Flags of trips that are asked about once a day, not once a trip."""

OF_TRIPS = frozenset({Flag.LONGER, Flag.SHORTER, Flag.MANUAL, Flag.COMMUTE})


@dataclass(frozen=True, slots=True)
class CheckedTrip:
    """``same_way_metres``: of the way to work that it may be, by an end in words."""

    row: Trip
    flags: tuple[Flag, ...]
    same_way_metres: int | None = None

    @property
    def measured_metres(self) -> int:
        """What is claimed of it where a road stands beside it, else nothing."""
        return self.row.metres if self.row.network_version else 0

    @property
    def road_metres(self) -> int | None:
        """None: its distance was typed."""
        return self.row.road_metres if self.row.network_version else None

    @property
    def is_drive(self) -> bool:
        """False: it changes what another trip comes to."""
        return self.row.origin not in BOOKED_LATER

    @property
    def drive(self) -> Drive | None:
        """With what is not counted of it; None where no road stands beside it."""
        row = self.row
        return Drive(row.metres + row.commute_metres, row.road_metres) if row.network_version else None

    @property
    def is_adjustment(self) -> bool:
        return self.row.origin is TripOrigin.ADJUSTMENT

    @property
    def own_flags(self) -> tuple[Flag, ...]:
        """Without those its day is asked about."""
        return tuple(flag for flag in self.flags if flag not in DAY_WIDE)


@dataclass(frozen=True, slots=True)
class CheckedExpense:
    """``findings`` are the flags of policy and doubles with their figures. ``first_id`` is the entry that it
    corrects, the first of them; its own where it corrects none."""

    row: Expense
    flags: tuple[Flag, ...]
    findings: tuple[Finding, ...]
    first_id: int


@dataclass(frozen=True, slots=True)
class Adjusted:
    """How many trips of a day are worth more or less by a rate of later; ``from_on`` None: by none."""

    from_on: date | None
    count: int
    amount_minor: int


@dataclass(frozen=True, slots=True)
class CheckedDay:
    """One day's driving. ``planned_metres`` is the whole of its route, None where it has none now, or where
    nothing but adjustments is claimed of it; ``adjusted`` are those by rate, the first one first.

    ``flags`` are the day's, those of ``DAY_WIDE`` that any of its trips has included. ``too_fast`` are the
    visits noted closer in time than the road allows, ``odometer`` what its reading does not explain,
    ``said`` what the rep wrote when closing it. ``over_day`` is what its drives together are over the road,
    ``over_claim`` the whole claim, which is asked about with this day.
    """

    on: date
    trips: tuple[CheckedTrip, ...]
    planned_metres: int | None
    flags: tuple[Flag, ...]
    said: str = ""
    too_fast: tuple[TooFast, ...] = ()
    odometer: OdometerGap | None = None
    over_day: Excess | None = None
    over_claim: Excess | None = None
    adjusted: tuple[Adjusted, ...] = ()

    @property
    def driven(self) -> tuple[CheckedTrip, ...]:
        """Without adjustments, which nobody drove."""
        return tuple(trip for trip in self.trips if not trip.is_adjustment)

    @property
    def reasons(self) -> tuple[str, ...]:
        """What the rep wrote about the day and its drives, each once."""
        own = (trip.row for trip in self.trips if trip.row.entered_by_id is None)
        written = (self.said, *(row.change_reason for row in own))
        return tuple(dict.fromkeys(text for text in written if text and text != REPRICED))

    @property
    def road_metres(self) -> int:
        return sum(trip.row.road_metres for trip in self.trips)

    @property
    def metres(self) -> int:
        return sum(trip.row.metres for trip in self.trips)

    @property
    def measured_metres(self) -> int:
        return sum(trip.measured_metres for trip in self.trips)

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
    def claimed_minor(self) -> int:
        """What it asks for: what it takes back of earlier claims does not make that less."""
        trips = (trip.row for day in self.days for trip in day.trips)
        rows = (*trips, *(expense.row for expense in self.expenses))
        return sum(row.amount_minor for row in rows if row.contra_of_id is None)

    @property
    def road_metres(self) -> int:
        return sum(day.road_metres for day in self.days)

    @property
    def planned_metres(self) -> int:
        """Of the days whose route is still known."""
        return sum(day.planned_metres or 0 for day in self.days)

    @property
    def measured_metres(self) -> int:
        return sum(day.measured_metres for day in self.days)

    @property
    def trip_count(self) -> int:
        return sum(len(day.trips) for day in self.days)

    @property
    def line_count(self) -> int:
        return self.trip_count + len(self.expenses)

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
    return [_checked(claim, facts) for claim in claims]


def _checked(claim: Claim, facts: ClaimFacts) -> CheckedClaim:
    policy = Policy(facts.weekdays.get(claim.rep_id, WHOLE_WEEK), claim.from_on)
    closed = facts.closed[claim.rep_id]
    days = {visit.on for visit in facts.held[claim.rep_id].values()}
    held = {on for on in days if facts.covers(claim, on)}
    return CheckedClaim(
        row=claim,
        days=tuple(_days(claim, facts, policy)),
        expenses=tuple(_checked_expense(row, facts, policy) for row in facts.expenses[claim.id]),
        not_closed=tuple(review.not_closed(held, closed)),
    )


def _days(claim: Claim, facts: ClaimFacts, policy: Policy) -> Iterator[CheckedDay]:
    rows: dict[date, list[Trip]] = defaultdict(list)
    for row in facts.trips[claim.id]:
        rows[row.on].append(row)
    by_day = {on: _checked_trips(own, policy) for on, own in rows.items()}
    own = [each for each in facts.stretches.get(claim.rep_id, ()) if facts.explains(claim, each)]
    gaps = _gaps(own, by_day)
    drives = {on: [trip.drive for trip in trips if trip.drive] for on, trips in by_day.items()}
    most_on, over_claim = claim_excess(drives) or (None, None)
    for on, trips in sorted(by_day.items()):
        closed = facts.closed[claim.rep_id].get(on)
        day = CheckedDay(
            on,
            tuple(trips),
            facts.planned.get((claim.rep_id, on)) if any(trip.is_drive for trip in trips) else None,
            flags=(),
            said=closed.reason if closed else "",
            too_fast=tuple(pace.too_fast(_driven(facts, claim.rep_id, trips))),
            odometer=gaps.get(on),
            over_day=day_excess(drives[on]),
            over_claim=over_claim if on == most_on else None,
            adjusted=tuple(_adjusted(trips, facts.rates_from)),
        )
        yield replace(day, flags=_day_flags(day))


def _adjusted(trips: Iterable[CheckedTrip], rates_from: dict[int, date]) -> Iterator[Adjusted]:
    found: dict[date | None, list[int]] = defaultdict(list)
    for trip in trips:
        if trip.is_adjustment:
            found[rates_from.get(trip.row.rate_id or 0)].append(trip.row.amount_minor)
    for from_on in sorted(found, key=lambda on: on or date.min):
        yield Adjusted(from_on, len(found[from_on]), sum(found[from_on]))


def _day_flags(day: CheckedDay) -> tuple[Flag, ...]:
    """Those of the day itself, and of its trips those that are asked about once a day."""
    found = {flag for trip in day.trips for flag in trip.flags} - OF_TRIPS
    found |= set(review.day_flags(day.metres, day.planned_metres))
    of_day = {
        Flag.DAY_LONGER: day.over_day,
        Flag.CLAIM_LONGER: day.over_claim,
        Flag.ODOMETER: day.odometer,
        Flag.TOO_FAST: day.too_fast,
    }
    found |= {flag for flag, figures in of_day.items() if figures}
    return tuple(flag for flag in Flag if flag in found)


def _driven(facts: ClaimFacts, rep_id: int, trips: Sequence[CheckedTrip]) -> Iterator[pace.Held]:
    """The visits of a day as they were driven to, with the road that leads to each."""
    visits = facts.held[rep_id]
    for trip in trips:
        row = trip.row
        visit = visits.get(row.visit_id or 0)
        if visit is None or row.visit_id is None:
            continue
        seconds = row.road_seconds if row.network_version else None
        yield pace.Held(row.visit_id, row.to_label.split(",", 1)[0], visit.arrived_at, visit.left_at, seconds)


def _gaps(stretches: Iterable[Stretch], days: Iterable[date]) -> dict[date, OdometerGap]:
    """By the last day driven before the reading that shows it."""
    found = {}
    for stretch, gap in review.odometer_gaps(stretches):
        driven = [on for on in days if stretch.begins.on < on <= stretch.ends.on]
        if driven:
            found[max(driven)] = gap
    return found


def _checked_trips(rows: Sequence[Trip], policy: Policy) -> list[CheckedTrip]:
    """Of one day."""
    commutes = [_leg(row) for row in rows if row.commute_metres > 0]
    found = []
    for row in rows:
        same = next(_same_ways(row, commutes), None) if commutes else None
        found.append(CheckedTrip(row, review.trip_flags(_trip_facts(row, same), policy), same))
    return found


def _same_ways(row: Trip, commutes: Iterable[Leg]) -> Iterator[int]:
    """How long the ways to work are that a trip with an end in words may be."""
    ends = (row.from_account_id, row.from_lat), (row.to_account_id, row.to_lat)
    if row.origin is TripOrigin.MANUAL and (None, None) in ends:
        yield from (each.metres for each in commutes if is_same_way(_leg(row), each))


def _leg(row: Trip) -> Leg:
    return Leg(row.from_account_id, row.to_account_id, row.metres + row.commute_metres)


def _trip_facts(row: Trip, same_way_metres: int | None) -> TripFacts:
    return TripFacts(
        row.on,
        row.metres,
        row.road_metres if row.network_version else None,
        row.is_late,
        row.rate_id is not None,
        row.commute_metres,
        row.origin is TripOrigin.MANUAL,
        row.origin is TripOrigin.CONTRA,
        same_way_metres,
        row.origin is TripOrigin.ADJUSTMENT,
    )


def _checked_expense(row: Expense, facts: ClaimFacts, policy: Policy) -> CheckedExpense:
    findings = facts.findings.get(row.id, ())
    asked = frozenset(finding.flag for finding in findings)
    found = ExpenseFacts(row.on, row.is_late, asked, row.contra_of_id is not None)
    first_id = facts.begun.get(row.id, row.id)
    return CheckedExpense(row, review.expense_flags(found, policy), findings, first_id)
