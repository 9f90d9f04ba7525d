"""From a map to a network: restrictions, ferries, parts that lie apart, lights, speeds, left and right."""

from __future__ import annotations

import os
from pathlib import Path

import numpy as np
import pytest

from routing.errors import NoRoads
from routing.network.assemble import Origin, step_metres
from routing.network.build import Making, build, silent
from routing.network.joining import join
from routing.network.osm_file import file_network, read_map
from routing.network.parts import split
from routing.network.roads import E7, ROAD_CLASSES, PartKind
from routing.network.speeds import SpeedRule, signed_kmh
from tests.routing.osm_by_hand import NODES, RESTRICTION, WAYS, write_map
from tests.routing.osmnx_judge import by_osmnx, lengths

ORIGIN = Origin(name="ring", source="a test", source_date="2026-01-01")

EXTRACTS = Path(os.environ.get("ROUNDS_BENCH_DATA", "")) / "osm"
RINGS = {10: WAYS[10], 11: WAYS[11]}


def network_of(tmp_path, ways=None, making=None, **more):
    path = write_map(tmp_path / "map.osm", RINGS if ways is None else ways, **more)
    return file_network(path, ORIGIN, making or Making())


def bans(network):
    bounds = zip(network.ban_start[:-1], network.ban_start[1:], strict=True)
    return [[network.street(edge) for edge in network.ban_edge[a:b]] for a, b in bounds]


def restricted(kind, members, **tags):
    return {1: (members, {"type": "restriction", "restriction": kind, **tags})}


@pytest.mark.parametrize("kind", ["no_left_turn", "no_straight_on", "no_entry"])
def test_a_restriction_forbids_the_turn_it_names(tmp_path, kind):
    network = network_of(tmp_path, restrictions=restricted(kind, RESTRICTION[0]))
    assert bans(network) == [["Spur", "Ring"]]


def test_only_one_way_on_forbids_the_others_but_not_turning_round_which_is_forbidden_anyway(tmp_path):
    members = [("w", 10, "from"), ("n", 3, "via"), ("w", 11, "to")]
    network = network_of(tmp_path, restrictions=restricted("only_left_turn", members))
    assert bans(network) == [["Ring", "Ring"]]


@pytest.mark.parametrize(
    "tags", [{"except": "psv;motorcar"}, {"restriction": "none"}, {"type": "restriction:conditional"}]
)
def test_a_restriction_that_does_not_hold_for_cars_at_all_hours_is_left_alone(tmp_path, tags):
    network = network_of(tmp_path, restrictions=restricted("no_left_turn", RESTRICTION[0], **tags))
    assert bans(network) == []


def test_a_restriction_of_roads_or_points_that_are_not_there_is_left_out(tmp_path):
    members = [("w", 99, "from"), ("n", 3, "via"), ("w", 10, "to")]
    elsewhere = [("w", 11, "from"), ("n", 99, "via"), ("w", 10, "to")]
    for some in (members, elsewhere, members[:1]):
        assert bans(network_of(tmp_path, restrictions=restricted("no_left_turn", some))) == []


DOUBLE = {
    # Two one-way carriageways (30 east, 31 west) with a link 32 between them at 2-6, and ends that turn.
    30: ([1, 2, 3], {"highway": "primary", "oneway": "yes", "name": "East"}),
    31: ([7, 6, 5], {"highway": "primary", "oneway": "yes", "name": "West"}),
    32: ([2, 6], {"highway": "primary_link", "name": "Link"}),
    33: ([3, 7], {"highway": "primary", "name": "East end"}),
    34: ([5, 1], {"highway": "primary", "name": "West end"}),
}
DOUBLE_NODES = {6: (10.001, 50.9998), 7: (10.002, 50.9998), 5: (10.0, 50.9998)}


def test_a_restriction_over_a_way_becomes_the_whole_sequence(tmp_path):
    members = [("w", 30, "from"), ("w", 32, "via"), ("w", 31, "to")]
    network = network_of(tmp_path, DOUBLE, nodes=DOUBLE_NODES, restrictions=restricted("no_u_turn", members))
    assert bans(network) == [["East", "Link", "West"]]


ISLAND = {
    **RINGS,
    40: ([50, 51], {"highway": "residential", "name": "Island Road"}),
    41: ([7, 60, 50], {"route": "ferry", "name": "Crossing", "duration": "00:20"}),
}
ISLAND_NODES = {50: (10.1, 51.0), 51: (10.11, 51.0), 60: (10.05, 51.0)}


def test_a_car_ferry_brings_the_island_in_with_its_own_time(tmp_path):
    network = network_of(tmp_path, ISLAND, nodes=ISLAND_NODES)
    assert "Island Road" in network.streets
    ferry = np.flatnonzero(network.edge_class == ROAD_CLASSES.index("ferry"))
    assert network.edge_ms[ferry].tolist() == [20 * 60 * 1000] * 2


@pytest.mark.parametrize("tags", [{"motor_vehicle": "no"}, {"access": "private"}, {"foot": "only"}])
def test_a_ferry_for_walkers_leaves_the_island_apart_and_says_so(tmp_path, tags):
    ways = {**ISLAND, 41: (ISLAND[41][0], ISLAND[41][1] | tags)}
    network = network_of(tmp_path, ways, nodes=ISLAND_NODES)
    assert "Island Road" not in network.streets
    assert network.part_kind.tolist() == [PartKind.ISLAND]
    assert (network.apart_e7 / E7).tolist() == [list(ISLAND_NODES[50]), list(ISLAND_NODES[51])]


def test_a_landing_stage_off_the_roads_is_joined_to_the_nearest_one(tmp_path):
    nodes = {**ISLAND_NODES, 61: (10.1, 51.0005), 62: (10.004, 51.0015)}
    ways = {**ISLAND, 41: ([62, 60, 61], ISLAND[41][1])}
    assert "Island Road" in network_of(tmp_path, ways, nodes=nodes).streets


def test_a_landing_stage_far_from_any_road_is_left_alone(tmp_path):
    nodes = {**ISLAND_NODES, 61: (10.1, 51.02)}
    network = network_of(tmp_path, {**ISLAND, 41: ([7, 60, 61], ISLAND[41][1])}, nodes=nodes)
    assert "Island Road" not in network.streets


def test_streets_one_cannot_leave_or_cannot_reach_lie_apart_with_their_kind():
    # 0 ⇄ 1 is the main part, 1 → 2 a trap, 3 → 1 a source, 4 ⇄ 5 an island.
    tail, head = np.array([0, 1, 1, 3, 4, 5]), np.array([1, 0, 2, 1, 5, 4])
    parts = split(np.append(tail, [0, 6]), np.append(head, [6, 0]), 7)
    assert parts.kept.tolist() == [True, True, False, False, False, False, True, True]
    kinds = [PartKind(parts.kind[part]) for part in parts.part]
    assert kinds == [PartKind.NO_WAY_OUT, PartKind.NO_WAY_IN, PartKind.ISLAND, PartKind.ISLAND]


@pytest.mark.parametrize(("direction", "ahead", "back"), [("", 1, 1), ("forward", 1, 0), ("backward", 0, 1)])
def test_traffic_lights_count_for_the_direction_they_face(tmp_path, direction, ahead, back):
    tags = {"highway": "traffic_signals"} | ({"traffic_signals:direction": direction} if direction else {})
    network = network_of(tmp_path, nodes={6: (*NODES[6], tags)})
    tails = network.node_e7[network.edge_tail, 0] / E7
    spur = [edge for edge in range(network.edge_count) if network.street(edge) == "Spur"]
    found = {float(tails[edge]): int(network.edge_signals[edge]) for edge in spur}
    assert found == {NODES[3][0]: ahead, NODES[7][0]: back}


def test_a_sign_counts_for_its_own_piece_of_a_street(tmp_path):
    ways = {
        10: WAYS[10],
        11: ([3, 6], {"highway": "tertiary", "maxspeed": "50"}),
        12: ([6, 7], {"highway": "tertiary", "maxspeed": "30 mph"}),
    }
    network = network_of(tmp_path, ways)
    edge = int(np.flatnonzero(network.edge_class == ROAD_CLASSES.index("tertiary"))[0])
    points = np.array([NODES[3], NODES[6], NODES[7]])
    slow, fast = step_metres(points[:-1], points[1:])
    assert network.edge_ms[edge] / 1000 == pytest.approx(
        slow / (50 / 3.6) + fast / (30 * 1.60934 / 3.6), rel=1e-4
    )
    means = network_of(tmp_path, ways, Making(rule=SpeedRule.AREA_MEANS))
    mean_kmh = (50 + 30 * 1.60934) / 2
    edge = int(np.flatnonzero(means.edge_class == ROAD_CLASSES.index("tertiary"))[0])
    assert means.edge_ms[edge] / 1000 == pytest.approx((slow + fast) / (mean_kmh / 3.6), rel=1e-4)


def test_without_signs_the_countrys_law_speaks(tmp_path):
    ways = {10: ([1, 2, 3], {"highway": "trunk"})}
    for country, kmh in (("DE", 100), ("GB", 97), ("", 80)):
        network = network_of(tmp_path, ways, Making(country=country))
        assert network.edge_mm[0] / network.edge_ms[0] == pytest.approx(kmh / 3.6, rel=1e-3)


def test_signs_are_read_as_osmnx_reads_them():
    found = signed_kmh(["50", "30 mph", "DE:urban", "rubbish", ""])
    assert found[:3].tolist() == pytest.approx([50, 48.2802, 50])
    assert np.isnan(found[3:]).all()


def test_the_side_one_drives_on_follows_from_the_country_or_from_roundabouts(tmp_path):
    anticlockwise = {10: ([4, 3, 2, 1, 4], {"highway": "residential", "junction": "roundabout"})}
    clockwise = {10: ([1, 2, 3, 4, 1], {"highway": "residential", "junction": "roundabout"})}
    spur = {11: WAYS[11]}
    assert network_of(tmp_path, anticlockwise | spur).drives_on == "right"
    assert network_of(tmp_path, clockwise | spur).drives_on == "left"
    assert network_of(tmp_path, clockwise | spur, Making(country="FR")).drives_on == "right"
    assert network_of(tmp_path, RINGS, Making(country="mt")).drives_on == "left"
    assert network_of(tmp_path, RINGS, Making(side="left")).drives_on == "left"


def test_a_map_of_ferries_alone_has_no_roads(tmp_path):
    with pytest.raises(NoRoads):
        network_of(tmp_path, {41: ISLAND[41]}, nodes=ISLAND_NODES)


@pytest.mark.parametrize("name", ["liechtenstein", "heidelberg"])
def test_a_real_extract_has_the_crossings_and_lengths_that_osmnx_gives(name):
    path = EXTRACTS / f"{name}-drive.osm.pbf"
    if not path.is_file():
        pytest.skip("real extracts are looked for in $ROUNDS_BENCH_DATA/osm")
    judged = by_osmnx(path)
    data = read_map(path, silent)
    joined = join(data)
    tail, head = data.piece_tail[joined.first()], data.piece_head[joined.last()]
    metres = step_metres(data.point_e7[data.piece_tail] / E7, data.point_e7[data.piece_head] / E7)
    whole = np.rint(np.add.reduceat(metres[joined.pieces], joined.start[:-1]) * 100).astype(int)
    kept = split(tail, head, len(data.point_ids)).kept
    ends = (data.point_ids[tail][kept].tolist(), data.point_ids[head][kept].tolist(), whole[kept].tolist())
    assert sorted(zip(*ends, strict=True)) == sorted(lengths(judged).elements())
    assert build(data, ORIGIN, Making(ferries=False)).node_count == len(judged)
