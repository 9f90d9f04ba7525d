"""How long each piece of road takes at the signed speed: signs first, then roads alike, then the law.

``SpeedRule.AREA_MEANS`` is OSMnx's own rule (an edge has one speed; a missing one is the mean of its class
over the edges of the area). It makes times comparable with other programs on the same graph.
``SpeedRule.SIGNS_THEN_COUNTRY`` is the better one and the default: each piece at its own speed.
"""

from __future__ import annotations

from collections.abc import Sequence
from enum import StrEnum

import networkx as nx
import numpy as np
import numpy.typing as npt

from routing.network.countries import class_kmh
from routing.network.roads import Floats, Ints

KMH_WITHOUT_ANY_SIGN = 50.0
"""Under OSMnx's rule, where not one way of the area has a ``maxspeed``."""

SLOWEST_KMH = 3.0

ENOUGH_SIGNED_METRES = 3_000.0
ENOUGH_SIGNED_SHARE = 0.1
"""So much of a class must be signed before its mean speaks for the rest of it."""


class SpeedRule(StrEnum):
    SIGNS_THEN_COUNTRY = "signs_then_country"
    AREA_MEANS = "area_means"


def signed_kmh(values: Sequence[str]) -> Floats:
    """km/h of each ``maxspeed`` value, NaN where it names none. Read by OSMnx: mph, several lanes,
    implicit values such as "DE:urban"."""
    # OSMnx takes seconds to import, and only building a network needs it.
    import osmnx as ox

    graph = nx.MultiDiGraph(crs="epsg:4326")
    graph.add_nodes_from(((0, {"x": 0.0, "y": 0.0}), (1, {"x": 0.0, "y": 0.0})))
    # A class for each value, so that no mean fills what could not be read; -1 marks that.
    for number, value in enumerate(values):
        graph.add_edge(0, 1, key=number, highway=str(number), maxspeed=value)
    if not values:
        return np.zeros(0)
    graph = ox.add_edge_speeds(graph, fallback=-1.0)
    found = np.array([graph.edges[0, 1, number]["speed_kph"] for number in range(len(values))], dtype=float)
    return np.where(found > 0, found, np.nan)


def piece_kmh(
    signed: Floats, classes: Sequence[str], class_of_piece: Ints, metres: Floats, country: str
) -> Floats:
    """km/h of each piece: its sign, else the mean of the signed pieces of its class where enough of
    them are signed (by length), else the country's default for the class."""
    known = ~np.isnan(signed)
    weight = np.where(known, metres, 0.0)
    count = len(classes)
    signed_metres = np.bincount(class_of_piece, weight, count)
    metres_in_all = np.bincount(class_of_piece, metres, count)
    spoken = np.bincount(class_of_piece, weight * np.where(known, signed, 0.0), count)
    speaks = (signed_metres >= ENOUGH_SIGNED_METRES) & (signed_metres >= ENOUGH_SIGNED_SHARE * metres_in_all)
    law = np.array([float(class_kmh(name, country)) for name in classes])
    mean = np.divide(spoken, signed_metres, out=law.copy(), where=speaks)
    return np.asarray(np.maximum(np.where(known, signed, mean[class_of_piece]), SLOWEST_KMH))


def area_means(signed: Floats, class_of_edge: Ints, class_count: int) -> Floats:
    """km/h of each edge under OSMnx's rule; ``signed`` is NaN where an edge has no sign."""
    known = ~np.isnan(signed)
    if not known.any():
        return np.full(len(signed), KMH_WITHOUT_ANY_SIGN)
    counted = np.bincount(class_of_edge[known], minlength=class_count)
    sums = np.bincount(class_of_edge[known], signed[known], class_count)
    mean = np.divide(sums, counted, out=np.full(class_count, np.nan), where=counted > 0)
    # A class without any sign takes the mean of the other classes' means.
    mean = np.where(counted > 0, mean, np.nanmean(mean))
    return np.asarray(np.maximum(np.where(known, signed, mean[class_of_edge]), SLOWEST_KMH))


def edge_signs(edge: Ints, value: Ints, kmh: Floats, edge_count: int) -> Floats:
    """km/h per edge from the signs of its pieces: the mean of its *different* signs (OSMnx's rule), NaN
    without any. ``edge`` and ``value`` run over the pieces; ``kmh`` is per value."""
    pairs: npt.NDArray[np.int64] = np.unique(np.stack([edge, value]), axis=1)
    readable = ~np.isnan(kmh[pairs[1]])
    edges, speeds = pairs[0][readable], kmh[pairs[1][readable]]
    counted = np.bincount(edges, minlength=edge_count)
    sums = np.bincount(edges, speeds, edge_count)
    return np.asarray(np.divide(sums, counted, out=np.full(edge_count, np.nan), where=counted > 0))
