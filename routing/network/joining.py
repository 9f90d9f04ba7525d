"""From pieces to edges: points that only bend a street disappear, crossings stay.

The rule is the one OSMnx uses in ``simplify_graph``, in its default form, over whole arrays: a point
stays if it is a dead end, if not exactly two others are next to it, or if its pieces do not pair up as
one street driven one way or both. Rings that touch nothing else are dropped, as there. On top of that a
point stays where a road goes over into a ferry.
"""

from __future__ import annotations

from dataclasses import dataclass

import numpy as np
import numpy.typing as npt

from routing.network.map_data import MapData
from routing.network.osm_tags import FERRY
from routing.network.roads import Ints

NO_PIECE = -1


@dataclass(frozen=True)
class Joined:
    """Edge ``i`` is made of the pieces ``pieces[start[i]:start[i + 1]]``, in driving order."""

    start: Ints
    pieces: Ints

    @property
    def count(self) -> int:
        return len(self.start) - 1

    def first(self) -> Ints:
        return self.pieces[self.start[:-1]]

    def last(self) -> Ints:
        return self.pieces[self.start[1:] - 1]

    def edge_of_piece(self) -> Ints:
        """The edge that each entry of ``pieces`` belongs to."""
        return np.repeat(np.arange(self.count), np.diff(self.start))


def join(data: MapData) -> Joined:
    """The edges between crossings, each as the list of its pieces."""
    tail, head = data.piece_tail, data.piece_head
    following = _following(tail, head, len(data.point_ids))
    crossing = _crossings(tail, head, following, len(data.point_ids)) | _piers(data)
    begins = np.flatnonzero(crossing[tail])
    begins = _without_parallel_entries(begins, tail, head, crossing)
    return _followed(begins, following, crossing[head])


def _neighbours(tail: Ints, head: Ints, count: int) -> tuple[Ints, Ints, Ints]:
    """Per point: how many points are next to it, the lowest and the highest of them."""
    pairs = np.unique(np.concatenate([tail * count + head, head * count + tail]))
    point, other = pairs // count, pairs % count
    number = np.bincount(point, minlength=count)
    least, most = np.full(count, count, dtype=np.int64), np.full(count, -1, dtype=np.int64)
    np.minimum.at(least, point, other)
    np.maximum.at(most, point, other)
    return number, least, most


def _following(tail: Ints, head: Ints, count: int) -> Ints:
    """The piece one drives on from each piece without turning round, ``NO_PIECE`` where there is no
    choice of exactly one neighbour ahead."""
    number, least, most = _neighbours(tail, head, count)
    other = np.where(least[head] == tail, most[head], least[head])
    keys = tail * count + head
    # Of parallel pieces the first that the map names.
    unique, first = np.unique(keys, return_index=True)
    wanted = head * count + other
    at = np.minimum(np.searchsorted(unique, wanted), len(unique) - 1)
    return np.where((number[head] == 2) & (unique[at] == wanted), first[at], NO_PIECE)


def _crossings(tail: Ints, head: Ints, following: Ints, count: int) -> npt.NDArray[np.bool_]:
    out, into = np.bincount(tail, minlength=count), np.bincount(head, minlength=count)
    number, _, _ = _neighbours(tail, head, count)
    degree = out + into
    bend = (number == 2) & ((degree == 2) | (degree == 4)) & (out > 0) & (into > 0)
    # Four pieces can also be three in and one out: then one of them leads nowhere from here.
    bend[head[following == NO_PIECE]] = False
    return np.asarray(~bend & (degree > 0))


def _piers(data: MapData) -> npt.NDArray[np.bool_]:
    """Points where a ferry meets a road: an edge is one or the other."""
    ferry = np.array([name == FERRY for name in data.way_class], dtype=bool)[data.piece_way]
    found = []
    for pieces in (ferry, ~ferry):
        touched = np.zeros(len(data.point_ids), dtype=bool)
        touched[data.piece_tail[pieces]] = touched[data.piece_head[pieces]] = True
        found.append(touched)
    return np.asarray(found[0] & found[1])


def _without_parallel_entries(begins: Ints, tail: Ints, head: Ints, crossing: npt.NDArray[np.bool_]) -> Ints:
    """A street digitised twice enters its first bend twice; one entry is enough."""
    into_bend = ~crossing[head[begins]]
    entries = np.stack([tail[begins], head[begins]])[:, into_bend]
    _, first = np.unique(entries, axis=1, return_index=True)
    return np.sort(np.concatenate([begins[~into_bend], begins[into_bend][first]]))


def _followed(begins: Ints, following: Ints, ends: npt.NDArray[np.bool_]) -> Joined:
    """Walk all edges at once, a piece a step, until each reaches a crossing."""
    edge, piece = np.arange(len(begins)), begins
    edges, pieces = [edge], [piece]
    going = ~ends[piece]
    while going.any():
        edge, piece = edge[going], following[piece[going]]
        edges.append(edge)
        pieces.append(piece)
        going = ~ends[piece]
    owner, walked = np.concatenate(edges), np.concatenate(pieces)
    order = np.argsort(owner, kind="stable")
    start = np.concatenate([[0], np.cumsum(np.bincount(owner, minlength=len(begins)))])
    return Joined(start, walked[order])
