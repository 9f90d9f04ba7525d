from __future__ import annotations

import re

import pytest
from osmnx import _overpass

from routing.errors import MapFileUnreadable, NoRoads
from routing.network.assemble import Origin, line_metres
from routing.network.build import silent
from routing.network.osm_file import file_network, read_map
from routing.network.osm_tags import NOT_DRIVABLE, drivable
from routing.network.roads import E7, NO_REVERSE, ROAD_CLASSES
from tests.routing.osm_by_hand import WAYS, write_map

ORIGIN = Origin(name="ring", source="a test", source_date="")


def edges_named(network, street):
    return [edge for edge in range(network.edge_count) if network.street(edge) == street]


@pytest.fixture(params=["ring.osm", "ring.osm.pbf"])
def network(request, tmp_path):
    return file_network(write_map(tmp_path / request.param), ORIGIN)


def test_only_what_can_be_driven_is_kept(network):
    assert set(network.streets) == {"", "Ring", "Spur", "Torn"}
    assert {ROAD_CLASSES[number] for number in network.edge_class} <= {
        "residential",
        "tertiary",
        "unclassified",
    }


def test_a_one_way_ring_has_no_way_back_and_a_spur_has_one(network):
    assert all(network.edge_reverse[edge] == NO_REVERSE for edge in edges_named(network, "Ring"))
    assert all(network.edge_reverse[edge] != NO_REVERSE for edge in edges_named(network, "Spur"))


def test_points_within_a_street_bend_it_but_are_no_crossings(network):
    assert [10.0, 50.9995] not in (network.node_e7 / E7).tolist()
    assert [10.0, 50.9995] in (network.shape_e7 / E7).tolist()


def test_edges_know_the_ways_they_come_from(network):
    (edge,) = {int(network.edge_first_way[edge]) for edge in edges_named(network, "Ring")}
    assert edge == 10


def test_lengths_and_times_come_from_the_course_and_the_sign(network):
    for edge in edges_named(network, "Ring"):
        metres = line_metres(network.shape(edge) / E7)
        assert network.edge_mm[edge] / 1000 == pytest.approx(metres, abs=0.01)
        # 60 km/h = 16.667 m/s
        assert network.edge_ms[edge] / 1000 == pytest.approx(metres / (60 / 3.6), rel=1e-3)


def test_a_way_torn_by_a_missing_node_keeps_both_of_its_pieces(network):
    """7-9 hangs on the spur and 2-20 on the ring, with one way between them gone."""
    spots = (network.node_e7 / E7).tolist()
    assert [10.006, 51.001] in spots
    assert [10.0005, 51.0005] in spots
    assert {int(network.edge_first_way[edge]) for edge in edges_named(network, "Torn")} == {12}


def test_xml_and_pbf_give_the_same_version(tmp_path):
    versions = {
        file_network(write_map(tmp_path / name), ORIGIN).version for name in ("ring.osm", "ring.osm.pbf")
    }
    assert len(versions) == 1


def test_a_map_without_any_speed_sign_still_becomes_a_network(tmp_path):
    ways = {10: ([1, 2, 3], {"highway": "residential"})}
    network = file_network(write_map(tmp_path / "plain.osm", ways), ORIGIN)
    # 50 km/h where no sign stands anywhere.
    assert network.edge_mm[0] / network.edge_ms[0] == pytest.approx(50 / 3.6, rel=1e-3)


def test_each_step_is_told(tmp_path):
    steps = []
    file_network(write_map(tmp_path / "ring.osm"), ORIGIN, progress=steps.append)
    assert steps[0] == "Reading roads"
    assert steps[-1] == "Packing the network"


def test_a_map_without_roads_is_said_to_have_none(tmp_path):
    with pytest.raises(NoRoads, match=r"river\.osm holds no roads"):
        file_network(write_map(tmp_path / "river.osm", {20: WAYS[20]}), ORIGIN)


@pytest.mark.parametrize("name", ["half.osm.pbf", "text.osm", "table.csv"])
def test_a_file_that_is_no_map_is_refused_by_name(tmp_path, name):
    path = tmp_path / name
    if name == "half.osm.pbf":
        content = write_map(tmp_path / "whole.osm.pbf").read_bytes()
        path.write_bytes(content[: len(content) // 2])
    else:
        path.write_text("lon,lat\n1,2\n", encoding="utf-8")
    with pytest.raises(MapFileUnreadable, match=re.escape(name)):
        file_network(path, ORIGIN)


def test_the_filter_is_the_one_of_osmnx():
    text = _overpass._get_network_filter("drive")
    theirs = dict(re.findall(r'\["(\w+)"!~"([^"]+)"\]', text))
    assert theirs == NOT_DRIVABLE


@pytest.mark.parametrize(
    ("tags", "answer"),
    [
        ({"highway": "residential"}, True),
        ({"highway": "living_street"}, True),
        ({"highway": "motorway_link", "access": "yes"}, True),
        ({"highway": "track"}, False),
        ({"highway": "residential", "service": "driveway2"}, False),
        ({"waterway": "river"}, False),
    ],
)
def test_what_counts_as_drivable(tags, answer):
    assert drivable(tags) is answer


def test_a_way_is_torn_at_every_missing_point_and_single_points_are_dropped(tmp_path):
    """Way 12 is 7-9-(8)-2-20 and point 8 is not in the file: 7-9 and 2-20 are left, each driven both ways."""
    data = read_map(write_map(tmp_path / "torn.osm", {12: WAYS[12]}), silent)
    ends = {
        (int(data.point_ids[tail]), int(data.point_ids[head]))
        for tail, head in zip(data.piece_tail, data.piece_head, strict=True)
    }
    assert ends == {(7, 9), (9, 7), (2, 20), (20, 2)}
