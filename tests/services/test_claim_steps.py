"""Steps of claims and the audit log: each is in both as it was taken, or it is told."""

from __future__ import annotations

import pytest
from sqlalchemy import text
from sqlalchemy.orm import Session

from planner.domain.claims import ClaimAction, ClaimState
from planner.services.ledger import claim_states, claim_steps
from planner.services.ledger.claim_steps import FORGED, LOST
from tests.services.ledger_world import LedgerWorld, troubles
from tests.tampering import unguarded

pytestmark = pytest.mark.both_databases

APPROVED = (ClaimAction.SUBMIT, ClaimAction.RETURN, ClaimAction.SUBMIT, ClaimAction.APPROVE)
FORGING = (
    "INSERT INTO claim_event (claim_id, action, actor_id, happened_at, reason)"
    " VALUES (:claim, :action, :actor, '2026-03-04 12:00:00', '')"
)


@pytest.fixture
def world(session: Session) -> LedgerWorld:
    """Ana's March is submitted, after it was returned once."""
    made = LedgerWorld(session)
    made.expense(1500)
    for action in APPROVED[:3]:
        take(made, action)
    return made


def take(world: LedgerWorld, action: ClaimAction) -> None:
    person = world.ana if action in (ClaimAction.SUBMIT, ClaimAction.WITHDRAW) else world.company.marta
    world.step(person, action, "Which parking?")
    world.session.commit()


def forge(world: LedgerWorld, action: ClaimAction, state: ClaimState) -> None:
    """Two statements that every guard lets through: a step in Marta's name, and what it leads to."""
    given = {"claim": world.claim().id, "action": action.value, "actor": world.company.marta.id}
    world.session.execute(text(FORGING), given)
    world.session.execute(text("UPDATE claim SET state = :state"), {"state": state.value})
    world.session.commit()


def found(world: LedgerWorld) -> list[tuple[str, str]]:
    world.session.expire_all()
    pairs = [(each.step, each.trouble) for each in claim_steps.verify(world.session)]
    return [(step.partition(": ")[2].partition(",")[0], trouble) for step, trouble in pairs]


def test_every_step_a_claim_can_take_is_in_both(world: LedgerWorld) -> None:
    others = ClaimAction.WITHDRAW, ClaimAction.SUBMIT, ClaimAction.APPROVE, ClaimAction.UNAPPROVE
    for action in (*others, ClaimAction.APPROVE, ClaimAction.EXPORT, ClaimAction.PAY):
        take(world, action)
    assert claim_steps.counted(world.session) == 10
    assert found(world) == []


def test_an_approval_that_nobody_gave_is_told(world: LedgerWorld) -> None:
    forge(world, ClaimAction.APPROVE, ClaimState.APPROVED)
    assert claim_states.verify(world.session) == []
    claim = world.claim().id
    told = f"step of claim {claim}: approve by Marta, 2026-03-04 12:00 UTC: {FORGED}"
    assert troubles(world.session) == [told]


def test_a_claim_reopened_by_forged_steps_is_told_by_a_line_for_each(world: LedgerWorld) -> None:
    take(world, ClaimAction.APPROVE)
    forge(world, ClaimAction.UNAPPROVE, ClaimState.SUBMITTED)
    forge(world, ClaimAction.RETURN, ClaimState.RETURNED)
    assert found(world) == [("return by Marta", FORGED), ("unapprove by Marta", FORGED)]
    assert len(troubles(world.session)) == 2


def test_a_step_taken_twice_at_the_same_moment_needs_two_entries(world: LedgerWorld) -> None:
    copied = "SELECT claim_id, action, actor_id, happened_at, reason FROM claim_event WHERE action = 'return'"
    columns = "claim_id, action, actor_id, happened_at, reason"
    world.session.execute(text(f"INSERT INTO claim_event ({columns}) {copied}"))
    assert found(world) == [("return by Marta", FORGED)]


@pytest.mark.parametrize(
    "change",
    ["reason = 'Well done'", "actor_id = :admin", "happened_at = '2026-03-04 06:00:00'", "claim_id = :claim"],
)
def test_a_step_that_was_altered_is_told_from_both_sides(world: LedgerWorld, change: str) -> None:
    with unguarded(world.session):
        other = world.company.admin.id
        claim = "INSERT INTO claim (rep_id, from_on, until_on, state, currency, trips_metres, trips_minor,"
        claim += " expenses_minor, rev) VALUES (:rep, '2026-01-01', '2026-02-01', 'draft', 'CLP', 0, 0, 0, 1)"
        world.session.execute(text(claim), {"rep": world.ana.id})
        newest = world.session.scalar(text("SELECT max(id) FROM claim"))
        given = {name: value for name, value in (("admin", other), ("claim", newest)) if f":{name}" in change}
        world.session.execute(text(f"UPDATE claim_event SET {change} WHERE action = 'return'"), given)
    assert [trouble for _, trouble in found(world)] == [FORGED, LOST]


def test_a_step_that_is_gone_is_told(world: LedgerWorld) -> None:
    with unguarded(world.session):
        world.session.execute(text("DELETE FROM claim_event WHERE action = 'return'"))
    assert found(world) == [("return by Marta", LOST)]
