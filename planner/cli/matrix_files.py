"""The two CSV files of ``flask roads matrix``: points in, times and metres out.

Points are ``lon,lat`` in degrees; rows count from 0 below the heading, in and out.
"""

from __future__ import annotations

import csv
import os
from collections.abc import Iterator
from itertools import islice
from pathlib import Path

import click
from rich.console import Console
from rich.progress import track

from routing.types import UNREACHABLE_SECONDS, Place, TravelMatrix

MOST_POINTS = 3000
"""Nine million pairs: about a gigabyte of memory and some minutes of walking their metres."""


def read_places(path: Path) -> list[Place]:
    """The points of a CSV file. A cell that is no number becomes NaN, for snapping to name its row."""
    try:
        with path.open(encoding="utf-8-sig", newline="") as file:
            reader = csv.DictReader(file)
            rows = list(islice(reader, MOST_POINTS))
            total = len(rows) + sum(1 for _ in reader)
    except (UnicodeDecodeError, csv.Error) as error:
        raise click.ClickException(f"{path.name} cannot be read as CSV in UTF-8.") from error
    if not rows or not {"lon", "lat"} <= rows[0].keys():
        raise click.ClickException(f"{path.name} needs a first line with lon,lat and at least one point.")
    if total > MOST_POINTS:
        raise click.ClickException(
            f"{path.name} has {total:,} points. A matrix is of every pair, so at most {MOST_POINTS:,} points "
            "go into one; divide the file. Nothing was written."
        )
    return [
        Place(_degrees(row["lon"]), _degrees(row["lat"]), f"Row {number}") for number, row in enumerate(rows)
    ]


def _degrees(cell: str | None) -> float:
    try:
        return float(cell or "")
    except ValueError:
        return float("nan")


def write_matrix(travel: TravelMatrix, out: Path) -> None:
    """Write every pair; cells are empty where no road leads. The whole file appears, or nothing does."""
    aside = out.with_name(f".{out.name}.{os.getpid()}.part")
    try:
        with aside.open("w", encoding="utf-8", newline="") as file:
            writer = csv.writer(file, lineterminator="\n")
            writer.writerow(["from", "to", "seconds", "metres"])
            writer.writerows(_rows(travel))
        aside.replace(out)
    finally:
        aside.unlink(missing_ok=True)


def _rows(travel: TravelMatrix) -> Iterator[tuple[object, ...]]:
    rows = track(travel.seconds.tolist(), "Walking the ways", console=Console(stderr=True), transient=True)
    for start, seconds in enumerate(rows):
        for goal, duration in enumerate(seconds):
            reached = duration != UNREACHABLE_SECONDS
            yield start, goal, *((duration, int(travel.metres[start, goal])) if reached else ("", ""))
