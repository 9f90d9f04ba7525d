"""``python app.py`` and ``flask demo``: from whatever is there to a database that can be served.

Back up and migrate, load the demo into an empty database, roll an untouched demo forward, then serve.
``ROUNDS_DEMO=0`` keeps the demo out.
"""

from __future__ import annotations

import logging
import os
from collections.abc import Callable
from pathlib import Path

import click
from flask import Flask, current_app
from flask_migrate import upgrade
from rich.console import Console
from rich.progress import BarColumn, Progress, TextColumn, TimeElapsedColumn

from planner import clock
from planner.cli import compiling
from planner.cli.data import backup_before_migration
from planner.cli.people import first_admin_link
from planner.cli.serve import check_free, serve
from planner.config import BadConfiguration
from planner.database import reading
from planner.demo import days, logins, roll, state
from planner.demo.days import Calendar
from planner.demo.folders import Folders
from planner.demo.roll import Step
from planner.demo.staff import ZONE
from planner.domain.errors import Conflict, RoundsError
from planner.web.errors import sentence
from routing.errors import RoutingError

SAID = {
    Step.ROLL: "The demo was made for an earlier day and nobody has used it: making it anew for today.",
    Step.KEEP_TOUCHED: "This demo has been used, so it is left as it is. A fresh one: make demo",
}


def register(app: Flask) -> None:
    app.cli.add_command(demo_command)


def run(create_app: Callable[[], Flask]) -> None:
    """Prepare the database and serve; what stands in the way is said in one sentence."""
    os.umask(0o077)  # what an installation writes is its owner's alone
    try:
        check_free()
        app = create_app()
        with app.app_context():
            _prepare_or_say_why()
        serve(app)
    except (BadConfiguration, RoutingError) as error:
        raise SystemExit(f"Rounds cannot start: {error}") from error
    except KeyboardInterrupt:
        raise SystemExit("\nStopped. What was begun is finished at the next start.") from None


def _prepare_or_say_why() -> None:
    try:
        prepare()
    except RoundsError as error:
        raise SystemExit(f"Rounds cannot start: {sentence(error)}") from error


def prepare() -> None:
    """Bring the database to the newest tables, and the demo to today, where there is one."""
    migrate()
    calendar = days.calendar(clock.today(ZONE))
    step = roll.next_step(reading(), calendar.today, os.environ.get("ROUNDS_DEMO", "1") != "0")
    reading().rollback()
    if step is Step.NONE:
        _print_first_admin()
        return
    _say(SAID.get(step, ""))
    _pretend(calendar)
    if step in (Step.LOAD, Step.ROLL):
        _load(calendar)
    _print_logins()


def migrate() -> None:
    """Alembic's upgrade to the newest tables, without its chatter; a backup is taken before."""
    if saved := backup_before_migration():
        _say(f"The tables of this version are newer. What was there is kept in {saved}")
    logging.getLogger("alembic").setLevel(logging.WARNING)
    upgrade()


@click.command("demo")
@click.option("--reset", is_flag=True, help="Throw away what was done in the demo and load it anew.")
def demo_command(reset: bool) -> None:
    """Load the demo territory into an empty database, or anew over an older demo."""
    migrate()
    calendar = days.calendar(clock.today(ZONE))
    step = roll.next_step(reading(), calendar.today, is_wanted=True)
    reading().rollback()
    if step is Step.NONE:
        raise click.ClickException(
            "This database holds data of your own; the demo is never loaded over it. "
            "Try it in another folder: ROUNDS_INSTANCE=/tmp/rounds-demo make run"
        )
    _pretend(calendar)
    if reset or step in (Step.LOAD, Step.ROLL):
        _load(calendar)
    else:
        _say(SAID.get(step, "The demo is loaded."))
    _print_logins()


def _load(calendar: Calendar) -> None:
    # Brings the solvers and Pillow, which no start but the first one needs.
    from planner.demo import load

    instance = Path(current_app.instance_path)
    known = logins.saved(instance)
    chosen = known if len(known) == len(logins.people()) else logins.fresh()
    logins.save(instance, chosen)
    folders = Folders(current_app.config["NETWORKS_FOLDER"], current_app.config["RECEIPTS_FOLDER"])
    with Progress(
        TextColumn("{task.description:52}"), BarColumn(), TimeElapsedColumn(), console=Console()
    ) as bar:
        task = bar.add_task("Loading the demo", total=100)

        def tell(doing: str, percent: int) -> None:
            bar.update(task, description=doing, completed=percent)

        with compiling.beside() as wait:
            load.load(folders, calendar, chosen, tell, wait_for_compiling=wait)
        tell("The demo is ready", 100)


def _pretend(calendar: Calendar) -> None:
    """On a weekend or holiday the demo lives on the next working day, so that there is a day to look at."""
    if calendar.today != clock.today(ZONE):
        clock.fix(calendar.today, ZONE)
        _say(f"Today nobody works in La Serena; the demo takes it for {calendar.today:%A, %d %B %Y}.")


def _print_logins() -> None:
    standing, known = state.read(reading()), logins.saved(Path(current_app.instance_path))
    reading().rollback()
    if standing is None or not known:
        return
    _say("Demo logins (for this machine only):")
    width = max(len(login.email) for login in known)
    for login in known:
        _say(f"  {login.email:{width}}  {login.password}  {login.name}, {login.what}")


def _print_first_admin() -> None:
    """Outside the demo nobody has a password to begin with: the console gives the way in."""
    try:
        link = first_admin_link()
    except Conflict:
        return
    _say(f"Nobody can administer yet. Make the first admin (the link works once, for a day):\n  {link}")


def _say(text: str) -> None:
    if text:
        print(text, flush=True)
