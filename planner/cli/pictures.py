"""``flask clean-pictures``: pictures that nothing has named for long, and files that were left lying.

``flask nightly`` does it too.
"""

from __future__ import annotations

from collections.abc import Callable, Mapping
from pathlib import Path
from typing import TypeVar

import click
from flask import Flask, current_app
from sqlalchemy.orm import Session

from planner import clock
from planner.database import reading, transaction
from planner.services.ledger import picture_likeness, stored_pictures, unnamed_pictures

NOTED_AT_ONCE = 100

Found = TypeVar("Found")
Pictures = list[tuple[int, str]]
"""Id and file's name."""


def register(app: Flask) -> None:
    app.cli.add_command(clean_command)


@click.command("clean-pictures")
def clean_command() -> None:
    """Remove photos that no expense and no visit has named for as long as the term says."""
    count, freed = clean()
    click.echo(f"Pictures removed: {count}, files: {freed / 1e6:.1f} MB.")


def clean() -> tuple[int, int]:
    """How many pictures were forgotten, and the bytes of the files that went."""
    now, count = clock.now(), 0
    while True:
        with transaction() as session:
            gone = unnamed_pictures.drop_old(session, now)
        count += gone
        if not gone:
            break
    return count, remove_files()


def remove_files() -> int:
    """Remove the files of pictures no row knows; returns their bytes."""
    freed = 0
    for path in unnamed_pictures.files_left(reading(), clock.now(), current_app.config["RECEIPTS_FOLDER"]):
        freed += path.stat().st_size
        path.unlink()
    return freed


def note_unknown() -> int:
    """Note the bytes of pictures that nobody has noted yet and whose files are there; returns how many."""

    def keep(session: Session, found: Mapping[int, str]) -> int:
        return stored_pictures.note_unknown(session, clock.now(), found)

    return _in_pieces(stored_pictures.unknown, stored_pictures.digests, keep)


def look_at_unseen() -> int:
    """Keep what pictures look like that came before that was looked at; returns how many. Of photos of visits
    nothing is kept."""
    gone = NOTED_AT_ONCE
    while gone == NOTED_AT_ONCE:
        with transaction() as session:
            gone = picture_likeness.forget(session, NOTED_AT_ONCE)
    return _in_pieces(picture_likeness.unseen, picture_likeness.look_at, picture_likeness.keep)


def _in_pieces(
    find: Callable[[Session, int, int], Pictures],
    read: Callable[[Path, Pictures], dict[int, Found]],
    keep: Callable[[Session, dict[int, Found]], int],
) -> int:
    """Files are read outside of a transaction. What ``find`` finds again is passed by: its file is gone."""
    folder, count, last = Path(current_app.config["RECEIPTS_FOLDER"]), 0, 0
    while pictures := find(reading(), last, NOTED_AT_ONCE):
        found = read(folder, pictures)
        with transaction() as session:
            count += keep(session, found)
        last = pictures[-1][0]
    return count
