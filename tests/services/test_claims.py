"""Claims: open, submitted, decided on by somebody else, locked, and worth the sum of their entries."""

from __future__ import annotations

from datetime import date
from itertools import product

import pytest
from sqlalchemy import select, text
from sqlalchemy.orm import Session

from planner.domain.access import Actor
from planner.domain.claims import TRANSITIONS, ClaimAction, ClaimState, Party, Totals
from planner.domain.errors import Conflict, Invalid, NotAllowed, NotFound, RoundsError
from planner.models.ledger import Claim
from planner.models.settings import AuditEntry
from planner.services.ledger import claim_states, claims
from tests.conftest import NOW, TODAY
from tests.services.ledger_world import LedgerWorld
from tests.tampering import unguarded

SUBMIT, APPROVE, RETURN = ClaimAction.SUBMIT, ClaimAction.APPROVE, ClaimAction.RETURN

pytestmark = pytest.mark.both_databases


@pytest.fixture
def world(session: Session) -> LedgerWorld:
    made = LedgerWorld(session)
    made.visit(hour=9)
    made.close()
    made.expense(1500)
    return made


def test_entries_of_a_month_go_into_its_claim(world: LedgerWorld) -> None:
    claim = world.claim()
    assert (claim.from_on, claim.until_on, claim.state) == (
        date(2026, 3, 1),
        date(2026, 4, 1),
        ClaimState.DRAFT,
    )
    assert len(claims.trips_of(world.session, claim.id)) == 2
    assert len(claims.expenses_of(world.session, claim.id)) == 1


def test_totals_are_counted_while_open_and_frozen_at_submission(world: LedgerWorld) -> None:
    world.expense(500)
    lines = world.trips()
    expected = Totals(sum(trip.metres for trip in lines), sum(trip.amount_minor for trip in lines), 2000)
    assert claims.totals_of(world.session, world.claim()) == expected
    claim = world.step(world.ana, SUBMIT)
    assert Totals(claim.trips_metres, claim.trips_minor, claim.expenses_minor) == expected
    assert claims.verify_totals(world.session) == []


def test_a_changed_frozen_total_is_found(world: LedgerWorld) -> None:
    claim = world.step(world.ana, SUBMIT)
    with unguarded(world.session):
        world.session.execute(text(f"UPDATE claim SET trips_minor = trips_minor + 1 WHERE id = {claim.id}"))
    world.session.expire_all()
    assert [wrong.claim_id for wrong in claims.verify_totals(world.session)] == [claim.id]


def test_an_entry_for_a_month_that_was_submitted_goes_into_the_next(world: LedgerWorld) -> None:
    world.step(world.ana, SUBMIT)
    late = world.expense(700)
    following = world.claim(date(2026, 4, 1))
    assert late.claim_id == following.id
    assert claims.verify_totals(world.session) == []


def test_a_returned_claim_takes_entries_again_and_is_counted_anew(world: LedgerWorld) -> None:
    world.step(world.ana, SUBMIT)
    world.step(world.company.marta, RETURN, "Toll slip missing")
    world.expense(900)
    assert world.step(world.ana, SUBMIT).expenses_minor == 2400


def test_the_whole_life_is_told_by_its_events(world: LedgerWorld) -> None:
    marta = world.company.marta
    for person, action in (
        (world.ana, SUBMIT),
        (marta, RETURN),
        (world.ana, SUBMIT),
        (marta, APPROVE),
        (marta, ClaimAction.UNAPPROVE),
        (marta, APPROVE),
        (marta, ClaimAction.EXPORT),
        (marta, ClaimAction.PAY),
    ):
        world.step(person, action, "because")
    claim = world.claim()
    assert claim.state is ClaimState.PAID
    assert [event.action.value for event in claim.events] == (
        ["submit", "return", "submit", "approve", "unapprove", "approve", "export", "pay"]
    )
    audited = world.session.scalars(select(AuditEntry.action).where(AuditEntry.subject_kind == "claim"))
    assert len(audited.all()) == 8


@pytest.mark.parametrize(("state", "action"), list(product(ClaimState, ClaimAction)))
def test_whoever_may_not_take_a_step_is_refused_and_nothing_moves(
    world: LedgerWorld, state: ClaimState, action: ClaimAction
) -> None:
    with unguarded(world.session):
        world.claim().state = state
        world.session.flush()
    allowed = TRANSITIONS.get((state, action))
    for person, side in ((world.ana, Party.CLAIMANT), (world.company.marta, Party.REVIEWER)):
        if allowed is not None and allowed[1] is side:
            continue
        with pytest.raises((Conflict, NotAllowed)):
            world.step(person, action, "because")
        assert world.claim().state is state


def test_two_managers_deciding_at_once_one_wins(world: LedgerWorld) -> None:
    seen = world.step(world.ana, SUBMIT)
    claim_id, rev = seen.id, seen.rev
    marta = Actor(world.company.marta.id, world.company.marta.role)
    admin = Actor(world.company.admin.id, world.company.admin.role)
    claims.step(world.session, marta, NOW, TODAY, claim_id, rev, APPROVE)
    with pytest.raises(Conflict):
        claims.step(world.session, admin, NOW, TODAY, claim_id, rev, RETURN, "No")
    assert world.claim().state is ClaimState.APPROVED


def test_a_decision_on_what_changed_meanwhile_is_refused(world: LedgerWorld) -> None:
    rev = world.step(world.ana, SUBMIT).rev
    world.step(world.ana, ClaimAction.WITHDRAW)
    world.expense(100_000)
    claim = world.step(world.ana, SUBMIT)
    marta = Actor(world.company.marta.id, world.company.marta.role)
    with pytest.raises(Conflict) as refused:
        claims.step(world.session, marta, NOW, TODAY, claim.id, rev, APPROVE)
    assert refused.value.code == "claim_changed"
    # Nothing of it is noted, whatever else the same transaction goes on to do.
    world.session.commit()
    assert [event.action for event in world.claim().events] == [SUBMIT, ClaimAction.WITHDRAW, SUBMIT]
    assert claim_states.verify(world.session) == []


def test_nobody_approves_their_own_claim_whatever_their_role(world: LedgerWorld) -> None:
    claim = world.step(world.ana, SUBMIT)
    own = Actor(world.ana.id, world.company.marta.role)
    with pytest.raises(RoundsError):
        claims.step(world.session, own, NOW, TODAY, claim.id, claim.rev, APPROVE)
    assert world.claim().state is ClaimState.SUBMITTED


def test_a_return_needs_a_reason(world: LedgerWorld) -> None:
    world.step(world.ana, SUBMIT)
    with pytest.raises(Invalid):
        world.step(world.company.marta, RETURN, " ")


def test_an_empty_claim_is_not_submitted(world: LedgerWorld) -> None:
    claims.open_for(world.session, world.company.bruno.id, TODAY, "CLP")
    bruno = Actor(world.company.bruno.id, world.company.bruno.role)
    (claim,) = claims.of_month(world.session, bruno.user_id, TODAY)
    with pytest.raises(Conflict) as refused:
        claims.step(world.session, bruno, NOW, TODAY, claim.id, claim.rev, SUBMIT)
    assert refused.value.code == "claim_empty"


def test_a_claim_of_another_territory_is_not_found(world: LedgerWorld) -> None:
    claim_id = world.claim().id
    for person in (world.company.bruno, world.company.sergio):
        with pytest.raises(NotFound):
            claims.claim(world.session, Actor(person.id, person.role), TODAY, claim_id)
    assert isinstance(
        claims.claim(world.session, Actor(world.company.admin.id, world.company.admin.role), TODAY, claim_id),
        Claim,
    )
