from __future__ import annotations

from dataclasses import replace

import numpy as np
import osmium
import pytest

from routing.network import load
from routing.network.assemble import Origin, assemble
from routing.network.build import Making
from routing.network.osm_export import KMH, KMH_BACKWARD, export_osm
from routing.network.osm_file import file_network
from routing.travel import Driving
from routing.travel.osrm_profile import osrm_profile
from tests.routing.roads_by_hand import CROSSINGS, DEMO_NETWORK, ORIGIN, TOWN_ROADS, edge_of, road, town


def read(path, kind):
    """Entities of a file, copied, as (tags, what they are made of)."""
    found = []
    for entity in osmium.FileProcessor(path):
        if isinstance(entity, kind):
            tags = {tag.k: tag.v for tag in entity.tags}
            if kind is osmium.osm.Way:
                found.append((tags, [node.ref for node in entity.nodes]))
            elif kind is osmium.osm.Relation:
                found.append((tags, [(member.type, member.ref, member.role) for member in entity.members]))
            else:
                found.append((entity.id, (entity.location.x, entity.location.y)))
    return found


def ways(path):
    return read(path, osmium.osm.Way)


def test_each_street_is_one_way_of_the_file_and_bears_its_name(tmp_path):
    export_osm(town(), tmp_path / "town.osm")
    named = sorted(
        (tags.get("name", ""), tags.get("oneway", "no")) for tags, _ in ways(tmp_path / "town.osm")
    )
    assert named == [
        ("", "yes"),
        ("Blind Alley", "no"),
        ("High Street", "no"),
        ("One Way Road", "yes"),
        ("Ring", "yes"),
    ]


def test_over_the_course_as_drawn_the_speed_comes_to_the_given_time(tmp_path):
    network = town()
    export_osm(network, tmp_path / "town.osm", np.full(network.edge_count, 3600))
    (kmh,) = [
        float(tags[KMH]) for tags, _ in ways(tmp_path / "town.osm") if tags.get("name") == "Blind Alley"
    ]
    # 0.0005 degrees of latitude are 55.6 m, in 3.6 s.
    assert kmh == pytest.approx(55.6, abs=0.05)


def test_a_street_that_is_faster_in_one_direction_says_both_speeds(tmp_path):
    slow_back = [road(1, 2, 70, 10), road(2, 1, 70, 20)]
    export_osm(assemble(CROSSINGS, slow_back, ORIGIN), tmp_path / "two.osm")
    ((tags, _),) = ways(tmp_path / "two.osm")
    assert float(tags[KMH]) == pytest.approx(2 * float(tags[KMH_BACKWARD]))


def test_restrictions_name_the_ways_and_the_crossing_or_the_ways_between(tmp_path):
    network = town()
    numbers = [edge_of(network, *ends) for ends in ((1, 2), (2, 3), (3, 4))]
    bans = [numbers[:2], numbers]
    positions = [[TOWN_ROADS.index(road_between(network, edge)) for edge in ban] for ban in bans]
    export_osm(assemble(CROSSINGS, TOWN_ROADS, ORIGIN, positions), tmp_path / "town.osm")
    short, long = sorted(
        (members for _, members in read(tmp_path / "town.osm", osmium.osm.Relation)),
        key=lambda members: [kind for kind, _, role in members if role == "via"],
    )
    assert [(kind, role) for kind, _, role in short] == [("w", "from"), ("n", "via"), ("w", "to")]
    assert [(kind, role) for kind, _, role in long] == [("w", "from"), ("w", "via"), ("w", "to")]
    assert short[0] == long[0]
    assert short[1][1] == 2


def road_between(network, edge):
    ends = int(network.edge_tail[edge]) + 1, int(network.edge_head[edge]) + 1
    return next(street for street in TOWN_ROADS if (street.tail, street.head) == ends)


def test_the_demo_town_read_back_from_its_export_is_the_same_web_of_streets(tmp_path):
    """Joined again, so edges may be fewer; length and course are kept."""
    demo = load(DEMO_NETWORK)
    export_osm(demo, tmp_path / "demo.osm.pbf")
    again = file_network(tmp_path / "demo.osm.pbf", Origin("demo", "", ""), Making())
    drawn = {tuple(point) for point in demo.shape_e7.tolist()}
    assert {tuple(point) for point in again.shape_e7.tolist()} <= drawn
    assert again.edge_mm.sum() == pytest.approx(demo.edge_mm.sum(), rel=2e-3)


def test_a_file_is_replaced_only_by_a_whole_one(tmp_path):
    path = tmp_path / "town.osm"
    path.write_text("what was there")
    broken = replace(town(), streets=("",))
    with pytest.raises(IndexError):
        export_osm(broken, path)
    assert path.read_text() == "what was there"
    assert [file.name for file in tmp_path.iterdir()] == ["town.osm"]


def test_the_profile_says_on_which_side_one_drives_and_what_turns_cost():
    right = osrm_profile(town(), Driving())
    left = osrm_profile(replace(town(), drives_on="left"), Driving(turns=False))
    assert "left_hand_driving = false" in right
    assert "local turn_seconds = 7.5" in right
    assert "local bias = 1.075" in right
    assert "use_turn_restrictions = true" in right
    assert "left_hand_driving = true" in left
    assert "local turn_seconds = 0.0" in left
    assert "local bias = 0.930" in left
    assert "use_turn_restrictions = false" in left
