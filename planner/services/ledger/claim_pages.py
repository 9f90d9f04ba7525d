"""What the pages about one claim show: its lines, its timeline, and the steps the actor may take."""

from __future__ import annotations

from collections.abc import Iterable
from dataclasses import dataclass
from datetime import date, datetime

from sqlalchemy import select
from sqlalchemy.orm import Session

from planner.domain.access import Actor
from planner.domain.claims import (
    TRANSITIONS,
    ClaimAction,
    ClaimState,
    Party,
    party,
)
from planner.domain.review_talk import SILENCE, Talk
from planner.models.ledger import Claim
from planner.models.people import Person
from planner.services.ledger import claim_check, claims
from planner.services.ledger.approvals import Approvals
from planner.services.ledger.claim_check import CheckedClaim
from planner.services.ledger.reviewing import lines, remarks
from planner.services.ledger.reviewing.lines import Reviewed


@dataclass(frozen=True, slots=True)
class Step:
    """One line of a claim's timeline."""

    action: ClaimAction
    actor_name: str
    happened_at: datetime
    reason: str


@dataclass(frozen=True, slots=True)
class ClaimPage:
    """``actions`` are the steps the actor may take now; ``holder`` is who put it on hold, while it is."""

    reviewed: Reviewed
    rep_name: str
    steps: tuple[Step, ...]
    actions: frozenset[ClaimAction]
    holder: str = ""

    @property
    def checked(self) -> CheckedClaim:
        return self.reviewed.checked

    @property
    def row(self) -> Claim:
        return self.checked.row

    @property
    def returned_because(self) -> str:
        """Why it was returned, while it is."""
        last = self.steps[-1] if self.steps else None
        return last.reason if last and self.row.state is ClaimState.RETURNED else ""


def page(session: Session, actor: Actor, now: datetime, today: date, claim_id: int) -> ClaimPage:
    """A claim with everything on it. Raises NotFound."""
    row = claims.claim(session, actor, today, claim_id)
    (checked,) = claim_check.check(session, [row])
    talk = remarks.talks(session, [claim_id]).get(claim_id, SILENCE)
    people = {row.rep_id, *(event.actor_id for event in row.events)}
    names = names_of(session, people | ({talk.hold.actor_id} if talk.hold else set()))
    steps = (
        Step(event.action, names[event.actor_id], event.happened_at, event.reason) for event in row.events
    )
    found = actions(Approvals(session, actor, today), checked, talk)
    reviewed = lines.reviewed(checked, talk, now)
    holder = names[talk.hold.actor_id] if talk.hold else ""
    return ClaimPage(reviewed, names[row.rep_id], tuple(steps), found, holder)


def actions(approvals: Approvals, checked: CheckedClaim, talk: Talk) -> frozenset[ClaimAction]:
    """The steps the actor may take with a claim in its present state. To endorse is to approve; a claim on
    hold is not approved."""
    row = checked.row
    side: Party = party(approvals.actor.user_id, row.rep_id)
    found = {
        action for (state, action), (_, who) in TRANSITIONS.items() if state is row.state and who is side
    }
    found.discard(ClaimAction.ENDORSE)
    if talk.hold is not None or not approvals.may(row, checked.claimed_minor):
        found.discard(ClaimAction.APPROVE)
    return frozenset(found)


def names_of(session: Session, ids: Iterable[int]) -> dict[int, str]:
    """The names of people by id."""
    people = session.scalars(select(Person).where(Person.id.in_(set(ids))))
    return {person.id: person.name for person in people}
