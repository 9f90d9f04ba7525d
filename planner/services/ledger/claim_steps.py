"""Whether every step noted of a claim is in the audit log, and the other way round: one forged by a statement
moves the claim as a true one does, but nobody wrote it into the log.

Both have been written in one transaction for as long as there are claims; neither goes, whoever is erased.
"""

from __future__ import annotations

from collections import Counter
from dataclasses import dataclass
from datetime import datetime

from sqlalchemy import func, select
from sqlalchemy.orm import Session

from planner.domain.claims import ClaimAction
from planner.models.ledger import ClaimEvent
from planner.models.people import Person
from planner.models.settings import AuditEntry
from planner.services.installation import audit
from planner.services.ledger.reviewing.remarks import SUBJECT

ACTIONS = {action: f"claim.{action.value}" for action in ClaimAction}
"""How the audit log names each step."""

FORGED = "the audit log knows nothing of it"
LOST = "it is in the audit log and no longer among the claim's steps"


@dataclass(frozen=True, slots=True, order=True)
class Step:
    """What a step and its entry in the audit log have in common."""

    claim_id: int
    happened_at: datetime
    action: str
    actor_id: int
    reason: str


@dataclass(frozen=True, slots=True)
class Unpaired:
    """``step`` in words, and which half of it is missing."""

    step: str
    trouble: str


def counted(session: Session) -> int:
    return session.scalar(select(func.count(ClaimEvent.id))) or 0


def verify(session: Session) -> list[Unpaired]:
    """Steps without their entry, then entries without their step; each by claim and time."""
    noted, logged = _noted(session), _logged(session)
    apart = [(step, FORGED) for step in sorted((noted - logged).elements())]
    apart += [(step, LOST) for step in sorted((logged - noted).elements())]
    names = _names(session, {step.actor_id for step, _ in apart})
    return [Unpaired(_told(step, names), trouble) for step, trouble in apart]


def _noted(session: Session) -> Counter[Step]:
    query = select(
        ClaimEvent.claim_id, ClaimEvent.happened_at, ClaimEvent.action, ClaimEvent.actor_id, ClaimEvent.reason
    )
    return Counter(
        Step(claim_id, at, ACTIONS[action], actor_id, reason)
        for claim_id, at, action, actor_id, reason in session.execute(query)
    )


def _logged(session: Session) -> Counter[Step]:
    query = select(
        *(AuditEntry.subject_id, AuditEntry.happened_at, AuditEntry.action),
        *(AuditEntry.actor_id, AuditEntry.after),
    ).where(AuditEntry.subject_kind == SUBJECT, AuditEntry.action.in_(ACTIONS.values()))
    options = {"yield_per": audit.ROWS_AT_ONCE}
    return Counter(
        Step(claim_id or 0, at, action, actor_id or 0, after.get("reason", ""))
        for claim_id, at, action, actor_id, after in session.execute(query, execution_options=options)
    )


def _names(session: Session, people: set[int]) -> dict[int, str]:
    query = select(Person.id, Person.name).where(Person.id.in_(people))
    return {row.id: row.name for row in session.execute(query)}


def _told(step: Step, names: dict[int, str]) -> str:
    action, who = step.action.partition(".")[2], names.get(step.actor_id, "nobody")
    return f"step of claim {step.claim_id}: {action} by {who}, {step.happened_at:%Y-%m-%d %H:%M} UTC"
