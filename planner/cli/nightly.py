"""``flask nightly``: a new plan for every rep by the morning, from the first day that is not frozen.

Runs are queued first and then carried out here, one after the other; a server that is running takes its
share. Nothing is published: reps and managers find proposals. What is past its term goes before that, and so
does everybody who is to be erased.
"""

from __future__ import annotations

import click
from flask import Flask, current_app
from rich.console import Console

from planner import clock
from planner.cli import keeping, pictures
from planner.database import reading, transaction
from planner.domain.access import Actor, Role
from planner.domain.errors import RoundsError
from planner.jobs.work import work
from planner.services.company import reps
from planner.services.company.reps import RepChoice
from planner.services.days.day_facts import zone_of
from planner.services.installation import settings
from planner.services.schedule import leases, runs
from planner.services.schedule.runs import RunKind
from planner.web.errors import sentence

EVERYBODY = Actor(0, Role.ADMIN)


def register(app: Flask) -> None:
    app.cli.add_command(nightly_command)


@click.command("nightly")
def nightly_command() -> None:
    """Plan every rep anew; the days agreed and frozen stay. For cron or a timer."""
    keeping.keep_terms()
    with transaction() as session:
        leases.sweep(session, clock.now())
    queued = {_queued(rep): rep for rep in reps.choices(reading(), EVERYBODY, clock.now().date())}
    while (claim := _claimed()) is not None:
        work(claim, current_app.config["NETWORKS_FOLDER"])
    failures = [rep.name for run_id, rep in queued.items() if not _is_well(run_id, rep)]
    # The first night after an update has all older pictures to read: nobody's plan waits for that.
    pictures.note_unknown()
    pictures.look_at_unseen()
    if failures:
        raise click.ClickException(f"Not planned: {', '.join(failures)}.")
    click.echo(f"Planned: {len(queued)}. The proposals wait on the schedule pages.")


def _queued(rep: RepChoice) -> int:
    today = clock.today(zone_of(reading(), rep.rep_id, clock.now().date()))
    from_on = settings.first_planned_on(reading(), today)
    with transaction() as session:
        return runs.open_run(session, clock.now(), rep.rep_id, RunKind.SCHEDULE, from_on, None)


def _claimed() -> leases.Claim | None:
    with transaction() as session:
        return leases.claim(session, clock.now())


def _is_well(run_id: int, rep: RepChoice) -> bool:
    """Done, or in the hands of the server; what went wrong is said."""
    if runs.is_done_or_under_way(reading(), run_id):
        return True
    code, values = runs.error_of(reading(), run_id)
    Console(stderr=True).print(f"{rep.name}: {sentence(RoundsError(code, **values))}")
    return False
