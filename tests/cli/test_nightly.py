"""``flask nightly``: every rep gets a proposal, frozen days are left alone, failures are named."""

from __future__ import annotations

from datetime import timedelta

import pytest
from flask import Flask
from sqlalchemy import select
from sqlalchemy.orm import Session

from planner.cli import pictures
from planner.models.people import Rep
from planner.models.runs import PlanningRun, RunState
from planner.models.schedule import ScheduleVersion, VersionState
from planner.models.settings import Setting
from tests.conftest import TODAY
from tests.roads import networks_folder
from tests.world import World


@pytest.fixture
def world(session: Session, app: Flask) -> World:
    app.config["NETWORKS_FOLDER"] = networks_folder()
    made = World(session)
    for letter in "ABC":
        made.account(made.ana, letter=letter)
    session.commit()
    return made


def test_every_rep_has_a_proposal_in_the_morning(world: World, app: Flask) -> None:
    reps = set(world.session.scalars(select(Rep.person_id)))
    world.session.rollback()
    result = app.test_cli_runner().invoke(args=["nightly"])
    assert result.exit_code == 0, result.output
    versions = world.session.scalars(select(ScheduleVersion)).all()
    assert {version.rep_id for version in versions} == reps
    assert {version.state for version in versions} == {VersionState.PROPOSED}
    assert {version.from_on for version in versions} == {TODAY + timedelta(days=1)}
    assert set(world.session.scalars(select(PlanningRun.state))) == {RunState.DONE}


def test_older_pictures_are_read_when_everybody_is_planned(
    world: World, app: Flask, monkeypatch: pytest.MonkeyPatch
) -> None:
    planned: list[set[RunState]] = []

    def note() -> int:
        planned.append(set(world.session.scalars(select(PlanningRun.state))))
        return 0

    for step in ("note_unknown", "look_at_unseen"):
        monkeypatch.setattr(pictures, step, note)
    world.session.rollback()
    app.test_cli_runner().invoke(args=["nightly"])
    assert planned == [{RunState.DONE}, {RunState.DONE}]


def test_frozen_days_are_left_alone(world: World, app: Flask) -> None:
    world.session.add(Setting(key="frozen_days", value=3))
    world.session.commit()
    app.test_cli_runner().invoke(args=["nightly"])
    versions = world.session.scalars(select(ScheduleVersion)).all()
    assert versions
    for version in versions:
        assert version.from_on == TODAY + timedelta(days=4)
        assert all(proposal.on >= version.from_on for proposal in version.proposals)


def test_a_rep_who_cannot_be_planned_is_named_and_the_others_are_planned(world: World, app: Flask) -> None:
    rep = world.session.get_one(Rep, world.ana.id)
    rep.shifts.clear()
    world.session.commit()
    result = app.test_cli_runner().invoke(args=["nightly"])
    assert result.exit_code == 1
    assert "Not planned: Ana" in result.output
    others = set(world.session.scalars(select(Rep.person_id))) - {world.ana.id}
    assert set(world.session.scalars(select(ScheduleVersion.rep_id))) == others
