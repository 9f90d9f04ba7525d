"""What accounts can be filtered by and assigned to: the values in use within an actor's scope."""

from __future__ import annotations

import json
from collections.abc import Iterable
from dataclasses import dataclass
from datetime import date

from sqlalchemy import ColumnElement, String, cast, select
from sqlalchemy.orm import Session

from planner.domain.access import Actor
from planner.models.accounts import Account
from planner.models.territories import Territory
from planner.services import scope
from planner.services.company import reps
from planner.services.company.reps import RepChoice


@dataclass(frozen=True, slots=True)
class TerritoryChoice:
    territory_id: int
    name: str
    currency: str
    network_name: str


@dataclass(frozen=True, slots=True)
class Choices:
    industries: tuple[str, ...]
    cities: tuple[str, ...]
    tags: tuple[str, ...]
    territories: tuple[TerritoryChoice, ...]
    reps: tuple[RepChoice, ...]


def choices(session: Session, actor: Actor, on: date) -> Choices:
    """All that the filters of the list offer, in five queries."""
    visible = (scope.owned_accounts(actor, on), Account.archived_at.is_(None))
    places = session.execute(select(Account.industry, Account.city).where(*visible).distinct()).all()
    return Choices(
        industries=_sorted(row.industry for row in places),
        cities=_sorted(row.city for row in places),
        tags=tags(session, actor, on),
        territories=tuple(territories(session, actor, on)),
        reps=tuple(reps.choices(session, actor, on)),
    )


def tags(session: Session, actor: Actor, on: date) -> tuple[str, ...]:
    """The tags of the accounts in the actor's scope, by name."""
    # JSON has no equality in PostgreSQL, so these cannot be made distinct there.
    query = select(Account.tags).where(
        scope.owned_accounts(actor, on), Account.archived_at.is_(None), cast(Account.tags, String) != "[]"
    )
    return _sorted(tag for row in session.scalars(query) for tag in row)


def has_tag(tag: str) -> ColumnElement[bool]:
    """The condition on ``Account``. Tags are stored as a JSON list of texts: one is found with its quotes."""
    return cast(Account.tags, String).contains(json.dumps(tag), autoescape=True)


def territories(session: Session, actor: Actor, on: date) -> list[TerritoryChoice]:
    """The territories in the actor's scope, by name."""
    query = (
        select(Territory.id, Territory.name, Territory.currency, Territory.network_name)
        .where(Territory.id.in_(scope.territory_ids(actor, on)))
        .order_by(Territory.name)
    )
    return [TerritoryChoice(*row) for row in session.execute(query)]


def _sorted(texts: Iterable[str]) -> tuple[str, ...]:
    return tuple(sorted({text for text in texts if text}, key=str.casefold))
