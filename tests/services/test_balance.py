"""How even a rep's days are to be: chosen, planned with, kept by the plan, and what each choice costs."""

from __future__ import annotations

from dataclasses import replace
from datetime import date, timedelta

import pytest
from sqlalchemy import select
from sqlalchemy.orm import Session

from planner.domain.access import Actor, Role
from planner.domain.balance import PRICE_SECONDS, Balance
from planner.domain.errors import NotFound
from planner.models.runs import RunKind
from planner.models.schedule import ScheduleVersion, VersionState
from planner.models.settings import AuditEntry
from planner.services.installation import settings
from planner.services.schedule import (
    answers,
    balance_curve,
    evenness,
    horizon,
    plan_inputs,
    planning,
    rotation_problem,
    runs,
    schedule_settings,
    version_review,
)
from planner.services.schedule.balance_curve import Curve
from planner.services.schedule.horizon import DayLoad
from routing.network import load
from routing.travel import RoadTravel, road_travel
from tests.conftest import NOW, TODAY
from tests.nights import may_sleep_away, planned_night
from tests.roads import DEMO, networks_folder
from tests.schedules import carry_out_runs, planned_schedule, published_schedule
from tests.world import World

HOUR = 3600


@pytest.fixture
def world(session: Session) -> World:
    made = World(session)
    for letter in "AABBC":
        made.account(made.ana, letter=letter)
    return made


@pytest.fixture(scope="module")
def travel() -> RoadTravel:
    return road_travel(load(DEMO))


def choose(world: World, own: Balance | None) -> None:
    evenness.choose(world.session, Actor(world.ana.id, Role.REP), NOW, TODAY, world.ana.id, own)
    world.session.commit()


def usual(world: World, balance: Balance) -> None:
    settings.change(world.session, Actor(world.admin.id, Role.ADMIN), NOW, {"balance": balance.value})
    world.session.commit()


def version(world: World, version_id: int) -> ScheduleVersion:
    return world.session.get_one(ScheduleVersion, version_id)


@pytest.mark.parametrize("choice", list(Balance))
def test_the_plan_is_posed_with_the_price_of_the_choice(
    world: World, travel: RoadTravel, choice: Balance
) -> None:
    choose(world, choice)
    facts = horizon.gather(world.session, world.ana.id, TODAY, TODAY)
    problem = rotation_problem.pose(facts, travel).problem
    assert problem.balance_price == PRICE_SECONDS[choice]


def test_a_rep_without_a_choice_is_planned_as_the_installation_has_it(world: World) -> None:
    assert horizon.gather(world.session, world.ana.id, TODAY, TODAY).balance is Balance.MODERATE
    usual(world, Balance.STRONG)
    assert horizon.gather(world.session, world.ana.id, TODAY, TODAY).balance is Balance.STRONG
    choose(world, Balance.NONE)
    assert horizon.gather(world.session, world.ana.id, TODAY, TODAY).balance is Balance.NONE
    choose(world, None)
    assert horizon.gather(world.session, world.ana.id, TODAY, TODAY).balance is Balance.STRONG


def test_a_choice_is_logged_once_with_what_it_was_before(world: World) -> None:
    choose(world, Balance.STRONG)
    choose(world, Balance.STRONG)
    entries = world.session.scalars(select(AuditEntry).where(AuditEntry.action == "rep.balance")).all()
    assert [(entry.before, entry.after) for entry in entries] == [({"balance": None}, {"balance": "strong"})]


def test_the_rep_of_another_territory_is_out_of_reach(world: World) -> None:
    sergio = Actor(world.sergio.id, Role.MANAGER)
    with pytest.raises(NotFound):
        evenness.choose(world.session, sergio, NOW, TODAY, world.ana.id, Balance.NONE)


def test_a_plan_knows_what_it_was_made_for_and_says_when_the_choice_is_another(world: World) -> None:
    version_id = planned_schedule(world, world.ana, networks_folder())
    assert version(world, version_id).balance is Balance.MODERATE
    actor = Actor(world.ana.id, Role.REP)
    assert version_review.review(world.session, actor, version_id, TODAY).other_balance is None
    choose(world, Balance.STRONG)
    assert version_review.review(world.session, actor, version_id, TODAY).other_balance is Balance.STRONG
    assert schedule_settings.of_rep(world.session, actor, world.ana.id, TODAY).is_outdated


def test_the_next_plan_names_the_change_among_its_inputs(world: World) -> None:
    former = published_schedule(world, world.ana, networks_folder())
    choose(world, Balance.STRONG)
    newer = planned_schedule(world, world.ana, networks_folder())
    found = plan_inputs.changed_inputs(world.session, version(world, newer), version(world, former))
    assert found.balance == (Balance.MODERATE, Balance.STRONG)


def test_a_plan_that_does_not_say_how_even_it_is_claims_nothing(world: World) -> None:
    former = published_schedule(world, world.ana, networks_folder())
    version(world, former).balance = None
    newer = planned_schedule(world, world.ana, networks_folder())
    found = plan_inputs.changed_inputs(world.session, version(world, newer), version(world, former))
    assert found.balance is None


def asked_curve(world: World) -> Curve:
    actor = Actor(world.ana.id, Role.REP)
    runs.request(world.session, actor, NOW, world.ana.id, RunKind.BALANCE, TODAY)
    with pytest.MonkeyPatch.context() as patch:
        patch.setattr(balance_curve, "ITERATIONS", 400)
        carry_out_runs(world, networks_folder())
    found = answers.newest(world.session, RunKind.BALANCE, world.ana.id)
    assert found is not None
    return Curve.from_json(found.values)


def test_the_curve_has_a_point_for_each_choice_and_changes_no_plan(world: World) -> None:
    published = published_schedule(world, world.ana, networks_folder())
    curve = asked_curve(world)
    assert [point.balance for point in curve.points] == list(Balance)
    assert curve.from_on == TODAY
    newest = planning.newest(world.session, world.ana.id, *VersionState)
    assert newest is not None
    assert newest.id == published


def test_points_add_up_to_what_their_plan_drives_and_the_curve_is_repeatable(
    world: World, travel: RoadTravel
) -> None:
    facts = horizon.gather(world.session, world.ana.id, TODAY, TODAY)
    with pytest.MonkeyPatch.context() as patch:
        patch.setattr(balance_curve, "ITERATIONS", 400)
        shares: list[float] = []
        first, _ = balance_curve.curve(facts, travel, 1, shares.append)
        again, _ = balance_curve.curve(facts, travel, 1)
    assert first == again == Curve.from_json(first.to_json())
    assert shares == sorted(shares)
    assert shares[-1] == 1.0
    worked = sum(day.shift is not None for day in facts.days)
    for point in first.points:
        assert point.days == worked
        assert point.least_seconds <= point.low_seconds <= point.high_seconds <= point.most_seconds
        assert point.fewest_visits * worked <= point.visits <= point.most_visits * worked
    assert first.least_driving_seconds == min(point.driving_seconds for point in first.points)


def test_the_curve_holds_to_no_night_that_a_plan_has_announced(world: World, travel: RoadTravel) -> None:
    may_sleep_away(world, world.ana)
    far = world.account(world.ana, lat=-29.9530, lon=-71.3400)
    for number in range(5, 15):
        planned_night(world, world.ana, far, TODAY + timedelta(days=number))
    facts = horizon.gather(world.session, world.ana.id, TODAY, TODAY)
    assert facts.nights.announced
    free = replace(facts, nights=replace(facts.nights, announced=()))
    with pytest.MonkeyPatch.context() as patch:
        patch.setattr(balance_curve, "ITERATIONS", 400)
        assert balance_curve.curve(facts, travel, 1) == balance_curve.curve(free, travel, 1)


def test_nine_days_in_ten_leave_out_as_many_long_days_as_short_ones() -> None:
    days = [DayLoad(date(2026, 3, 2), "", "", 8 * HOUR, number, number * HOUR, 0) for number in range(1, 41)]
    point = balance_curve.summed(Balance.NONE, 7, 2, days)
    assert (point.least_seconds, point.low_seconds) == (HOUR, 3 * HOUR)
    assert (point.high_seconds, point.most_seconds) == (38 * HOUR, 40 * HOUR)
    assert (point.fewest_visits, point.most_visits, point.visits) == (1, 40, sum(range(1, 41)))
    assert (point.driving_seconds, point.broken, point.days) == (7, 2, 40)


def test_a_rep_who_never_works_has_days_of_no_length() -> None:
    assert balance_curve.summed(Balance.NONE, 0, 0, []).most_seconds == 0
