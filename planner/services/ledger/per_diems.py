"""Per diem of a day: reckoned from its times and proposed to the rep, who claims it or does not.

The times are those of the first and last visit that was driven to, with the drives from and to the base, in
the territory's zone. A day counts when it is closed: its drives are known by then. One that ends past
midnight may belong to the next date (``DayAway.counts_on``): it is worth what holds then, and stands there.
"""

from __future__ import annotations

from collections.abc import Sequence
from dataclasses import dataclass
from datetime import date, datetime, timedelta
from uuid import UUID, uuid5
from zoneinfo import ZoneInfo

from sqlalchemy import select
from sqlalchemy.orm import Session

from planner.domain import mileage
from planner.domain.access import Actor
from planner.domain.errors import Conflict
from planner.domain.expenses import ExpenseCategory
from planner.domain.mileage import TripOrigin
from planner.domain.per_diem import DayAway, Tier, proposed
from planner.models.expense_terms import PerDiemRate
from planner.models.ledger import Expense, Trip
from planner.models.visits import Visit
from planner.services import scope
from planner.services.days import nights
from planner.services.ledger import chain, entries, expenses, per_diem_rates
from planner.services.ledger.expense_lines import NewExpense


@dataclass(frozen=True, slots=True)
class Proposal:
    """``away`` None: the times of the day are not all noted. ``is_claimed``: it has one already."""

    away: DayAway | None = None
    rates: tuple[PerDiemRate, ...] = ()
    is_claimed: bool = False

    @property
    def seen(self) -> tuple[int, ...]:
        """What a form says it showed."""
        return tuple(rate.id for rate in self.rates)


def proposal(session: Session, actor: Actor, on: date) -> Proposal | None:
    """What the actor's own day is worth; None where no per diems hold, or nothing was driven."""
    territory = scope.home_territory(session, actor.user_id, on)
    known = per_diem_rates.on_day(session, territory.country, on) if territory else []
    drives = _drives(session, actor.user_id, on)
    if territory is None or not known or not drives:
        return None
    spent = expenses.categories_of_day(session, actor.user_id, on)
    has_lodging = ExpenseCategory.LODGING in spent
    away = _away(session, actor.user_id, on, drives, ZoneInfo(territory.zone), has_lodging)
    counts_on = away.counts_on if away else on
    if counts_on != on:
        known = per_diem_rates.on_day(session, territory.country, counts_on)
        spent = expenses.categories_of_day(session, actor.user_id, counts_on)
    if ExpenseCategory.PER_DIEM in spent or (counts_on != on and _stands_on_its_day(session, actor, on)):
        return Proposal(is_claimed=True)
    if away is None:
        return Proposal()
    by_id = {rate.id: rate for rate in known}
    tiers = [Tier(row.id, row.kind, row.from_minutes, row.amount_minor) for row in known]
    return Proposal(away, tuple(by_id[tier.rate_id] for tier in proposed(away, tiers)))


def claim(
    session: Session,
    actor: Actor,
    now: datetime,
    today: date,
    on: date,
    uid: str,
    seen: Sequence[int],
) -> list[Expense]:
    """Enter what was proposed for the day, as the form showed it. The same ``uid`` again changes nothing.

    Raises Conflict("per_diem_taken"), Conflict("per_diem_changed") when the day says something else by now,
    and what ``expenses.add`` does.
    """
    first = entries.uuid_text(uid)
    chain.hold(session, actor.user_id)  # of two tabs one waits, and then finds it claimed
    mine = select(Expense).where(Expense.rep_id == actor.user_id, Expense.uid == first)
    if (known := session.scalar(mine)) is not None:
        return [known]
    found = proposal(session, actor, on)
    if found is not None and found.is_claimed:
        raise Conflict("per_diem_taken")
    if found is None or found.away is None or not found.rates or found.seen != tuple(seen):
        raise Conflict("per_diem_changed")
    return [
        expenses.add(session, actor, now, today, _entry(each, rate, found.away))
        for each, rate in zip(_uids(first, len(found.rates)), found.rates, strict=True)
    ]


def _entry(uid: str, rate: PerDiemRate, away: DayAway) -> NewExpense:
    how = "%Y-%m-%d %H:%M" if away.is_past_midnight else "%H:%M"
    said = f"{away.left_at:{how}}–{away.back_at:{how}}"
    return NewExpense(
        uid=uid,
        on=away.counts_on,
        category=ExpenseCategory.PER_DIEM,
        amount_minor=rate.amount_minor,
        currency=rate.currency,
        note=said,
        per_diem_id=rate.id,
    )


def _stands_on_its_day(session: Session, actor: Actor, on: date) -> bool:
    """Whether there is one of a day past midnight that was entered on the day itself, as was done before the
    hours said on which date it counts; those of today's way say both dates in their note."""
    mine = select(Expense.id).where(
        Expense.rep_id == actor.user_id, Expense.on == on, entries.in_force(Expense)
    )
    of_times = mine.where(Expense.category == ExpenseCategory.PER_DIEM, Expense.note.not_like("____-__-__ %"))
    return session.scalar(of_times.limit(1)) is not None


def _uids(first: str, count: int) -> list[str]:
    """A uid for each entry, the same ones whenever the form is sent."""
    return [first, *(str(uuid5(UUID(first), str(number))) for number in range(1, count))]


def _drives(session: Session, rep_id: int, on: date) -> Sequence[Trip]:
    """Those made of the day, in order."""
    query = select(Trip).where(
        Trip.rep_id == rep_id, Trip.on == on, Trip.origin == TripOrigin.DAY, entries.in_force(Trip)
    )
    return session.scalars(query.order_by(Trip.position, Trip.id)).all()


def _away(
    session: Session, rep_id: int, on: date, drives: Sequence[Trip], zone: ZoneInfo, has_lodging: bool
) -> DayAway | None:
    query = select(Visit).where(Visit.rep_id == rep_id, Visit.on == on, Visit.state.in_(mileage.DRIVEN_TO))
    visits = session.scalars(query).all()
    arrived = [row.arrived_at for row in visits if row.arrived_at is not None]
    left = [at for row in visits if (at := row.left_at or row.arrived_at) is not None]
    if not arrived or not left:
        return None
    slept = nights.of_day(session, rep_id, on)
    return DayAway(
        (min(arrived) - timedelta(seconds=drives[0].road_seconds)).astimezone(zone),
        (max(left) + timedelta(seconds=drives[-1].road_seconds)).astimezone(zone),
        night_before=slept.before is not None,
        night_after=slept.after is not None,
        has_lodging=has_lodging,
        on=on,
    )
