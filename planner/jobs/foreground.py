"""Planning here and now, for the command line and for loading the demo: the same runs, no dispatcher."""

from __future__ import annotations

from datetime import date
from pathlib import Path

from planner import clock
from planner.database import reading, transaction
from planner.domain.access import Actor
from planner.domain.errors import Conflict, RoundsError
from planner.jobs.work import Present, Report, work
from planner.models.schedule import VersionState
from planner.services.days.day_facts import zone_of
from planner.services.schedule import leases, planning, publishing, runs
from planner.services.schedule.runs import RunKind


def plan_rep(
    networks_folder: Path, actor: Actor, rep_id: int, from_on: date, report: Report | None = None
) -> int:
    """Plan a rep from ``from_on`` on; returns the new version's id.

    Raises Conflict("run_taken") when a server is planning the rep just now, and the error that kept
    the run from being done.
    """
    _carry_out(networks_folder, actor, rep_id, RunKind.SCHEDULE, from_on, report)
    version = planning.newest(reading(), rep_id, VersionState.PROPOSED)
    assert version is not None
    return version.id


def publish_version(
    networks_folder: Path,
    actor: Actor,
    rep_id: int,
    version_id: int,
    report: Report | None = None,
    present: Present = clock.now,
) -> None:
    """Publish a version and solve its days, today's from ``present`` on."""
    today = clock.today(zone_of(reading(), rep_id, clock.now().date()))
    with transaction() as session:
        done = publishing.publish(session, actor, clock.now(), today, version_id)
    from_on = min(done.days, default=today)
    _carry_out(networks_folder, actor, rep_id, RunKind.ROUTES, from_on, report, present)


def _carry_out(
    networks_folder: Path,
    actor: Actor,
    rep_id: int,
    kind: RunKind,
    from_on: date,
    report: Report | None,
    present: Present = clock.now,
) -> None:
    with transaction() as session:
        run_id = runs.request(session, actor, clock.now(), rep_id, kind, from_on)
        claim = leases.claim(session, clock.now(), run_id)
    if claim is None:
        raise Conflict("run_taken")
    if not work(claim, networks_folder, report, present):
        code, values = runs.error_of(reading(), run_id)
        raise RoundsError(code, **values)
