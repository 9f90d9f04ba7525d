"""Claims above the limit: two approvals, both told by the claim's events."""

from __future__ import annotations

import pytest
from sqlalchemy.orm import Session

from planner.domain.access import Actor, MembershipKind, Role
from planner.domain.claims import ClaimAction, ClaimState
from planner.domain.errors import Conflict, Invalid, NotAllowed
from planner.models.people import Person
from planner.services.ledger import approvals, claims
from planner.services.ledger.reviewing.queue import queue
from tests.conftest import NOW, TODAY
from tests.services.ledger_world import LedgerWorld

SUBMIT, APPROVE = ClaimAction.SUBMIT, ClaimAction.APPROVE

pytestmark = pytest.mark.both_databases


@pytest.fixture
def world(session: Session) -> LedgerWorld:
    """Ana's March is submitted, 1500 pesos; above 1000 two have to approve."""
    made = LedgerWorld(session)
    made.expense(1500)
    made.step(made.ana, SUBMIT)
    approvals.set_limit(session, None, NOW, "CLP", 1000)
    return made


def head_of(world: LedgerWorld) -> Person:
    return world.company.person("petra", Role.MANAGER, world.company.root, MembershipKind.MANAGER)


def colleague_of_marta(world: LedgerWorld) -> Person:
    return world.company.person("mario", Role.MANAGER, world.company.norte, MembershipKind.MANAGER)


def told(world: LedgerWorld) -> list[str]:
    return [event.action.value for event in world.claim().events]


@pytest.mark.parametrize("second", [head_of, lambda world: world.company.admin])
def test_a_manager_and_the_next_level_approve_together(world: LedgerWorld, second: object) -> None:
    assert world.step(world.company.marta, APPROVE).state is ClaimState.SUBMITTED
    assert world.step(second(world), APPROVE).state is ClaimState.APPROVED  # type: ignore[operator]
    assert told(world) == ["submit", "endorse", "approve"]


def test_the_next_level_may_be_first(world: LedgerWorld) -> None:
    world.step(world.company.admin, APPROVE)
    assert world.step(world.company.marta, APPROVE).state is ClaimState.APPROVED


def test_neither_the_same_person_nor_another_of_the_same_level_is_a_second(world: LedgerWorld) -> None:
    world.step(world.company.marta, APPROVE)
    for person in (world.company.marta, colleague_of_marta(world)):
        with pytest.raises(NotAllowed):
            world.step(person, APPROVE)
    assert told(world) == ["submit", "endorse"]


def test_up_to_the_limit_and_in_other_currencies_one_is_enough(world: LedgerWorld) -> None:
    approvals.set_limit(world.session, None, NOW, "EUR", 1)
    approvals.set_limit(world.session, None, NOW, "CLP", 1500)
    assert world.step(world.company.marta, APPROVE).state is ClaimState.APPROVED


def test_a_limit_that_was_taken_away_asks_for_nobody(world: LedgerWorld) -> None:
    approvals.set_limit(world.session, None, NOW, "CLP", None)
    assert approvals.limits(world.session) == {}
    assert world.step(world.company.marta, APPROVE).state is ClaimState.APPROVED


def test_what_was_approved_and_opened_again_needs_both_again(world: LedgerWorld) -> None:
    world.step(world.company.marta, APPROVE)
    world.step(world.company.admin, APPROVE)
    world.step(world.company.admin, ClaimAction.UNAPPROVE)
    assert world.step(world.company.marta, APPROVE).state is ClaimState.SUBMITTED


def test_two_first_approvals_at_once_one_wins(world: LedgerWorld) -> None:
    seen = world.claim()
    claim_id, rev = seen.id, seen.rev
    marta, admin = (Actor(person.id, person.role) for person in (world.company.marta, world.company.admin))
    claims.step(world.session, marta, NOW, TODAY, claim_id, rev, APPROVE)
    with pytest.raises(Conflict):
        claims.step(world.session, admin, NOW, TODAY, claim_id, rev, APPROVE)
    assert told(world) == ["submit", "endorse"]


def test_the_queue_offers_approving_to_those_whose_approval_counts(world: LedgerWorld) -> None:
    def offered(person: Person) -> tuple[int, int]:
        found = queue(world.session, Actor(person.id, person.role), NOW, TODAY)
        return len(found.to_look) + len(found.clean), len(found.elsewhere)

    assert offered(world.company.marta) == (1, 0)
    world.step(world.company.marta, APPROVE)
    assert offered(world.company.marta) == (0, 1)
    assert offered(world.company.admin) == (1, 0)


def test_a_limit_is_an_amount(world: LedgerWorld) -> None:
    for wrong in (-1, 10**13):
        with pytest.raises(Invalid):
            approvals.set_limit(world.session, None, NOW, "CLP", wrong)
