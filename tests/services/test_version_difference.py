"""A proposed version against what stands: only what the rows show is claimed."""

from __future__ import annotations

from dataclasses import replace
from datetime import date, timedelta
from typing import Any

import pytest
from sqlalchemy import select
from sqlalchemy.orm import Session

from planner.domain.access import Actor, Role
from planner.domain.cadence import cycle_days
from planner.domain.plan_difference import Reach, WeekChange
from planner.domain.plan_inputs import AccountChange, RepChange
from planner.domain.visits import VisitKind, VisitState
from planner.domain.working_week import AbsenceKind
from planner.models.accounts import Account, Block, ImportChange, ImportRun
from planner.models.schedule import Proposal, ScheduleVersion, VersionState
from planner.models.visits import DayRoute, LeftOut, Stop, Visit
from planner.services.accounts import account_edit
from planner.services.company import working_weeks
from planner.services.schedule import agreements, publishing, version_difference, version_review
from planner.services.schedule.first_class import Against
from planner.services.schedule.horizon import DayLoad
from planner.services.schedule.version_difference import Difference
from tests.conftest import NOW, TODAY
from tests.world import World

MONDAY, TUESDAY, FRIDAY = date(2026, 3, 9), date(2026, 3, 10), date(2026, 3, 13)
NEXT_WEEK = date(2026, 3, 18)
HOUR = timedelta(hours=1)


@pytest.fixture
def world(session: Session) -> World:
    return World(session)


def ana(world: World) -> Actor:
    return Actor(world.ana.id, Role.REP)


def version(world: World, *wanted: tuple[Account, date], hours: int = 0, **fields: Any) -> ScheduleVersion:
    """A proposal made ``hours`` after noon; its days carry an hour of driving each."""
    days = sorted({on for _, on in wanted})
    loads = [DayLoad(on, "", "", 8 * 3600, 1, 1800, 3600).to_json() for on in days]
    values: dict[str, Any] = {"network_version": "v", "days": loads, "driving": {"turns": True}} | fields
    row = ScheduleVersion(
        rep_id=world.ana.id,
        state=VersionState.PROPOSED,
        from_on=TODAY + timedelta(days=1),
        until_on=TODAY + timedelta(days=91),
        published_until_on=TODAY + timedelta(days=28),
        seed=1,
        driving_seconds=0,
        driving_metres=0,
        cost_seconds=0,
        created_at=NOW + hours * HOUR,
        **values,
    )
    for number, (account, on) in enumerate(wanted):
        proposal = Proposal(account_id=account.id, on=on, position=number, begins_seconds=9 * 3600)
        proposal.service_seconds, proposal.detour_seconds, proposal.due_on = 1800, 0, on
        proposal.kind, proposal.reason, proposal.reason_values = "cadence", "due", {}
        row.proposals.append(proposal)
    world.session.add(row)
    world.session.flush()
    return row


def published(world: World, *wanted: tuple[Account, date], **fields: Any) -> ScheduleVersion:
    row = version(world, *wanted, **fields)
    publishing.publish(world.session, ana(world), row.created_at, TODAY, row.id)
    return row


def difference(world: World, row: ScheduleVersion) -> Difference:
    review = version_review.review(world.session, ana(world), row.id, TODAY)
    return version_difference.difference(world.session, review, TODAY)


def held(world: World, account: Account, on: date) -> None:
    visit = Visit(uid=f"{account.id} {on}", account_id=account.id, rep_id=world.ana.id, on=on)
    visit.kind, visit.state, visit.service_seconds = VisitKind.CADENCE, VisitState.DONE, 1800
    world.session.add(visit)
    world.session.flush()


def routed(world: World, driving_seconds: int, **fields: Any) -> None:
    """Every visit that stands in an up-to-date route of its own day."""
    for visit in world.session.scalars(select(Visit).where(Visit.state == VisitState.PLANNED)).all():
        route = DayRoute(rep_id=world.ana.id, on=visit.on, leaves_seconds=0, home_seconds=0)
        values = {"network_version": "v", "driving": {"turns": True}} | fields
        for name, value in values.items():
            setattr(route, name, value)
        route.home_leg_seconds, route.home_leg_metres, route.network_name = 0, 0, "n"
        route.solved_at = NOW
        stop = Stop(visit_id=visit.id, position=0, arrives_seconds=0, begins_seconds=0, leaves_seconds=0)
        stop.leg_seconds, stop.leg_metres = driving_seconds, 0
        route.stops = [stop]
        world.session.add(route)
    world.session.flush()


def test_moves_additions_and_weeks_are_counted(world: World) -> None:
    moved, dropped, added, kept = (world.account(world.ana) for _ in range(4))
    published(world, (moved, MONDAY), (dropped, MONDAY), (kept, FRIDAY))
    found = difference(world, version(world, (moved, TUESDAY), (added, NEXT_WEEK), (kept, FRIDAY), hours=1))
    assert (found.moved, found.added, found.dropped, found.kept) == (1, 1, 1, 1)
    assert found.reach is Reach.ALL_NEAR
    assert found.weeks == (WeekChange(MONDAY, -1), WeekChange(MONDAY + timedelta(days=7), 1))
    assert not found.is_none


def test_a_version_that_changes_nothing_is_none(world: World) -> None:
    account = world.account(world.ana)
    published(world, (account, MONDAY))
    found = difference(world, version(world, (account, MONDAY), hours=1))
    assert found.is_none
    assert found.has_standing
    assert found.weeks == ()


def test_the_first_version_ever_has_nothing_before_it(world: World) -> None:
    found = difference(world, version(world, (world.account(world.ana), MONDAY)))
    assert (found.former, found.inputs, found.driving, found.has_standing) == (None, None, None, False)


def test_a_version_that_was_taken_back_is_not_the_last(world: World) -> None:
    row = published(world, (world.account(world.ana), MONDAY))
    row.state = VersionState.WITHDRAWN
    assert difference(world, version(world, hours=1)).former is None


def test_driving_is_compared_day_by_day_on_the_same_roads(world: World) -> None:
    account = world.account(world.ana)
    published(world, (account, MONDAY))
    routed(world, 5400)
    found = difference(world, version(world, (account, TUESDAY), hours=1)).driving
    assert found is not None
    assert (found.before, found.after, found.is_rough) == (5400, 3600, False)


@pytest.mark.parametrize(
    "fields", [{"is_stale": True}, {"network_version": "other"}, {"driving": {"turns": False}}]
)
def test_driving_is_not_compared_with_what_is_old_or_driven_otherwise(
    world: World, fields: dict[str, Any]
) -> None:
    account = world.account(world.ana)
    published(world, (account, MONDAY))
    routed(world, 5400, **fields)
    assert difference(world, version(world, (account, TUESDAY), hours=1)).driving is None


def test_driving_is_not_compared_with_a_route_that_leaves_a_visit_out(world: World) -> None:
    account = world.account(world.ana)
    published(world, (account, MONDAY))
    routed(world, 5400)
    route = world.session.scalars(select(DayRoute)).one()
    route.left_out = [LeftOut(visit_id=route.stops[0].visit_id, reason="day_full")]
    world.session.flush()
    assert difference(world, version(world, (account, TUESDAY), hours=1)).driving is None


def test_of_a_accounts_only_what_holds_of_the_old_day_is_said(world: World) -> None:
    off, blocked, archived, better, early = (world.account(world.ana, letter="A") for _ in range(5))
    quiet = world.account(world.ana, letter="B")
    held(world, early, TODAY - timedelta(days=2))
    standing = [(a, MONDAY) for a in (blocked, archived, better, early, quiet)]
    published(world, (off, TUESDAY), *standing)
    blocked.blocks = [Block(from_on=MONDAY, until_on=TUESDAY)]
    archived.archived_at = NOW
    wanted = [(a, FRIDAY) for a in (off, blocked, better, early, quiet)]
    row = version(world, *wanted, hours=1)
    row.days = [*row.days, DayLoad(TUESDAY, "absence", "leave", 0).to_json()]
    found = {line.name: line.against for line in difference(world, row).first_class}
    assert found == {
        off.name: Against.DAY_OFF,
        blocked.name: Against.BLOCKED,
        archived.name: Against.ARCHIVED,
        better.name: Against.NOTHING,
        early.name: Against.TOO_EARLY,  # two weeks after Monday the second would be the wish
    }


def test_an_account_that_loses_several_visits_is_named_once(world: World) -> None:
    account = world.account(world.ana, letter="A")
    published(world, (account, MONDAY), (account, NEXT_WEEK))
    account.archived_at = NOW
    (line,) = difference(world, version(world, hours=1)).first_class
    assert (line.from_days, line.to_on, line.against) == ((MONDAY, NEXT_WEEK), None, Against.ARCHIVED)


def test_a_second_visit_is_not_judged_by_the_window_of_the_first(world: World) -> None:
    account = world.account(world.ana, letter="A")
    held(world, account, TODAY - timedelta(days=14))
    published(world, (account, MONDAY), (account, MONDAY + timedelta(days=14)))
    row = version(world, (account, MONDAY), (account, FRIDAY), hours=1)
    (line,) = difference(world, row).first_class
    assert line.against is Against.NOTHING


def test_an_a_account_moved_to_keep_its_latest_gap_gains_a_promise(world: World) -> None:
    account = world.account(world.ana, letter="A")
    held(world, account, TODAY - timedelta(days=12))  # promised within 19 days, by the eleventh
    published(world, (account, FRIDAY))
    found = difference(
        world, version(world, (account, TUESDAY), (account, TUESDAY + timedelta(days=15)), hours=1)
    )
    assert [line.against for line in found.first_class] == [Against.TOO_LATE]
    assert found.promises.gained == (account.name,)
    assert found.promises.lost == ()


def test_a_dropped_visit_loses_the_promise_and_an_agreed_one_keeps_it(world: World) -> None:
    lost, agreed = world.account(world.ana), world.account(world.ana)
    for account in (lost, agreed):
        held(world, account, TODAY - timedelta(days=25))
    published(world, (lost, MONDAY), (agreed, MONDAY))
    visit = world.session.scalars(
        select(Visit).where(Visit.account_id == agreed.id, Visit.on == MONDAY)
    ).one()
    visit.kind = VisitKind.MUST_VISIT
    world.session.flush()
    assert difference(world, version(world, hours=1)).promises.lost == (lost.name,)


def test_what_is_overdue_already_has_a_cadence_from_the_first_day_looked_at(world: World) -> None:
    late, later = world.account(world.ana, letter="A"), world.account(world.ana, letter="A")
    first = TODAY + timedelta(days=1)
    for account in (late, later):
        held(world, account, TODAY - timedelta(days=40))  # an A account is seen every two weeks
    published(world, (late, first + timedelta(days=15)), (later, first + timedelta(days=14)))
    wanted = (late, first + timedelta(days=14)), (later, first + timedelta(days=15))
    found = difference(world, version(world, *wanted, hours=1)).promises
    assert (found.gained, found.lost) == ((late.name,), (later.name,))


def test_a_date_of_a_fixed_cycle_is_a_promise_and_so_is_a_first_visit(world: World) -> None:
    cycle, fresh = world.account(world.ana), world.account(world.ana, letter="A")
    cycle.cycle_rule = "FREQ=WEEKLY;INTERVAL=4;BYDAY=MO"
    until_on = TODAY + timedelta(days=91)
    dates = [(cycle, on) for on in cycle_days(cycle.cycle_rule, TODAY + timedelta(days=1), until_on)]
    published(world, *dates, (fresh, FRIDAY))
    assert difference(world, version(world, hours=1)).promises.lost == tuple(sorted((cycle.name, fresh.name)))


def test_what_changed_of_the_inputs_is_told_since_the_plan_published_before(world: World) -> None:
    old, out, other = (world.account(world.ana) for _ in range(3))
    theirs = world.account(world.bruno)
    published(world, (old, MONDAY))
    boss, later = Actor(world.admin.id, Role.ADMIN), NOW + HOUR
    for account in (old, theirs):
        draft = account_edit.draft_of(account)
        changed = replace(draft, cadence_days=10)
        account_edit.update(world.session, boss, later, TODAY, account.id, account.rev, changed)
    account_edit.archive(world.session, boss, later, TODAY, out.id)
    working_weeks.add_absence(world.session, boss, later, world.ana.id, FRIDAY, FRIDAY, AbsenceKind.LEAVE)
    visit = world.session.scalars(select(Visit).where(Visit.account_id == old.id)).one()
    agreements.move(world.session, boss, later, TODAY, visit.id, TUESDAY)
    run = ImportRun(file_name="a.csv", file_sha256="0" * 64, mapping={}, imported_by=boss.user_id)
    run.imported_at = later
    run.changes = [ImportChange(account_id=other.id, before=None, rev_after=1)]
    world.session.add(run)
    world.session.flush()
    row = version(world, hours=2, network_version="w", driving={"turns": False})
    found = difference(world, row).inputs
    assert found is not None
    assert (found.since, found.is_other_network, found.driving) == (NOW, True, ("turns",))
    assert found.accounts == {AccountChange.CADENCE: (old.name,), AccountChange.ARCHIVED: (out.name,)}
    assert [(a.kind, a.from_on, a.is_added) for a in found.absences] == [("leave", FRIDAY, True)]
    assert found.by_hand == {"visit.agreed": 0, "visit.moved": 1, "visit.called_off": 0}
    assert (found.imported, found.rep, found.classes) == (1, frozenset(), ())


def test_what_changed_after_the_version_was_made_is_not_among_its_inputs(world: World) -> None:
    account = world.account(world.ana)
    published(world, (account, MONDAY))
    row = version(world, (account, MONDAY), hours=1)
    boss = Actor(world.admin.id, Role.ADMIN)
    account_edit.archive(world.session, boss, NOW + 2 * HOUR, TODAY, account.id)
    side = working_weeks.read(world.session, world.ana.id)
    moved = replace(side, home_lat=-29.9)
    working_weeks.change(world.session, boss, NOW + HOUR / 2, TODAY, world.ana.id, moved)
    found = difference(world, row).inputs
    assert found is not None
    assert found.accounts == {}
    assert found.rep == {RepChange.HOME}


def test_driving_that_a_version_does_not_know_is_not_called_changed(world: World) -> None:
    account = world.account(world.ana)
    published(world, (account, MONDAY), driving={})
    found = difference(world, version(world, (account, MONDAY), hours=1)).inputs
    assert found is not None
    assert found.driving == ()
