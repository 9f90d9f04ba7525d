"""Planning runs: asked once, claimed once, finished by whoever holds the token."""

from __future__ import annotations

from datetime import date, timedelta

import pytest
from sqlalchemy import select
from sqlalchemy.orm import Session

from planner.domain.access import Actor, Role
from planner.domain.errors import Conflict, NotFound
from planner.models.runs import PlanningRun, RunKind, RunState
from planner.services.schedule import leases, runs
from tests.conftest import NOW, TODAY
from tests.world import World

SILENT = NOW + leases.LEASE + timedelta(seconds=1)


@pytest.fixture
def world(session: Session) -> World:
    return World(session)


def ask(world: World, kind: RunKind = RunKind.SCHEDULE, from_on: date = TODAY) -> int:
    actor = Actor(world.ana.id, Role.REP)
    return runs.request(world.session, actor, NOW, world.ana.id, kind, from_on)


def row(world: World, run_id: int) -> PlanningRun:
    world.session.expire_all()
    return world.session.get_one(PlanningRun, run_id)


def claimed(world: World) -> leases.Claim:
    claim = leases.claim(world.session, NOW)
    assert claim is not None
    return claim


def test_asking_twice_gives_one_run(world: World) -> None:
    assert ask(world) == ask(world)
    assert len(world.session.scalars(select(PlanningRun)).all()) == 1


def test_asking_again_for_an_earlier_day_moves_the_start_forward(world: World) -> None:
    ask(world, from_on=date(2026, 3, 9))
    run_id = ask(world, from_on=date(2026, 3, 5))
    assert row(world, run_id).from_on == date(2026, 3, 5)


def test_a_schedule_and_routes_are_two_runs_and_routes_go_first(world: World) -> None:
    ask(world)
    routes = ask(world, RunKind.ROUTES)
    assert claimed(world).run_id == routes


def test_a_rep_of_another_territory_is_not_found(world: World) -> None:
    with pytest.raises(NotFound):
        runs.request(
            world.session, Actor(world.sergio.id, Role.MANAGER), NOW, world.ana.id, RunKind.SCHEDULE, TODAY
        )


def test_a_run_is_claimed_once(world: World) -> None:
    ask(world)
    assert leases.claim(world.session, NOW) is not None
    assert leases.claim(world.session, NOW) is None


def test_a_finished_run_may_be_asked_for_again(world: World) -> None:
    first = ask(world)
    leases.finish(world.session, NOW, claimed(world), "v")
    assert row(world, first).state is RunState.DONE
    assert ask(world) != first


def test_the_late_result_of_a_worker_whose_lease_was_taken_is_thrown_away(world: World) -> None:
    ask(world)
    slow = claimed(world)
    assert leases.sweep(world.session, SILENT) == 1
    quick = claimed(world)
    with pytest.raises(Conflict):
        leases.finish(world.session, NOW, slow, "v")
    assert leases.beat(world.session, NOW, slow, 50, "") is False
    leases.finish(world.session, NOW, quick, "v")
    assert row(world, quick.run_id).state is RunState.DONE


def test_a_beat_keeps_the_lease(world: World) -> None:
    ask(world)
    claim = claimed(world)
    assert leases.beat(world.session, SILENT, claim, 40, "days")
    assert leases.sweep(world.session, SILENT) == 0
    assert row(world, claim.run_id).progress == 40


def test_a_queued_run_is_cancelled_at_once_and_a_running_one_when_its_worker_is_gone(world: World) -> None:
    actor = Actor(world.ana.id, Role.REP)
    waiting = ask(world)
    runs.cancel(world.session, actor, NOW, waiting)
    assert row(world, waiting).state is RunState.CANCELLED
    running = ask(world)
    claim = claimed(world)
    runs.cancel(world.session, actor, NOW, running)
    assert not leases.is_wanted(world.session, claim.run_id, claim.token)
    with pytest.raises(Conflict):
        leases.finish(world.session, NOW, claim, "v")
    leases.stopped(world.session, NOW, claim.run_id, claim.token)
    assert row(world, running).state is RunState.CANCELLED


def test_an_ended_run_cannot_be_cancelled(world: World) -> None:
    run_id = ask(world)
    leases.finish(world.session, NOW, claimed(world), "v")
    with pytest.raises(Conflict):
        runs.cancel(world.session, Actor(world.ana.id, Role.REP), NOW, run_id)


def test_a_run_that_kills_its_worker_three_times_is_parked_and_others_go_on(world: World) -> None:
    poison = ask(world, RunKind.ROUTES)
    other = ask(world)
    for _ in range(leases.MOST_ATTEMPTS):
        claim = claimed(world)
        assert claim.run_id == poison
        leases.stopped(world.session, NOW, claim.run_id, claim.token)
    assert row(world, poison).state is RunState.FAILED
    assert row(world, poison).error_code == "run_crashed"
    assert claimed(world).run_id == other


def test_a_failure_a_person_can_mend_is_not_tried_again(world: World) -> None:
    run_id = ask(world)
    leases.fail(world.session, NOW, claimed(world), "rep_without_home", {"name": "Ana"})
    assert row(world, run_id).error_values == {"name": "Ana"}
    assert leases.claim(world.session, NOW) is None


def test_the_end_of_an_old_worker_does_not_touch_the_new_one(world: World) -> None:
    ask(world)
    old = claimed(world)
    leases.sweep(world.session, SILENT)
    new = claimed(world)
    leases.stopped(world.session, NOW, old.run_id, old.token)
    assert row(world, new.run_id).state is RunState.RUNNING


def test_waiting_means_queued_or_silent_for_too_long(world: World) -> None:
    assert not runs.is_waiting(world.session, NOW)
    ask(world)
    assert runs.is_waiting(world.session, NOW)
    claimed(world)
    assert not runs.is_waiting(world.session, NOW)
    assert runs.is_waiting(world.session, SILENT)
