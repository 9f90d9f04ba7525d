"""What a rep wants of the order of their days, and how good that order is known to be."""

from __future__ import annotations

from dataclasses import replace
from datetime import timedelta

import pytest
from sqlalchemy.orm import Session

from planner.domain.day_goals import DayGoal, Proof
from planner.models.accounts import OpeningWindow
from planner.models.visits import DayChange
from planner.services import roads
from planner.services.days import day_routes, day_snapshots, day_solve, goal_choice, reordering, today
from planner.services.days.wanted_order import Wish
from planner.services.schedule import schedule_day
from routing.types import DayRoute as EngineRoute
from tests.conftest import NOW, TODAY
from tests.roads import networks_folder
from tests.services.test_broken_day import undo
from tests.services.test_day_routes import at, plan, seconds, solved
from tests.services.test_replanning import ana, order, replan, route_of
from tests.world import LA_SERENA, World

TOMORROW = TODAY + timedelta(days=1)


@pytest.fixture
def world(session: Session) -> World:
    return World(session)


def choose(world: World, goal: DayGoal) -> None:
    goal_choice.choose(world.session, ana(world), TODAY, goal)


def on_the_phone(world: World) -> today.Day:
    return today.day(world.session, ana(world), at(7, 0), TODAY, TODAY)


def proof(world: World) -> Proof | None:
    way = on_the_phone(world).way
    assert way is not None
    return way.proof


def late_opener(world: World) -> None:
    """Two visits of which the first, in the order that drives least, opens at ten: to wait for it drives
    least, to go to the other before it is home earlier."""
    for step in (1, -1):
        plan(world, world.account(world.ana, lat=LA_SERENA[0] + 0.01 * step, lon=LA_SERENA[1] + 0.002))
    first, second = (stop.visit for stop in solved(world, at(7, 0)).stops)
    first.account.windows = [OpeningWindow(weekday=2, opens_seconds=seconds(10), closes_seconds=seconds(11))]
    second.service_seconds = 7000
    world.session.flush()


def test_who_wants_to_be_home_early_is_home_earlier_and_may_drive_more(world: World) -> None:
    late_opener(world)
    least = solved(world, at(7, 0))
    driving, home = sum(s.leg_seconds for s in least.stops) + least.home_leg_seconds, least.home_seconds
    choose(world, DayGoal.EARLIEST_HOME)
    early = solved(world, at(7, 0))
    assert early.home_seconds < home
    assert sum(s.leg_seconds for s in early.stops) + early.home_leg_seconds > driving
    assert (early.goal, proof(world)) == (DayGoal.EARLIEST_HOME, Proof(DayGoal.EARLIEST_HOME, 0, False))


def test_re_planning_on_the_road_goes_by_the_goal_too(world: World) -> None:
    late_opener(world)
    solved(world, at(7, 0))
    home = route_of(world).home_seconds
    choose(world, DayGoal.EARLIEST_HOME)
    replan(world, at(8, 0))
    assert route_of(world).home_seconds < home


def test_most_value_takes_a_visit_that_is_not_worth_its_detour_otherwise(world: World) -> None:
    visit = plan(world, world.account(world.ana, lat=LA_SERENA[0] - 0.08, lon=LA_SERENA[1] - 0.02))
    facts = day_routes.gather(world.session, world.ana.id, TODAY)
    (known,) = facts.visits
    travel = roads.travel(networks_folder(), facts.network_name, facts.driving, facts.engine)
    cheap = facts.with_visit(replace(known, price=60))
    assert day_solve.solve(cheap, travel).stops == ()
    (stop,) = day_solve.solve(replace(cheap, goal=DayGoal.MOST_VALUE), travel).stops
    assert stop.visit_id == visit.id


def test_another_goal_makes_the_days_to_come_stale_and_not_those_that_are_past(world: World) -> None:
    plan(world)
    solved(world, at(7, 0))
    goal_choice.choose(world.session, ana(world), TOMORROW, DayGoal.MOST_VALUE)
    assert not route_of(world).is_stale
    choose(world, DayGoal.EARLIEST_HOME)
    assert route_of(world).is_stale
    assert day_routes.unsolved(world.session, world.ana.id, TODAY) == [TODAY]
    assert goal_choice.in_force(world.session, ana(world)) is DayGoal.EARLIEST_HOME


def test_the_same_goal_again_changes_nothing(world: World) -> None:
    plan(world)
    solved(world, at(7, 0))
    choose(world, DayGoal.LEAST_DRIVING)
    assert not route_of(world).is_stale


def test_an_answer_to_the_goal_before_is_not_stored(world: World) -> None:
    plan(world)
    facts = day_routes.gather(world.session, world.ana.id, TODAY)
    answer = day_routes.solve_facts(facts, networks_folder(), at(7, 0))
    choose(world, DayGoal.MOST_VALUE)
    assert not day_routes.store(world.session, NOW, facts, answer)


def test_undo_brings_back_the_proof_of_the_order_it_brings_back(world: World) -> None:
    for _ in range(4):
        plan(world)
    ids = [stop.visit_id for stop in solved(world, at(7, 0)).stops]
    proven = Proof(DayGoal.LEAST_DRIVING, 0, False)
    assert proof(world) == proven
    tried = reordering.look(
        world.session, ana(world), networks_folder(), at(7, 0), TODAY, TODAY, Wish(tuple(reversed(ids)))
    )
    change_id = reordering.keep(world.session, ana(world), at(7, 0), tried)
    assert proof(world) is None
    undo(world, change_id)
    assert proof(world) == proven


def test_an_order_of_another_goal_comes_back_stale(world: World) -> None:
    for _ in range(3):
        plan(world)
    solved(world, at(7, 0))
    before = order(world)
    change_id = replan(world, at(7, 30))
    choose(world, DayGoal.EARLIEST_HOME)
    undo(world, change_id)
    assert [row[0] for row in order(world)] == [row[0] for row in before]
    assert route_of(world).is_stale
    assert proof(world) is None


def test_what_was_kept_before_there_were_goals_can_still_be_taken_back(world: World) -> None:
    plan(world)
    solved(world, at(7, 0))
    change = world.session.get_one(DayChange, replan(world, at(7, 30)))
    old = {
        key: value for key, value in change.before["route"].items() if key not in ("goal", "within_percent")
    }
    day_snapshots.put_back(world.session, world.ana.id, TODAY, old, is_stale=False)
    assert (route_of(world).goal, route_of(world).within_percent) == (DayGoal.LEAST_DRIVING, None)


def test_a_bound_is_stored_rounded_up_when_shown_and_forgotten_with_the_order(
    world: World, monkeypatch: pytest.MonkeyPatch
) -> None:
    plan(world)
    known = {"cost_seconds": 1031, "bound_seconds": 1000, "proven": False}
    original = day_solve.solve_day

    def bounded(*args: object) -> EngineRoute:
        return replace(original(*args), **known)  # type: ignore[arg-type]

    monkeypatch.setattr(day_solve, "solve_day", bounded)
    assert solved(world, at(7, 0)).within_percent == pytest.approx(3.1)
    assert proof(world) == Proof(DayGoal.LEAST_DRIVING, 4, False)
    shown = schedule_day.day(world.session, ana(world), world.ana.id, TODAY, TODAY)
    assert shown.proof == proof(world)
    assert schedule_day.day(world.session, ana(world), world.ana.id, TODAY, TOMORROW).proof is None
    day_routes.mark_stale(world.session, world.ana.id, [TODAY])
    world.session.expire_all()
    assert proof(world) is None
