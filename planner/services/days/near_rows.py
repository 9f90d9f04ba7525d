"""The accounts a rep could call at beside the day's visits: those that are due, and prospects."""

from __future__ import annotations

from dataclasses import dataclass
from datetime import date

from sqlalchemy import select
from sqlalchemy.orm import Session, selectinload

from planner.domain.access import Actor
from planner.domain.cadence import DueState
from planner.domain.visits import VisitState
from planner.models.accounts import Account, AccountKind
from planner.models.visits import Visit
from planner.services import scope
from planner.services.accounts import account_due, account_next, opening_hours
from routing.types import Place


@dataclass(frozen=True, slots=True)
class NearRow:
    """``due`` None for a prospect without a cadence of its own."""

    account: Account
    place: Place
    is_prospect: bool
    due: DueState | None
    last_on: date | None
    next_on: date | None
    is_closed: bool


def due_or_new(session: Session, actor: Actor, on: date) -> list[NearRow]:
    """Own accounts on the map without a visit that day; a fixed number of queries."""
    there = select(Visit.account_id).where(Visit.on == on, Visit.state != VisitState.CANCELLED)
    last, coming = account_due.last_held(on), account_next.planned(on)
    query = (
        select(Account, last.c.on, last.c.see_again_days, coming.c.on)
        .outerjoin(last, last.c.account_id == Account.id)
        .outerjoin(coming, coming.c.account_id == Account.id)
        .where(scope.owned_accounts(actor, on), Account.archived_at.is_(None), Account.id.not_in(there))
        .where(Account.lat.is_not(None))
        .options(selectinload(Account.windows), selectinload(Account.blocks))
        .order_by(Account.id)
    )
    rules = account_due.rules(session)
    found = []
    for account, last_on, see_again_days, next_on in session.execute(query):
        due = account_due.due_of(account, rules, last_on, see_again_days, on)
        is_prospect = account.kind is AccountKind.PROSPECT
        place = Place(account.lon, account.lat, account.name)
        if is_prospect or (due is not None and due.state is not DueState.NOT_DUE):
            closed = opening_hours.is_closed_on(account, on)
            state = due.state if due else None
            found.append(NearRow(account, place, is_prospect, state, last_on, next_on, closed))
    return found
