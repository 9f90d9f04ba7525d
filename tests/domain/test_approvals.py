"""One approval below the limit, two above it: different people, one of them of the next level."""

from __future__ import annotations

import pytest

from planner.domain.approvals import Approver, approval, endorser
from planner.domain.claims import ClaimAction
from planner.domain.errors import NotAllowed

MARTA, PAUL = Approver(1, is_next_level=False), Approver(2, is_next_level=False)
BOSS, ADMIN = Approver(3, is_next_level=True), Approver(4, is_next_level=True)
SUBMIT, ENDORSE, APPROVE = ClaimAction.SUBMIT, ClaimAction.ENDORSE, ClaimAction.APPROVE


@pytest.mark.parametrize(("amount", "limit"), [(100, None), (100, 100), (0, 0)])
def test_up_to_the_limit_one_is_enough(amount: int, limit: int | None) -> None:
    assert approval(amount, limit, MARTA, None) is APPROVE


@pytest.mark.parametrize("actor", [MARTA, BOSS])
def test_above_it_the_first_endorses_whoever_it_is(actor: Approver) -> None:
    assert approval(101, 100, actor, None) is ENDORSE


@pytest.mark.parametrize(("first", "second"), [(MARTA, BOSS), (BOSS, MARTA), (BOSS, ADMIN)])
def test_the_second_approves_when_one_of_both_is_of_the_next_level(first: Approver, second: Approver) -> None:
    assert approval(101, 100, second, first) is APPROVE


@pytest.mark.parametrize(
    ("first", "second", "code"),
    [(MARTA, PAUL, "approval_level"), (MARTA, MARTA, "approval_twice"), (BOSS, BOSS, "approval_twice")],
)
def test_two_of_one_level_or_one_person_twice_are_not_enough(
    first: Approver, second: Approver, code: str
) -> None:
    with pytest.raises(NotAllowed) as refused:
        approval(101, 100, second, first)
    assert refused.value.code == code


def test_an_endorsement_counts_until_the_next_step() -> None:
    assert endorser([]) is None
    assert endorser([(SUBMIT, 9), (ENDORSE, 1)]) == 1
    for action in (ClaimAction.WITHDRAW, ClaimAction.RETURN, ClaimAction.UNAPPROVE, SUBMIT):
        assert endorser([(SUBMIT, 9), (ENDORSE, 1), (action, 1)]) is None
