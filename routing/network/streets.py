"""Every street of a network once, as a line on the network's plane, with a search tree over them.

Built when first asked for and shared by the whole process: some hundredths of a second for a town.
"""

from __future__ import annotations

from dataclasses import dataclass

import numpy as np
import numpy.typing as npt
import shapely

from routing.network.kept import kept_with_network
from routing.network.roads import E7, Ints, RoadNetwork


@dataclass(frozen=True)
class Streets:
    """Row by row: a directed edge (of a street driven both ways the lower one) and its line in metres."""

    edges: Ints
    lines: npt.NDArray[np.object_]
    tree: shapely.STRtree


@kept_with_network(most=1)
def streets_of(network: RoadNetwork) -> Streets:
    """The streets of ``network``, in the order of their edges."""
    backs = network.edge_reverse
    edges = np.flatnonzero((backs < 0) | (backs > np.arange(network.edge_count)))
    starts = network.shape_start.astype(np.int64)
    counts = starts[1:] - starts[:-1]
    kept = np.isin(np.repeat(np.arange(network.edge_count), counts), edges)
    points = network.plane.metres(network.shape_e7[kept] / E7)
    lines = shapely.linestrings(points, indices=np.repeat(np.arange(len(edges)), counts[edges]))
    return Streets(edges, lines, shapely.STRtree(lines))
