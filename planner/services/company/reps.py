"""The reps an actor may plan for, to choose from and to name on a page."""

from __future__ import annotations

from dataclasses import dataclass
from datetime import date

from sqlalchemy import select
from sqlalchemy.orm import Session

from planner.database import name_order
from planner.domain.access import Actor
from planner.models.people import Person
from planner.services import scope


@dataclass(frozen=True, slots=True)
class RepChoice:
    rep_id: int
    name: str
    email: str


def choices(session: Session, actor: Actor, on: date) -> list[RepChoice]:
    """Active reps in the actor's scope, by name."""
    query = (
        select(Person.id, Person.name, Person.email)
        .where(Person.id.in_(scope.rep_ids(actor, on)), Person.is_active)
        .order_by(name_order(Person.name), Person.id)
    )
    return [RepChoice(*row) for row in session.execute(query)]
