"""Whose claims are waited for: those that came back, and those of months that are over."""

from __future__ import annotations

from datetime import date

import pytest
from sqlalchemy.orm import Session

from planner.domain.claims import ClaimAction
from planner.services.ledger import claims, unsubmitted
from tests.conftest import TODAY
from tests.queries import counted
from tests.services.ledger_world import LedgerWorld, manager

pytestmark = pytest.mark.both_databases

FEBRUARY = date(2026, 2, 27)


@pytest.fixture
def world(session: Session) -> LedgerWorld:
    return LedgerWorld(session)


def own(world: LedgerWorld, today: date = TODAY) -> list[tuple[date, bool, str]]:
    found = unsubmitted.of_rep(world.session, world.ana.id, today)
    return [(each.claim.from_on, each.is_returned, each.returned_because) for each in found]


def test_a_month_that_is_over_waits_for_its_rep_and_the_running_one_does_not(world: LedgerWorld) -> None:
    world.expense(on=FEBRUARY)
    world.expense(on=TODAY)
    assert own(world) == [(date(2026, 2, 1), False, "")]
    assert own(world, date(2026, 2, 28)) == []
    world.step(world.ana, ClaimAction.SUBMIT, on=FEBRUARY)
    assert own(world) == []


def test_what_came_back_is_told_with_the_reason_in_its_own_month_too(world: LedgerWorld) -> None:
    world.expense()
    world.step(world.ana, ClaimAction.SUBMIT)
    world.step(world.company.marta, ClaimAction.RETURN, "No receipt")
    assert own(world) == [(date(2026, 3, 1), True, "No receipt")]
    world.step(world.ana, ClaimAction.SUBMIT)
    assert own(world) == []


def test_nobody_waits_for_a_claim_of_nothing(world: LedgerWorld) -> None:
    claims.open_for(world.session, world.ana.id, FEBRUARY, "CLP")
    assert own(world) == []


def test_a_manager_sees_those_of_the_team_in_as_many_queries_for_all(world: LedgerWorld) -> None:
    world.expense(on=FEBRUARY)
    actors = {person.name: manager(person) for person in (world.company.marta, world.company.sergio)}
    seen = {}
    for name, actor in actors.items():
        with counted() as sent:
            found = unsubmitted.of_team(world.session, actor, TODAY)
        seen[name] = [each.rep_name for each in found], len(sent)
    assert seen == {"Marta": (["Ana"], 2), "Sergio": ([], 1)}
