"""``flask clean-pictures``: pictures that nothing has named for long, and files that were left lying.

``flask nightly`` does it too.
"""

from __future__ import annotations

import click
from flask import Flask, current_app

from planner import clock
from planner.database import reading, transaction
from planner.services.ledger import picture_likeness, stored_pictures, unnamed_pictures

NOTED_AT_ONCE = 100


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
    folder, count, last = current_app.config["RECEIPTS_FOLDER"], 0, 0
    while pictures := stored_pictures.unknown(reading(), last, NOTED_AT_ONCE):
        found = stored_pictures.digests(folder, pictures)
        with transaction() as session:
            count += stored_pictures.note_unknown(session, clock.now(), found)
        last = pictures[-1][0]
    return count


def look_at_unseen() -> int:
    """Keep what pictures look like that came before that was looked at; returns how many."""
    folder, count, last = current_app.config["RECEIPTS_FOLDER"], 0, 0
    while pictures := picture_likeness.unseen(reading(), last, NOTED_AT_ONCE):
        found = picture_likeness.look_at(folder, pictures)
        with transaction() as session:
            picture_likeness.keep(session, found)
        count, last = count + len(found), pictures[-1][0]
    return count
