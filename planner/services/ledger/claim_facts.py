"""The rows behind a set of claims, read in a fixed number of queries: lines, closed days, routes, shifts."""

from __future__ import annotations

from collections import defaultdict
from collections.abc import Iterable, Sequence
from dataclasses import dataclass
from datetime import date, datetime

from sqlalchemy import select, tuple_
from sqlalchemy.orm import Session, selectinload

from planner.domain import mileage
from planner.domain.findings import Finding
from planner.domain.odometer import Stretch
from planner.models.ledger import Claim, ClosedDay, Expense, MileageRate, Trip
from planner.models.people import Shift
from planner.models.visits import Visit
from planner.services.ledger import entries, expense_findings, odometers, planned_ways, rate_places
from planner.services.ledger.rate_places import RepPlaces


@dataclass(frozen=True, slots=True)
class HeldVisit:
    """A visit driven to, with the times that were tapped."""

    on: date
    arrived_at: datetime | None
    left_at: datetime | None


@dataclass(frozen=True, slots=True)
class OneOfTwo:
    claim_id: int
    currency: str
    driven_on: frozenset[date]


@dataclass(frozen=True, slots=True)
class ClaimFacts:
    """Rows of all claims at once, by claim or by rep; visits held by rep and id; ``findings`` by expense;
    ``begun`` leads from an expense that corrects another to the first of them.
    ``stretches`` lie between a rep's odometer readings, whichever claims what was driven is in; ``places``
    is where each rep belongs; ``rates_from`` says since when the rates of adjustments hold. ``of_month``:
    where a rep has several claims of a month, all of them in the order begun, whichever are looked at."""

    trips: dict[int, list[Trip]]
    expenses: dict[int, list[Expense]]
    closed: dict[int, dict[date, ClosedDay]]
    stretches: dict[int, list[Stretch]]
    held: dict[int, dict[int, HeldVisit]]
    planned: dict[tuple[int, date], int]
    weekdays: dict[int, frozenset[int]]
    findings: dict[int, tuple[Finding, ...]]
    begun: dict[int, int]
    places: dict[int, RepPlaces]
    of_month: dict[tuple[int, date], list[OneOfTwo]]
    rates_from: dict[int, date]

    def covers(self, claim: Claim, on: date) -> bool:
        """Whether what is asked about a day is asked in this claim: in one, and one only, of its month."""
        return claim.from_on <= on < claim.until_on and claim.id == self._of_day(claim, on)

    def explains(self, claim: Claim, stretch: Stretch) -> bool:
        """Whether an odometer is asked about in this claim: of a month's two in the one with the last drive
        between the readings, for the question stands beside a drive."""
        between = [
            (max(days), -each.claim_id)
            for each in self.of_month.get((claim.rep_id, claim.from_on), ())
            if (days := [on for on in each.driven_on if stretch.begins.on < on <= stretch.ends.on])
        ]
        if not between:
            return self.covers(claim, stretch.asked_on)
        in_month = claim.from_on <= stretch.asked_on < claim.until_on
        return in_month and claim.id == -max(between)[1]

    def _of_day(self, claim: Claim, on: date) -> int:
        """The claim of a day's currency; of a day with another one than the month's claims, the first."""
        found = self.of_month.get((claim.rep_id, claim.from_on))
        if not found:
            return claim.id
        currency = self.places[claim.rep_id].currency(on)
        return next((each.claim_id for each in found if each.currency == currency), found[0].claim_id)


def gather(session: Session, claims: Sequence[Claim]) -> ClaimFacts:
    """The rows of all claims. The caller has checked the scope; there is at least one claim.

    What is known of a claim is the same whichever are looked at beside it: days are read from the first that
    any of their lines is of, for one that came late is of an earlier month than its claim."""
    ids = [claim.id for claim in claims]
    reps = {claim.rep_id for claim in claims}
    begin, last = min(claim.from_on for claim in claims), max(claim.until_on for claim in claims)
    driven, spent = _trips(session, ids), _expenses(session, ids)
    every_trip = [row for rows in driven.values() for row in rows]
    first = min([begin, *(row.on for row in every_trip)])
    return ClaimFacts(
        trips=driven,
        expenses=spent,
        closed=_closed(session, reps, first, last),
        stretches=odometers.stretches_asked(session, reps, begin, last),
        held=_held(session, reps, first, last),
        planned=planned_ways.metres_of_days(session, reps, first, last, every_trip),
        weekdays=_weekdays(session, reps),
        findings=expense_findings.of_lines(session, [row for rows in spent.values() for row in rows]),
        begun=_begun(session, reps),
        places=rate_places.of_reps(session, reps),
        of_month=_of_month(session, claims),
        rates_from=_rates_from(session, every_trip),
    )


def _of_month(session: Session, claims: Sequence[Claim]) -> dict[tuple[int, date], list[OneOfTwo]]:
    months = {(claim.rep_id, claim.from_on) for claim in claims if claim.is_one_of_two}
    found: dict[tuple[int, date], list[OneOfTwo]] = defaultdict(list)
    if not months:
        return found
    these = tuple_(Claim.rep_id, Claim.from_on).in_(months)
    driven: dict[int, set[date]] = defaultdict(set)
    drives = select(Trip.claim_id, Trip.on).join(Claim, Claim.id == Trip.claim_id)
    for claim_id, on in session.execute(drives.where(these, entries.standing(Trip)).distinct()):
        driven[claim_id].add(on)
    for row in session.execute(
        select(Claim.id, Claim.rep_id, Claim.from_on, Claim.currency).where(these).order_by(Claim.id)
    ):
        one = OneOfTwo(row.id, row.currency, frozenset(driven[row.id]))
        found[row.rep_id, row.from_on].append(one)
    return found


def _trips(session: Session, claim_ids: Sequence[int]) -> dict[int, list[Trip]]:
    query = select(Trip).where(Trip.claim_id.in_(claim_ids), entries.standing(Trip))
    found: dict[int, list[Trip]] = defaultdict(list)
    for row in session.scalars(query.order_by(Trip.on, Trip.position, Trip.id)):
        found[row.claim_id or 0].append(row)
    return found


def _rates_from(session: Session, trips: Iterable[Trip]) -> dict[int, date]:
    ids = {row.rate_id for row in trips if row.origin is mileage.TripOrigin.ADJUSTMENT}
    query = select(MileageRate.id, MileageRate.effective_from_on).where(MileageRate.id.in_(ids))
    return {row.id: row.effective_from_on for row in session.execute(query)} if ids else {}


def _expenses(session: Session, claim_ids: Sequence[int]) -> dict[int, list[Expense]]:
    query = select(Expense).where(Expense.claim_id.in_(claim_ids), entries.standing(Expense))
    found: dict[int, list[Expense]] = defaultdict(list)
    rows = query.options(selectinload(Expense.receipt)).order_by(Expense.on, Expense.id)
    for row in session.scalars(rows):
        found[row.claim_id or 0].append(row)
    return found


def _begun(session: Session, reps: Iterable[int]) -> dict[int, int]:
    corrected = Expense.corrects_id.is_not(None)
    query = select(Expense.id, Expense.corrects_id).where(Expense.rep_id.in_(reps), corrected)
    found: dict[int, int] = {}
    for expense_id, corrects_id in session.execute(query.order_by(Expense.id)):
        found[expense_id] = found.get(corrects_id, corrects_id)  # what corrects was entered later
    return found


def _closed(
    session: Session, reps: Iterable[int], first: date, last: date
) -> dict[int, dict[date, ClosedDay]]:
    found: dict[int, dict[date, ClosedDay]] = defaultdict(dict)
    query = select(ClosedDay).where(ClosedDay.rep_id.in_(reps), ClosedDay.on >= first, ClosedDay.on < last)
    for row in session.scalars(query):
        found[row.rep_id][row.on] = row
    return found


def _held(session: Session, reps: Iterable[int], first: date, last: date) -> dict[int, dict[int, HeldVisit]]:
    found: dict[int, dict[int, HeldVisit]] = defaultdict(dict)
    query = select(Visit.rep_id, Visit.id, Visit.on, Visit.arrived_at, Visit.left_at).where(
        Visit.rep_id.in_(reps), Visit.on >= first, Visit.on < last, Visit.state.in_(mileage.DRIVEN_TO)
    )
    for rep_id, visit_id, *held in session.execute(query):
        found[rep_id][visit_id] = HeldVisit(*held)
    return found


def _weekdays(session: Session, reps: Iterable[int]) -> dict[int, frozenset[int]]:
    found: dict[int, set[int]] = defaultdict(set)
    for rep_id, weekday in session.execute(select(Shift.rep_id, Shift.weekday).where(Shift.rep_id.in_(reps))):
        found[rep_id].add(weekday)
    return {rep_id: frozenset(days) for rep_id, days in found.items()}
