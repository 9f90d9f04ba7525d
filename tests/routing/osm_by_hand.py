"""A small OpenStreetMap file: a one-way ring with a two-way spur, and much that is not for cars.

1 ──▶ 2 ──▶ 3      way 10 "Ring" 1-2-3-4-1, one-way, 60 km/h; node 5 lies within 4-1 and only bends it
▲           │      way 11 "Spur" 3-6-7, two-way, no speed; node 8 of way 12 is not in the file
5 ◀── 4 ◀───┘
"""

from __future__ import annotations

from pathlib import Path

import osmium

NODES = {
    1: (10.000, 51.000),
    2: (10.001, 51.000),
    3: (10.002, 51.000),
    4: (10.001, 50.999),
    5: (10.000, 50.9995),
    6: (10.003, 51.000),
    7: (10.004, 51.001),
    9: (10.006, 51.001),
    20: (10.0005, 51.0005),
}

WAYS = {
    10: ([1, 2, 3, 4, 5, 1], {"highway": "residential", "name": "Ring", "oneway": "yes", "maxspeed": "60"}),
    11: ([3, 6, 7], {"highway": "tertiary", "name": "Spur"}),
    12: ([7, 9, 8, 2, 20], {"highway": "unclassified", "name": "Torn"}),
    20: ([1, 20], {"waterway": "river"}),
    21: ([2, 20], {"highway": "footway"}),
    22: ([3, 20], {"highway": "residential", "access": "private"}),
    23: ([4, 20], {"highway": "service"}),
    24: ([1, 3], {"highway": "primary", "motor_vehicle": "no"}),
    25: ([1, 2, 3], {"highway": "residential", "area": "yes"}),
}


RESTRICTION = (
    [("w", 11, "from"), ("n", 3, "via"), ("w", 10, "to")],
    {"type": "restriction", "restriction": "no_left_turn"},
)
"""From the spur into the ring at 3; members are kind, id, role."""


def write_map(
    path: Path, ways: dict | None = None, restrictions: dict | None = None, nodes: dict | None = None
) -> Path:
    """Write the map; the ending of ``path`` says whether as XML or PBF. ``nodes`` are added to ``NODES``,
    as (lon, lat) or (lon, lat, tags)."""
    with osmium.SimpleWriter(str(path), overwrite=True) as writer:
        for number, (lon, lat, *tags) in {**NODES, **(nodes or {})}.items():
            node = osmium.osm.mutable.Node(id=number, location=(lon, lat), tags=tags[0] if tags else {})
            writer.add_node(node)
        for number, (points, tags) in (WAYS if ways is None else ways).items():
            writer.add_way(osmium.osm.mutable.Way(id=number, nodes=points, tags=tags))
        for number, (members, tags) in (restrictions or {}).items():
            writer.add_relation(osmium.osm.mutable.Relation(id=number, members=members, tags=tags))
    return path
