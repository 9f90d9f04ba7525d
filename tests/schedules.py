"""A schedule planned and published for a rep of the small company, by the services themselves."""

from __future__ import annotations

from pathlib import Path

import pytest

from planner import clock
from planner.domain.access import Actor, Role
from planner.jobs import work
from planner.models.people import Person
from planner.models.schedule import VersionState
from planner.services.schedule import leases, planning, publishing, runs
from planner.services.schedule.runs import RunKind
from tests.conftest import NOW, TODAY
from tests.world import World

ITERATIONS = 400
"""Of the rotation's search: the plan need not be the best one."""


def planned_schedule(world: World, rep: Person, networks: Path) -> int:
    """The id of a version that waits to be published."""
    actor = Actor(rep.id, Role.REP)
    runs.request(world.session, actor, NOW, rep.id, RunKind.SCHEDULE, TODAY)
    carry_out_runs(world, networks)
    version = planning.newest(world.session, rep.id, VersionState.PROPOSED)
    assert version is not None
    return version.id


def published_schedule(world: World, rep: Person, networks: Path) -> int:
    version_id = planned_schedule(world, rep, networks)
    publishing.publish(world.session, Actor(rep.id, Role.REP), NOW, TODAY, version_id)
    world.session.commit()
    return version_id


def carry_out_runs(world: World, networks: Path) -> None:
    """What the dispatcher's children do, in this process, at the tests' noon whatever the time of day is."""
    world.session.commit()
    with pytest.MonkeyPatch.context() as patch:
        patch.setattr(clock, "now", lambda: NOW)
        patch.setattr(work, "ITERATIONS", ITERATIONS)
        while (claim := leases.claim(world.session, NOW)) is not None:
            world.session.commit()
            assert work.work(claim, networks)
    world.session.commit()
