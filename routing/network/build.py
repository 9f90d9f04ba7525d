"""From map data to a road network, in the one order that keeps times comparable.

Join pieces, keep the part in which one can drive from anywhere to anywhere, and only then add speeds:
a missing speed is filled from roads alike, so what is cut away must not count.
"""

from __future__ import annotations

from collections.abc import Callable, Sequence
from dataclasses import dataclass, replace

import numpy as np
import numpy.typing as npt

from routing.errors import NoRoads
from routing.network import restrictions
from routing.network.assemble import Apart, EdgeTable, Origin, pack, step_metres
from routing.network.countries import drives_on
from routing.network.joining import Joined, join
from routing.network.landings import with_landings
from routing.network.map_data import MapData, Signal
from routing.network.osm_tags import FERRY
from routing.network.parts import Parts, split
from routing.network.roads import E7, Floats, Ints, RoadNetwork
from routing.network.speeds import SpeedRule, area_means, edge_signs, piece_kmh, signed_kmh

Progress = Callable[[str], None]
"""Called with the name of each step as it begins."""


@dataclass(frozen=True, slots=True)
class Making:
    """What one decides when making a network. ``side`` is "left", "right", or empty: by the country,
    else by the direction of roundabouts."""

    country: str = ""
    side: str = ""
    rule: SpeedRule = SpeedRule.SIGNS_THEN_COUNTRY
    ferries: bool = True


def silent(step: str) -> None:
    """A ``Progress`` that nobody watches."""


def build(data: MapData, origin: Origin, making: Making, progress: Progress = silent) -> RoadNetwork:
    """Raises ``NoRoads`` if nothing can be driven on."""
    if not len(data.piece_tail):
        raise NoRoads(source=origin.source)
    data = with_landings(data) if making.ferries else _without_ferries(data)
    progress("Joining road pieces")
    joined = join(data)
    progress("Keeping the largest connected part")
    tail, head = data.piece_tail[joined.first()], data.piece_head[joined.last()]
    parts = split(tail, head, len(data.point_ids))
    if not parts.kept.any():
        raise NoRoads(source=origin.source)
    kept = _chosen(joined, parts.kept)
    progress("Adding speeds and times")
    metres = step_metres(data.point_e7[data.piece_tail] / E7, data.point_e7[data.piece_head] / E7)
    seconds = _seconds(data, kept, metres, making)
    progress("Packing the network")
    crossings, table = _table(data, kept, metres, seconds)
    described = replace(
        origin,
        country=making.country.upper(),
        drives_on=making.side or _side(data, making.country),
        speeds=making.rule.value,
        source_date=origin.source_date or data.source_date,
    )
    apart = _apart(data, _chosen(joined, ~parts.kept), parts)
    return pack(table, described, _bans(data, crossings, table), apart)


def _without_ferries(data: MapData) -> MapData:
    road = np.array([name != FERRY for name in data.way_class], dtype=bool)[data.piece_way]
    return replace(
        data,
        piece_tail=data.piece_tail[road],
        piece_head=data.piece_head[road],
        piece_way=data.piece_way[road],
        piece_backward=data.piece_backward[road],
    )


def _chosen(joined: Joined, wanted: npt.NDArray[np.bool_]) -> Joined:
    counts = np.diff(joined.start)
    return Joined(np.concatenate([[0], np.cumsum(counts[wanted])]), joined.pieces[np.repeat(wanted, counts)])


def _seconds(data: MapData, edges: Joined, metres: Floats, making: Making) -> Floats:
    """Per edge at its signed speeds, ferries by their timetable."""
    ways = data.piece_way[edges.pieces]
    values, value_of_way = np.unique(np.array(data.way_maxspeed, dtype=str), return_inverse=True)
    kmh = signed_kmh(values.tolist())
    classes, class_of_way = np.unique(np.array(data.way_class, dtype=str), return_inverse=True)
    length = metres[edges.pieces]
    if making.rule is SpeedRule.AREA_MEANS:
        edge = edges.edge_of_piece()
        signed = edge_signs(edge, value_of_way[ways], kmh, edges.count)
        speed = area_means(signed, _most(edges, class_of_way[ways], length), len(classes))[edge]
    else:
        speed = piece_kmh(
            kmh[value_of_way[ways]], classes.tolist(), class_of_way[ways], length, making.country
        )
    taken = length / (speed / 3.6)
    sailed = _sailed(data, metres)[edges.pieces]
    return _sums(np.where(np.isnan(data.way_seconds[ways]), taken, sailed), edges)


def _sailed(data: MapData, metres: Floats) -> Floats:
    """Seconds of each piece of a ferry with a known crossing time, shared out by length."""
    ahead = ~data.piece_backward
    whole = np.bincount(data.piece_way[ahead], metres[ahead], len(data.way_ids))
    share = np.divide(
        metres, whole[data.piece_way], out=np.zeros_like(metres), where=whole[data.piece_way] > 0
    )
    return np.asarray(share * data.way_seconds[data.piece_way])


def _sums(values: Floats, edges: Joined) -> Floats:
    return np.asarray(np.add.reduceat(values, edges.start[:-1]))


def _most(edges: Joined, label: Ints, length: Floats) -> Ints:
    """Per edge the label with the greatest sum of lengths; of equals the lowest."""
    kinds = int(label.max()) + 1
    keys, which = np.unique(edges.edge_of_piece() * kinds + label, return_inverse=True)
    sums = np.bincount(np.ravel(which), length)
    order = np.lexsort((keys, -np.round(sums, 6), keys // kinds))
    owner = (keys // kinds)[order]
    first = np.concatenate([[True], owner[1:] != owner[:-1]])
    return np.asarray((keys % kinds)[order][first])


def _table(data: MapData, edges: Joined, metres: Floats, seconds: Floats) -> tuple[Ints, EdgeTable]:
    """The crossings, as positions among the map's points, and the edges between them."""
    first, last = edges.first(), edges.last()
    used, positions = np.unique(
        np.concatenate([data.piece_tail[first], data.piece_head[last]]), return_inverse=True
    )
    tail, head = np.split(np.ravel(positions), 2)
    ways, length = data.piece_way[edges.pieces], metres[edges.pieces]
    classes, class_of_way = np.unique(np.array(data.way_class, dtype=str), return_inverse=True)
    streets, street_of_way = np.unique(np.array(data.way_street, dtype=str), return_inverse=True)
    start, course = _courses(data, edges)
    table = EdgeTable(
        node_e7=data.point_e7[used],
        tail=tail,
        head=head,
        metres=_sums(length, edges),
        seconds=seconds,
        classes=classes.tolist(),
        road_class=_most(edges, class_of_way[ways], length),
        streets=[street.strip() for street in streets.tolist()],
        street=_most(edges, street_of_way[ways], length),
        first_way=data.way_ids[data.piece_way[first]],
        last_way=data.way_ids[data.piece_way[last]],
        signals=_sums(_lights(data)[edges.pieces].astype(np.float64), edges).astype(np.int64),
        course_start=start,
        course_e7=course,
    )
    return used, table


def _courses(data: MapData, edges: Joined) -> tuple[Ints, npt.NDArray[np.int32]]:
    """Points of each edge, both ends included, end to end."""
    start = edges.start + np.arange(edges.count + 1)
    points = np.empty(start[-1], dtype=np.int64)
    points[start[:-1]] = data.piece_tail[edges.first()]
    rest = np.ones(len(points), dtype=bool)
    rest[start[:-1]] = False
    points[rest] = data.piece_head[edges.pieces]
    return start, data.point_e7[points]


def _lights(data: MapData) -> npt.NDArray[np.bool_]:
    """Whether traffic lights at its head hold up who drives a piece."""
    signal = data.point_signal[data.piece_head]
    ahead = (signal == Signal.FORWARD) & ~data.piece_backward
    back = (signal == Signal.BACKWARD) & data.piece_backward
    return np.asarray((signal == Signal.BOTH) | ahead | back)


def _bans(data: MapData, crossings: Ints, table: EdgeTable) -> Sequence[Sequence[int]]:
    if not data.restrictions:
        return []
    ids = data.point_ids[crossings]
    at = restrictions.turns(ids, table.tail, table.head, table.first_way, table.last_way)
    return restrictions.banned(data.restrictions, at)


def _apart(data: MapData, edges: Joined, parts: Parts) -> Apart:
    """One line per street: of two directions, and of pieces drawn twice, the first."""
    start, course = _courses(data, edges)
    low = np.minimum(data.piece_tail[edges.first()], data.piece_head[edges.last()])
    high = np.maximum(data.piece_tail[edges.first()], data.piece_head[edges.last()])
    _, first = np.unique(np.stack([low, high, np.diff(start)]), axis=1, return_index=True)
    wanted = np.zeros(edges.count, dtype=bool)
    wanted[first] = True
    counts = np.diff(start)
    return Apart(
        np.concatenate([[0], np.cumsum(counts[wanted])]),
        course[np.repeat(wanted, counts)],
        parts.part[wanted],
        parts.kind,
    )


def _side(data: MapData, country: str) -> str:
    """By the country where it is named, else by the way most roundabouts turn: clockwise is left."""
    if country:
        return drives_on(country)
    ring = data.way_roundabout[data.piece_way] & ~data.piece_backward
    begin = data.point_e7[data.piece_tail[ring]].astype(np.float64)
    end = data.point_e7[data.piece_head[ring]].astype(np.float64)
    way = data.piece_way[ring]
    sums = np.stack([np.bincount(way, column) for column in begin.T], axis=1)
    middle = sums[way] / np.bincount(way)[way, None]
    begin, end = begin - middle, end - middle
    # Twice the area swept, per roundabout: positive when it turns anticlockwise.
    swept = np.bincount(way, begin[:, 0] * end[:, 1] - begin[:, 1] * end[:, 0]) if len(way) else np.zeros(1)
    return "left" if (swept < 0).sum() > (swept > 0).sum() else "right"
