"""An address file without house numbers, from the street names of a road network."""

from __future__ import annotations

from collections.abc import Iterator
from pathlib import Path

from routing.errors import NothingToFind
from routing.geocode.gather import gather
from routing.geocode.store import store
from routing.geocode.values import Counts, Origin, Way
from routing.network.roads import E7, RoadNetwork


def streets_only(network: RoadNetwork, target: Path) -> Counts:
    """Build an address file that knows streets only. Raises ``NothingToFind`` where none has a name."""
    found = gather(ways_of(network))
    if not found:
        raise NothingToFind(source=network.source)
    return store(found, target, Origin(network.source, network.source_date, network.attribution))


def ways_of(network: RoadNetwork) -> Iterator[Way]:
    """Every named street once, whichever way it is driven. Several names of one are joined by ``;``."""
    for edge, (street, back) in enumerate(
        zip(network.edge_street.tolist(), network.edge_reverse.tolist(), strict=True)
    ):
        names = tuple(name.strip() for name in network.streets[street].split(";") if name.strip())
        if names and not 0 <= back < edge:
            yield Way(names, tuple((lon / E7, lat / E7) for lon, lat in network.shape(edge).tolist()))
