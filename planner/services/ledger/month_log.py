"""A rep's log of a month: each day driven, the expenses, what they come to, and what is still missing."""

from __future__ import annotations

from collections.abc import Sequence
from dataclasses import dataclass
from datetime import date, timedelta
from itertools import groupby

from sqlalchemy import select
from sqlalchemy.orm import Session, selectinload

from planner.domain import mileage
from planner.domain.access import Actor
from planner.domain.findings import Finding
from planner.domain.mileage import TripOrigin
from planner.domain.mileage_rates import tax_year
from planner.domain.money import by_currency
from planner.domain.months import MonthShown, month
from planner.domain.review import not_closed
from planner.models.ledger import Claim, ClosedDay, Expense, Trip
from planner.models.territories import Territory
from planner.models.visits import Visit
from planner.services import scope
from planner.services.ledger import (
    adjustments,
    chain,
    claims,
    closed_months,
    entries,
    expense_findings,
    own_currency,
)
from planner.services.ledger.chain import Shown


@dataclass(frozen=True, slots=True)
class LogDay:
    on: date
    trips: tuple[Trip, ...]

    @property
    def metres(self) -> int:
        return sum(trip.metres for trip in self.trips if not trip.is_private)

    @property
    def amounts(self) -> dict[str, int]:
        return by_currency((trip.amount_minor, trip.currency) for trip in self.trips)

    @property
    def drive_count(self) -> int:
        """Without those that were taken back."""
        origins = [trip.origin for trip in self.trips]
        taken_back = origins.count(TripOrigin.CONTRA)
        return len(origins) - origins.count(TripOrigin.ADJUSTMENT) - 2 * taken_back

    @property
    def is_late(self) -> bool:
        return any(trip.is_late for trip in self.trips)


@dataclass(frozen=True, slots=True)
class MonthLog(MonthShown):
    """``claims`` are the month's own, one for each currency; an entry made after they were submitted is in a
    later one (``elsewhere``). ``come_to`` is what each asks for in all, by its id: what came late for an
    earlier month, or takes something of it back, is on no day of this one.

    ``chain`` is the proof of the entries shown; ``is_closed``: the month takes no new ones.
    ``proposed`` says how many adjustments wait for the rep, of this tax
    year and the one before. ``findings`` are what policy asks about expenses, by their id.
    ``currency`` is the one that sums of nothing are told in.
    """

    currency: str
    days: tuple[LogDay, ...]
    expenses: tuple[Expense, ...]
    claims: tuple[Claim, ...]
    come_to: dict[int, int]
    not_closed: tuple[date, ...]
    elsewhere: int
    proposed: int
    chain: Shown | None
    is_closed: bool
    findings: dict[int, tuple[Finding, ...]]

    @property
    def metres(self) -> int:
        return sum(day.metres for day in self.days)

    @property
    def mileage(self) -> dict[str, int]:
        """What the days shown come to, by currency."""
        paid = (trip for day in self.days for trip in day.trips)
        return by_currency((trip.amount_minor, trip.currency) for trip in paid) or {self.currency: 0}

    @property
    def spent(self) -> dict[str, int]:
        """What the expenses shown come to, by currency."""
        return by_currency((each.amount_minor, each.currency) for each in self.expenses) or {self.currency: 0}

    @property
    def has_no_rate(self) -> bool:
        trips = (trip for day in self.days for trip in day.trips)
        return any(trip.rate_id is None and not trip.is_private and trip.metres > 0 for trip in trips)


def month_log(session: Session, actor: Actor, today: date, on: date) -> MonthLog:
    """The actor's own log of the month of ``on``."""
    first, until = month(on)
    trips = _trips(session, actor.user_id, first, until)
    spent = _expenses(session, actor.user_id, first, until)
    own = claims.of_month(session, actor.user_id, first)
    territory = scope.home_territory(session, actor.user_id, today)
    own_ids = {claim.id for claim in own}
    counted = [trip for trip in trips if not trip.is_private]
    recent = _former_tax_year(territory, today)
    waiting = adjustments.of_rep(session, actor, today, actor.user_id, recent)
    return MonthLog(
        first=first,
        today=today,
        currency=own[0].currency if own else own_currency.of_day(session, actor.user_id, first, today),
        days=tuple(LogDay(day, tuple(rows)) for day, rows in groupby(trips, key=lambda trip: trip.on)),
        expenses=tuple(spent),
        claims=tuple(own),
        come_to={claim.id: claims.totals_of(session, claim).amount_minor for claim in own},
        not_closed=tuple(days_not_closed(session, actor.user_id, first, min(until, today))),
        proposed=sum(len(each.proposals) for each in waiting),
        chain=chain.of_entries(session, actor.user_id, [*trips, *spent]),
        findings=expense_findings.of_lines(session, spent),
        is_closed=closed_months.is_closed(session, actor.user_id, first),
        elsewhere=sum(entry.claim_id not in own_ids for entry in (*counted, *spent)),
    )


def _former_tax_year(territory: Territory | None, today: date) -> date:
    """The first day of the tax year before this one."""
    country = territory.country if territory else ""
    return tax_year(country, tax_year(country, today)[0] - timedelta(days=1))[0]


def _trips(session: Session, rep_id: int, first: date, until: date) -> Sequence[Trip]:
    query = select(Trip).where(Trip.rep_id == rep_id, Trip.on >= first, Trip.on < until)
    rows = query.where(entries.standing(Trip)).order_by(Trip.on.desc(), Trip.position, Trip.id)
    return session.scalars(rows.options(selectinload(Trip.parts))).all()


def _expenses(session: Session, rep_id: int, first: date, until: date) -> Sequence[Expense]:
    query = select(Expense).where(Expense.rep_id == rep_id, Expense.on >= first, Expense.on < until)
    rows = query.where(entries.standing(Expense)).order_by(Expense.on.desc(), Expense.id)
    return session.scalars(rows.options(selectinload(Expense.receipt))).all()


def days_not_closed(session: Session, rep_id: int, first: date, until: date) -> list[date]:
    """Days before ``until`` with visits held and no trips yet: today is still under way."""
    held = select(Visit.on).where(Visit.rep_id == rep_id, Visit.on >= first, Visit.on < until)
    closed = select(ClosedDay.on).where(ClosedDay.rep_id == rep_id, ClosedDay.on >= first)
    return not_closed(
        session.scalars(held.where(Visit.state.in_(mileage.DRIVEN_TO))), session.scalars(closed)
    )
