"""What goes into an address file and what a search answers with.

Coordinates are degrees, longitude first. A ``House`` belongs to a street, or (``is_place``) to a place
without streets; a ``Way`` is a named street or one piece of it.
"""

from __future__ import annotations

from collections.abc import Callable
from dataclasses import dataclass
from enum import StrEnum
from typing import NamedTuple

Point = tuple[float, float]
"""Longitude, latitude."""

Progress = Callable[[str], None]
"""Called with the name of each step as it begins."""


def silent(step: str) -> None:
    """A ``Progress`` that nobody watches."""


class FoundKind(StrEnum):
    """In the order of preference among equally good answers."""

    ADDRESS = "address"
    STREET = "street"
    PLACE = "place"


class Exactness(StrEnum):
    """Where the point of an answer lies."""

    HOUSE = "house"
    """At this very house number."""
    BETWEEN = "between"
    """Between two house numbers of the street, ``Found.near``."""
    NEAREST = "nearest"
    """At the nearest known house number, ``Found.near``."""
    MIDDLE = "middle"
    """Somewhere in the middle of the street or the place."""


@dataclass(frozen=True, slots=True)
class Found:
    """An answer. ``score``: 1 where every word fits, less the more had to be guessed.

    Only ``FoundKind.ADDRESS`` is the door itself; a street's point may be far from it.
    """

    kind: FoundKind
    exactness: Exactness
    label: str
    lon: float
    lat: float
    score: float
    near: str = ""


@dataclass(frozen=True, slots=True)
class Origin:
    """Where the addresses come from: in words, and the date of the map data as the source states it."""

    source: str
    source_date: str = ""
    attribution: str = "© OpenStreetMap contributors, Open Database License 1.0"


@dataclass(frozen=True, slots=True)
class Counts:
    """How much an address file holds; a street in two distant parts counts twice."""

    addresses: int
    streets: int
    places: int


class House(NamedTuple):
    street: str
    number: str
    town: str
    postcode: str
    point: Point
    country: str = ""
    is_place: bool = False


class Way(NamedTuple):
    """``names``: the one to show first, then others it goes by."""

    names: tuple[str, ...]
    points: tuple[Point, ...]


class Spot(NamedTuple):
    """A town, village or the like; ``rank`` is its kind in OpenStreetMap's word."""

    names: tuple[str, ...]
    rank: str
    point: Point


Item = House | Way | Spot
