"""Nights away, from the rule to the day's route: planned where they save, published, dropped, taken back."""

from __future__ import annotations

from datetime import date, timedelta

import pytest
from sqlalchemy import select
from sqlalchemy.orm import Session

from planner.domain.access import Actor, Role
from planner.domain.errors import Conflict, Locked, NotFound
from planner.domain.working_week import AbsenceKind
from planner.models.accounts import Account
from planner.models.ledger import ClosedDay
from planner.models.nights import PlannedNight
from planner.models.people import Rep
from planner.models.schedule import ScheduleNight, ScheduleVersion
from planner.models.visits import DayRoute, Visit
from planner.services import roads
from planner.services.company import working_weeks
from planner.services.days import day_routes, day_snapshots, night_choice, nights, today
from planner.services.schedule import (
    horizon,
    night_changes,
    publishing,
    schedule_calendar,
    schedule_day,
    unpublishing,
)
from planner.services.schedule.horizon import DayLoad
from planner.services.schedule.rotation_problem import pose
from planner.services.schedule.standing import standing_plan
from routing.rotation.day_driving import DayDriving
from tests.conftest import NOW, TODAY
from tests.nights import may_sleep_away, planned_night
from tests.roads import networks_folder
from tests.schedules import planned_schedule, published_schedule
from tests.services.test_publishing import version
from tests.world import World

MONDAY, TUESDAY, FRIDAY = date(2026, 3, 9), date(2026, 3, 10), date(2026, 3, 13)
COQUIMBO = (-29.9530, -71.3400)
ONE_DAY = timedelta(days=1)


@pytest.fixture
def world(session: Session) -> World:
    return World(session)


def ana(world: World) -> Actor:
    return Actor(world.ana.id, Role.REP)


def far_work(world: World) -> None:
    """More visits in Coquimbo than one day holds, a quarter of an hour's drive from home."""
    for number in range(8):
        lat, lon = COQUIMBO[0] - 0.0015 * (number % 4), COQUIMBO[1] + 0.001 * (number // 4)
        account = world.account(world.ana, letter="B", lat=lat, lon=lon)
        account.visit_seconds = 3 * 3600
    world.session.flush()


def loads(row: ScheduleVersion) -> dict[date, DayLoad]:
    return {load.on: load for load in map(DayLoad.from_json, row.days)}


def planned(world: World) -> ScheduleVersion:
    return world.session.get_one(ScheduleVersion, planned_schedule(world, world.ana, networks_folder()))


def standing(world: World) -> dict[date, str]:
    found = nights.standing(world.session, world.ana.id, TODAY, TODAY + timedelta(days=91))
    return {on: night.name for on, night in found.items()}


def test_nights_are_planned_on_allowed_evenings_where_they_save_driving(world: World) -> None:
    far_work(world)
    at_home = planned(world)
    may_sleep_away(world, world.ana)
    row = planned(world)
    assert row.nights
    assert row.driving_seconds < at_home.driving_seconds
    assert {night.on.weekday() for night in row.nights} <= {0, 1, 2, 3}
    # A night that only lets the next day begin near more visits than it holds from home saves by the plan.
    assert all(night.saves_seconds >= 0 for night in row.nights)
    assert sum(night.saves_seconds > 0 for night in row.nights) > len(row.nights) // 2
    assert sum(load.driving_seconds for load in loads(row).values()) == row.driving_seconds


@pytest.mark.parametrize("rule", [{"price_seconds": 8 * 3600}, {"least_metres": 50_000}], ids=str)
def test_a_dear_night_and_one_too_near_are_spent_at_home(world: World, rule: dict[str, int]) -> None:
    far_work(world)
    may_sleep_away(world, world.ana, **rule)
    assert planned(world).nights == []


def test_without_a_rule_nobody_sleeps_away(world: World) -> None:
    far_work(world)
    assert planned(world).nights == []


def test_published_nights_join_the_routes_of_two_days_as_planned(world: World) -> None:
    far_work(world)
    may_sleep_away(world, world.ana)
    row = planned(world)
    publishing.publish(world.session, ana(world), NOW, TODAY, row.id)
    near = {night.on: night.account.name for night in row.nights if night.on < row.published_until_on}
    assert standing(world) == near
    evening = min(near)
    for on in (evening, evening + ONE_DAY):
        assert day_routes.solve(world.session, NOW, networks_folder(), world.ana.id, on)
        route = day_routes.row_of(world.session, world.ana.id, on)
        assert route is not None
        driving = route.home_leg_seconds + sum(stop.leg_seconds for stop in route.stops)
        assert driving == loads(row)[on].driving_seconds


def test_questions_about_the_plan_drive_from_bed_to_bed(world: World) -> None:
    far_work(world)
    may_sleep_away(world, world.ana)
    row = world.session.get_one(ScheduleVersion, published_schedule(world, world.ana, networks_folder()))
    plan = standing_plan(world.session, networks_folder(), world.ana.id, TODAY)
    driving = DayDriving(plan.posed.problem)
    assert plan.posed.problem.nights == ()
    days = [(night.on - TODAY).days for night in row.nights]
    assert any(plan.horizon.date_of(day) >= row.published_until_on for day in days)
    for day in {*days, *(day + 1 for day in days)}:
        assert driving.of(day, plan.by_day.get(day, [])) == loads(row)[TODAY + day * ONE_DAY].driving_seconds


def test_a_night_before_the_first_day_is_settled_and_counts_towards_the_row(world: World) -> None:
    far_work(world)
    may_sleep_away(world, world.ana, most_in_a_row=2)
    account = world.account(world.ana, lat=COQUIMBO[0] - 0.0007, lon=COQUIMBO[1])
    for on in (MONDAY - ONE_DAY, MONDAY, TUESDAY + ONE_DAY):
        planned_night(world, world.ana, account, on)
    facts = horizon.gather(world.session, world.ana.id, TUESDAY, TODAY)
    problem = pose(facts, roads.travel(networks_folder(), facts.network_name)).problem
    bed = next(one.at for one in problem.accounts if one.key == account.id)
    assert problem.days[0].shift is not None
    assert (problem.days[0].shift.start, problem.days[0].shift.end) == (bed, 0)
    assert problem.nights[0].spent_after_days == (-2, -1)
    assert problem.nights[0].published == ((1, bed),)


def test_a_night_that_was_dropped_is_not_planned_again(world: World) -> None:
    far_work(world)
    may_sleep_away(world, world.ana)
    account = world.account(world.ana, lat=COQUIMBO[0], lon=COQUIMBO[1])
    planned_night(world, world.ana, account, MONDAY)
    night_choice.sleep_at_home(world.session, ana(world), NOW, MONDAY)
    facts = horizon.gather(world.session, world.ana.id, TODAY, TODAY)
    problem = pose(facts, roads.travel(networks_folder(), facts.network_name)).problem
    after = {facts.date_of(day) for day in problem.nights[0].after_days}
    assert MONDAY not in after
    assert TUESDAY in after


def test_publishing_adds_moves_and_drops_nights_and_undo_puts_them_back(world: World) -> None:
    one, other = world.account(world.ana, "Uno"), world.account(world.ana, "Otro")
    planned_night(world, world.ana, one, MONDAY)
    planned_night(world, world.ana, one, TUESDAY)
    row = version(world)
    row.nights = [
        ScheduleNight(on=TUESDAY, account_id=other.id, saves_seconds=60),
        ScheduleNight(on=FRIDAY, account_id=one.id, saves_seconds=60),
    ]
    world.session.flush()
    found = night_changes.changes(world.session, row, TODAY)
    assert [(line.on, line.from_name, line.to_name) for line in found.lines] == [
        (MONDAY, "Uno", ""),
        (TUESDAY, "Uno", "Otro"),
        (FRIDAY, "", "Uno"),
    ]
    done = publishing.publish(world.session, ana(world), NOW, TODAY, row.id)
    assert standing(world) == {TUESDAY: "Otro", FRIDAY: "Uno"}
    assert done.days == {MONDAY, TUESDAY, TUESDAY + ONE_DAY, FRIDAY, FRIDAY + ONE_DAY}
    unpublishing.undo(world.session, ana(world), NOW, TODAY, row.id)
    assert standing(world) == {MONDAY: "Uno", TUESDAY: "Uno"}


def test_publishing_is_not_taken_back_over_a_night_the_rep_has_dropped(world: World) -> None:
    row = version(world)
    row.nights = [ScheduleNight(on=MONDAY, account_id=world.account(world.ana).id, saves_seconds=60)]
    world.session.flush()
    publishing.publish(world.session, ana(world), NOW, TODAY, row.id)
    night_choice.sleep_at_home(world.session, ana(world), NOW, MONDAY)
    with pytest.raises(Conflict) as refused:
        unpublishing.undo(world.session, ana(world), NOW, TODAY, row.id)
    assert refused.value.code == "publish_changed_night"
    night_choice.sleep_away(world.session, ana(world), NOW, MONDAY)
    unpublishing.undo(world.session, ana(world), NOW, TODAY, row.id)
    assert standing(world) == {}


def test_no_version_brings_back_a_night_the_rep_has_dropped(world: World) -> None:
    account = world.account(world.ana, "Uno")
    planned_night(world, world.ana, account, MONDAY)
    night_choice.sleep_at_home(world.session, ana(world), NOW, MONDAY)
    row = version(world)
    row.nights = [ScheduleNight(on=MONDAY, account_id=account.id, saves_seconds=60)]
    world.session.flush()
    publishing.publish(world.session, ana(world), NOW, TODAY, row.id)
    assert standing(world) == {}


def leave(world: World, on: date) -> None:
    admin = Actor(world.admin.id, Role.ADMIN)
    working_weeks.add_absence(world.session, admin, NOW, world.ana.id, on, on, AbsenceKind.LEAVE)


def test_no_night_comes_back_beside_a_day_that_is_no_longer_worked(world: World) -> None:
    account = world.account(world.ana, "Uno")
    for on in (MONDAY, TUESDAY + ONE_DAY):
        planned_night(world, world.ana, account, on)
    row = version(world)
    publishing.publish(world.session, ana(world), NOW, TODAY, row.id)
    leave(world, TUESDAY)
    undone = unpublishing.undo(world.session, ana(world), NOW, TODAY, row.id)
    assert standing(world) == {TUESDAY + ONE_DAY: "Uno"}
    assert undone.days == {TUESDAY + ONE_DAY, TUESDAY + 2 * ONE_DAY}


def test_a_version_made_before_an_absence_publishes_no_night_beside_it(world: World) -> None:
    account = world.account(world.ana, "Uno")
    row = version(world)
    row.days = [DayLoad(MONDAY + number * ONE_DAY, "", "", 9 * 3600).to_json() for number in range(5)]
    row.nights = [
        ScheduleNight(on=on, account_id=account.id, saves_seconds=60) for on in (MONDAY, TUESDAY + ONE_DAY)
    ]
    world.session.flush()
    leave(world, TUESDAY)
    publishing.publish(world.session, ana(world), NOW, TODAY, row.id)
    assert standing(world) == {TUESDAY + ONE_DAY: "Uno"}


@pytest.fixture
def inn(world: World) -> Account:
    """A night after Monday in the hills, far from any road."""
    row = world.account(world.ana, "Refugio", lat=-30.1000, lon=-70.8000)
    planned_night(world, world.ana, row, MONDAY)
    for on in (MONDAY, TUESDAY):
        stop = world.account(world.ana, lat=COQUIMBO[0], lon=COQUIMBO[1])
        world.session.add(
            Visit(uid=str(on), account_id=stop.id, rep_id=world.ana.id, on=on, service_seconds=1800)
        )
    world.session.flush()
    return row


def test_a_night_off_the_roads_is_said_and_both_its_days_are_planned_from_home(
    world: World, inn: Account
) -> None:
    legs = {}
    for on in (MONDAY, TUESDAY):
        assert day_routes.solve(world.session, NOW, networks_folder(), world.ana.id, on)
        route = day_routes.row_of(world.session, world.ana.id, on)
        assert route is not None
        legs[on] = route.stops[0].leg_metres, route.home_leg_metres
    assert legs[MONDAY] == legs[TUESDAY]
    monday, tuesday = (
        today.day(world.session, ana(world), NOW, TODAY, on).nights for on in (MONDAY, TUESDAY)
    )
    assert (monday.after, tuesday.before) == (None, None)
    assert monday.after_off_road == tuesday.before_off_road == monday.offered
    assert monday.offered is not None
    assert monday.offered.name == inn.name
    shown = schedule_day.day(world.session, ana(world), world.ana.id, TUESDAY, TODAY)
    assert shown.nights.before_off_road == tuesday.before_off_road


def test_undoing_a_change_of_such_a_day_keeps_what_is_said(world: World, inn: Account) -> None:
    day_routes.solve(world.session, NOW, networks_folder(), world.ana.id, TUESDAY)
    kept = day_snapshots.of_day(world.session, world.ana.id, TUESDAY)
    day_snapshots.put_back(world.session, world.ana.id, TUESDAY, kept, is_stale=False)
    route = day_routes.row_of(world.session, world.ana.id, TUESDAY)
    assert route is not None
    assert (route.bed_before_off_road, route.bed_after_off_road) == (True, False)


def test_sleeping_at_home_instead_has_both_days_solved_again(world: World) -> None:
    account = world.account(world.ana, lat=COQUIMBO[0], lon=COQUIMBO[1])
    planned_night(world, world.ana, account, MONDAY)
    for on in (MONDAY, TUESDAY):
        visit = Visit(uid=str(on), account_id=account.id, rep_id=world.ana.id, on=on, service_seconds=1800)
        world.session.add(visit)
        world.session.flush()
        day_routes.solve(world.session, NOW, networks_folder(), world.ana.id, on)
    routes = [day_routes.row_of(world.session, world.ana.id, on) for on in (MONDAY, TUESDAY)]
    away = [(route.home_leg_metres, route.stops[0].leg_metres) for route in routes if route]
    assert (away[0][0], away[1][1]) == (0, 0)
    assert min(away[0][1], away[1][0]) > 3000
    night_choice.sleep_at_home(world.session, ana(world), NOW, MONDAY)
    stale = world.session.scalars(select(DayRoute.on).where(DayRoute.is_stale).order_by(DayRoute.on))
    assert list(stale) == [MONDAY, TUESDAY]
    day_routes.solve(world.session, NOW, networks_folder(), world.ana.id, MONDAY)
    route = day_routes.row_of(world.session, world.ana.id, MONDAY)
    assert route is not None
    assert route.home_leg_metres > 3000


def test_a_night_is_the_rep_s_own_and_stands_once_a_day_beside_it_is_closed(world: World) -> None:
    planned_night(world, world.ana, world.account(world.ana), TODAY)
    with pytest.raises(NotFound):
        night_choice.sleep_at_home(world.session, Actor(world.bruno.id, Role.REP), NOW, TODAY)
    world.session.add(ClosedDay(rep_id=world.ana.id, on=TODAY, as_planned=True, closed_at=NOW))
    world.session.flush()
    with pytest.raises(Locked):
        night_choice.sleep_at_home(world.session, ana(world), NOW, TODAY)


def test_days_away_from_work_give_up_the_nights_beside_them(world: World) -> None:
    account = world.account(world.ana)
    for on in (MONDAY, TUESDAY, TUESDAY + ONE_DAY):
        planned_night(world, world.ana, account, on)
    admin = Actor(world.admin.id, Role.ADMIN)
    leave = TUESDAY, TUESDAY, AbsenceKind.LEAVE
    working_weeks.add_absence(world.session, admin, NOW, world.ana.id, *leave)
    assert set(standing(world)) == {TUESDAY + ONE_DAY}


def test_a_weekday_no_longer_worked_gives_up_the_nights_beside_it(world: World) -> None:
    account = world.account(world.ana)
    for on in (MONDAY, TUESDAY):
        planned_night(world, world.ana, account, on)
    admin = Actor(world.admin.id, Role.ADMIN)
    side = working_weeks.read(world.session, world.ana.id)
    week = tuple(day for day in side.week if day.weekday != 2)
    shorter = working_weeks.RoadSide("", side.home_lat, side.home_lon, "", week)
    working_weeks.change(world.session, admin, NOW, TODAY, world.ana.id, shorter)
    assert set(standing(world)) == {MONDAY}


def test_calendar_and_day_show_published_nights_and_later_those_proposed(world: World) -> None:
    one = world.account(world.ana, "Uno")
    later = TODAY + timedelta(days=42)
    row = version(world, (one, later))
    row.nights = [ScheduleNight(on=on, account_id=one.id, saves_seconds=60) for on in (MONDAY, later)]
    world.session.flush()
    publishing.publish(world.session, ana(world), NOW, TODAY, row.id)
    world.session.get_one(Rep, world.ana.id)
    shown = schedule_calendar.calendar(world.session, ana(world), world.ana.id, TODAY)
    near = {day.on: day.night_near for week in shown.weeks for day in week if day.night_near}
    assert near == {MONDAY: "Uno", later: "Uno"}
    day = schedule_day.day(world.session, ana(world), world.ana.id, later, TODAY)
    assert day.nights.after is not None
    assert world.session.scalars(select(PlannedNight.on)).all() == [MONDAY]
