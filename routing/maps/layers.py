"""Which roads are drawn together, and in which order they are given up: the last layer first."""

from __future__ import annotations

from collections.abc import Sequence
from typing import Final

import numpy as np

from routing.network.roads import ROAD_CLASSES, Ints

LAYERS: Final = {
    "main": ("motorway", "motorway_link", "trunk", "trunk_link", "primary", "primary_link"),
    "ferry": ("ferry",),
    "middle": ("secondary", "secondary_link", "tertiary", "tertiary_link"),
    "small": ("unclassified", "residential", "living_street", "other"),
}
NAMES: Final = tuple(LAYERS)

MAIN, MIDDLE, ALL = 2, 3, 4
"""How many of the layers, from the first."""

MIDDLE_FROM_LEVEL = 8
SMALL_FROM_LEVEL = 11
MAIN_NAMES_FROM_LEVEL = 12
ALL_NAMES_FROM_LEVEL = 13


def layers_at(level: int) -> int:
    """How many layers a cell of this level shows when there is room for them."""
    if level < MIDDLE_FROM_LEVEL:
        return MAIN
    return MIDDLE if level < SMALL_FROM_LEVEL else ALL


def named_at(level: int) -> int:
    """How many layers carry their street names: as many as a map at this level finds room to write."""
    if level < MAIN_NAMES_FROM_LEVEL:
        return 0
    return MIDDLE if level < ALL_NAMES_FROM_LEVEL else ALL


def layer_by_class(road_classes: Sequence[str] = ROAD_CLASSES) -> Ints:
    """The layer's number for each road class; a class that no layer names is a small road."""
    number = {name: rank for rank, classes in enumerate(LAYERS.values()) for name in classes}
    return np.array([number.get(name, ALL - 1) for name in road_classes], dtype=np.int64)
