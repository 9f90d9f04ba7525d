"""Day routes: solved along the streets, left out with a reason, solved again when visits change."""

from __future__ import annotations

from datetime import UTC, datetime, timedelta
from itertools import pairwise

import polyline
import pytest
from sqlalchemy import select
from sqlalchemy.orm import Session

from planner.domain.access import Actor, Role
from planner.domain.errors import NotFound
from planner.domain.visits import VisitKind, VisitState
from planner.models.accounts import Account, OpeningWindow
from planner.models.people import Rep
from planner.models.runs import PlanningRun, RunKind
from planner.models.visits import DayRoute, Visit
from planner.services.days import day_routes
from planner.services.installation import settings
from routing.errors import OffRoad
from tests.conftest import NOW, TODAY
from tests.roads import networks_folder
from tests.world import World

NINE = 9 * 3600


@pytest.fixture
def world(session: Session) -> World:
    return World(session)


def plan(world: World, account: Account | None = None, **values: object) -> Visit:
    account = account or world.account(world.ana)
    row = Visit(
        uid=f"v{account.id}", account_id=account.id, rep_id=world.ana.id, on=TODAY, service_seconds=1800
    )
    for name, value in values.items():
        setattr(row, name, value)
    world.session.add(row)
    world.session.flush()
    return row


def solved(world: World, now: datetime = NOW) -> DayRoute:
    assert day_routes.solve(world.session, now, networks_folder(), world.ana.id, TODAY)
    route = day_routes.of_day(world.session, Actor(world.ana.id, Role.REP), world.ana.id, TODAY)
    assert route is not None
    return route


def test_a_leg_knows_how_long_it_is_driven_on_which_roads(world: World) -> None:
    plan(world)
    (stop,) = solved(world).stops
    assert stop.leg_class_seconds is not None
    assert 0.5 * stop.leg_seconds < sum(stop.leg_class_seconds) <= stop.leg_seconds + 1


def driving_seconds(route: DayRoute) -> int:
    return sum(stop.leg_seconds for stop in route.stops) + route.home_leg_seconds


def seconds(hours: int, minutes: int = 0) -> int:
    return hours * 3600 + minutes * 60


def at(hours: int, minutes: int) -> datetime:
    """A time of TODAY in the territory, where NOW is nine o'clock."""
    return NOW + timedelta(hours=hours - 9, minutes=minutes)


def begin(visit: Visit, arrived: datetime) -> Visit:
    visit.state, visit.arrived_at = VisitState.ARRIVED, arrived
    return visit


def end(visit: Visit, left: datetime) -> Visit:
    visit.state, visit.left_at = VisitState.DONE, left
    return visit


def test_a_route_visits_everybody_and_its_legs_join_up(world: World) -> None:
    visits = [plan(world) for _ in range(5)]
    route = solved(world)
    assert {stop.visit_id for stop in route.stops} == {visit.id for visit in visits}
    paths = [polyline.decode(stop.leg_path) for stop in route.stops] + [polyline.decode(route.home_leg_path)]
    for before, after in pairwise(paths):
        assert before[-1] == pytest.approx(after[0], abs=2e-5)
    assert all(stop.arrives_seconds <= stop.begins_seconds < stop.leaves_seconds for stop in route.stops)
    assert (route.is_stale, route.rev, route.network_name) == (False, 1, "la-serena-coquimbo")


def test_in_rush_hours_the_same_day_takes_longer_along_the_ways_of_the_hour(world: World) -> None:
    for _ in range(4):
        plan(world)
    calm = driving_seconds(solved(world))
    actor = Actor(world.admin.id, world.admin.role)
    settings.change(world.session, actor, NOW, {"rush_hours": "00:00-23:59 50 50 50"})
    slow = solved(world)
    assert driving_seconds(slow) > 1.5 * calm


def test_how_one_drove_is_kept_with_the_route(world: World) -> None:
    plan(world)
    actor = Actor(world.admin.id, world.admin.role)
    settings.change(world.session, actor, NOW, {"speed_factor": 0.7, "rush_hours": "07:00-09:00 70 80 90"})
    kept = day_routes.row_of(world.session, solved(world).rep_id, TODAY)
    assert kept is not None
    assert (kept.driving["speed_factor"], kept.driving["turns"]) == (0.7, True)
    assert kept.driving["rush_hours"] == [
        {"begins": 7 * 3600, "ends": 9 * 3600, "main": 0.7, "middle": 0.8, "small": 0.9}
    ]


def test_an_appointment_is_kept_to_its_minute(world: World) -> None:
    plan(world)
    visit = plan(world, kind=VisitKind.APPOINTMENT, is_pinned=True, appointment_seconds=11 * 3600)
    (stop,) = [stop for stop in solved(world).stops if stop.visit_id == visit.id]
    assert stop.begins_seconds == 11 * 3600


def test_what_cannot_be_visited_is_left_out_with_its_reason(world: World) -> None:
    fine = plan(world)
    nowhere, at_sea, closed = plan(world), plan(world), plan(world)
    nowhere.account.lat = nowhere.account.lon = None
    at_sea.account.lat, at_sea.account.lon = -29.85, -71.60
    closed.account.windows = [OpeningWindow(weekday=6, opens_seconds=NINE, closes_seconds=NINE + 60)]
    world.session.flush()
    route = solved(world)
    assert [stop.visit_id for stop in route.stops] == [fine.id]
    reasons = {out.visit_id: out.reason for out in route.left_out}
    assert reasons == {nowhere.id: "no_place", at_sea.id: "off_road", closed.id: "closed"}


def test_visits_that_are_over_keep_their_place_in_front(world: World) -> None:
    for _ in range(4):
        plan(world)
    last = solved(world).stops[-1].visit
    last.state = VisitState.DONE
    last.arrived_at = datetime(2026, 3, 4, 12, 0, tzinfo=UTC)
    last.left_at = last.arrived_at + timedelta(minutes=20)
    world.session.flush()
    stops = solved(world).stops
    assert stops[0].visit_id == last.id
    nine_in_santiago = NINE
    assert stops[0].arrives_seconds == nine_in_santiago
    assert stops[1].arrives_seconds >= nine_in_santiago + 20 * 60


def test_today_is_put_in_order_from_the_present_on(world: World) -> None:
    for _ in range(3):
        plan(world)
    route = solved(world, at(11, 20))
    assert len(route.stops) == 3
    assert route.leaves_seconds >= seconds(11, 20)
    assert route.stops[0].arrives_seconds - route.stops[0].leg_seconds >= seconds(11, 20)


def test_a_day_to_come_is_put_in_order_from_the_shift_s_start_on(world: World) -> None:
    plan(world)
    assert solved(world, at(16, 0) - timedelta(days=1)).leaves_seconds == seconds(8)


def test_a_visit_under_way_stays_first_and_the_rest_begins_when_it_should_be_over(world: World) -> None:
    for _ in range(3):
        plan(world)
    begun = begin(solved(world).stops[-1].visit, at(9, 30))
    route = solved(world, at(9, 40))
    assert (route.stops[0].visit_id, route.stops[0].arrives_seconds) == (begun.id, seconds(9, 30))
    assert route.stops[1].arrives_seconds == seconds(10) + route.stops[1].leg_seconds


def test_a_visit_that_drags_on_holds_up_the_rest(world: World) -> None:
    for _ in range(2):
        plan(world)
    begin(solved(world).stops[0].visit, at(9, 30))
    route = solved(world, at(11, 0))
    assert route.stops[1].arrives_seconds >= seconds(11) + route.stops[1].leg_seconds


def test_the_visits_held_stand_in_the_order_driven(world: World) -> None:
    for _ in range(3):
        plan(world)
    first, second, third = [stop.visit for stop in solved(world).stops]
    end(begin(third, at(9, 10)), at(9, 30))
    end(begin(first, at(9, 50)), at(10, 10))
    route = solved(world, at(10, 15))
    assert [stop.visit_id for stop in route.stops] == [third.id, first.id, second.id]
    assert route.stops[2].arrives_seconds >= seconds(10, 15)


def test_what_no_longer_fits_today_is_left_out_as_too_late(world: World) -> None:
    agreed = plan(world, kind=VisitKind.MUST_VISIT, is_pinned=True)
    movable = plan(world)
    route = solved(world, at(17, 50))
    assert route.stops == []
    assert {out.visit_id: out.reason for out in route.left_out} == {
        agreed.id: "too_late",
        movable.id: "too_late",
    }
    assert route.home_seconds >= route.leaves_seconds >= seconds(17, 50)


def test_what_never_fitted_the_day_is_not_called_too_late(world: World) -> None:
    visit = plan(world, service_seconds=11 * 3600)
    (out,) = solved(world, at(17, 50)).left_out
    assert (out.visit_id, out.reason) == (visit.id, "too_long")


def test_after_the_shift_s_end_there_is_still_the_way_home(world: World) -> None:
    for _ in range(3):
        plan(world)
    last = solved(world).stops[-1].visit
    end(begin(last, at(17, 30)), at(18, 20))
    route = solved(world, at(18, 25))
    assert [stop.visit_id for stop in route.stops] == [last.id]
    assert {out.reason for out in route.left_out} == {"too_late"}
    assert route.home_seconds == seconds(18, 25) + route.home_leg_seconds


def test_the_time_that_passes_while_a_day_is_solved_does_not_undo_it(world: World) -> None:
    plan(world)
    facts = day_routes.gather(world.session, world.ana.id, TODAY)
    answer = day_routes.solve_facts(facts, networks_folder(), at(9, 0))
    assert day_routes.store(world.session, at(9, 5), facts, answer)


def test_a_day_that_changed_while_it_was_solved_is_not_overwritten(world: World) -> None:
    plan(world)
    facts = day_routes.gather(world.session, world.ana.id, TODAY)
    answer = day_routes.solve_facts(facts, networks_folder(), NOW)
    plan(world)
    assert day_routes.store(world.session, NOW, facts, answer) is False
    assert world.session.scalars(select(DayRoute)).all() == []
    assert day_routes.unsolved(world.session, world.ana.id, TODAY) == [TODAY]


def test_a_day_without_visits_has_no_route_and_loses_the_one_it_had(world: World) -> None:
    visit = plan(world)
    solved(world)
    visit.state = VisitState.CANCELLED
    day_routes.withdraw(world.session, [visit.id])
    assert day_routes.unsolved(world.session, world.ana.id, TODAY) == [TODAY]
    assert day_routes.solve(world.session, NOW, networks_folder(), world.ana.id, TODAY) is False
    assert world.session.scalars(select(DayRoute)).all() == []


def test_asking_marks_the_day_and_queues_one_run(world: World) -> None:
    plan(world)
    solved(world)
    actor = Actor(world.ana.id, Role.REP)
    first = day_routes.request(world.session, actor, NOW, world.ana.id, TODAY)
    assert day_routes.request(world.session, actor, NOW, world.ana.id, TODAY) == first
    assert world.session.get_one(PlanningRun, first).kind is RunKind.ROUTES
    assert day_routes.unsolved(world.session, world.ana.id, TODAY) == [TODAY]


def test_a_home_off_the_roads_says_how_far(world: World) -> None:
    plan(world)
    rep = world.session.get_one(Rep, world.ana.id)
    rep.home_lat, rep.home_lon = -29.85, -71.60
    world.session.flush()
    with pytest.raises(OffRoad):
        day_routes.solve(world.session, NOW, networks_folder(), world.ana.id, TODAY)


def test_the_days_of_another_territory_are_not_found(world: World) -> None:
    with pytest.raises(NotFound):
        day_routes.of_day(world.session, Actor(world.bruno.id, Role.REP), world.ana.id, TODAY)
