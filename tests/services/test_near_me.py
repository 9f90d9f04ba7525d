"""Near me: by detour from the rest of the route, greyed with the reason, added in one tap and taken back."""

from __future__ import annotations

from datetime import datetime, timedelta
from itertools import pairwise

import pytest
from sqlalchemy import select
from sqlalchemy.orm import Session

from planner.domain.day_goals import DayGoal
from planner.domain.errors import Conflict, NotFound
from planner.domain.visits import VisitState
from planner.models.accounts import Account, AccountKind, OpeningWindow
from planner.models.people import Rep
from planner.models.visits import Visit
from planner.services.days import adding, day_routes, near_me
from planner.services.days.near_me import Nearby
from routing.types import Place
from tests.conftest import NOW, TODAY
from tests.roads import networks_folder
from tests.services.test_broken_day import undo
from tests.services.test_day_routes import at, plan, seconds, solved
from tests.services.test_replanning import ana, order, route_of
from tests.world import LA_SERENA, World

FAR = (-29.9533, -71.3395)
"""In Coquimbo, a quarter of an hour from the plaza."""


@pytest.fixture
def world(session: Session) -> World:
    return World(session)


def near(world: World, now: datetime = NOW, position: Place | None = None) -> list[Nearby]:
    found = near_me.near(world.session, ana(world), networks_folder(), now, TODAY, TODAY, position)
    return list(found.places)


def named(world: World, account: Account, now: datetime = NOW) -> Nearby:
    (found,) = [place for place in near(world, now) if place.account_id == account.id]
    return found


def think(world: World, account_id: int, now: datetime = NOW) -> adding.Addition:
    return adding.think(world.session, ana(world), networks_folder(), now, TODAY, TODAY, account_id)


def routed(world: World, count: int = 3) -> None:
    for _ in range(count):
        plan(world)
    solved(world, at(7, 0))


def test_the_least_detour_comes_first_however_far_from_home(world: World) -> None:
    far = world.account(world.ana, lat=FAR[0], lon=FAR[1])
    plan(world, far)
    solved(world, at(7, 0))
    beside_the_way = world.account(world.ana, lat=FAR[0] + 0.001, lon=FAR[1] + 0.001)
    off_the_way = world.account(world.ana, lat=LA_SERENA[0] + 0.02, lon=LA_SERENA[1])
    found = near(world)
    assert [place.account_id for place in found] == [beside_the_way.id, off_the_way.id]
    assert all(one.detour_seconds <= other.detour_seconds for one, other in pairwise(found))


def test_for_a_rep_who_wants_to_be_home_the_least_later_comes_first(world: World) -> None:
    """Half an hour on the way beside a quarter of an hour a little off it."""
    far = world.account(world.ana, lat=FAR[0], lon=FAR[1])
    plan(world, far)
    solved(world, at(7, 0))
    on_the_way = world.account(world.ana, lat=FAR[0] + 0.001, lon=FAR[1] + 0.001)
    brief = world.account(world.ana, lat=LA_SERENA[0] + 0.02, lon=LA_SERENA[1])
    on_the_way.visit_seconds, brief.visit_seconds = 2 * 3600, 60
    world.session.flush()
    assert [place.account_id for place in near(world)] == [on_the_way.id, brief.id]
    world.session.get_one(Rep, world.ana.id).day_goal = DayGoal.EARLIEST_HOME
    world.session.flush()
    found = near(world)
    assert [place.account_id for place in found] == [brief.id, on_the_way.id]
    later = [place.home_later_seconds for place in found]
    assert later[0] is not None
    assert later[1] is not None
    assert later[0] < 2 * 3600 <= later[1]


def test_only_who_is_due_or_a_prospect_is_named(world: World) -> None:
    routed(world)
    due, fresh, prospect = (world.account(world.ana) for _ in range(3))
    plan(world, fresh, on=TODAY - timedelta(days=2), state=VisitState.DONE)
    prospect.kind = AccountKind.PROSPECT
    gone, anothers = world.account(world.ana), world.account(world.bruno)
    gone.archived_at = NOW
    world.session.flush()
    assert {place.account_id for place in near(world)} == {due.id, prospect.id}
    assert anothers.id not in {place.account_id for place in near(world)}


def test_who_is_closed_or_will_be_is_greyed_with_the_reason(world: World) -> None:
    routed(world)
    closed, over, fine = (world.account(world.ana) for _ in range(3))
    closed.windows = [OpeningWindow(weekday=6, opens_seconds=seconds(9), closes_seconds=seconds(12))]
    over.windows = [OpeningWindow(weekday=2, opens_seconds=seconds(8), closes_seconds=seconds(10))]
    world.session.flush()
    now = at(11, 0)
    assert named(world, closed, now).why_not == "closed"
    assert named(world, over, now).why_not == "too_late"
    assert named(world, fine, now).why_not == ""


def test_who_does_not_fit_is_greyed_as_too_much_for_the_day(world: World) -> None:
    for _ in range(4):
        plan(world, service_seconds=2 * 3600)
    solved(world, at(7, 0))
    account = world.account(world.ana)
    account.visit_seconds = 3 * 3600
    world.session.flush()
    assert named(world, account, at(8, 0)).why_not == "day_full"
    with pytest.raises(Conflict, match="does_not_fit"):
        think(world, account.id, at(8, 0))


def test_from_a_position_the_way_begins_there(world: World) -> None:
    routed(world)
    account = world.account(world.ana, lat=FAR[0], lon=FAR[1])
    here = Place(FAR[1], FAR[0], "here")
    (from_here,) = near(world, at(9, 0), here)
    assert from_here.account_id == account.id
    assert from_here.detour_seconds < 120 < named(world, account, at(9, 0)).detour_seconds


def test_one_added_gets_its_place_and_the_order_of_the_others_stays(world: World) -> None:
    routed(world, 4)
    before = [visit_id for visit_id, *_ in order(world)]
    account = world.account(world.ana)
    told = named(world, account, at(8, 0))
    driving = sum(stop.leg_seconds for stop in route_of(world).stops) + route_of(world).home_leg_seconds
    change_id = adding.make(world.session, ana(world), at(8, 0), TODAY, think(world, account.id, at(8, 0)))
    (visit,) = world.session.scalars(select(Visit).where(Visit.account_id == account.id))
    after = [visit_id for visit_id, *_ in order(world)]
    assert [one for one in after if one != visit.id] == before
    assert visit.id in after
    now = sum(stop.leg_seconds for stop in route_of(world).stops) + route_of(world).home_leg_seconds
    assert now - driving == told.detour_seconds
    assert not route_of(world).is_stale
    undo(world, change_id)
    assert visit.state is VisitState.CANCELLED
    assert [visit_id for visit_id, *_ in order(world)] == before


def test_what_was_left_out_of_the_route_stays_so_with_its_reason(world: World) -> None:
    routed(world)
    shut = plan(world)
    shut.account.windows = [OpeningWindow(weekday=6, opens_seconds=0, closes_seconds=60)]
    world.session.flush()
    solved(world, at(7, 0))
    account = world.account(world.ana)
    adding.make(world.session, ana(world), at(8, 0), TODAY, think(world, account.id, at(8, 0)))
    assert [(out.visit_id, out.reason) for out in route_of(world).left_out] == [(shut.id, "closed")]


def test_who_had_no_place_in_the_route_yet_is_not_forgotten(world: World) -> None:
    plan(world)
    account = world.account(world.ana)
    adding.make(world.session, ana(world), NOW, TODAY, think(world, account.id))
    assert day_routes.unsolved(world.session, world.ana.id, TODAY) == [TODAY]


def test_a_second_tap_adds_nothing(world: World) -> None:
    routed(world)
    account = world.account(world.ana)
    addition = think(world, account.id)
    adding.make(world.session, ana(world), NOW, TODAY, addition)
    with pytest.raises(Conflict, match="account_has_visit"):
        adding.make(world.session, ana(world), NOW, TODAY, addition)


def test_nobody_adds_another_s_account(world: World) -> None:
    routed(world)
    with pytest.raises(NotFound):
        think(world, world.account(world.bruno).id)


def test_without_a_route_the_way_is_home_and_back(world: World) -> None:
    account = world.account(world.ana)
    assert named(world, account).why_not == ""
    adding.make(world.session, ana(world), NOW, TODAY, think(world, account.id))
    assert len(route_of(world).stops) == 1


def test_a_day_that_runs_late_anyway_still_takes_one_that_makes_nobody_later(world: World) -> None:
    routed(world, 1)
    (stop,) = route_of(world).stops
    stop.visit.account.windows = [
        OpeningWindow(weekday=2, opens_seconds=seconds(8), closes_seconds=seconds(9))
    ]
    world.session.flush()
    account = world.account(world.ana)
    assert named(world, account, at(11, 0)).why_not == ""
