"""What a rep is asked about their claims, and has not answered."""

from __future__ import annotations

from collections.abc import Sequence
from dataclasses import dataclass
from datetime import datetime

from sqlalchemy import select
from sqlalchemy.orm import Session

from planner.domain.access import Actor
from planner.models.ledger import Claim
from planner.services.ledger import claim_check
from planner.services.ledger.reviewing import lines, remarks
from planner.services.ledger.reviewing.talking import ANSWERABLE


@dataclass(frozen=True, slots=True)
class Waiting:
    """A claim of the rep, and how many of its lines wait for their answer."""

    claim: Claim
    count: int


def waiting(session: Session, actor: Actor, now: datetime) -> Sequence[Waiting]:
    """The actor's own claims with questions, oldest first; a fixed number of queries."""
    rows = session.scalars(
        select(Claim)
        .where(Claim.rep_id == actor.user_id, Claim.state.in_(ANSWERABLE))
        .order_by(Claim.from_on)
    ).all()
    talks = remarks.talks(session, [row.id for row in rows])
    found = [
        Waiting(checked.row, len(lines.reviewed(checked, talks.get(checked.row.id), now).asked_of_rep))
        for checked in claim_check.check(session, rows)
    ]
    return [each for each in found if each.count]
