"""What a map shows. Names are the users' own text: they reach the page as data, never as markup."""

from __future__ import annotations

from dataclasses import dataclass, field
from enum import StrEnum


class StopState(StrEnum):
    """How far a stop is; also its colour (class ``map-stop-STATE``)."""

    HOME = "home"
    AHEAD = "ahead"
    NEXT = "next"
    DONE = "done"
    MISSED = "missed"
    SKIPPED = "skipped"


class LegState(StrEnum):
    """How far a leg is; also its look (class ``map-leg-STATE``)."""

    DRIVEN = "driven"
    CURRENT = "current"
    AHEAD = "ahead"
    PLANNED = "planned"
    """As planned, on a map of what was driven."""


class PlaceKind(StrEnum):
    """An account's class, or what it is instead; also its colour (class ``map-place-KIND``)."""

    A = "a"
    B = "b"
    C = "c"
    PROSPECT = "prospect"
    OTHER = "other"


@dataclass(frozen=True, slots=True)
class MapStop:
    """A stop of a day. ``label`` stands in the pin: its number, or a letter for home.
    ``detail`` is a line under the name, such as the arrival time; ``url`` a path on this site or empty."""

    lon: float
    lat: float
    label: str
    name: str
    state: StopState = StopState.AHEAD
    detail: str = ""
    url: str = ""


@dataclass(frozen=True, slots=True)
class MapLeg:
    """The street path of a leg, as (lon, lat) points in driving order."""

    path: tuple[tuple[float, float], ...]
    state: LegState = LegState.AHEAD


@dataclass(frozen=True, slots=True)
class MapPlace:
    """A point on a territory's map. ``url`` is a path on this site or empty."""

    lon: float
    lat: float
    name: str
    kind: PlaceKind = PlaceKind.OTHER
    detail: str = ""
    url: str = ""


@dataclass(frozen=True, slots=True)
class PinInputs:
    """The ids of the two form fields that a click on the map fills in."""

    lon: str = "lon"
    lat: str = "lat"


@dataclass(frozen=True, slots=True)
class Tiles:
    """A tile server: ``url`` with {z}, {x} and {y}, and whom to name, as plain text."""

    url: str
    attribution: str


@dataclass(frozen=True, slots=True)
class GroundWords:
    """What a map says of its ground. ``missing``: there are no streets to show, or why not; ``failed``: they
    could not be loaded; ``tiles_failed``: the same of a tile server's pictures."""

    missing: str = "The streets are missing: no roads are chosen for this map."
    failed: str = "Some streets are missing: they could not be loaded."
    tiles_failed: str = "The tile server does not answer; these are the streets without it."
    tiles: str = "Tile server"
    streets: str = "Streets only"


@dataclass(frozen=True, slots=True)
class Ground:
    """What lies beneath a map. ``first_url`` answers with ``base_roads``, ``cells_url`` with ``cell_roads``
    for its {z}, {x} and {y}; both are paths of this site, and empty where there are no roads. ``bounds`` is
    where there are any: nothing is asked for beyond. With ``tiles`` the roads are the alternative."""

    first_url: str = ""
    cells_url: str = ""
    bounds: tuple[float, float, float, float] | None = None
    attribution: str = "© OpenStreetMap contributors"
    tiles: Tiles | None = None
    words: GroundWords = field(default_factory=GroundWords)


@dataclass(frozen=True, slots=True)
class MapPage:
    """A map in two parts: ``html`` goes into the page, ``script`` is served as a file of its own, after
    Leaflet and ``static/js/map.js``. Both are the same for the same input, so both can be kept."""

    html: str = field(repr=False)
    script: str = field(repr=False)
