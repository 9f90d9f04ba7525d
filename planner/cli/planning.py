"""``flask plan`` plans reps in the foreground; ``flask work`` is what the dispatcher's children run."""

from __future__ import annotations

import os
from collections.abc import Callable
from datetime import datetime

import click
from flask import Flask, current_app
from rich.console import Console
from rich.progress import BarColumn, Progress, TextColumn, TimeElapsedColumn

from planner import clock
from planner.database import reading
from planner.domain.access import Actor, Role
from planner.domain.errors import RoundsError
from planner.jobs.foreground import plan_rep, publish_version
from planner.jobs.work import work
from planner.services.company import reps
from planner.services.company.reps import RepChoice
from planner.services.days.day_facts import zone_of
from planner.services.installation import settings
from planner.services.schedule import leases
from planner.web.errors import sentence

NICENESS = 10
"""A child yields to the web server."""

EVERYBODY = Actor(0, Role.ADMIN)
ISO_DATE = click.DateTime(formats=["%Y-%m-%d"])


def register(app: Flask) -> None:
    app.cli.add_command(plan_command)
    app.cli.add_command(work_command)


@click.command("plan")
@click.option("--rep", "email", help="The rep's e-mail address.")
@click.option("--all", "all_reps", is_flag=True, help="Every active rep.")
@click.option("--from", "from_on", type=ISO_DATE, help="First day planned; by default the first not frozen.")
@click.option("--publish", is_flag=True, help="Publish the first four weeks and solve their days.")
def plan_command(email: str | None, all_reps: bool, from_on: datetime | None, publish: bool) -> None:
    """Plan thirteen weeks for one rep or for all."""
    if bool(email) == all_reps:
        raise click.UsageError("Say whom to plan: --rep EMAIL or --all.")
    chosen = [
        rep
        for rep in reps.choices(reading(), EVERYBODY, clock.now().date())
        if all_reps or rep.email == (email or "").lower()
    ]
    if not chosen:
        raise click.ClickException(f"There is no active rep {email}." if email else "There are no reps yet.")
    failures = [rep for rep in chosen if not _plan_in_sight(rep, from_on, publish)]
    if failures:
        raise click.ClickException(f"Not planned: {', '.join(rep.name for rep in failures)}.")


@click.command("work", hidden=True)
@click.argument("run_id", type=int)
@click.argument("token", type=int)
def work_command(run_id: int, token: int) -> None:
    """Carry out a claimed run; started by the dispatcher."""
    if hasattr(os, "nice"):
        os.nice(NICENESS)
    claim = leases.held(reading(), run_id, token)
    reading().rollback()
    if claim is not None:
        work(claim, current_app.config["NETWORKS_FOLDER"])


def _plan_in_sight(rep: RepChoice, from_on: datetime | None, publish: bool) -> bool:
    """Plan one rep with a progress bar; what goes wrong is said, and the next rep has its turn."""
    columns = TextColumn("{task.description:30}"), BarColumn(), TextColumn("{task.fields[phase]:10}")
    with Progress(*columns, TimeElapsedColumn()) as bar:
        task = bar.add_task(rep.name, total=100, phase="")

        def report(percent: int, phase: str) -> None:
            bar.update(task, completed=percent, phase=phase)

        try:
            _plan(rep, from_on, publish, report)
        except RoundsError as error:
            Console(stderr=True).print(f"{rep.name}: {sentence(error)}")
            return False
        bar.update(task, completed=100, phase="done")
    return True


def _plan(
    rep: RepChoice, from_on: datetime | None, publish: bool, report: Callable[[int, str], None]
) -> None:
    actor, folder = Actor(rep.rep_id, Role.REP), current_app.config["NETWORKS_FOLDER"]
    today = clock.today(zone_of(reading(), rep.rep_id, clock.now().date()))
    first = from_on.date() if from_on else settings.first_planned_on(reading(), today)
    version_id = plan_rep(folder, actor, rep.rep_id, first, report)
    if publish:
        publish_version(folder, actor, rep.rep_id, version_id, report)
