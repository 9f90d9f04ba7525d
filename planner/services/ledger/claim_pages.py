"""What the pages about claims show: one claim with its timeline, and the reviewer's queue."""

from __future__ import annotations

from collections.abc import Iterable
from dataclasses import dataclass
from datetime import date, datetime

from sqlalchemy import select
from sqlalchemy.orm import Session, selectinload

from planner.domain.access import Actor
from planner.domain.claims import (
    TRANSITIONS,
    ClaimAction,
    ClaimState,
    Party,
    party,
)
from planner.domain.errors import Conflict, NotAllowed
from planner.models.ledger import Claim
from planner.models.people import Person
from planner.services import scope
from planner.services.ledger import claim_check, claims
from planner.services.ledger.claim_check import CheckedClaim

OPEN_STATES = (ClaimState.SUBMITTED, ClaimState.APPROVED, ClaimState.EXPORTED)


@dataclass(frozen=True, slots=True)
class Step:
    """One line of a claim's timeline."""

    action: ClaimAction
    actor_name: str
    happened_at: datetime
    reason: str


@dataclass(frozen=True, slots=True)
class ClaimPage:
    """``actions`` are the steps the actor may take now."""

    checked: CheckedClaim
    rep_name: str
    steps: tuple[Step, ...]
    actions: frozenset[ClaimAction]

    @property
    def row(self) -> Claim:
        return self.checked.row

    @property
    def returned_because(self) -> str:
        """Why it was returned, while it is."""
        last = self.steps[-1] if self.steps else None
        return last.reason if last and self.row.state is ClaimState.RETURNED else ""


@dataclass(frozen=True, slots=True)
class QueuedClaim:
    checked: CheckedClaim
    rep_name: str
    actions: frozenset[ClaimAction]


@dataclass(frozen=True, slots=True)
class Queue:
    """Claims waiting for somebody: with flags first, then those within policy, then the approved."""

    to_look: tuple[QueuedClaim, ...]
    clean: tuple[QueuedClaim, ...]
    approved: tuple[QueuedClaim, ...]
    exported: tuple[QueuedClaim, ...]


def page(session: Session, actor: Actor, today: date, claim_id: int) -> ClaimPage:
    """A claim with everything on it. Raises NotFound."""
    row = claims.claim(session, actor, today, claim_id)
    (checked,) = claim_check.check(session, [row])
    names = _names(session, {row.rep_id, *(event.actor_id for event in row.events)})
    steps = (
        Step(event.action, names[event.actor_id], event.happened_at, event.reason) for event in row.events
    )
    return ClaimPage(checked, names[row.rep_id], tuple(steps), actions(actor, row))


def queue(session: Session, actor: Actor, today: date) -> Queue:
    """Every claim in the actor's scope that is on its way, oldest month first."""
    rows = session.scalars(
        select(Claim)
        .where(Claim.rep_id.in_(scope.rep_ids(actor, today)), Claim.state.in_(OPEN_STATES))
        .options(selectinload(Claim.events))
        .order_by(Claim.from_on, Claim.id)
    ).all()
    names = _names(session, {row.rep_id for row in rows})
    found = [
        QueuedClaim(checked, names[checked.row.rep_id], actions(actor, checked.row))
        for checked in claim_check.check(session, rows)
    ]
    submitted = [claim for claim in found if claim.checked.row.state is ClaimState.SUBMITTED]
    return Queue(
        to_look=tuple(claim for claim in submitted if not claim.checked.is_clean),
        clean=tuple(claim for claim in submitted if claim.checked.is_clean),
        approved=_in_state(found, ClaimState.APPROVED),
        exported=_in_state(found, ClaimState.EXPORTED),
    )


def approve_clean(
    session: Session, actor: Actor, now: datetime, today: date, seen: Iterable[tuple[int, int]]
) -> tuple[int, int]:
    """Approve the claims seen, as (id, rev), that are still the same and still within policy.

    Returns how many were approved and how many were left for a closer look.
    """
    revs = dict(seen)
    clean = {claim.checked.row.id for claim in queue(session, actor, today).clean}
    approved = 0
    for claim_id in sorted(clean & revs.keys()):
        try:
            claims.step(session, actor, now, today, claim_id, revs[claim_id], ClaimAction.APPROVE)
        except (Conflict, NotAllowed):
            continue
        approved += 1
    return approved, len(revs) - approved


def actions(actor: Actor, row: Claim) -> frozenset[ClaimAction]:
    """The steps the actor may take with a claim in its present state."""
    side: Party = party(actor.user_id, row.rep_id)
    return frozenset(
        action for (state, action), (_, who) in TRANSITIONS.items() if state is row.state and who is side
    )


def _in_state(found: Iterable[QueuedClaim], state: ClaimState) -> tuple[QueuedClaim, ...]:
    return tuple(claim for claim in found if claim.checked.row.state is state)


def _names(session: Session, ids: Iterable[int]) -> dict[int, str]:
    people = session.scalars(select(Person).where(Person.id.in_(set(ids))))
    return {person.id: person.name for person in people}
