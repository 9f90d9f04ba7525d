"""Coverage and cadence by class and rep."""

from __future__ import annotations

from datetime import timedelta
from uuid import uuid4

from sqlalchemy.orm import Session

from planner.domain.access import Actor, Role
from planner.domain.visits import VisitState
from planner.models.accounts import Account
from planner.models.people import Person
from planner.models.visits import Visit
from planner.services.oversight import coverage
from tests.conftest import TODAY
from tests.world import World


def held(session: Session, account: Account, rep: Person, days_ago: int) -> None:
    on = TODAY - timedelta(days=days_ago)
    row = Visit(uid=str(uuid4()), account_id=account.id, rep_id=rep.id, on=on, service_seconds=1800)
    row.state = VisitState.DONE
    session.add(row)
    session.flush()


def test_visited_and_within_the_latest_gap_are_counted_apart(session: Session) -> None:
    world = World(session)
    # Class A in this world: every 14 days, latest gap 19 (14 × 130 %, rounded up).
    fresh, stale, never = (world.account(world.ana, letter="A") for _ in range(3))
    held(session, fresh, world.ana, 19)
    held(session, stale, world.ana, 20)
    assert never.id
    table = coverage.table(session, Actor(world.marta.id, Role.MANAGER), TODAY, weeks=8)
    cell = table.rows[0].cells["A"]
    assert (cell.assigned, cell.visited, cell.kept, cell.overdue) == (3, 2, 1, 2)
    assert cell.coverage == 2 / 3
    assert cell.cadence_kept == 1 / 3


def test_a_manager_counts_only_the_accounts_of_their_territories(session: Session) -> None:
    world = World(session)
    world.account(world.ana)
    world.account(world.bruno)
    table = coverage.table(session, Actor(world.marta.id, Role.MANAGER), TODAY, weeks=8)
    assert [row.name for row in table.rows] == ["Ana"]
    everywhere = coverage.table(session, Actor(world.admin.id, Role.ADMIN), TODAY, weeks=8)
    assert [row.name for row in everywhere.rows] == ["Ana", "Bruno"]
    assert everywhere.total.assigned == 2


def test_a_visit_before_the_period_does_not_count_as_coverage(session: Session) -> None:
    world = World(session)
    held(session, world.account(world.ana, letter="C"), world.ana, 30)
    table = coverage.table(session, Actor(world.marta.id, Role.MANAGER), TODAY, weeks=4)
    assert table.total.visited == 0
    assert table.total.kept == 1


def test_accounts_without_an_owner_have_a_row_of_their_own(session: Session) -> None:
    world = World(session)
    world.account(None)
    table = coverage.table(session, Actor(world.marta.id, Role.MANAGER), TODAY, weeks=8)
    assert [(row.rep_id, row.total.assigned) for row in table.rows] == [(None, 1)]
