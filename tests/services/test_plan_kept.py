"""Whether a closed day was driven as planned, by its visits and the route it had."""

from __future__ import annotations

from collections.abc import Iterable
from datetime import datetime, timedelta

import pytest
from sqlalchemy.orm import Session

from planner.domain.day_kept import Kept
from planner.domain.visits import VisitState
from planner.models.visits import DayChange, DayRoute, LeftOut, Stop, Visit
from planner.services.days import day_snapshots
from planner.services.days.day_changes import SHARED_OUT
from planner.services.ledger import plan_kept
from tests.conftest import NOW, TODAY
from tests.services.ledger_world import LedgerWorld

pytestmark = pytest.mark.both_databases

EARLY = NOW.replace(hour=8)


@pytest.fixture
def world(session: Session) -> LedgerWorld:
    return LedgerWorld(session)


def routed(world: LedgerWorld, visits: Iterable[Visit], solved_at: datetime = EARLY) -> DayRoute:
    """The day's route, in place of the one it had."""
    row = world.session.query(DayRoute).filter_by(rep_id=world.ana.id, on=TODAY).one_or_none()
    if row is None:
        row = DayRoute(rep_id=world.ana.id, on=TODAY, leaves_seconds=0, home_seconds=0)
        row.home_leg_seconds, row.home_leg_metres = 60, 700
        row.network_name, row.network_version = "la-serena-coquimbo", "0" * 64
        world.session.add(row)
    row.solved_at, row.stops = solved_at, []
    world.session.flush()
    for at, visit in enumerate(visits):
        stop = Stop(visit_id=visit.id, position=at, arrives_seconds=0, begins_seconds=0, leaves_seconds=0)
        stop.leg_seconds, stop.leg_metres = 60, 500
        row.stops.append(stop)
    world.session.flush()
    return row


def changed(world: LedgerWorld, visits: Iterable[Visit], **fields: object) -> None:
    """The rep had the day put in another order at nine."""
    before = day_snapshots.of_day(world.session, world.ana.id, TODAY)
    routed(world, visits, NOW)
    row = DayChange(rep_id=world.ana.id, on=TODAY, kind="order", told={}, before={"route": before})
    row.made_at = NOW
    for name, value in fields.items():
        setattr(row, name, value)
    world.session.add(row)
    world.session.flush()


def of_today(world: LedgerWorld) -> Kept | None:
    world.close()
    return plan_kept.of_day(world.session, world.ana.id, TODAY)


def three(world: LedgerWorld) -> list[Visit]:
    return [world.visit(hour=hour) for hour in (10, 11, 12)]


def test_a_day_driven_by_its_route_is_as_planned(world: LedgerWorld) -> None:
    routed(world, three(world))
    assert of_today(world) == Kept(True)


def test_a_day_driven_the_other_way_round_is_in_another_order(world: LedgerWorld) -> None:
    routed(world, reversed(three(world)))
    assert of_today(world) == Kept(True, is_other_order=True)


def test_what_was_skipped_and_added_is_counted(world: LedgerWorld) -> None:
    one, two, _added = three(world)
    skipped = world.visit(hour=None, state=VisitState.SKIPPED)
    routed(world, [one, skipped, two])
    assert of_today(world) == Kept(True, skipped=1, added=1)


def test_a_visit_missed_was_driven_to_as_planned(world: LedgerWorld) -> None:
    missed = world.visit(hour=10, state=VisitState.MISSED)
    routed(world, [missed, world.visit(hour=11)])
    assert of_today(world) == Kept(True)


def test_the_plan_is_the_route_before_the_rep_changed_it_on_the_day(world: LedgerWorld) -> None:
    one, two, three_ = three(world)
    routed(world, [three_, two, one])
    changed(world, [one, two, three_])
    assert of_today(world) == Kept(True, is_other_order=True)


def test_of_several_changes_the_first_has_the_plan(world: LedgerWorld) -> None:
    one, two, three_ = three(world)
    routed(world, [one, two, three_])
    changed(world, [three_, two, one])
    changed(world, [two, three_, one])
    assert of_today(world) == Kept(True)


@pytest.mark.parametrize(
    "fields",
    [
        {"undone_at": NOW},
        {"made_at": NOW - timedelta(days=1)},
        {"kind": SHARED_OUT},
        {"before": {"rows": []}},
    ],
)
def test_changes_taken_back_made_before_by_others_or_of_no_order_leave_the_plan_as_it_stands(
    world: LedgerWorld, fields: dict[str, object]
) -> None:
    one, two, three_ = three(world)
    routed(world, [three_, two, one])
    changed(world, [one, two, three_], **fields)
    routed(world, [one, two, three_])
    assert of_today(world) == Kept(True)


def test_a_visit_moved_to_another_day_was_taken_off(world: LedgerWorld) -> None:
    one, two, moved = three(world)
    routed(world, [one, moved, two])
    changed(world, [one, two])
    moved.on = TODAY + timedelta(days=1)
    world.session.flush()
    assert of_today(world) == Kept(True, taken_off=1)


def test_a_visit_the_route_left_out_and_that_was_skipped_is_as_planned(world: LedgerWorld) -> None:
    held, out = world.visit(hour=10), world.visit(hour=None, state=VisitState.SKIPPED)
    route = routed(world, [held])
    route.left_out = [LeftOut(visit_id=out.id, reason="no_time")]
    world.session.flush()
    assert of_today(world) == Kept(True)


def test_a_route_that_a_run_replaced_under_way_says_since_when_it_is_known(world: LedgerWorld) -> None:
    replaced_at = NOW.replace(hour=10, minute=20)
    routed(world, three(world), replaced_at)
    assert of_today(world) == Kept(True, known_since=replaced_at)


def test_a_day_without_a_route_has_nothing_to_stand_beside(world: LedgerWorld) -> None:
    world.visit(hour=10), world.visit(hour=None, state=VisitState.SKIPPED)
    assert of_today(world) == Kept(False, skipped=1)


def test_of_a_day_without_visits_nothing_is_said(world: LedgerWorld) -> None:
    assert of_today(world) is None
