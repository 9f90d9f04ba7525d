"""What an account is changed to on the spot: some of its fields, with what they were, so that it can go back.

Changes go through the account's own editing: they are judged and logged as every other one.
"""

from __future__ import annotations

from collections.abc import Mapping
from dataclasses import replace
from datetime import date, datetime
from typing import Any

from sqlalchemy import select
from sqlalchemy.orm import Session

from planner.domain.access import Actor
from planner.domain.errors import Conflict
from planner.domain.hours import Window
from planner.domain.visits import VisitState
from planner.models.visits import Visit
from planner.services import scope
from planner.services.accounts import account_edit
from planner.services.days import day_routes

FIELDS = ("lat", "lon", "parking_hint", "visit_seconds", "tags", "windows")


def change(
    session: Session,
    actor: Actor,
    now: datetime,
    today: date,
    account_id: int,
    fields: Mapping[str, Any],
) -> dict[str, Any]:
    """Change fields of an account and mark the days it is visited on; returns what ``take_back`` needs.

    Raises NotFound for an account outside the actor's scope, Invalid for what it cannot have.
    """
    account = scope.account(session, actor, account_id, today)
    draft = account_edit.draft_of(account)
    account_edit.update(session, actor, now, today, account_id, account.rev, replace(draft, **dict(fields)))
    _mark(session, account_id, today)
    before = {name: getattr(draft, name) for name in FIELDS}
    before["windows"] = [[w.weekday, w.opens_seconds, w.closes_seconds] for w in draft.windows]
    before["tags"] = list(draft.tags)
    return {"account_id": account_id, "rev": account.rev, "fields": before}


def take_back(session: Session, actor: Actor, now: datetime, today: date, kept: Mapping[str, Any]) -> None:
    """Raises Conflict("day_changed_since") where somebody has changed the account since."""
    account = scope.account(session, actor, kept["account_id"], today)
    if account.rev != kept["rev"]:
        raise Conflict("day_changed_since")
    fields = dict(kept["fields"])
    fields["windows"] = tuple(Window(*window) for window in fields["windows"])
    fields["tags"] = tuple(fields["tags"])
    draft = replace(account_edit.draft_of(account), **fields)
    account_edit.update(session, actor, now, today, account.id, account.rev, draft)
    _mark(session, account.id, today)


def visits_to_come(session: Session, account_id: int, today: date) -> list[Visit]:
    query = select(Visit).where(Visit.account_id == account_id, Visit.on >= today)
    return list(session.scalars(query.where(Visit.state == VisitState.PLANNED).order_by(Visit.on)))


def _mark(session: Session, account_id: int, today: date) -> None:
    """The routes of the days on which it will be visited are not true any more."""
    for visit in visits_to_come(session, account_id, today):
        day_routes.mark_stale(session, visit.rep_id, [visit.on])
