"""The certificate of a plan: published = promised, and every promise broken is listed."""

from __future__ import annotations

from datetime import date, timedelta

import pytest
from sqlalchemy.orm import Session

from planner.domain.access import Actor, Role
from planner.domain.visits import VisitState
from planner.models.accounts import OpeningWindow
from planner.models.people import Rep
from planner.models.schedule import ScheduleVersion
from planner.services.schedule import horizon, planning, rotation, version_review
from planner.services.schedule.certificate import Certificate
from planner.services.schedule.rotation_problem import pose
from routing.network import current
from routing.travel import RoadTravel, road_travel
from routing.types import RotationPlan, RotationVisit
from tests.conftest import NOW, TODAY
from tests.roads import networks_folder
from tests.routing.rotation_judge import dates_of, pieces, standing_dates
from tests.services.test_planning import BUDGET, visit
from tests.world import World

HOUR = 3600


@pytest.fixture(scope="module")
def travel() -> RoadTravel:
    return road_travel(current(networks_folder(), "la-serena-coquimbo"))


@pytest.fixture
def world(session: Session) -> World:
    """Ana works three hours on Mondays and Tuesdays."""
    made = World(session)
    rep = session.get_one(Rep, made.ana.id)
    rep.shifts = [shift for shift in rep.shifts if shift.weekday < 2]
    for shift in rep.shifts:
        shift.ends_seconds, shift.lunch_seconds = 11 * HOUR, 0
    return made


def planned(world: World, travel: RoadTravel) -> tuple[horizon.Horizon, ScheduleVersion]:
    world.session.flush()
    world.session.expire_all()
    facts = horizon.gather(world.session, world.ana.id, TODAY, TODAY)
    solution = rotation.solve(facts, travel, BUDGET)
    version_id = planning.store(world.session, NOW, facts, solution, None, 1)
    return facts, world.session.get_one(ScheduleVersion, version_id)


def certified(world: World, version: ScheduleVersion) -> Certificate:
    actor = Actor(world.ana.id, Role.REP)
    found = version_review.review(world.session, actor, version.id, TODAY).certificate
    assert found is not None
    return found


def counted(facts: horizon.Horizon, version: ScheduleVersion, travel: RoadTravel) -> set[tuple[int, date]]:
    """The promises an independent judge misses: account, and the last date promised."""
    problem = pose(facts, travel).problem
    visits = tuple(
        RotationVisit(p.account_id, (p.on - version.from_on).days, p.position, p.begins_seconds, 0)
        for p in version.proposals
    )
    plan = RotationPlan(visits, (), 0, 0, 0, 0)
    return {
        (account.key, version.from_on + timedelta(days=last))
        for account in problem.accounts
        for _, last in pieces(
            account, standing_dates(problem, plan, account), dates_of(plan, account.key), len(problem.days)
        )
    }


def test_every_promise_that_is_broken_is_listed(world: World, travel: RoadTravel) -> None:
    for number in range(24):
        account = world.account(world.ana, letter="AABBC"[number % 5])
        account.visit_seconds = HOUR
        if number % 3:
            visit(world, account, TODAY - timedelta(days=number), VisitState.DONE)
        if number % 7 == 0:
            account.cycle_rule = "FREQ=WEEKLY;INTERVAL=4;BYDAY=MO"
        if number % 5 == 0:
            account.windows = [OpeningWindow(weekday=1, opens_seconds=8 * HOUR, closes_seconds=9 * HOUR)]
    standing = world.account(world.ana, letter="B")
    visit(world, standing, TODAY + timedelta(days=5), is_pinned=True)
    facts, version = planned(world, travel)
    found = certified(world, version)
    listed = {(fall.account_id, fall.promised_on) for fall in found.shortfalls}
    assert listed == counted(facts, version, travel)
    assert len(listed) > 10
    by_account = {proposal.account_id: [] for proposal in version.proposals}
    for proposal in version.proposals:
        by_account[proposal.account_id].append(proposal.on)
    for fall in found.shortfalls:
        later = [on for on in by_account.get(fall.account_id, []) if on > fall.promised_on]
        if fall.planned_on is not None:
            assert fall.planned_on == min(later)
            assert fall.days_late == (fall.planned_on - fall.promised_on).days


def test_an_account_is_listed_once_with_its_reason_and_whether_a_rule_would_help(
    world: World, travel: RoadTravel
) -> None:
    closed, lost, plain = (world.account(world.ana, letter="A") for _ in range(3))
    closed.windows = [OpeningWindow(weekday=4, opens_seconds=8 * HOUR, closes_seconds=18 * HOUR)]
    lost.lat = lost.lon = None
    for on in (TODAY + timedelta(days=1), TODAY + timedelta(days=90)):
        visit(world, plain, on, is_pinned=True)
    _, version = planned(world, travel)
    actor = Actor(world.ana.id, Role.REP)
    found = version_review.review(world.session, actor, version.id, TODAY).owed
    assert [one.account_id for one in found if one.account_id != plain.id] == [closed.id, lost.id]
    by_account = {one.account_id: one for one in found}
    said = {closed.id: ("never_open", True), lost.id: ("no_place", False)}
    for account_id, (reason, can_be_helped) in said.items():
        one = by_account[account_id]
        assert (one.missing and one.missing.reason, one.can_be_helped) == (reason, can_be_helped)
        assert {fall.account_id for fall in one.shortfalls} == {account_id}


def test_a_plan_that_keeps_every_promise_says_so(world: World, travel: RoadTravel) -> None:
    for _ in range(3):
        world.account(world.ana, letter="B")
    facts, version = planned(world, travel)
    assert counted(facts, version, travel) == set()
    found = certified(world, version)
    assert (found.shortfalls, found.weeks, found.accounts) == ((), (), 3)


def test_what_relaxing_frees_is_the_time_of_the_visits_planned(world: World, travel: RoadTravel) -> None:
    for _ in range(2):
        world.account(world.ana, letter="C")
    _, version = planned(world, travel)
    (found,) = certified(world, version).relaxations
    seconds = sum(p.service_seconds + p.detour_seconds for p in version.proposals)
    # Every 10 weeks instead of 8: a fifth of what four of thirteen weeks hold.
    assert (found.to_days, found.freed_seconds) == (70, round(seconds * 4 / 13 / 5))


def test_a_plan_that_is_history_has_no_certificate(world: World, travel: RoadTravel) -> None:
    world.account(world.ana)
    _, version = planned(world, travel)
    planned(world, travel)
    world.session.expire_all()
    actor = Actor(world.ana.id, Role.REP)
    assert version_review.review(world.session, actor, version.id, TODAY).certificate is None
