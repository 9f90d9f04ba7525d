"""Who has to approve a claim: one person, and above a limit a second one, one of them of the next level.

The next level of a rep is whoever answers for the territory above the rep's own, and every admin.
"""

from __future__ import annotations

from collections.abc import Iterable
from dataclasses import dataclass

from planner.domain.claims import ClaimAction
from planner.domain.errors import NotAllowed


@dataclass(frozen=True, slots=True)
class Approver:
    person_id: int
    is_next_level: bool


def endorser(steps: Iterable[tuple[ClaimAction, int]]) -> int | None:
    """Who gave the first of two approvals since the claim came in; ``steps`` are (action, who), oldest first.

    Any other step after it makes it void: what was taken back, returned or opened again is judged anew.
    """
    last = None
    for action, actor_id in steps:
        last = actor_id if action is ClaimAction.ENDORSE else None
    return last


def approval(
    amount_minor: int, limit_minor: int | None, actor: Approver, first: Approver | None
) -> ClaimAction:
    """What an approval by ``actor`` is: the only or second one, or the first of two.

    ``limit_minor`` None: one person is enough, whatever the amount. Raises NotAllowed("approval_twice") and
    NotAllowed("approval_level") when neither of the two is of the next level.
    """
    if limit_minor is None or amount_minor <= limit_minor:
        return ClaimAction.APPROVE
    if first is None:
        return ClaimAction.ENDORSE
    if first.person_id == actor.person_id:
        raise NotAllowed("approval_twice")
    if not (first.is_next_level or actor.is_next_level):
        raise NotAllowed("approval_level")
    return ClaimAction.APPROVE
