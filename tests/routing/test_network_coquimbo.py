from __future__ import annotations

import sqlite3
import struct
from contextlib import closing

import pytest
import shapely

from routing.errors import MapFileUnreadable, NoRoads
from routing.network.coquimbo import demo_network
from routing.network.roads import NO_REVERSE, ROAD_CLASSES
from tests.routing.roads_by_hand import CROSSINGS

COLUMNS = "link_id, a_node, b_node, direction, link_type, name, speed_ab, speed_ba, osm_id, geometry"

# A one-way ring 1 → 3 → 4 → 1 with a two-way piece 1-2-3, a dead one-way end 4 → 5, and no road at all 1-4.
LINKS = [
    (1, 1, 2, 0, "residential", "Calle Uno", None, None, 101),
    (2, 2, 3, 0, "primary", "Calle Dos", 30, 90, 102),
    (3, 3, 4, 1, "tertiary", None, None, None, 103),
    (4, 4, 1, 1, "secondary", None, None, None, 104),
    (5, 4, 5, 1, "residential", "Sin Salida", None, None, 105),
    (6, 1, 4, 0, "centroid_connector", None, None, None, None),
]


def spatialite(tail, head):
    """A line as SpatiaLite stores it: its envelope of 39 bytes, plain WKB without the first byte, FE."""
    wkb = shapely.to_wkb(shapely.LineString([CROSSINGS[tail], CROSSINGS[head]]), byte_order=1)
    envelope = b"\x00\x01" + struct.pack("<i4d", 4326, 0, 0, 0, 0) + b"\x7c"
    assert len(envelope) == 39
    return envelope + wkb[1:] + b"\xfe"


@pytest.fixture
def database(tmp_path):
    path = tmp_path / "project_database.sqlite"
    with closing(sqlite3.connect(path)) as connection:
        connection.execute(f"CREATE TABLE links ({COLUMNS})")
        rows = [(*link, spatialite(link[1], link[2])) for link in LINKS]
        connection.executemany("INSERT INTO links VALUES (?, ?, ?, ?, ?, ?, ?, ?, ?, ?)", rows)
        connection.commit()
    return path


def edges(network):
    """{(tail, head): edge} with the crossings' numbers in the drawing; 1 to 4 are all that is left."""
    ends = zip(network.edge_tail.tolist(), network.edge_head.tolist(), strict=True)
    return {(tail + 1, head + 1): edge for edge, (tail, head) in enumerate(ends)}


def test_what_cannot_be_left_again_and_what_is_no_road_are_dropped(database):
    network = demo_network(database)
    assert set(edges(network)) == {(1, 2), (2, 1), (2, 3), (3, 2), (3, 4), (4, 1)}
    assert network.streets == ("", "Calle Dos", "Calle Uno")


def test_direction_nought_is_two_way_and_one_is_along_the_line(database):
    network = demo_network(database)
    found = edges(network)
    assert network.edge_reverse[found[1, 2]] == found[2, 1]
    assert network.edge_reverse[found[3, 4]] == NO_REVERSE


def test_a_sign_counts_in_its_direction_and_without_one_the_road_class_does(database):
    network = demo_network(database)
    found = edges(network)

    def kmh(edge):
        return network.edge_mm[edge] / network.edge_ms[edge] * 3.6

    assert kmh(found[2, 3]) == pytest.approx(30, rel=1e-3)
    assert kmh(found[3, 2]) == pytest.approx(90, rel=1e-3)
    assert kmh(found[1, 2]) == pytest.approx(40, rel=1e-3)
    assert ROAD_CLASSES[network.edge_class[found[2, 3]]] == "primary"
    assert network.edge_first_way[found[2, 3]] == 102


def test_building_twice_gives_the_same_version(database):
    assert demo_network(database).version == demo_network(database).version


def test_a_file_that_is_no_database_or_another_one_is_refused(tmp_path):
    path = tmp_path / "other.sqlite"
    path.write_bytes(b"not a database at all, but long enough to look at")
    with pytest.raises(MapFileUnreadable, match=r"other\.sqlite"):
        demo_network(path)
    with pytest.raises(MapFileUnreadable):
        demo_network(tmp_path / "missing.sqlite")
    assert not (tmp_path / "missing.sqlite").exists()


def test_a_database_without_roads_is_said_to_have_none(database):
    with closing(sqlite3.connect(database)) as connection:
        connection.execute("DELETE FROM links WHERE link_type <> 'centroid_connector'")
        connection.commit()
    with pytest.raises(NoRoads):
        demo_network(database)


def test_a_damaged_line_is_refused(database):
    with closing(sqlite3.connect(database)) as connection:
        connection.execute("UPDATE links SET geometry = x'00010203' WHERE link_id = 2")
        connection.commit()
    with pytest.raises(MapFileUnreadable):
        demo_network(database)
