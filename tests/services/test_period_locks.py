"""Closed months: who closes them, what comes late for them, and what stays as it is."""

from __future__ import annotations

from datetime import date

import pytest
from sqlalchemy.orm import Session

from planner.domain.access import Actor
from planner.domain.claims import ClaimAction
from planner.domain.errors import Conflict, Invalid, Locked, NotFound
from planner.domain.expenses import ExpenseCategory
from planner.domain.review import Flag
from planner.models.people import Person
from planner.models.periods import PeriodLock
from planner.services.ledger import claim_check, claims, expenses, period_locks
from planner.services.ledger.expense_lines import NewExpense
from tests.conftest import NOW
from tests.services.ledger_world import LedgerWorld, rep, uid

pytestmark = pytest.mark.both_databases

FEBRUARY, MARCH, APRIL = (date(2026, month, 1) for month in (2, 3, 4))
TODAY = date(2026, 4, 7)


@pytest.fixture
def world(session: Session) -> LedgerWorld:
    """Ana spent something in March; it is April."""
    made = LedgerWorld(session)
    made.expense(1500, on=date(2026, 3, 3))
    return made


def close(world: LedgerWorld, person: Person, team: str = "norte", on: date = MARCH) -> PeriodLock:
    actor, territory_id = Actor(person.id, person.role), getattr(world.company, team).id
    return period_locks.lock(world.session, actor, NOW, TODAY, territory_id, on, "Paid out")


def spent(world: LedgerWorld, on: date) -> date:
    """The month of the claim an expense of Ana's goes into."""
    new = NewExpense(uid(), on, ExpenseCategory.TOLL, 700, "CLP")
    row = expenses.add(world.session, rep(world.ana), NOW, TODAY, new)
    claim = claims.claim(world.session, rep(world.ana), TODAY, row.claim_id or 0)
    return claim.from_on


@pytest.mark.parametrize(("who", "team"), [("marta", "norte"), ("admin", "norte"), ("admin", "root")])
def test_what_comes_late_goes_into_the_next_open_month_and_is_marked(
    world: LedgerWorld, who: str, team: str
) -> None:
    close(world, getattr(world.company, who), team)
    assert spent(world, date(2026, 3, 20)) == APRIL
    (checked,) = claim_check.check(world.session, [world.claim(APRIL)])
    assert checked.expenses[0].flags[-1] is Flag.OTHER_PERIOD


def test_another_teams_closing_changes_nothing(world: LedgerWorld) -> None:
    close(world, world.company.sergio, "sur")
    assert spent(world, date(2026, 3, 20)) == MARCH


def test_entries_of_a_closed_month_are_not_corrected_but_their_claim_goes_its_way(world: LedgerWorld) -> None:
    old = claims.expenses_of(world.session, world.claim(MARCH).id)[0]
    close(world, world.company.marta)
    new = NewExpense(uid(), old.on, old.category, 1, "CLP")
    with pytest.raises(Locked) as refused:
        expenses.correct(world.session, rep(world.ana), NOW, TODAY, old.id, new, "Less")
    assert refused.value.code == "period_closed"
    with pytest.raises(Locked):
        expenses.void(world.session, rep(world.ana), NOW, TODAY, old.id, uid(), "Never")
    world.step(world.ana, ClaimAction.SUBMIT, on=MARCH)
    world.step(world.company.marta, ClaimAction.APPROVE, on=MARCH)


def test_an_opened_month_takes_entries_again_and_keeps_who_and_why(world: LedgerWorld) -> None:
    lock = close(world, world.company.marta)
    marta = Actor(world.company.marta.id, world.company.marta.role)
    period_locks.unlock(world.session, marta, NOW, TODAY, lock.id, "A receipt was found")
    assert spent(world, date(2026, 3, 20)) == MARCH
    page = period_locks.page(world.session, marta, TODAY)
    assert (page.closed, [row.unlock_reason for row in page.opened]) == ((), ["A receipt was found"])
    assert (page.opened[0].locker.name, page.opened[0].unlocker.name) == ("Marta", "Marta")
    with pytest.raises(Conflict):
        period_locks.unlock(world.session, marta, NOW, TODAY, lock.id, "Again")
    close(world, world.company.marta)


def test_what_is_closed_above_is_seen_and_not_opened_below(world: LedgerWorld) -> None:
    lock = close(world, world.company.admin, "root")
    marta = Actor(world.company.marta.id, world.company.marta.role)
    page = period_locks.page(world.session, marta, TODAY)
    assert [page.may_open(row) for row in page.closed] == [False]
    with pytest.raises(NotFound):
        period_locks.unlock(world.session, marta, NOW, TODAY, lock.id, "Mine")


def test_nobody_closes_what_is_not_theirs_not_over_or_closed_already(world: LedgerWorld) -> None:
    with pytest.raises(NotFound):
        close(world, world.company.sergio)
    with pytest.raises(Invalid):
        close(world, world.company.marta, on=APRIL)
    close(world, world.company.marta, on=FEBRUARY)
    with pytest.raises(Conflict):
        close(world, world.company.marta, on=date(2026, 2, 11))


def test_a_month_that_was_submitted_and_one_that_is_closed_are_both_passed_by(world: LedgerWorld) -> None:
    world.expense(100, on=date(2026, 2, 3))
    world.step(world.ana, ClaimAction.SUBMIT, on=FEBRUARY)
    close(world, world.company.marta)
    assert spent(world, date(2026, 2, 20)) == APRIL
