"""The rest of a day re-planned from now, and taken back: from the last stop or from where the rep is."""

from __future__ import annotations

from datetime import UTC, date, datetime, timedelta

import polyline
import pytest
from sqlalchemy.orm import Session

from planner.domain.access import Actor, Role
from planner.domain.errors import Conflict, Locked, NotFound
from planner.domain.visits import VisitKind, VisitState
from planner.models.ledger import ClosedDay
from planner.models.visits import DayRoute, Visit
from planner.services.days import day_changes, day_routes, driven_legs, replanning, today
from routing.errors import OffRoad
from routing.types import Place
from tests.conftest import NOW, TODAY
from tests.queries import counted
from tests.roads import networks_folder
from tests.services.test_day_routes import at, begin, end, plan, seconds, solved
from tests.world import LA_SERENA, World

NORTH = Place(-71.2489, -29.8900, "here")


@pytest.fixture
def world(session: Session) -> World:
    return World(session)


def ana(world: World) -> Actor:
    return Actor(world.ana.id, Role.REP)


def replan(world: World, now: datetime, position: Place | None = None) -> int:
    facts = replanning.read(world.session, ana(world), TODAY, TODAY)
    found = replanning.solve(facts, networks_folder(), now, position)
    return replanning.keep(world.session, now, facts, found, position is not None)


def undo(world: World, change_id: int, now: datetime = NOW) -> day_changes.Change:
    return day_changes.undo(world.session, ana(world), now, TODAY, change_id)


def route_of(world: World) -> DayRoute:
    row = day_routes.row_of(world.session, world.ana.id, TODAY)
    assert row is not None
    return row


def order(world: World) -> list[tuple[int, int, int]]:
    return [(stop.visit_id, stop.begins_seconds, stop.leg_metres) for stop in route_of(world).stops]


def test_what_is_done_stays_done_and_the_rest_begins_now(world: World) -> None:
    for _ in range(4):
        plan(world)
    first = solved(world, at(8, 0)).stops[0].visit
    end(begin(first, at(9, 0)), at(9, 20))
    replan(world, at(11, 0))
    stops = route_of(world).stops
    assert (stops[0].visit_id, stops[0].leaves_seconds) == (first.id, seconds(9, 20))
    assert stops[1].arrives_seconds - stops[1].leg_seconds >= seconds(11)
    assert len(stops) == 4


def test_lunch_that_is_over_does_not_come_again(world: World) -> None:
    for _ in range(6):
        plan(world, service_seconds=3600)
    route = solved(world, at(7, 0))
    # Planned at noon, between the fourth and the fifth; eaten then, and the fifth done by ten to two.
    route.lunch_seconds = seconds(12)
    *morning, fifth, _ = (stop.visit for stop in route.stops)
    for hour, visit in enumerate(morning, 8):
        end(begin(visit, at(hour, 1)), at(hour, 59))
    end(begin(fifth, at(13, 0)), at(13, 50))
    for _ in range(2):
        replan(world, at(13, 50))
        now = route_of(world)
        assert now.lunch_seconds == seconds(12)
        sixth = now.stops[-1]
        assert sixth.begins_seconds == seconds(13, 50) + sixth.leg_seconds
        assert now.home_seconds == sixth.leaves_seconds + now.home_leg_seconds


def test_a_later_visit_taken_in_the_morning_does_not_eat_the_lunch(world: World) -> None:
    for _ in range(6):
        plan(world, service_seconds=3600)
    route = solved(world, at(7, 0))
    end(begin(route.stops[-1].visit, at(9, 0)), at(10, 0))
    replan(world, at(10, 0))
    lunch = route_of(world).lunch_seconds
    assert lunch is not None
    assert lunch >= seconds(12)


def test_from_a_position_the_first_leg_begins_there_along_the_streets(world: World) -> None:
    for _ in range(3):
        plan(world)
    first = solved(world, at(8, 0)).stops[0].visit
    end(begin(first, at(9, 0)), at(9, 20))
    replan(world, at(9, 40), NORTH)
    leg = polyline.decode(route_of(world).stops[1].leg_path)
    assert leg[0] == pytest.approx((NORTH.lat, NORTH.lon), abs=0.003)
    before = polyline.decode(route_of(world).stops[0].leg_path)
    assert before[0] == pytest.approx(LA_SERENA, abs=0.003)


def test_before_the_first_stop_the_whole_day_begins_at_the_position(world: World) -> None:
    plan(world)
    solved(world, at(7, 0))
    replan(world, at(9, 0), NORTH)
    assert polyline.decode(route_of(world).stops[0].leg_path)[0] == pytest.approx(
        (NORTH.lat, NORTH.lon), abs=0.003
    )


def test_a_visit_under_way_says_better_where_the_rep_is_than_a_phone(world: World) -> None:
    for _ in range(2):
        plan(world)
    begin(solved(world, at(8, 0)).stops[0].visit, at(9, 0))
    replan(world, at(9, 10), NORTH)
    from_stop = order(world)
    replan(world, at(9, 10))
    assert order(world) == from_stop


def test_a_position_off_the_roads_is_refused_and_nothing_changes(world: World) -> None:
    plan(world)
    solved(world)
    before = order(world)
    with pytest.raises(OffRoad):
        replan(world, at(9, 0), Place(-71.60, -29.85, "at sea"))
    assert order(world) == before


def test_undo_gives_back_the_order_and_its_times(world: World) -> None:
    for _ in range(4):
        plan(world)
    solved(world, at(8, 0))
    before = order(world)
    change_id = replan(world, at(11, 0))
    assert order(world) != before
    assert undo(world, change_id).is_undone
    assert order(world) == before
    assert not route_of(world).is_stale
    with pytest.raises(Conflict, match="day_change_undone"):
        undo(world, change_id)


def test_a_visit_done_meanwhile_stays_done_when_the_order_is_taken_back(world: World) -> None:
    visits = [plan(world) for _ in range(3)]
    solved(world, at(8, 0))
    before = order(world)
    change_id = replan(world, at(11, 0))
    end(begin(visits[0], at(11, 20)), at(11, 40))
    undo(world, change_id)
    assert visits[0].state is VisitState.DONE
    assert order(world) == before


def test_an_order_taken_back_after_a_visit_was_skipped_is_stale(world: World) -> None:
    visits = [plan(world) for _ in range(3)]
    solved(world, at(8, 0))
    change_id = replan(world, at(11, 0))
    visits[0].state = VisitState.SKIPPED
    world.session.flush()
    undo(world, change_id)
    assert route_of(world).is_stale
    assert visits[0].id not in {stop.visit_id for stop in route_of(world).stops}


def test_only_the_last_change_can_be_taken_back(world: World) -> None:
    for _ in range(3):
        plan(world)
    solved(world, at(8, 0))
    first, second = replan(world, at(10, 0)), replan(world, at(11, 0))
    changes = day_changes.of_day(world.session, world.ana.id, TODAY, is_open=True)
    assert [(one.change_id, one.can_be_undone) for one in changes] == [(second, True), (first, False)]
    with pytest.raises(Conflict, match="day_changed_since"):
        undo(world, first)


def test_nobody_takes_back_another_s_change(world: World) -> None:
    plan(world)
    change_id = replan(world, at(10, 0))
    with pytest.raises(NotFound):
        day_changes.undo(world.session, Actor(world.bruno.id, Role.REP), NOW, TODAY, change_id)


def test_a_closed_day_is_not_put_in_order(world: World) -> None:
    plan(world)
    world.session.add(ClosedDay(rep_id=world.ana.id, on=TODAY, as_planned=True, closed_at=NOW))
    world.session.flush()
    with pytest.raises(Locked):
        replan(world, NOW)


def test_a_day_without_visits_says_so(world: World) -> None:
    with pytest.raises(Conflict, match="day_without_visits"):
        replan(world, NOW)


def test_visits_that_changed_while_it_was_solved_are_not_overwritten(world: World) -> None:
    plan(world)
    facts = replanning.read(world.session, ana(world), TODAY, TODAY)
    found = replanning.solve(facts, networks_folder(), NOW)
    plan(world)
    with pytest.raises(Conflict, match="day_changed"):
        replanning.keep(world.session, NOW, facts, found)


def test_fifteen_stops_are_read_with_as_many_queries_as_five(world: World) -> None:
    def asked_with(more: int) -> int:
        for _ in range(more):
            plan(world, service_seconds=900)
        world.session.expire_all()
        with counted() as sent:
            replan(world, at(9, 0))
        return sum(statement.startswith("SELECT") for statement in sent)

    asked_with(3)  # there is a route from now on
    assert asked_with(2) == asked_with(10)
    assert len(route_of(world).stops) == 15


def test_what_is_odd_in_a_day_still_leaves_a_plan_for_the_rest(world: World) -> None:
    """Closed before now, an appointment at lunch, two at one place, one nobody can reach."""
    from planner.models.accounts import OpeningWindow

    closed, lunch, unreachable = plan(world), plan(world), plan(world)
    closed.account.windows = [OpeningWindow(weekday=2, opens_seconds=seconds(8), closes_seconds=seconds(9))]
    lunch.kind, lunch.is_pinned, lunch.appointment_seconds = VisitKind.APPOINTMENT, True, seconds(12, 30)
    twin, other = plan(world), plan(world)
    other.account.lat, other.account.lon = twin.account.lat, twin.account.lon
    unreachable.account.lat, unreachable.account.lon = -29.85, -71.60
    world.session.flush()
    replan(world, at(11, 0))
    route = route_of(world)
    assert {stop.visit_id for stop in route.stops} == {lunch.id, twin.id, other.id}
    assert {out.visit_id: out.reason for out in route.left_out} == {
        closed.id: "too_late",
        unreachable.id: "off_road",
    }


def test_a_day_on_which_the_clock_goes_back_is_planned_all_the_same(world: World) -> None:
    """In Chile 2026-04-04 has 23:00 to 24:00 twice; a visit ends in the second that began in the first."""
    on = date(2026, 4, 4)
    held, ahead = plan(world, on=on), plan(world, on=on)
    held.state, held.arrived_at = VisitState.DONE, datetime(2026, 4, 5, 2, 50, tzinfo=UTC)
    held.left_at = datetime(2026, 4, 5, 3, 10, tzinfo=UTC)
    world.session.flush()
    facts = day_routes.gather(world.session, world.ana.id, on)
    found = replanning.solve(facts, networks_folder(), datetime(2026, 4, 5, 3, 20, tzinfo=UTC))
    assert found.stops[0].times.leaves >= found.stops[0].times.arrives
    assert {out.visit_id for out in found.left_out} == {ahead.id}


def test_the_page_forecasts_from_when_the_rest_was_put_in_order(world: World) -> None:
    """The first was left at 9:20; re-planned at 11:00, nobody has been driving since 9:20."""
    for _ in range(3):
        plan(world)
    end(begin(solved(world, at(8, 0)).stops[0].visit, at(9, 0)), at(9, 20))
    replan(world, at(11, 0), NORTH)
    shown = today.day(world.session, ana(world), at(11, 1), TODAY, TODAY)
    assert shown.next_visit is not None
    assert shown.next_visit.begins == shown.next_visit.planned_begins
    assert not shown.is_running_late
    assert today.day(world.session, ana(world), at(11, 40), TODAY, TODAY).is_running_late


def test_lateness_by_the_visit_under_way_names_it_and_earlier_lateness_does_not(world: World) -> None:
    for _ in range(3):
        plan(world)
    first = begin(solved(world, at(8, 0)).stops[0].visit, at(9, 0))
    first.service_seconds = 1800
    world.session.flush()
    replan(world, at(9, 1))
    late_by_first = today.day(world.session, ana(world), at(9, 50), TODAY, TODAY)
    assert late_by_first.overrunning is not None
    assert (late_by_first.overrunning.visit_id, late_by_first.overrunning.overrun_seconds) == (
        first.id,
        20 * 60,
    )
    assert today.day(world.session, ana(world), at(9, 40), TODAY, TODAY).overrunning is None
    first.arrived_at = at(9, 45)
    world.session.flush()
    late_before = today.day(world.session, ana(world), at(10, 20), TODAY, TODAY)
    assert late_before.is_running_late
    assert late_before.overrunning is None


def test_a_window_that_will_be_missed_is_told_with_the_minutes(world: World) -> None:
    from planner.models.accounts import OpeningWindow

    visit: Visit = plan(world)
    visit.account.windows = [OpeningWindow(weekday=2, opens_seconds=seconds(8), closes_seconds=seconds(10))]
    world.session.flush()
    solved(world, at(8, 0))
    shown = today.day(world.session, ana(world), at(10, 20), TODAY, TODAY)
    assert [one.visit_id for one in shown.too_late] == [visit.id]
    assert shown.too_late[0].expected is not None
    assert shown.too_late[0].expected.missed_by == 20 * 60
    assert shown.is_running_late
    assert not today.day(world.session, ana(world), at(10, 20) + timedelta(days=1), TODAY, TODAY).is_past


def test_a_leg_re_planned_from_the_way_is_not_held_against_the_whole_drive(world: World) -> None:
    """The route's metres begin where the phone was, the drive at the stop before."""
    from planner.services.ledger import day_trips

    for _ in range(2):
        plan(world)
    first, second = (stop.visit for stop in solved(world, at(8, 0)).stops)
    end(begin(first, at(9, 0)), at(9, 20))
    replan(world, at(9, 40), NORTH)
    end(begin(second, at(10, 0)), at(10, 30))
    world.session.flush()
    found = {
        trip.key: trip.planned_metres
        for trip in day_trips.draft(world.session, networks_folder(), world.ana.id, TODAY).trips
    }
    assert found[second.id] is None
    assert found[first.id] is not None
    assert driven_legs.legs(world.session, TODAY, 0.8) == []
    replan(world, at(10, 40))
    assert len(driven_legs.legs(world.session, TODAY, 0.8)) == 1
    again = day_trips.draft(world.session, networks_folder(), world.ana.id, TODAY).trips
    assert all(trip.planned_metres is not None for trip in again)
