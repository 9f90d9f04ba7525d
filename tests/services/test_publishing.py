"""Publishing: proposals become visits, an account keeps its visit, and undo puts back what was."""

from __future__ import annotations

from datetime import date, timedelta

import pytest
from sqlalchemy import select
from sqlalchemy.orm import Session

from planner.domain.access import Actor, Role
from planner.domain.errors import Conflict, NotFound
from planner.domain.visits import VisitKind, VisitState
from planner.models.accounts import Account
from planner.models.schedule import Proposal, ScheduleVersion, VersionState
from planner.models.settings import AuditEntry
from planner.models.visits import DayRoute, Stop, Visit
from planner.services.schedule import publishing, unpublishing, version_review
from tests.conftest import NOW, TODAY
from tests.world import World

MONDAY, TUESDAY, FRIDAY = date(2026, 3, 9), date(2026, 3, 10), date(2026, 3, 13)
LATER = TODAY + timedelta(days=40)


@pytest.fixture
def world(session: Session) -> World:
    return World(session)


def ana(world: World) -> Actor:
    return Actor(world.ana.id, Role.REP)


def version(world: World, *wanted: tuple[Account, date]) -> ScheduleVersion:
    row = ScheduleVersion(
        rep_id=world.ana.id,
        state=VersionState.PROPOSED,
        from_on=TODAY,
        until_on=TODAY + timedelta(days=91),
        published_until_on=TODAY + timedelta(days=28),
        seed=1,
        network_version="v",
        driving_seconds=0,
        driving_metres=0,
        cost_seconds=0,
        days=[],
        created_at=NOW,
    )
    row.proposals = [
        Proposal(
            account_id=account.id,
            on=on,
            position=number,
            begins_seconds=9 * 3600,
            service_seconds=1800,
            detour_seconds=0,
            due_on=on,
            kind="cadence",
            reason="due",
            reason_values={"cadence_days": 28},
        )
        for number, (account, on) in enumerate(wanted)
    ]
    world.session.add(row)
    world.session.flush()
    return row


def published(world: World, *wanted: tuple[Account, date]) -> ScheduleVersion:
    row = version(world, *wanted)
    publishing.publish(world.session, ana(world), NOW, TODAY, row.id)
    return row


def visits(world: World, account: Account) -> list[Visit]:
    query = select(Visit).where(Visit.account_id == account.id, Visit.state != VisitState.CANCELLED)
    return list(world.session.scalars(query.order_by(Visit.on)))


def test_proposals_of_four_weeks_become_visits_and_later_ones_do_not(world: World) -> None:
    account = world.account(world.ana)
    published(world, (account, MONDAY), (account, LATER))
    (visit,) = visits(world, account)
    assert (visit.on, visit.state, visit.reason, visit.due_on) == (MONDAY, VisitState.PLANNED, "due", MONDAY)


def test_an_account_keeps_its_visit_when_the_day_changes(world: World) -> None:
    account = world.account(world.ana)
    published(world, (account, MONDAY))
    uid = visits(world, account)[0].uid
    published(world, (account, FRIDAY))
    (visit,) = visits(world, account)
    assert (visit.uid, visit.on) == (uid, FRIDAY)


def test_a_visit_without_a_proposal_is_cancelled(world: World) -> None:
    account = world.account(world.ana)
    published(world, (account, MONDAY))
    published(world)
    assert visits(world, account) == []


def test_what_is_agreed_pinned_or_begun_is_never_touched(world: World) -> None:
    appointment, pinned, done = (world.account(world.ana) for _ in range(3))
    published(world, *((account, MONDAY) for account in (appointment, pinned, done)))
    visits(world, appointment)[0].kind = VisitKind.APPOINTMENT
    visits(world, pinned)[0].is_pinned = True
    visits(world, done)[0].state = VisitState.DONE
    published(world, (pinned, MONDAY))
    for account in (appointment, pinned, done):
        assert [visit.on for visit in visits(world, account)] == [MONDAY]


def test_days_gone_by_are_left_alone(world: World) -> None:
    account = world.account(world.ana)
    row = version(world, (account, MONDAY), (account, FRIDAY))
    publishing.publish(world.session, ana(world), NOW, TUESDAY, row.id)
    assert [visit.on for visit in visits(world, account)] == [FRIDAY]


def test_an_account_archived_meanwhile_gets_no_visit(world: World) -> None:
    account = world.account(world.ana)
    row = version(world, (account, MONDAY))
    account.archived_at = NOW
    publishing.publish(world.session, ana(world), NOW, TODAY, row.id)
    assert visits(world, account) == []


def test_a_moved_visit_leaves_its_route_and_both_days_are_stale(world: World) -> None:
    account = world.account(world.ana)
    published(world, (account, MONDAY))
    (visit,) = visits(world, account)
    for on in (MONDAY, FRIDAY):
        route = DayRoute(rep_id=world.ana.id, on=on, leaves_seconds=0, home_seconds=0, home_leg_seconds=0)
        route.home_leg_metres, route.network_name, route.network_version = 0, "n", "v"
        route.solved_at = NOW
        world.session.add(route)
        if on == MONDAY:
            stop = Stop(visit_id=visit.id, position=0, arrives_seconds=0, begins_seconds=0, leaves_seconds=0)
            stop.leg_seconds = stop.leg_metres = 0
            route.stops = [stop]
    world.session.flush()
    published(world, (account, FRIDAY))
    world.session.expire_all()
    assert world.session.scalars(select(Stop)).all() == []
    assert all(route.is_stale for route in world.session.scalars(select(DayRoute)))


def test_undo_puts_every_visit_back_as_it_was(world: World) -> None:
    kept, moved, dropped = [world.account(world.ana) for _ in range(3)]
    added = world.account(world.ana)
    published(world, (kept, MONDAY), (moved, MONDAY), (dropped, TUESDAY))
    before = {
        account.id: [(v.uid, v.on) for v in visits(world, account)] for account in (kept, moved, dropped)
    }
    second = published(world, (kept, MONDAY), (moved, FRIDAY), (added, TUESDAY))
    assert visits(world, added)
    done = unpublishing.undo(world.session, ana(world), NOW, TODAY, second.id)
    after = {
        account.id: [(v.uid, v.on) for v in visits(world, account)] for account in (kept, moved, dropped)
    }
    assert after == before
    assert visits(world, added) == []
    assert {MONDAY, FRIDAY, TUESDAY} <= done.days
    assert second.state is VersionState.WITHDRAWN


def test_what_was_wished_for_one_date_does_not_move_along_and_comes_back_by_undo(world: World) -> None:
    kept, moved = world.account(world.ana), world.account(world.ana)
    published(world, (kept, MONDAY), (moved, MONDAY))
    wishes = (36000, 36000, 2)
    for account in (kept, moved):
        (visit,) = visits(world, account)
        visit.from_seconds, visit.until_seconds, visit.kept_place = wishes
    second = published(world, (kept, MONDAY), (moved, FRIDAY))
    (stays,), (goes,) = visits(world, kept), visits(world, moved)
    assert (stays.from_seconds, stays.until_seconds, stays.kept_place) == wishes
    assert (goes.from_seconds, goes.until_seconds, goes.kept_place) == (None, None, None)
    unpublishing.undo(world.session, ana(world), NOW, TODAY, second.id)
    assert (goes.on, goes.from_seconds, goes.until_seconds, goes.kept_place) == (MONDAY, *wishes)


def test_undo_is_refused_once_a_visit_was_touched(world: World) -> None:
    account = world.account(world.ana, name="Almacén Sol")
    row = published(world, (account, MONDAY))
    visits(world, account)[0].rev += 1
    with pytest.raises(Conflict) as caught:
        unpublishing.undo(world.session, ana(world), NOW, TODAY, row.id)
    assert caught.value.values == {"account": "Almacén Sol"}
    assert [visit.on for visit in visits(world, account)] == [MONDAY]


def test_a_version_is_published_once_and_only_the_newest(world: World) -> None:
    account = world.account(world.ana)
    older = published(world, (account, MONDAY))
    with pytest.raises(Conflict):
        publishing.publish(world.session, ana(world), NOW, TODAY, older.id)
    published(world, (account, MONDAY))
    world.session.refresh(older)
    assert older.state is VersionState.SUPERSEDED
    with pytest.raises(Conflict):
        unpublishing.undo(world.session, ana(world), NOW, TODAY, older.id)


def test_another_territory_does_not_see_the_version(world: World) -> None:
    row = version(world)
    with pytest.raises(NotFound):
        publishing.publish(world.session, Actor(world.sergio.id, Role.MANAGER), NOW, TODAY, row.id)


def test_publishing_stands_in_the_audit_log(world: World) -> None:
    published(world, (world.account(world.ana), MONDAY))
    entry = world.session.scalars(select(AuditEntry).order_by(AuditEntry.id.desc())).first()
    assert entry is not None
    assert (entry.action, entry.after["added"]) == ("schedule.published", 1)


def test_the_review_counts_hours_needed_and_available(world: World) -> None:
    row = version(world, (world.account(world.ana), MONDAY))
    day = {"on": MONDAY.isoformat(), "off": "", "off_name": "", "available_seconds": 3600, "visits": 1}
    row.days = [day | {"service_seconds": 3000, "driving_seconds": 1200}]
    world.session.flush()
    review = version_review.review(world.session, ana(world), row.id, TODAY)
    assert review.feasibility.needed_seconds == 4200
    assert review.feasibility.short_seconds == 600
    assert [line.to_on for line in review.added] == [MONDAY]
    assert (review.can_publish, review.can_undo) == (True, False)
