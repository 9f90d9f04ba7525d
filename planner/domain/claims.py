"""The life of a claim: draft → submitted → approved → exported → paid; returned → draft.

Nobody decides on their own claim. What is approved is locked; it may be unapproved until exported. Where
two have to approve, the first of them endorses.
A claim's period is a calendar month: ``from_on`` counts, ``until_on`` does not.
"""

from __future__ import annotations

from collections.abc import Iterable
from dataclasses import dataclass
from enum import StrEnum

from planner.domain.errors import Conflict, Invalid, NotAllowed


class ClaimState(StrEnum):
    DRAFT = "draft"
    SUBMITTED = "submitted"
    APPROVED = "approved"
    EXPORTED = "exported"
    PAID = "paid"
    RETURNED = "returned"


class ClaimAction(StrEnum):
    SUBMIT = "submit"
    WITHDRAW = "withdraw"
    ENDORSE = "endorse"
    APPROVE = "approve"
    RETURN = "return"
    UNAPPROVE = "unapprove"
    EXPORT = "export"
    PAY = "pay"


class Party(StrEnum):
    """Who acts on a claim, as seen from the claim."""

    CLAIMANT = "claimant"
    REVIEWER = "reviewer"


TRANSITIONS: dict[tuple[ClaimState, ClaimAction], tuple[ClaimState, Party]] = {
    (ClaimState.DRAFT, ClaimAction.SUBMIT): (ClaimState.SUBMITTED, Party.CLAIMANT),
    (ClaimState.RETURNED, ClaimAction.SUBMIT): (ClaimState.SUBMITTED, Party.CLAIMANT),
    (ClaimState.SUBMITTED, ClaimAction.WITHDRAW): (ClaimState.DRAFT, Party.CLAIMANT),
    (ClaimState.SUBMITTED, ClaimAction.ENDORSE): (ClaimState.SUBMITTED, Party.REVIEWER),
    (ClaimState.SUBMITTED, ClaimAction.APPROVE): (ClaimState.APPROVED, Party.REVIEWER),
    (ClaimState.SUBMITTED, ClaimAction.RETURN): (ClaimState.RETURNED, Party.REVIEWER),
    (ClaimState.APPROVED, ClaimAction.UNAPPROVE): (ClaimState.SUBMITTED, Party.REVIEWER),
    (ClaimState.APPROVED, ClaimAction.EXPORT): (ClaimState.EXPORTED, Party.REVIEWER),
    (ClaimState.EXPORTED, ClaimAction.PAY): (ClaimState.PAID, Party.REVIEWER),
}

EDITABLE = frozenset({ClaimState.DRAFT, ClaimState.RETURNED})
"""States in which the claimant may still add and correct entries of the period."""

SETTLED = frozenset({ClaimState.APPROVED, ClaimState.EXPORTED, ClaimState.PAID})
"""States in which a wrong line is no longer corrected but taken back in a later claim."""

DECIDING = frozenset(action for (_, action), (_, who) in TRANSITIONS.items() if who is Party.REVIEWER)
"""What nobody does with their own claim."""


@dataclass(frozen=True, slots=True)
class Totals:
    """What a claim comes to: metres, and money in minor units of its currency."""

    trips_metres: int = 0
    trips_minor: int = 0
    expenses_minor: int = 0

    @property
    def amount_minor(self) -> int:
        return self.trips_minor + self.expenses_minor

    def __add__(self, other: Totals) -> Totals:
        return Totals(
            self.trips_metres + other.trips_metres,
            self.trips_minor + other.trips_minor,
            self.expenses_minor + other.expenses_minor,
        )


def totals(trips: Iterable[tuple[int, int]], expenses: Iterable[int]) -> Totals:
    """The sum of lines: (metres, minor units) of trips, minor units of expenses. Nothing is rounded again."""
    lines = list(trips)
    return Totals(sum(metres for metres, _ in lines), sum(minor for _, minor in lines), sum(expenses))


def party(actor_id: int, claimant_id: int) -> Party:
    return Party.CLAIMANT if actor_id == claimant_id else Party.REVIEWER


def next_state(state: ClaimState, action: ClaimAction, party: Party, reason: str = "") -> ClaimState:
    """The state after ``action`` by ``party``.

    Raises ``Conflict("claim_state")`` when the state does not allow it, ``NotAllowed("claim_party")``
    when the other side has to do it, and ``Invalid("reason", "reason_missing")`` for a return without one.
    """
    try:
        following, who = TRANSITIONS[state, action]
    except KeyError:
        raise Conflict("claim_state", state=state.value, action=action.value) from None
    if party is not who:
        raise NotAllowed("claim_party", action=action.value)
    if action is ClaimAction.RETURN and not reason.strip():
        raise Invalid("reason", "reason_missing")
    return following


def state_after(steps: Iterable[tuple[ClaimAction, Party]]) -> ClaimState | None:
    """Where a claim stands after its steps, from a draft on; None where one of them could not be taken."""
    state = ClaimState.DRAFT
    for action, by in steps:
        following, who = TRANSITIONS.get((state, action), (None, None))
        if following is None or by is not who:
            return None
        state = following
    return state
