"""Claims: the whole table of states, steps and sides, their periods and their sums."""

from __future__ import annotations

from itertools import product

import pytest
from hypothesis import given
from hypothesis import strategies as st

from planner.domain.claims import (
    ClaimAction,
    ClaimState,
    Party,
    next_state,
    party,
    state_after,
    totals,
)
from planner.domain.errors import Conflict, Invalid, NotAllowed

S, A, CLAIMANT, REVIEWER = ClaimState, ClaimAction, Party.CLAIMANT, Party.REVIEWER

ALLOWED = {
    (S.DRAFT, A.SUBMIT, CLAIMANT): S.SUBMITTED,
    (S.RETURNED, A.SUBMIT, CLAIMANT): S.SUBMITTED,
    (S.SUBMITTED, A.WITHDRAW, CLAIMANT): S.DRAFT,
    (S.SUBMITTED, A.ENDORSE, REVIEWER): S.SUBMITTED,
    (S.SUBMITTED, A.APPROVE, REVIEWER): S.APPROVED,
    (S.SUBMITTED, A.RETURN, REVIEWER): S.RETURNED,
    (S.APPROVED, A.UNAPPROVE, REVIEWER): S.SUBMITTED,
    (S.APPROVED, A.EXPORT, REVIEWER): S.EXPORTED,
    (S.EXPORTED, A.PAY, REVIEWER): S.PAID,
}
"""Written by hand: everything not in it is refused."""


@pytest.mark.parametrize(("state", "action", "side"), list(product(S, A, Party)))
def test_only_what_the_table_allows_is_possible(state: S, action: A, side: Party) -> None:
    following = ALLOWED.get((state, action, side))
    if following is not None:
        assert next_state(state, action, side, "because") is following
        return
    other = CLAIMANT if side is REVIEWER else REVIEWER
    refusal = NotAllowed if (state, action, other) in ALLOWED else Conflict
    with pytest.raises(refusal):
        next_state(state, action, side, "because")


def test_a_return_without_a_reason_is_refused() -> None:
    with pytest.raises(Invalid):
        next_state(S.SUBMITTED, A.RETURN, REVIEWER, "   ")


def test_nobody_reviews_their_own_claim() -> None:
    assert party(7, 7) is CLAIMANT
    assert party(8, 7) is REVIEWER


@given(st.lists(st.tuples(st.integers(0, 10**6), st.integers(0, 10**9))), st.lists(st.integers(1, 10**9)))
def test_the_total_is_the_sum_of_the_lines(trips: list[tuple[int, int]], expenses: list[int]) -> None:
    found = totals(trips, expenses)
    assert found.amount_minor == sum(minor for _, minor in trips) + sum(expenses)
    assert found.trips_metres == sum(metres for metres, _ in trips)


def test_where_a_claim_stands_follows_from_its_steps() -> None:
    assert state_after([]) is S.DRAFT
    steps = [(A.SUBMIT, CLAIMANT), (A.RETURN, REVIEWER), (A.SUBMIT, CLAIMANT), (A.APPROVE, REVIEWER)]
    assert state_after(steps) is S.APPROVED
    assert state_after([*steps, (A.PAY, REVIEWER)]) is None
    assert state_after([(A.SUBMIT, CLAIMANT), (A.APPROVE, CLAIMANT)]) is None
