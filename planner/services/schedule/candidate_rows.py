"""The rows the rotation's candidates are made from: accounts, who owns them when, visits held and to come."""

from __future__ import annotations

from collections import defaultdict
from collections.abc import Sequence
from dataclasses import dataclass
from datetime import date, timedelta

from sqlalchemy import func, or_, select
from sqlalchemy.orm import Session, selectinload

from planner.domain.visits import UNDECIDED, VisitKind, VisitState
from planner.models.accounts import Account
from planner.models.territories import Ownership
from planner.models.visits import Visit

COVER = "cover"
"""The reason of a visit made for somebody else."""


@dataclass(frozen=True, slots=True)
class Span:
    """The dates planned, ``until_on`` not included, and the date it is planned on."""

    from_on: date
    until_on: date
    today: date

    def __len__(self) -> int:
        return (self.until_on - self.from_on).days

    def day(self, on: date) -> int:
        return (on - self.from_on).days

    def date_of(self, day: int) -> date:
        return self.from_on + timedelta(days=day)


@dataclass(frozen=True, slots=True)
class Owned:
    """A range of the rep's ownership; ``until_on`` does not count, None is open."""

    from_on: date
    until_on: date | None


@dataclass(frozen=True, slots=True)
class Held:
    """The visit the next due window is counted from."""

    on: date
    see_again_days: int | None


def ownerships(session: Session, rep_id: int, span: Span) -> dict[int, list[Owned]]:
    """By account, the ranges in which the rep owns it, as far as they touch the span."""
    query = (
        select(Ownership.account_id, Ownership.from_on, Ownership.until_on)
        .where(Ownership.rep_id == rep_id, Ownership.from_on < span.until_on)
        .where(or_(Ownership.until_on.is_(None), Ownership.until_on > span.from_on))
    )
    found: dict[int, list[Owned]] = defaultdict(list)
    for account_id, from_on, until_on in session.execute(query):
        found[account_id].append(Owned(from_on, until_on))
    return found


def standing_visits(session: Session, rep_id: int, span: Span) -> dict[int, list[Visit]]:
    """Visits to come, from today on: those before the span count as held when it begins."""
    query = (
        select(Visit)
        .where(Visit.rep_id == rep_id, Visit.on >= span.today, Visit.on < span.until_on)
        .where(Visit.state.in_(UNDECIDED))
        .order_by(Visit.on)
    )
    found: dict[int, list[Visit]] = defaultdict(list)
    for visit in session.scalars(query):
        found[visit.account_id].append(visit)
    return found


def covered_visits(session: Session, rep_id: int, span: Span) -> dict[int, date]:
    """By account, the last visit to come that somebody else makes there: it counts as held."""
    query = (
        select(Visit.account_id, func.max(Visit.on))
        .where(Visit.rep_id != rep_id, Visit.reason == COVER, Visit.state.in_(UNDECIDED))
        .where(Visit.on >= span.today, Visit.on < span.until_on)
        .group_by(Visit.account_id)
    )
    return dict(session.execute(query).all())


def prospect_visits(session: Session, rep_id: int, span: Span) -> Sequence[date]:
    """Dates of the rep's visits to prospects in the week the span begins in, before it: held or to come."""
    monday = span.from_on - timedelta(days=span.from_on.weekday())
    query = (
        select(Visit.on)
        .where(Visit.rep_id == rep_id, Visit.kind == VisitKind.PROSPECT)
        .where(Visit.on >= monday, Visit.on < span.from_on)
        .where(Visit.state.in_((*UNDECIDED, VisitState.DONE, VisitState.MISSED)))
    )
    return session.scalars(query).all()


def accounts(session: Session, ids: set[int]) -> Sequence[Account]:
    """Accounts in use, with opening windows and blocks, by id."""
    query = (
        select(Account)
        .where(Account.id.in_(ids), Account.archived_at.is_(None))
        .options(selectinload(Account.windows), selectinload(Account.blocks))
        .order_by(Account.id)
    )
    return session.scalars(query).all()


def last_held(session: Session, span: Span) -> dict[int, Held]:
    """Of every account the last visit that took place, whoever held it."""
    newest = func.row_number().over(partition_by=Visit.account_id, order_by=Visit.on.desc())
    held = (
        select(Visit.account_id, Visit.on, Visit.see_again_days, newest.label("age"))
        .where(Visit.state == VisitState.DONE, Visit.on < span.from_on)
        .subquery()
    )
    query = select(held.c.account_id, held.c.on, held.c.see_again_days).where(held.c.age == 1)
    return {account_id: Held(on, see_again) for account_id, on, see_again in session.execute(query)}
