"""The dispatcher and its children: real processes on a real database file."""

from __future__ import annotations

import os
import signal
import time
from collections.abc import Callable, Iterator

import pytest
from flask import Flask
from sqlalchemy import select, update
from sqlalchemy.orm import Session

from planner.database import db
from planner.domain.access import Actor, Role
from planner.jobs import dispatching, ring
from planner.jobs.dispatcher import Dispatcher
from planner.models.runs import PlanningRun, RunKind, RunState
from planner.models.schedule import ScheduleVersion
from planner.services.schedule import leases, runs
from tests.conftest import NOW, TODAY
from tests.roads import install_into
from tests.world import World

PATIENCE_SECONDS = 60
"""A child starts an interpreter and reads the roads; far more than that takes anywhere."""


@pytest.fixture
def world(app: Flask, session: Session) -> World:
    install_into(app.config["NETWORKS_FOLDER"])
    made = World(session)
    for _ in range(4):
        made.account(made.ana)
    session.commit()
    return made


@pytest.fixture
def dispatcher(app: Flask) -> Iterator[Dispatcher]:
    made = Dispatcher(app)
    yield made
    for worker in made.out:
        worker.process.kill()
        worker.process.wait()


def ask(world: World) -> int:
    run_id = runs.request(
        world.session, Actor(world.ana.id, Role.REP), NOW, world.ana.id, RunKind.SCHEDULE, TODAY
    )
    world.session.commit()
    return run_id


def run_row(run_id: int) -> PlanningRun:
    db.session.rollback()
    return db.session.get_one(PlanningRun, run_id)


def until(condition: Callable[[], bool], step: Callable[[], None] = lambda: None) -> None:
    deadline = time.monotonic() + PATIENCE_SECONDS
    while not condition():
        assert time.monotonic() < deadline, "waited in vain"
        step()
        time.sleep(0.05)


def test_a_run_is_carried_out_by_a_child_process(app: Flask, world: World) -> None:
    with dispatching(app) as dispatcher:
        run_id = ask(world)
        ring(app)
        until(lambda: run_row(run_id).state is RunState.DONE)
        until(lambda: not dispatcher.out)
    assert run_row(run_id).network_version
    assert db.session.scalars(select(ScheduleVersion.run_id)).all() == [run_id]


def test_a_killed_child_is_replaced_and_the_run_is_done_once(world: World, dispatcher: Dispatcher) -> None:
    run_id = ask(world)
    dispatcher.turn()
    os.kill(dispatcher.out[0].process.pid, signal.SIGKILL)
    dispatcher.out[0].process.wait()
    until(lambda: run_row(run_id).state is RunState.DONE, dispatcher.turn)
    assert run_row(run_id).attempt == 2
    assert len(db.session.scalars(select(ScheduleVersion)).all()) == 1


def test_a_cancelled_run_takes_its_child_with_it(world: World, dispatcher: Dispatcher) -> None:
    run_id = ask(world)
    dispatcher.turn()
    process = dispatcher.out[0].process
    runs.cancel(world.session, Actor(world.ana.id, Role.REP), NOW, run_id)
    world.session.commit()
    dispatcher.turn()
    assert process.poll() is not None
    assert run_row(run_id).state is RunState.CANCELLED
    assert db.session.scalars(select(ScheduleVersion)).all() == []


def test_a_run_that_takes_too_long_is_stopped_and_says_so(app: Flask, world: World) -> None:
    hasty = Dispatcher(app, longest_seconds=0)
    run_id = ask(world)
    hasty.turn()
    hasty.turn()
    assert run_row(run_id).error_code == "run_too_long"
    assert hasty.out == []


def test_one_child_at_a_time_and_the_rest_wait(world: World, dispatcher: Dispatcher) -> None:
    ask(world)
    runs.open_run(world.session, NOW, world.bruno.id, RunKind.SCHEDULE, TODAY, None)
    world.session.commit()
    dispatcher.turn()
    dispatcher.turn()
    assert len(dispatcher.out) == 1


def test_a_run_left_by_a_dead_dispatcher_is_taken_up_again(world: World, dispatcher: Dispatcher) -> None:
    run_id = ask(world)
    assert leases.claim(world.session, NOW) is not None
    world.session.execute(update(PlanningRun).values(lease_until=NOW.replace(year=2000)))
    world.session.commit()
    until(lambda: run_row(run_id).state is RunState.DONE, dispatcher.turn)


def test_a_child_whose_claim_is_void_does_nothing(app: Flask, world: World) -> None:
    run_id = ask(world)
    result = app.test_cli_runner().invoke(args=["work", str(run_id), "7"])
    assert result.exit_code == 0
    assert run_row(run_id).state is RunState.QUEUED
