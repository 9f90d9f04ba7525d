"""Roads of a local OpenStreetMap file (``.osm.pbf``, ``.osm``), read in two passes with osmium.

The first pass takes ways and turn restrictions, the second the points those ways need. Where an
extract lacks a point the way is torn there; what is left of it is kept.
"""

from __future__ import annotations

from collections.abc import Iterator, Sequence
from itertools import chain
from pathlib import Path

import numpy as np
import osmium

from routing.errors import MapFileUnreadable, NoRoads
from routing.network import osm_tags
from routing.network.assemble import Origin
from routing.network.build import Making, Progress, build, silent
from routing.network.map_data import MapData, Restriction, Way, from_ways
from routing.network.roads import RoadNetwork

NOT_STATED = "not stated in the file"

Tags = dict[str, str]


def file_network(
    path: Path,
    origin: Origin,
    making: Making = Making(),  # noqa: B008
    progress: Progress = silent,
) -> RoadNetwork:
    """Build a network from a map file. Raises ``MapFileUnreadable`` or ``NoRoads``.

    An ``origin`` without a source date gets the one the file states, if it does.
    """
    return build(read_map(path, progress), origin, making, progress)


def read_map(path: Path, progress: Progress) -> MapData:
    """The drivable roads and car ferries of a file. Raises ``MapFileUnreadable`` or ``NoRoads``."""
    try:
        progress("Reading roads")
        ways = list(_ways(path))
        if not any(way.road_class != osm_tags.FERRY for way in ways):
            raise NoRoads(source=path.name)
        progress("Reading turn restrictions")
        restrictions = list(_restrictions(path))
        progress("Reading points")
        return _with_points(path, ways, restrictions)
    except (RuntimeError, OSError) as error:
        raise MapFileUnreadable(path=path.name, why=str(error).strip(" .\n") or "it is damaged") from error


def way_of(number: int, points: Sequence[int], tags: Tags) -> Way | None:
    """A way as it counts for driving, or None."""
    if osm_tags.drivable(tags):
        return Way(
            number,
            tuple(points),
            tags["highway"],
            tags.get("name", ""),
            tags.get("maxspeed", ""),
            osm_tags.oneway(tags),
            tags.get("junction") == "roundabout",
        )
    if tags.get("route") == osm_tags.FERRY and osm_tags.takes_cars(tags):
        seconds = osm_tags.duration_seconds(tags.get("duration", ""))
        oneway = 1 if tags.get("oneway") in ("yes", "1", "true") else 0
        return Way(number, tuple(points), osm_tags.FERRY, tags.get("name", ""), "", oneway, seconds=seconds)
    return None


def restriction_of(tags: Tags, members: Sequence[tuple[str, int, str]]) -> Restriction | None:
    """A turn restriction from a relation's tags and members (type ``n`` or ``w``, id, role), or None."""
    banned = osm_tags.ban(tags)
    by_role: dict[tuple[str, str], list[int]] = {}
    for kind, number, role in members:
        by_role.setdefault((role, kind), []).append(number)
    from_ways, to_ways = by_role.get(("from", "w"), []), by_role.get(("to", "w"), [])
    points, ways = by_role.get(("via", "n"), []), by_role.get(("via", "w"), [])
    if banned is None or not from_ways or not to_ways or bool(ways) == (len(points) == 1):
        return None
    return Restriction(banned, tuple(from_ways), tuple(to_ways), points[0] if points else 0, tuple(ways))


def _ways(path: Path) -> Iterator[Way]:
    for way in osmium.FileProcessor(path, osmium.osm.WAY).with_filter(
        osmium.filter.KeyFilter("highway", "route")
    ):
        assert isinstance(way, osmium.osm.Way)
        found = way_of(way.id, [node.ref for node in way.nodes], {tag.k: tag.v for tag in way.tags})
        if found is not None:
            yield found


def _restrictions(path: Path) -> Iterator[Restriction]:
    for relation in osmium.FileProcessor(path, osmium.osm.RELATION).with_filter(
        osmium.filter.TagFilter(("type", "restriction"))
    ):
        assert isinstance(relation, osmium.osm.Relation)
        members = [(member.type, member.ref, member.role) for member in relation.members]
        found = restriction_of({tag.k: tag.v for tag in relation.tags}, members)
        if found is not None:
            yield found


def _with_points(path: Path, ways: Sequence[Way], restrictions: Sequence[Restriction]) -> MapData:
    wanted = np.unique(np.fromiter(chain.from_iterable(way.points for way in ways), dtype=np.int64))
    ids, lons, lats, signals = [], [], [], []
    only = osmium.filter.IdFilter(wanted.tolist())
    only.enable_for(osmium.osm.NODE)
    for node in osmium.FileProcessor(path, osmium.osm.NODE).with_filter(only):
        assert isinstance(node, osmium.osm.Node)
        location = node.location
        if location.valid():
            ids.append(node.id)
            # osmium keeps whole 1e-7 degrees; so do we.
            lons.append(location.x)
            lats.append(location.y)
            signals.append(osm_tags.signal({tag.k: tag.v for tag in node.tags}) if len(node.tags) else 0)
    order = np.argsort(np.array(ids, dtype=np.int64), kind="stable")
    return from_ways(
        ways,
        np.array(ids, dtype=np.int64)[order],
        np.stack([np.array(lons, dtype=np.int32), np.array(lats, dtype=np.int32)], axis=1)[order],
        np.array(signals, dtype=np.uint8)[order],
        restrictions,
        _stated_date(path),
    )


def _stated_date(path: Path) -> str:
    with osmium.io.Reader(str(path)) as reader:
        return reader.header().get("osmosis_replication_timestamp") or NOT_STATED
