"""Claims that are with their rep: returned ones, and those of months that are over and not submitted yet."""

from __future__ import annotations

from collections.abc import Sequence
from dataclasses import dataclass
from datetime import date

from sqlalchemy import ColumnElement, exists, or_, select
from sqlalchemy.orm import Session, selectinload

from planner.domain.access import Actor
from planner.domain.claims import EDITABLE, ClaimState
from planner.models.ledger import Claim, Expense, Trip
from planner.models.people import Person
from planner.services import scope
from planner.services.ledger import entries


@dataclass(frozen=True, slots=True)
class Unsubmitted:
    claim: Claim
    rep_name: str

    @property
    def is_returned(self) -> bool:
        return self.claim.state is ClaimState.RETURNED

    @property
    def returned_because(self) -> str:
        return self.claim.events[-1].reason if self.is_returned and self.claim.events else ""


def of_rep(session: Session, rep_id: int, today: date) -> Sequence[Unsubmitted]:
    """A rep's own, oldest month first. The caller has checked the scope."""
    return _found(session, Claim.rep_id == rep_id, today)


def of_team(session: Session, actor: Actor, today: date) -> Sequence[Unsubmitted]:
    """Those of everybody in the actor's scope, oldest month first."""
    return _found(session, Claim.rep_id.in_(scope.rep_ids(actor, today)), today)


def _found(session: Session, whose: ColumnElement[bool], today: date) -> list[Unsubmitted]:
    """In two queries. A claim without entries cannot be submitted, so nobody waits for it."""
    has_entries = or_(
        *(exists().where(table.claim_id == Claim.id, entries.standing(table)) for table in (Trip, Expense))
    )
    is_due = or_(Claim.state == ClaimState.RETURNED, Claim.until_on <= today)
    query = select(Claim, Person.name).join(Person, Person.id == Claim.rep_id)
    rows = query.where(whose, Claim.state.in_(EDITABLE), is_due, has_entries)
    ordered = rows.options(selectinload(Claim.events)).order_by(Claim.from_on, Person.name, Claim.id)
    return [Unsubmitted(claim, name) for claim, name in session.execute(ordered)]
