"""Turn restrictions of the map as sequences of edges that may not be driven.

A restriction that names a road or a point the network does not have is left out: it forbids a turn
that nobody can make here.
"""

from __future__ import annotations

from collections import defaultdict
from collections.abc import Iterator, Mapping, Sequence
from dataclasses import dataclass

from routing.network.map_data import Ban, Restriction
from routing.network.roads import Ints

MOST_VIA_EDGES = 20

Driven = tuple[int, ...]
"""Edges driven one right after the other."""


@dataclass(frozen=True)
class Turns:
    """Edges by the crossing they reach and leave; crossings by OpenStreetMap id."""

    crossings: Mapping[int, int]
    head: Sequence[int]
    first_way: Sequence[int]
    last_way: Sequence[int]
    reverse: Mapping[int, int]
    into: Mapping[int, Sequence[int]]
    out: Mapping[int, Sequence[int]]


def turns(crossing_ids: Ints, tail: Ints, head: Ints, first_way: Ints, last_way: Ints) -> Turns:
    """``tail`` and ``head`` index ``crossing_ids``; ways are OpenStreetMap ids."""
    into, out = defaultdict(list), defaultdict(list)
    by_ends: dict[tuple[int, int, int, int], int] = {}
    rows = zip(tail.tolist(), head.tolist(), first_way.tolist(), last_way.tolist(), strict=True)
    for edge, (begin, end, first, last) in enumerate(rows):
        out[begin].append(edge)
        into[end].append(edge)
        by_ends[begin, end, first, last] = edge
    reverse = {
        edge: by_ends[end, begin, last, first]
        for (begin, end, first, last), edge in by_ends.items()
        if by_ends.get((end, begin, last, first), edge) != edge
    }
    positions = {number: index for index, number in enumerate(crossing_ids.tolist())}
    return Turns(positions, head.tolist(), first_way.tolist(), last_way.tolist(), reverse, into, out)


def banned(restrictions: Sequence[Restriction], at: Turns) -> list[Driven]:
    """Every sequence of edges that some restriction forbids, each once, in a fixed order."""
    found: set[Driven] = set()
    for restriction in restrictions:
        for way_in in _approaches(restriction, at):
            found.update(_forbidden(restriction, way_in, at))
    return sorted(found)


def _approaches(restriction: Restriction, at: Turns) -> Iterator[Driven]:
    """The edges driven before the turn itself: the road one comes from, and the ways between."""
    if not restriction.via_ways:
        crossing = at.crossings.get(restriction.via_point)
        if crossing is not None:
            yield from ((edge,) for edge in at.into[crossing] if at.last_way[edge] in restriction.from_ways)
        return
    for edge, way in enumerate(at.last_way):
        if way in restriction.from_ways:
            yield from _along(restriction, (edge,), frozenset(restriction.via_ways), at)


def _along(restriction: Restriction, driven: Driven, left: frozenset[int], at: Turns) -> Iterator[Driven]:
    """Go on along the via ways until all are used and the road one turns into begins."""
    node = at.head[driven[-1]]
    if len(driven) > 1 and not left and _targets(restriction, node, at):
        yield driven
        return
    if len(driven) > MOST_VIA_EDGES:
        return
    for edge in at.out[node]:
        way = at.first_way[edge]
        if way in restriction.via_ways and edge not in driven and at.reverse.get(driven[-1]) != edge:
            yield from _along(restriction, (*driven, edge), left - {way}, at)


def _targets(restriction: Restriction, node: int, at: Turns) -> list[int]:
    return [edge for edge in at.out[node] if at.first_way[edge] in restriction.to_ways]


def _forbidden(restriction: Restriction, driven: Driven, at: Turns) -> Iterator[Driven]:
    last = driven[-1]
    node, back = at.head[last], at.reverse.get(last)
    targets = _targets(restriction, node, at)
    if restriction.ban is Ban.NO:
        # A road through the point bears one name on both sides: turning back into it is meant, not going on.
        same = {edge for edge in targets if at.first_way[edge] == at.last_way[last]}
        yield from ((*driven, edge) for edge in targets if edge not in same or edge == back)
    elif targets:
        yield from ((*driven, edge) for edge in at.out[node] if edge not in targets and edge != back)
