"""Visits a rep adds to a day by hand: which accounts there are to choose from, and adding one."""

from __future__ import annotations

from dataclasses import dataclass
from datetime import date, datetime

from sqlalchemy import func, select
from sqlalchemy.orm import Session

from planner.database import name_order
from planner.domain.access import Actor
from planner.domain.errors import Locked
from planner.domain.searching import folded
from planner.domain.visits import VisitState
from planner.models.accounts import Account
from planner.models.visits import Visit
from planner.services import scope
from planner.services.days import visits
from planner.services.schedule import agreements
from planner.services.schedule.agreements import Wish

MOST_CHOICES = 30


@dataclass(frozen=True, slots=True)
class AccountChoice:
    """``last_on`` is the last visit held, ``next_on`` the next one planned after the day asked for."""

    account_id: int
    name: str
    address: str
    account_class: str
    last_on: date | None
    next_on: date | None


def choices(session: Session, actor: Actor, on: date, search: str) -> list[AccountChoice]:
    """Own accounts without a visit that day, by name; ``search`` looks into what an account is found by."""
    there = select(Visit.account_id).where(Visit.on == on, Visit.state != VisitState.CANCELLED)
    last = select(func.max(Visit.on)).where(Visit.account_id == Account.id, Visit.state == VisitState.DONE)
    coming = select(func.min(Visit.on)).where(
        Visit.account_id == Account.id, Visit.state == VisitState.PLANNED, Visit.on > on
    )
    query = (
        select(
            Account.id,
            Account.name,
            Account.address,
            Account.account_class,
            last.correlate(Account).scalar_subquery(),
            coming.correlate(Account).scalar_subquery(),
        )
        .where(scope.owned_accounts(actor, on), Account.archived_at.is_(None), Account.id.not_in(there))
        .order_by(name_order(Account.name), Account.id)
        .limit(MOST_CHOICES)
    )
    for word in folded(search).split():
        query = query.where(Account.search_text.contains(word, autoescape=True))
    return [AccountChoice(row[0], row[1], row[2], row[3].value, *row[4:]) for row in session.execute(query)]


def add(session: Session, actor: Actor, now: datetime, today: date, account_id: int, on: date) -> int:
    """Make a must-visit of that day; its place in the route is found when the day is put in order.

    Returns the visit's id. Raises as ``agreements.agree`` does, and Locked("day_closed").
    """
    if visits.is_closed(session, actor.user_id, on):
        raise Locked("day_closed", on=on.isoformat())
    return agreements.agree(session, actor, now, today, Wish(account_id, on)).visit_id
