"""The house on a street: the very number, else between its neighbours, else the nearest one.

Numbers on one side of a street go up in steps of two, so neighbours of the same parity come first.
"""

from __future__ import annotations

import sqlite3
from collections.abc import Sequence
from typing import NamedTuple

from routing.distance import metres_apart
from routing.geocode.numbers import Number
from routing.geocode.values import Exactness, Point

FURTHEST_NUMBER = 40
"""A known house further in number than this says nothing about where the asked one stands."""

FURTHEST_METRES = 400
"""Between neighbours further apart the point would be a guess."""

COLUMNS = "number, first, last, shown, town, postcode, lon, lat"
AROUND = (
    f"SELECT {COLUMNS} FROM house WHERE thing_id = ? AND first BETWEEN ? AND ? ORDER BY first, id LIMIT 400"
)
# Ranges begin a little below the numbers they hold.
REACH = FURTHEST_NUMBER


class Door(NamedTuple):
    number: Number
    shown: str
    town: str
    postcode: str
    point: Point


class Spot(NamedTuple):
    """Where on a street an asked number is. ``near``: the numbers that were used instead."""

    exactness: Exactness
    point: Point
    near: str


def doors_around(connection: sqlite3.Connection, thing_id: int, number: Number) -> list[Door]:
    """The houses of a street with numbers around one."""
    rows = connection.execute(AROUND, (thing_id, number.first - REACH, number.first + REACH))
    return [Door(Number(*row[:3]), row[3], row[4], row[5], (row[6], row[7])) for row in rows]


def very_doors(doors: Sequence[Door], number: Number) -> list[Door]:
    """The houses of exactly this number; those that are a range with it only where there is no other."""
    same = [door for door in doors if door.number.text == number.text]
    return same or [door for door in doors if door.number.holds(number)]


def beside(doors: Sequence[Door], number: Number) -> Spot | None:
    """Where an unknown number must be about; None where no known one is near."""
    same_side = [door for door in doors if (door.number.first - number.first) % 2 == 0]
    between = _between(same_side, number)
    if between or not doors:
        return between
    nearest = min(
        doors, key=lambda door: (abs(door.number.first - number.first), door not in same_side, door.shown)
    )
    if abs(nearest.number.first - number.first) > FURTHEST_NUMBER:
        return None
    return Spot(Exactness.NEAREST, nearest.point, nearest.shown)


def _between(doors: Sequence[Door], number: Number) -> Spot | None:
    below = [door for door in doors if door.number.first < number.first]
    above = [door for door in doors if door.number.first > number.first]
    if not below or not above or any(door.number.first == number.first for door in doors):
        return None
    low, high = max(below, key=_first), min(above, key=_first)
    if metres_apart(low.point, high.point) > FURTHEST_METRES:
        return None
    share = (number.first - low.number.first) / (high.number.first - low.number.first)
    lon, lat = (a + (b - a) * share for a, b in zip(low.point, high.point, strict=True))
    return Spot(Exactness.BETWEEN, (lon, lat), f"{low.shown} – {high.shown}")


def _first(door: Door) -> int:
    return door.number.first
