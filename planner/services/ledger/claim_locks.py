"""The one order in which whoever holds several claims holds them."""

from __future__ import annotations

from collections.abc import Iterable

from sqlalchemy import select
from sqlalchemy.orm import Session

from planner.models.ledger import Claim


def hold(session: Session, claim_ids: Iterable[int]) -> None:
    """Keep others from taking these claims a step on before this transaction is over. Whoever decides on many
    holds all of them first: a step is noted in the log, and who held the next claim would wait for the log
    while we wait for the claim. By month, as ``claims.open_for`` comes to them: March may have been begun
    before February."""
    query = select(Claim.id).where(Claim.id.in_(set(claim_ids))).order_by(Claim.from_on, Claim.id)
    session.execute(query.with_for_update())
