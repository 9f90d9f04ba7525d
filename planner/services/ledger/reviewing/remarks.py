"""What was said about claims, as the audit log keeps it: nothing of it can be changed afterwards.

One query for any number of claims.
"""

from __future__ import annotations

from collections import defaultdict
from collections.abc import Iterable

from sqlalchemy import select
from sqlalchemy.orm import Session

from planner.domain.review_talk import SILENCE, Act, Remark, Talk, talk
from planner.models.settings import AuditEntry

SUBJECT = "claim"
ACTIONS = {act: f"review.{act.value}" for act in Act if act is not Act.RESTART}
"""How the audit log names each act."""

RESTARTS = ("claim.submit", "claim.withdraw", "claim.return")
ACTS = {action: act for act, action in ACTIONS.items()} | dict.fromkeys(RESTARTS, Act.RESTART)


def of_claims(session: Session, claim_ids: Iterable[int]) -> dict[int, list[Remark]]:
    """All remarks by claim, oldest first."""
    found: dict[int, list[Remark]] = defaultdict(list)
    query = select(AuditEntry).where(
        AuditEntry.subject_kind == SUBJECT, AuditEntry.subject_id.in_(set(claim_ids))
    )
    for row in session.scalars(query.where(AuditEntry.action.in_(ACTS)).order_by(AuditEntry.id)):
        found[row.subject_id or 0].append(_remark(row))
    return found


def talks(session: Session, claim_ids: Iterable[int]) -> dict[int, Talk]:
    """Where each claim stands; one of which nothing was said is not in it."""
    return {claim_id: talk(found) for claim_id, found in of_claims(session, claim_ids).items()}


def is_held(session: Session, claim_id: int) -> bool:
    return talks(session, [claim_id]).get(claim_id, SILENCE).hold is not None


def _remark(row: AuditEntry) -> Remark:
    line, text = row.after.get("line", ""), row.after.get("text", "")
    return Remark(ACTS[row.action], line, row.actor_id or 0, row.happened_at, text)
