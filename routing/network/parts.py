"""The part of a map in which one can drive from everywhere to everywhere, and what lies apart from it.

What is cut away is kept as lines, so that an account there is told so: an island without a ferry, a
street one can enter and never leave.
"""

from __future__ import annotations

from dataclasses import dataclass

import numpy as np
import numpy.typing as npt
from scipy.sparse import csr_matrix
from scipy.sparse.csgraph import breadth_first_order, connected_components

from routing.network.roads import Ints, PartKind


@dataclass(frozen=True)
class Parts:
    """Per edge whether it is in the largest part; per edge outside, in order, its part; per part its kind."""

    kept: npt.NDArray[np.bool_]
    part: Ints
    kind: Ints


def split(tail: Ints, head: Ints, node_count: int) -> Parts:
    """Largest by its number of crossings, as OSMnx counts. An edge between parts belongs to the smaller."""
    links = csr_matrix((np.ones(len(tail), dtype=np.int8), (tail, head)), shape=(node_count, node_count))
    _, strong = connected_components(links, directed=True, connection="strong")
    _, weak = connected_components(links, directed=False)
    used = np.zeros(node_count, dtype=bool)
    used[tail] = used[head] = True
    largest = int(np.bincount(strong[used]).argmax())
    kept = (strong[tail] == largest) & (strong[head] == largest)
    outside = np.flatnonzero(~kept)
    # The end that is not in the main part says which part the edge belongs to.
    node = np.where(strong[head[outside]] == largest, tail[outside], head[outside])
    main = int(weak[np.flatnonzero(strong == largest)[0]])
    reached = _reached(links, int(np.flatnonzero(strong == largest)[0]))
    is_island = weak[node] != main
    # One weak part holds many one-way ends; each strongly connected piece of them stands for itself.
    label = np.where(is_island, weak[node], weak.max() + 1 + strong[node])
    kinds = np.where(
        is_island, PartKind.ISLAND, np.where(reached[node], PartKind.NO_WAY_OUT, PartKind.NO_WAY_IN)
    )
    _, first, part = np.unique(label, return_index=True, return_inverse=True)
    return Parts(kept, np.ravel(part), kinds[first])


def _reached(links: csr_matrix, start: int) -> npt.NDArray[np.bool_]:
    """Which nodes one can drive to from ``start``."""
    found = np.zeros(links.shape[0], dtype=bool)
    found[breadth_first_order(links, start, return_predecessors=False)] = True
    return found
