"""More claimed than the road says, over a day and over a month, keeps a claim from being within policy; and
a day with a stop skipped stands beside its route all the same."""

from __future__ import annotations

from collections.abc import Callable
from datetime import date, timedelta

import pytest
from sqlalchemy.orm import Session

from planner.domain.claims import ClaimAction
from planner.domain.commuting import Commute
from planner.domain.review import Flag
from planner.domain.review_talk import Act
from planner.domain.visits import VisitState
from planner.models.settings import Setting
from planner.models.visits import DayRoute, Stop, Visit
from planner.services.ledger import claim_check, trips
from planner.services.ledger.claim_check import CheckedClaim
from planner.services.ledger.reviewing import lines, queue, talking
from tests.conftest import NOW, TODAY
from tests.services.ledger_world import LedgerWorld, manager, rep

pytestmark = pytest.mark.both_databases

MONDAY = date(2026, 3, 2)
"""``TODAY`` is the Wednesday."""


@pytest.fixture
def world(session: Session) -> LedgerWorld:
    return LedgerWorld(session)


def drive(world: LedgerWorld, on: date, padded: Callable[[int], int], count: int = 3) -> None:
    """A day of visits, each drive to one claimed as ``padded`` makes it of the road's metres."""
    visits = [world.visit(hour=9 + at, on=on) for at in range(count)]
    draft = trips.preview(world.session, rep(world.ana), world.networks, world.ana.id, on)
    road = {trip.key: trip.metres for trip in draft.trips}
    changes = {visit.id: padded(road[visit.id]) for visit in visits}
    world.close(on=on, as_planned=False, changes=changes, reason="Roadworks")


def checked(world: LedgerWorld) -> CheckedClaim:
    (found,) = claim_check.check(world.session, [world.claim()])
    return found


def of_queue(world: LedgerWorld) -> queue.Queue:
    return queue.queue(world.session, manager(world.company.marta), NOW, TODAY)


def test_a_day_whose_drives_are_each_near_enough_is_asked_about_as_a_whole(world: LedgerWorld) -> None:
    drive(world, MONDAY, lambda road: road + 1_190)
    claim = checked(world)
    assert claim.flags == {Flag.DAY_LONGER: 1}
    (day,) = claim.days
    assert day.over_day is not None
    assert (day.over_day.metres, day.over_day.road_metres) == (day.metres, day.road_metres)
    assert day.metres - day.road_metres == 3 * 1_190


def test_it_is_not_within_policy_and_approving_all_leaves_it(world: LedgerWorld) -> None:
    drive(world, MONDAY, lambda road: road + 1_190)
    row = world.step(world.ana, ClaimAction.SUBMIT)
    shown = of_queue(world)
    assert [claim.checked.row.id for claim in shown.to_look] == [row.id]
    marta = manager(world.company.marta)
    decided = queue.approve_clean(world.session, marta, NOW, TODAY, [(row.id, row.rev)])
    assert (decided.done, decided.left) == ((), 1)


def test_a_month_padded_evenly_is_asked_about_once_and_settled_like_a_line(world: LedgerWorld) -> None:
    days = [TODAY - timedelta(days=at) for at in range(3)]
    for on, more in zip(days, (1_900, 1_950, 1_800), strict=True):
        drive(world, on, lambda road, more=more: road + more // 2, count=2)
    claim = checked(world)
    assert claim.flags == {Flag.CLAIM_LONGER: 1}
    row = world.step(world.ana, ClaimAction.SUBMIT)
    (shown,) = of_queue(world).to_look
    (line,) = shown.reviewed.exceptions
    assert line.on == days[1]  # it adds most
    (finding,) = line.findings
    assert finding.flag is Flag.CLAIM_LONGER
    assert finding.values["apart_metres"] == 2 * (950 + 975 + 900)
    marta = manager(world.company.marta)
    talking.say(world.session, marta, NOW, TODAY, row.id, Act.LOOK, line.key)
    (shown,) = of_queue(world).to_look
    assert shown.reviewed.open == ()


def test_what_is_not_counted_of_the_way_to_work_was_driven(world: LedgerWorld) -> None:
    """Else the day would be far shorter than its road, and hide as much padding."""
    world.session.add(Setting(key="commute", value=Commute.NOT_COUNTED.value))
    world.session.flush()
    drive(world, MONDAY, lambda road: road + 1_190)
    assert any(trip.commute_metres for trip in world.trips())
    assert checked(world).flags == {Flag.DAY_LONGER: 1}


def routed(world: LedgerWorld, visits: list[Visit], leg_metres: int, **fields: object) -> DayRoute:
    route = DayRoute(rep_id=world.ana.id, on=TODAY, leaves_seconds=0, home_seconds=0, solved_at=NOW)
    route.network_name, route.network_version = "la-serena-coquimbo", "0" * 64
    route.home_leg_seconds, route.home_leg_metres = 60, leg_metres
    for name, value in fields.items():
        setattr(route, name, value)
    route.stops = [
        Stop(visit_id=visit.id, position=at, arrives_seconds=0, begins_seconds=0, leaves_seconds=0)
        for at, visit in enumerate(visits)
    ]
    for stop in route.stops:
        stop.leg_seconds, stop.leg_metres = 60, leg_metres
    world.session.add(route)
    world.session.flush()
    return route


def planned(world: LedgerWorld) -> int | None:
    (day,) = checked(world).days
    return day.planned_metres


def test_a_day_with_a_stop_skipped_stands_beside_what_its_route_had(world: LedgerWorld) -> None:
    held, skipped = world.visit(hour=9), world.visit(hour=None, state=VisitState.SKIPPED)
    routed(world, [held, skipped], 100, is_stale=True)
    world.close(as_planned=False, changes={held.id: 9_000}, reason="Bridge closed")
    assert planned(world) == 300
    assert Flag.OFF_PLAN in checked(world).flags


def test_a_route_that_never_had_a_visit_that_was_driven_to_says_nothing(world: LedgerWorld) -> None:
    held = world.visit(hour=9)
    world.visit(hour=11)
    routed(world, [held], 100, is_stale=True)
    world.close()
    assert planned(world) is None


def test_a_route_that_lost_a_stop_says_nothing(world: LedgerWorld) -> None:
    held, moved = world.visit(hour=9), world.visit(hour=None, state=VisitState.SKIPPED)
    route = routed(world, [moved, held], 100, is_stale=True)
    route.stops = route.stops[1:]
    world.session.flush()
    world.close()
    assert planned(world) is None


@pytest.mark.parametrize("field", ["leg_path", "home_leg_path"])
def test_a_route_from_or_to_elsewhere_says_nothing(world: LedgerWorld, field: str) -> None:
    """A night away was noted, or taken back, since."""
    held = world.visit(hour=9)
    route = routed(world, [held], 100, is_stale=True)
    far = "_p~iF~ps|U_ulLnnqC"
    if field == "home_leg_path":
        route.home_leg_path = far
    else:
        route.stops[0].leg_path = far
    world.session.flush()
    world.close()
    assert planned(world) is None


def test_the_lines_of_a_claim_name_the_question_once(world: LedgerWorld) -> None:
    drive(world, MONDAY, lambda road: road + 1_190)
    found = lines.reviewed(checked(world), None, NOW)
    assert [finding.flag for line in found.lines for finding in line.findings] == [Flag.DAY_LONGER]
