"""Whether every claim stands where the steps noted of it lead: a state set in the database shows."""

from __future__ import annotations

from collections import defaultdict
from dataclasses import dataclass

from sqlalchemy import select
from sqlalchemy.orm import Session

from planner.domain.claims import ClaimAction, ClaimState, Party, party, state_after
from planner.models.ledger import Claim, ClaimEvent


@dataclass(frozen=True, slots=True)
class WrongState:
    """``by_steps`` None: the steps themselves cannot have been taken one after the other."""

    claim_id: int
    state: ClaimState
    by_steps: ClaimState | None

    def __str__(self) -> str:
        told = (
            f"its steps lead to {self.by_steps.value}" if self.by_steps else "its steps contradict themselves"
        )
        return f"claim {self.claim_id} is {self.state.value}, {told}"


def verify(session: Session) -> list[WrongState]:
    """By claim."""
    steps: dict[int, list[tuple[ClaimAction, Party]]] = defaultdict(list)
    noted = select(Claim.id, Claim.rep_id, ClaimEvent.action, ClaimEvent.actor_id)
    for claim_id, rep_id, action, actor_id in session.execute(
        noted.join(ClaimEvent, ClaimEvent.claim_id == Claim.id).order_by(ClaimEvent.id)
    ):
        steps[claim_id].append((action, party(actor_id, rep_id)))
    rows = session.execute(select(Claim.id, Claim.state).order_by(Claim.id))
    found = ((claim_id, state, state_after(steps[claim_id])) for claim_id, state in rows)
    return [WrongState(*one) for one in found if one[1] is not one[2]]
