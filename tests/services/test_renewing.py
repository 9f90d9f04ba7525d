"""What a run makes of the day a rep is driving: the order stays, what came is fitted in."""

from __future__ import annotations

from datetime import datetime, timedelta

import pytest
from sqlalchemy.orm import Session

from planner.domain.visits import VisitKind
from planner.models.ledger import ClosedDay
from planner.models.visits import DayRoute, Visit
from planner.services.days import day_routes, renewing
from planner.services.days.wanted_order import Wish
from tests.conftest import NOW, TODAY
from tests.roads import networks_folder
from tests.services.test_day_routes import at, begin, plan, seconds, solved
from tests.services.test_reordering import keep
from tests.world import World


@pytest.fixture
def world(session: Session) -> World:
    return World(session)


def own_order(world: World, count: int = 5) -> list[int]:
    """Ids in an order of the rep's that is not the best."""
    for _ in range(count):
        plan(world)
    best = [stop.visit_id for stop in solved(world).stops]
    wanted = [*best[1::2], *best[::2]]
    keep(world, Wish(tuple(wanted)), at(8, 0))
    return wanted


def renewed(world: World, now: datetime) -> DayRoute:
    day_routes.mark_stale(world.session, world.ana.id, [TODAY])
    facts = day_routes.gather(world.session, world.ana.id, TODAY)
    assert day_routes.store(world.session, now, facts, renewing.solve(facts, networks_folder(), now))
    row = day_routes.row_of(world.session, world.ana.id, TODAY)
    assert row is not None
    return row


def ids(route: DayRoute) -> list[int]:
    return [stop.visit_id for stop in route.stops]


def test_on_the_day_the_order_stays_and_what_came_finds_its_place_in_it(world: World) -> None:
    wanted = own_order(world)
    new = plan(world, kind=VisitKind.MUST_VISIT, is_pinned=True)
    row = renewed(world, at(8, 30))
    assert [visit_id for visit_id in ids(row) if visit_id != new.id] == wanted
    assert new.id in ids(row)
    assert (row.is_stale, row.is_proven) == (False, False)


def test_before_the_day_it_is_put_in_its_best_order(world: World) -> None:
    wanted = own_order(world)
    plan(world)
    row = renewed(world, NOW - timedelta(days=1))
    assert [visit_id for visit_id in ids(row) if visit_id in wanted] != wanted


def test_where_nothing_is_left_of_the_order_the_day_is_put_in_the_best(world: World) -> None:
    for _ in range(3):
        plan(world)
    solved(world)
    day_routes.withdraw(world.session, [visit.id for visit in world.session.query(Visit)])
    assert len(renewed(world, at(8, 30)).stops) == 3


def test_what_finds_no_room_in_the_day_that_stands_is_left_out_and_nobody_else(world: World) -> None:
    wanted = own_order(world)
    first = begin(world.session.get_one(Visit, wanted[0]), at(9, 0))
    long = plan(world, service_seconds=9 * 3600)
    row = renewed(world, at(9, 10))
    assert ids(row) == wanted
    assert row.stops[0].visit_id == first.id
    assert [(out.visit_id, out.reason) for out in row.left_out] == [(long.id, "not_found")]


def test_what_is_no_longer_of_the_day_goes_out_of_the_order(world: World) -> None:
    wanted = own_order(world)
    world.session.get_one(Visit, wanted[2]).on = TODAY + timedelta(days=1)
    world.session.flush()
    row = renewed(world, at(8, 30))
    assert ids(row) == [*wanted[:2], *wanted[3:]]
    assert row.leaves_seconds >= seconds(8, 30)


def test_a_closed_day_is_no_longer_to_be_solved(world: World) -> None:
    own_order(world)
    day_routes.mark_stale(world.session, world.ana.id, [TODAY])
    assert day_routes.unsolved(world.session, world.ana.id, TODAY) == [TODAY]
    world.session.add(ClosedDay(rep_id=world.ana.id, on=TODAY, as_planned=True, closed_at=NOW))
    world.session.flush()
    assert day_routes.unsolved(world.session, world.ana.id, TODAY) == []
