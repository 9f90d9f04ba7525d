"""Planning a small world on the demo network: what is proposed, why, and what has no day."""

from __future__ import annotations

from collections import Counter
from datetime import date, timedelta
from itertools import pairwise

import pytest
from sqlalchemy.orm import Session

from planner.domain.errors import Conflict
from planner.domain.visits import VisitKind, VisitState
from planner.models.accounts import Account, AccountKind, Block, OpeningWindow
from planner.models.people import Absence, AbsenceKind, Rep
from planner.models.schedule import ScheduleVersion
from planner.models.visits import Visit
from planner.services.schedule import horizon, planning, rotation
from planner.services.schedule.proposals import Proposed
from planner.services.schedule.rotation import Solution
from planner.services.schedule.rotation_problem import NotPlaced
from routing.errors import OffRoad
from routing.network import current
from routing.travel import RoadTravel, road_travel
from routing.types import SearchBudget
from tests.conftest import NOW, TODAY
from tests.roads import networks_folder
from tests.world import World

BUDGET = SearchBudget(iterations=30)
SEA = (-29.85, -71.60)
"""Latitude and longitude of a point in the bay, kilometres from any road."""


@pytest.fixture(scope="module")
def travel() -> RoadTravel:
    return road_travel(current(networks_folder(), "la-serena-coquimbo"))


@pytest.fixture
def world(session: Session) -> World:
    return World(session)


def solved(world: World, travel: RoadTravel, from_on: date = TODAY) -> Solution:
    world.session.flush()
    world.session.expire_all()
    facts = horizon.gather(world.session, world.ana.id, from_on, TODAY)
    return rotation.solve(facts, travel, BUDGET)


def visits_of(solution: Solution, account: Account) -> list[Proposed]:
    return [proposed for proposed in solution.proposals if proposed.account_id == account.id]


def missing_of(solution: Solution, account: Account) -> NotPlaced:
    (entry,) = [entry for entry in solution.not_placed if entry.account_id == account.id]
    return entry


def held(world: World, account: Account, on: date, see_again_days: int | None = None) -> Visit:
    return visit(world, account, on, VisitState.DONE, see_again_days=see_again_days)


def visit(
    world: World,
    account: Account,
    on: date,
    state: VisitState = VisitState.PLANNED,
    kind: VisitKind = VisitKind.CADENCE,
    is_pinned: bool = False,
    appointment: int | None = None,
    see_again_days: int | None = None,
) -> Visit:
    row = Visit(
        uid=f"{account.id}-{on}",
        account_id=account.id,
        rep_id=world.ana.id,
        on=on,
        kind=kind,
        state=state,
        is_pinned=is_pinned,
        appointment_seconds=appointment,
        service_seconds=1800,
        see_again_days=see_again_days,
    )
    world.session.add(row)
    world.session.flush()
    return row


def test_every_account_is_visited_within_its_gaps(world: World, travel: RoadTravel) -> None:
    accounts = [world.account(world.ana, letter="A") for _ in range(6)]
    for account in accounts:
        held(world, account, TODAY - timedelta(days=10))
    solution = solved(world, travel)
    for account in accounts:
        days = [TODAY - timedelta(days=10), *(proposed.on for proposed in visits_of(solution, account))]
        gaps = [(b - a).days for a, b in pairwise(days)]
        assert len(days) > 5
        # 70 % of 14 days rounded down, 130 % rounded up.
        assert all(9 <= gap <= 19 for gap in gaps), gaps


def test_nobody_is_visited_on_weekends_holidays_and_absences(world: World, travel: RoadTravel) -> None:
    for _ in range(8):
        world.account(world.ana, letter="A")
    leave = Absence(from_on=date(2026, 3, 9), until_on=date(2026, 3, 12), kind=AbsenceKind.LEAVE)
    rep = world.session.get_one(Rep, world.ana.id)
    rep.absences.append(leave)
    solution = solved(world, travel)
    days = {proposed.on for proposed in solution.proposals}
    assert days
    assert all(day.weekday() < 5 for day in days)
    good_friday = date(2026, 4, 3)
    assert good_friday not in days
    assert not {date(2026, 3, 9), date(2026, 3, 10), date(2026, 3, 11)} & days
    offs = {load.on: load.off for load in solution.days}
    assert (offs[good_friday], offs[date(2026, 3, 10)], offs[date(2026, 3, 8)]) == (
        "holiday",
        "absence",
        "day_off",
    )


def test_opening_days_and_blocks_are_kept(world: World, travel: RoadTravel) -> None:
    tuesdays = world.account(world.ana, letter="A")
    tuesdays.windows = [OpeningWindow(weekday=1, opens_seconds=9 * 3600, closes_seconds=12 * 3600)]
    tuesdays.blocks = [Block(from_on=date(2026, 3, 10), until_on=date(2026, 3, 11))]
    days = [proposed.on for proposed in visits_of(solved(world, travel), tuesdays)]
    assert days
    assert all(day.weekday() == 1 for day in days)
    assert date(2026, 3, 10) not in days


def test_each_visit_says_why(world: World, travel: RoadTravel) -> None:
    new, due, late, again = (world.account(world.ana) for _ in range(4))
    held(world, due, TODAY - timedelta(days=20))
    held(world, late, TODAY - timedelta(days=60))
    held(world, again, TODAY - timedelta(days=2), see_again_days=7)
    solution = solved(world, travel)
    reasons = {account.id: visits_of(solution, account)[0] for account in (new, due, late, again)}
    assert [reasons[account.id].reason for account in (new, due, late, again)] == [
        "never_visited",
        "due",
        "overdue",
        "see_again",
    ]
    assert reasons[due.id].due_on == TODAY + timedelta(days=8)
    assert reasons[late.id].reason_values["days"] >= 32
    assert abs((reasons[again.id].on - (TODAY + timedelta(days=5))).days) <= 3


def test_agreed_and_pinned_visits_stay_on_their_days(world: World, travel: RoadTravel) -> None:
    account = world.account(world.ana, letter="A")
    friday, sunday_ago = date(2026, 3, 6), TODAY - timedelta(days=3)
    held(world, account, sunday_ago)
    visit(world, account, friday, kind=VisitKind.APPOINTMENT, is_pinned=True, appointment=10 * 3600)
    proposals = visits_of(solved(world, travel), account)
    assert (proposals[0].on, proposals[0].reason, proposals[0].is_pinned) == (friday, "appointment", True)
    assert (proposals[1].on - friday).days >= 10


def test_a_visit_planned_before_the_first_day_counts_as_held(world: World, travel: RoadTravel) -> None:
    account = world.account(world.ana, letter="A")
    visit(world, account, TODAY)
    first = visits_of(solved(world, travel, TODAY + timedelta(days=1)), account)[0]
    assert (first.on - TODAY).days >= 10


def test_what_cannot_be_driven_to_is_listed_and_the_rest_is_planned(world: World, travel: RoadTravel) -> None:
    good = world.account(world.ana)
    at_sea = world.account(world.ana, lat=SEA[0], lon=SEA[1])
    swapped = world.account(world.ana, lat=-71.2489, lon=-29.9045)
    nowhere = world.account(world.ana)
    nowhere.lat = nowhere.lon = None
    solution = solved(world, travel)
    assert visits_of(solution, good)
    assert missing_of(solution, at_sea).reason == "off_road"
    assert missing_of(solution, at_sea).reason_values["metres"] > 2000
    assert missing_of(solution, swapped).reason == "swapped"
    assert missing_of(solution, nowhere).reason == "no_place"


def test_an_account_closed_whenever_the_rep_works_is_listed(world: World, travel: RoadTravel) -> None:
    account = world.account(world.ana)
    account.windows = [OpeningWindow(weekday=6, opens_seconds=9 * 3600, closes_seconds=12 * 3600)]
    assert missing_of(solved(world, travel), account).reason == "never_open"


def test_an_account_that_changes_hands_is_planned_until_then(world: World, travel: RoadTravel) -> None:
    account = world.account(world.ana, letter="A")
    account.ownerships[0].until_on = TODAY + timedelta(days=21)
    days = [proposed.on for proposed in visits_of(solved(world, travel), account)]
    assert days
    assert max(days) < TODAY + timedelta(days=21)


def test_prospects_keep_to_the_weekly_quota(world: World, travel: RoadTravel) -> None:
    for _ in range(20):
        world.account(world.ana).kind = AccountKind.PROSPECT
    solution = solved(world, travel)
    weeks = Counter(proposed.on.isocalendar().week for proposed in solution.proposals)
    assert sum(weeks.values()) == 20
    assert set(weeks.values()) == {2}
    assert {proposed.kind for proposed in solution.proposals} == {VisitKind.PROSPECT}


def test_a_prospect_seen_this_week_leaves_room_for_one_less(world: World, travel: RoadTravel) -> None:
    for _ in range(6):
        world.account(world.ana).kind = AccountKind.PROSPECT
    monday = TODAY - timedelta(days=TODAY.weekday())
    seen = world.account(world.ana)
    seen.kind = AccountKind.PROSPECT
    visit(world, seen, monday, VisitState.DONE, VisitKind.PROSPECT)
    solution = solved(world, travel, monday + timedelta(days=2))
    week = [p for p in solution.proposals if p.on < monday + timedelta(days=7)]
    assert len(week) == 1


def test_the_more_valuable_prospect_is_seen_first(world: World, travel: RoadTravel) -> None:
    small, large = world.account(world.ana), world.account(world.ana)
    for _ in range(4):
        world.account(world.ana).kind = AccountKind.PROSPECT
    small.kind = large.kind = AccountKind.PROSPECT
    small.potential_minor, large.potential_minor = 10_000, 90_000
    (first,), (later,) = (visits_of(solved(world, travel), one) for one in (large, small))
    assert first.on <= later.on


def test_a_rep_without_home_or_shifts_cannot_be_planned(world: World) -> None:
    rep = world.session.get_one(Rep, world.ana.id)
    shifts, rep.shifts = list(rep.shifts), []
    world.session.flush()
    with pytest.raises(Conflict, match="rep_without_shifts"):
        horizon.gather(world.session, world.ana.id, TODAY, TODAY)
    rep.home_lat = rep.home_lon = None
    assert shifts
    with pytest.raises(Conflict, match="rep_without_home"):
        horizon.gather(world.session, world.ana.id, TODAY, TODAY)


def test_a_home_off_the_roads_is_said_with_its_distance(world: World, travel: RoadTravel) -> None:
    rep = world.session.get_one(Rep, world.ana.id)
    rep.home_lat, rep.home_lon = SEA
    world.account(world.ana)
    with pytest.raises(OffRoad):
        solved(world, travel)


def test_a_version_is_stored_whole_and_supersedes_the_last_proposal(world: World, travel: RoadTravel) -> None:
    world.account(world.ana)
    facts = horizon.gather(world.session, world.ana.id, TODAY, TODAY)
    solution = rotation.solve(facts, travel, BUDGET)
    first = planning.store(world.session, NOW, facts, solution, None, 1)
    second = planning.store(world.session, NOW, facts, solution, None, 1)
    states = {row.id: row.state.value for row in world.session.query(ScheduleVersion)}
    assert states == {first: "superseded", second: "proposed"}
    version = world.session.get_one(ScheduleVersion, second)
    assert len(version.proposals) == len(solution.proposals)
    assert len(version.days) == 91
    assert version.network_version == travel.network.version


def test_the_same_input_gives_the_same_plan(world: World, travel: RoadTravel) -> None:
    for letter in "AABBBCC":
        world.account(world.ana, letter=letter)
    assert solved(world, travel) == solved(world, travel)
