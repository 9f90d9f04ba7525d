"""What a reviewer's page knows of a day: its planned metres, and which of its trips are asked about."""

from __future__ import annotations

from datetime import date, datetime, timedelta
from decimal import Decimal

import pytest
from sqlalchemy.orm import Session

from planner.domain.claims import ClaimAction
from planner.domain.review import Flag
from planner.domain.visits import VisitState
from planner.services.days import day_changes, day_routes, replanning
from planner.services.ledger import adjustments, claim_check, claim_facts, ledger_lists, odometers, rates
from planner.services.ledger.ledger_lists import Filter
from routing.types import Place
from tests.conftest import NOW, TODAY
from tests.services.ledger_world import LedgerWorld, manager, rate, rep

pytestmark = pytest.mark.both_databases

NORTH = Place(-71.2489, -29.8900, "here")
MARCH = Filter(TODAY.replace(day=1), TODAY.replace(month=4, day=1))


@pytest.fixture
def world(session: Session) -> LedgerWorld:
    return LedgerWorld(session)


def replan(world: LedgerWorld, now: datetime, position: Place | None) -> int:
    facts = replanning.read(world.session, rep(world.ana), TODAY, TODAY)
    found = replanning.solve(facts, world.networks, now, position)
    return replanning.keep(world.session, now, facts, found, position is not None)


def is_known(world: LedgerWorld) -> bool:
    found = claim_facts.gather(world.session, [world.claim()])
    return (world.ana.id, TODAY) in found.planned


def test_a_rest_planned_from_where_the_phone_was_does_not_say_how_long_the_day_is(world: LedgerWorld) -> None:
    for _ in range(2):
        world.visit(hour=None, state=VisitState.PLANNED)
    day_routes.solve(world.session, NOW, world.networks, world.ana.id, TODAY)
    world.expense()
    known, last = [is_known(world)], 0
    for minutes, position in enumerate((None, NORTH, None)):
        last = replan(world, NOW + timedelta(minutes=minutes), position)
        known.append(is_known(world))
    assert known == [True, True, False, True]
    day_changes.undo(world.session, rep(world.ana), NOW + timedelta(hours=1), TODAY, last)
    assert not is_known(world)


def test_what_is_known_of_a_claim_does_not_depend_on_those_beside_it(world: LedgerWorld) -> None:
    """The 27 February was closed in March, its own claim submitted by then: its visits were noted closer in
    time than the road allows, and its route is known."""
    february = date(2026, 2, 26)
    world.visit(hour=13, on=february)
    world.close(february)
    world.step(world.ana, ClaimAction.SUBMIT, on=february)
    late = february + timedelta(days=1)
    near, far = (world.company.account(world.ana, lat=lat, lon=-71.27) for lat in (-29.90, -29.94))
    for account in (near, far):
        world.visit(hour=13, on=late, account=account)
    day_routes.solve(world.session, NOW, world.networks, world.ana.id, late)
    world.close(late)
    march, before = world.claim(), world.claim(february)
    (alone,) = claim_check.check(world.session, [march])
    together = claim_check.check(world.session, [before, march])[1]
    assert Flag.TOO_FAST in alone.flags
    assert alone.planned_metres > 0
    assert (together.flags, together.planned_metres) == (alone.flags, alone.planned_metres)


def test_a_day_of_which_only_adjustments_are_claimed_has_no_planned_metres(world: LedgerWorld) -> None:
    world.visit(hour=13)
    day_routes.solve(world.session, NOW, world.networks, world.ana.id, TODAY)
    world.close()
    world.step(world.ana, ClaimAction.SUBMIT)
    rates.add(world.session, None, NOW, rate(per_unit=Decimal(200), effective_from_on=TODAY))
    proposals = adjustments.of_rep(world.session, rep(world.ana), TODAY, world.ana.id)
    april = TODAY.replace(month=4)
    assert proposals
    seen = [(each.trip.id, each.difference_minor) for waiting in proposals for each in waiting.proposals]
    adjustments.book(world.session, rep(world.ana), NOW, TODAY, world.ana.id, seen)
    found = claim_check.check(world.session, [world.claim(), world.claim(april)])
    assert [each.planned_metres > 0 for each in found] == [True, False]


def test_only_what_is_to_be_looked_at_has_the_trips_of_a_day_that_is_asked_about(world: LedgerWorld) -> None:
    world.visit(hour=9)
    world.close(on=TODAY - timedelta(days=1), odometer_metres=10_000_000)
    world.close(changes=dict.fromkeys([0], 9_000), reason="Roadworks", odometer_metres=10_001_000)
    marta = manager(world.company.marta)
    every = ledger_lists.trips(world.session, marta, NOW, TODAY, MARCH)
    asked = ledger_lists.trips(
        world.session, marta, NOW, TODAY, Filter(MARCH.from_on, MARCH.until_on, only_flagged=True)
    )
    assert odometers.stretches(world.session, world.ana.id, MARCH.from_on, MARCH.until_on)
    assert len(every) == 2
    assert [line.trip.id for line in asked] == [line.trip.id for line in every]
    assert all(Flag.ODOMETER in line.flags for line in asked)
