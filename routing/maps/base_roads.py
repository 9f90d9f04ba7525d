"""A base map without tiles: the roads of a box, or of a cell, small enough for a phone.

Both are one JSON text: ``{"level", "x", "y", "units", "names", "lines": {layer: [line, …]}}``, a line being
``[name, x, y, dx, dy, …]`` in the whole numbers of a ``Frame``; ``name`` indexes ``names``, whose first is
empty. What would grow too long is thinned, then loses its smaller roads; only what is empty on the ground
is empty here.
"""

from __future__ import annotations

import json
import math
import zlib
from collections.abc import Iterable, Iterator
from typing import Any

from routing.maps.cells import DEEPEST_LEVEL, Box, Cell, Frame, cell_at, level_holding
from routing.maps.layers import ALL, MAIN, MIDDLE, NAMES, layers_at, named_at
from routing.maps.strokes import Courses, Stroke, courses, pixel_metres, streets_within, strokes
from routing.network.kept import kept_with_network
from routing.network.roads import UNNAMED, RoadNetwork

FORM = 1
"""Part of the address of everything made here, since browsers keep it for ever: raise it when the meaning
of the text changes, or what is drawn."""

LIMIT_BYTES = 40_000
"""Compressed, as it travels."""

LONGER_THAN_ZLIB = 1.1
"""What is measured here is zlib; brotli and zstd, at a server's usual pace, give at most a tenth more."""

FEW_STREETS = 1500
"""A box with no more shows its small roads too; in others the cells bring them."""

THINNED_PIXELS = 0.75
UNITS, DEEPEST_UNITS = 1024, 4096
MARGIN_PIXELS = 8
FINER_LEVELS = 2
"""A box is drawn as finely as cells that many levels below: one zooms in before they have come."""

BOX_STEP = 0.02


def box_around(points: Iterable[tuple[float, float]]) -> Box:
    """West, south, east, north around (lon, lat) points: about square, so that it fills a screen held
    either way, and rounded outward, so that days near each other share one kept file.

    Raises ``ValueError`` without points.
    """
    lons, lats = zip(*points, strict=True)
    half = max(max(lons) - min(lons), max(lats) - min(lats)) / 2 + BOX_STEP / 2
    west, east = _outward(min(lons), max(lons), half)
    south, north = _outward(min(lats), max(lats), half)
    return west, south, east, north


def _outward(least: float, most: float, half: float) -> tuple[float, float]:
    middle = (least + most) / 2
    below, above = (middle - half) / BOX_STEP, (middle + half) / BOX_STEP
    return round(math.floor(below) * BOX_STEP, 4), round(math.ceil(above) * BOX_STEP, 4)


@kept_with_network(most=32)
def base_roads(network: RoadNetwork, box: Box, limit_bytes: int = LIMIT_BYTES) -> str:
    """The first layer: main and middle roads of ``box``, small ones where there are few; no names."""
    level = min(level_holding(box) + FINER_LEVELS, DEEPEST_LEVEL - 1)
    frame = Frame(cell_at(box[0], box[3], level), UNITS)
    most = ALL if streets_within(network, box) <= FEW_STREETS else min(MIDDLE, layers_at(level - 1))
    return _fitting(network, frame, courses(network, box, most, 0), 0, limit_bytes)


@kept_with_network(most=512)
def cell_roads(network: RoadNetwork, cell: Cell, limit_bytes: int = LIMIT_BYTES) -> str:
    """The roads of one cell, and a little beyond, with street names where a map has room for them."""
    frame = Frame(cell, DEEPEST_UNITS if cell.level == DEEPEST_LEVEL else UNITS)
    room = MARGIN_PIXELS * pixel_metres(network, cell.level)
    drawn = courses(network, cell.box, layers_at(cell.level), room)
    return _fitting(network, frame, drawn, named_at(cell.level), limit_bytes)


def travelling_bytes(text: str) -> int:
    """About how long ``text`` is when compressed for its way; rather too much than too little."""
    return math.ceil(len(zlib.compress(text.encode())) * LONGER_THAN_ZLIB)


def _fitting(network: RoadNetwork, frame: Frame, whole: Courses, named: int, limit_bytes: int) -> str:
    """The richest drawing within the limit."""
    layers = int(whole.layer[-1]) + 1 if len(whole.layer) else MAIN
    for count, pixels in _ever_less(max(layers, MAIN)):
        drawn = whole.first(count)
        if count > MAIN and len(drawn.lines) > limit_bytes:
            continue
        lines = strokes(network, drawn, frame, pixels)
        text = _text(network, frame, lines, named)
        if travelling_bytes(text) <= limit_bytes:
            return text
    # More main roads than a screen can show: the longest of them.
    lines.sort(key=lambda stroke: -_length(stroke))
    while len(lines) > 1 and travelling_bytes(text) > limit_bytes:
        lines = lines[: len(lines) // 2]
        text = _text(network, frame, lines, 0)
    return text


def _ever_less(layers: int) -> Iterator[tuple[int, float]]:
    """How many layers, and how thin: a little thinner before a layer goes, much thinner once only main
    roads are left."""
    for count in range(layers, MAIN - 1, -1):
        for factor in (1, 2):
            yield count, THINNED_PIXELS * factor
    yield MAIN, THINNED_PIXELS * 4


def _length(stroke: Stroke) -> int:
    return sum(abs(step) for step in stroke.numbers[2:])


def _text(network: RoadNetwork, frame: Frame, drawn: list[Stroke], named: int) -> str:
    used = sorted({UNNAMED, *(stroke.street for stroke in drawn if stroke.layer < named)})
    number = {street: position for position, street in enumerate(used)}
    lines: dict[str, list[list[int]]] = {}
    for stroke in drawn:
        name = number[stroke.street] if stroke.layer < named else UNNAMED
        lines.setdefault(NAMES[stroke.layer], []).append([name, *stroke.numbers])
    cell = frame.cell
    whole: dict[str, Any] = {"level": cell.level, "x": cell.x, "y": cell.y, "units": frame.units}
    whole |= {"names": [network.streets[street] for street in used], "lines": lines}
    return json.dumps(whole, separators=(",", ":"), ensure_ascii=False)
