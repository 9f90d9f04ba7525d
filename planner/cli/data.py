"""``flask backup`` and ``flask restore``; and the backup that is made before tables change."""

from __future__ import annotations

import functools
from collections.abc import Callable
from pathlib import Path
from typing import Any

import click
from alembic.script import ScriptDirectory
from flask import Flask, current_app
from rich.console import Console
from sqlalchemy import inspect

from planner import clock
from planner.database import db, reading, transaction
from planner.domain.errors import RoundsError
from planner.services.installation import audit, backups, restoring
from planner.services.installation.backups import Places
from planner.web.errors import sentence

STAMP = "%Y%m%d-%H%M%S"


def register(app: Flask) -> None:
    app.cli.add_command(backup)
    app.cli.add_command(restore)


def in_sentences(command: Callable[..., None]) -> Callable[..., None]:
    """Turn what goes wrong into one sentence and exit code 1."""

    @functools.wraps(command)
    def wrapped(*args: Any, **kwargs: Any) -> None:
        try:
            command(*args, **kwargs)
        except RoundsError as error:
            raise click.ClickException(sentence(error)) from error
        except OSError as error:
            raise click.ClickException(f"{error.filename or 'A file'}: {error.strerror or error}.") from error

    return wrapped


@click.command("backup")
@click.argument("file", type=click.Path(dir_okay=False, path_type=Path), required=False)
@in_sentences
def backup(file: Path | None) -> None:
    """Write one archive with database, receipts and roads to FILE, or into the backups folder."""
    now = clock.now()
    target = file or _folder() / f"rounds-{now:{STAMP}}.tar.gz"
    with Console(stderr=True).status("Copying the database, the receipts and the roads"):
        manifest = backups.make(db.engine, _places(), target, now)
    size = target.stat().st_size / 1e6
    click.echo(
        f"{target}: {size:.1f} MB, {len(manifest.files)} files. Prove it: flask restore --check {target}"
    )


@click.command("restore")
@click.argument("file", type=click.Path(exists=True, dir_okay=False, path_type=Path))
@click.option("--check", is_flag=True, help="Only prove the backup; change nothing.")
@click.option("--yes", is_flag=True, help="Do not ask.")
@in_sentences
def restore(file: Path, check: bool, yes: bool) -> None:
    """Put a backup in place of what is there. Stop Rounds first. Pictures that are missing in it or harmed
    are named, and hinder nothing; a database that does not hold is refused."""
    if check:
        _check(file)
        return
    if not yes:
        click.confirm("Has Rounds been stopped? What is there now is moved aside.", abort=True)
    now = clock.now()
    done = restoring.restore(file, db.engine, _places(), now)
    with transaction() as session:
        audit.record(session, None, now, "backup.restored", "installation", None, {}, {"file": file.name})
    click.echo(f"Restored from {file}." + (f" The former database: {done.former}" if done.former else ""))
    for path in done.left_out:
        click.echo(f"WARNING  {path} in the backup is not what was stored, and was left out", err=True)
    for each in done.harmed:
        click.echo(f"WARNING  {each}", err=True)
    if done.harmed:
        click.echo(f"Pictures that are not as they were stored: {len(done.harmed)}. All else is.", err=True)


def backup_before_migration() -> Path | None:
    """Back up a database whose tables are about to change; None when there is nothing to save.

    Other databases than SQLite are left to their own tools.
    """
    if db.engine.dialect.name != "sqlite" or not inspect(db.engine).has_table("alembic_version"):
        return None
    present, newest = backups.revision(reading()), _newest_revision()
    reading().rollback()
    if present == newest:
        return None
    target = _folder() / f"before-{newest}-{clock.now():{STAMP}}.tar.gz"
    backups.make(db.engine, _places(), target, clock.now())
    return target


def _newest_revision() -> str:
    config = current_app.extensions["migrate"].migrate.get_config()
    return ScriptDirectory.from_config(config).get_current_head() or ""


def _check(file: Path) -> None:
    findings = restoring.check(file)
    for finding in findings:
        click.echo(f"{'FAILS' if finding.trouble else 'holds'}  {finding.what}  {finding.trouble}".rstrip())
    if any(finding.trouble for finding in findings):
        raise click.ClickException("This backup does not hold. Nothing was changed.")
    click.echo("The backup holds. Nothing was changed.")


def _folder() -> Path:
    return Path(current_app.config["BACKUPS_FOLDER"])


def _places() -> Places:
    return Places(Path(current_app.config["RECEIPTS_FOLDER"]), Path(current_app.config["NETWORKS_FOLDER"]))
