"""``flask ledger verify``: proves the books, and says what does not hold; ``flask ledger note-pictures``."""

from __future__ import annotations

import re
from pathlib import Path

import click
from flask import Flask, current_app
from flask.cli import AppGroup

from planner.cli import pictures
from planner.database import reading
from planner.services.ledger import proof

ledger_cli = AppGroup("ledger", help="Trips, expenses, claims and export batches.")


def register(app: Flask) -> None:
    app.cli.add_command(ledger_cli)


def _digest(_context: click.Context, _option: click.Parameter, given: str | None) -> str | None:
    text = (given or "").strip().lower()
    if given is not None and not re.fullmatch("[0-9a-f]{64}", text):
        raise click.BadParameter("write the 64 digits and letters a to f as they stand on the log.")
    return text or None


@ledger_cli.command("verify")
@click.option(
    "--link",
    callback=_digest,
    help="The SHA-256 printed on an official log: is everything up to it unchanged?",
)
def verify(link: str | None) -> None:
    """Prove the hash chains, what each line is worth, the sums of claims, export batches to the byte, and the
    pictures of receipts."""
    folder = Path(current_app.config["RECEIPTS_FOLDER"])
    found = [*proof.findings(reading(), folder), *([proof.link(reading(), link)] if link else [])]
    for finding in found:
        click.echo(f"{'FAILS' if finding.trouble else 'holds'}  {finding.what}  {finding.trouble}".rstrip())
    if any(finding.trouble for finding in found):
        raise click.ClickException("The books do not hold. Backups tell since when: flask restore --check.")
    click.echo("The books hold.")


@ledger_cli.command("note-pictures")
def note_pictures() -> None:
    """Note which bytes the pictures have that were stored before this was noted, and what they look like.
    From then on ``verify`` proves them. ``flask nightly`` does it too."""
    click.echo(f"Pictures noted: {pictures.note_unknown()}, looked at: {pictures.look_at_unseen()}.")
