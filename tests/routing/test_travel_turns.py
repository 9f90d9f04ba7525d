"""Turning: what is allowed, what it costs, and that ways found are the best allowed ones."""

from __future__ import annotations

from dataclasses import replace

import numpy as np
import pytest
from hypothesis import given, settings
from hypothesis import strategies as st

from routing.network.assemble import RoadEdge, assemble
from routing.travel import Driving, RoadTravel
from routing.travel.engines import CchEngine, ScipyEngine
from routing.travel.graphs import road_graph
from routing.travel.turns import open_turns, turn_angles, turn_ms
from routing.types import UNREACHABLE_SECONDS, Snap
from tests.routing.roads_by_hand import ORIGIN, walked_with_turns

# A cross of four two-way streets around 0, as on a clock: 12 above, 3 to the right, 6 below, 9 to the left.
CROSS = {0: (10.0, 0.0), 12: (10.0, 0.001), 3: (10.001, 0.0), 6: (10.0, -0.001), 9: (9.999, 0.0)}

FREE = Driving(speed_factor=1, turn_seconds=0, signal_seconds=0)


def street(places, a, b, seconds=10.0, **more):
    points = np.array([places[a], places[b]])
    return RoadEdge(a, b, 100, seconds, "residential", f"{a}-{b}", points, **more)


def two_way(places, *pairs, seconds=10.0):
    return [street(places, *ends, seconds) for a, b in pairs for ends in ((a, b), (b, a))]


def cross(bans=(), **origin):
    roads = two_way(CROSS, (12, 0), (3, 0), (6, 0), (9, 0))
    named = {road.street: number for number, road in enumerate(roads)}
    return assemble(CROSS, roads, replace(ORIGIN, **origin), [[named[road] for road in ban] for ban in bans])


def edge(network, name):
    return int(np.flatnonzero(network.edge_street == network.streets.index(name))[0])


def costs(network, seconds=7.5):
    turns = open_turns(network)
    ms = turn_ms(network, turns, seconds)
    return {
        (network.street(before), network.street(after)): int(cost)
        for before, after, cost in zip(turns.before, turns.after, ms, strict=True)
    }


def test_angles_are_positive_to_the_right():
    network = cross()
    turns = open_turns(network)
    found = {
        network.street(after): round(angle)
        for before, after, angle in zip(turns.before, turns.after, turn_angles(network, turns), strict=True)
        if network.street(before) == "6-0"
    }
    assert found == {"0-12": 0, "0-3": 90, "0-9": -90}


def test_a_turn_costs_what_the_formula_says_and_across_the_traffic_more():
    cost = costs(cross())
    # 7.5 / (1 + exp(-(13 / 1.075 · 90 / 180 - 6.5 · 1.075))), with exponent 6.0465 - 6.9875 = -0.9410
    assert cost["6-0", "0-3"] == pytest.approx(2_105, abs=1)
    # 7.5 / (1 + exp(-(13 · 1.075 · 90 / 180 - 6.5 / 1.075))), with exponent 6.9875 - 6.0465 = 0.9410
    assert cost["6-0", "0-9"] == pytest.approx(5_395, abs=1)
    assert cost["6-0", "0-12"] < 10


def test_where_one_drives_on_the_left_right_turns_are_the_dear_ones():
    right, left = costs(cross()), costs(cross(drives_on="left"))
    assert left["6-0", "0-3"] == right["6-0", "0-9"]
    assert left["6-0", "0-9"] == right["6-0", "0-3"]


def test_nobody_turns_round_but_at_a_dead_end_where_it_costs_twenty_seconds_more():
    cost = costs(cross())
    assert ("6-0", "0-6") not in cost
    assert cost["0-6", "6-0"] >= 20_000
    assert costs(cross(), seconds=0)["0-6", "6-0"] == 0


def test_a_bend_where_only_two_roads_meet_costs_nothing():
    places = {1: (10.0, 0.0), 2: (10.001, 0.0), 3: (10.001, 0.001)}
    network = assemble(places, two_way(places, (1, 2), (2, 3)), ORIGIN)
    assert costs(network)["1-2", "2-3"] == 0


def test_a_banned_turn_is_not_open():
    assert ("6-0", "0-9") not in costs(cross([("6-0", "0-9")]))


def test_where_every_other_turn_is_banned_one_may_turn_round():
    """A trap on the map would make places unreachable in silence; turning round is what drivers do."""
    network = cross([("6-0", "0-9"), ("6-0", "0-12"), ("6-0", "0-3")])
    assert ("6-0", "0-6") in costs(network)


def test_at_a_dead_end_one_may_turn_round_even_where_a_sign_forbids_it():
    assert ("0-6", "6-0") in costs(cross([("0-6", "6-0")]))


def seconds(network, a, b, driving=FREE, at=(0.5, 0.5)):
    spots = [Snap(edge(network, name), share, 0, "", 0, 0) for name, share in zip((a, b), at, strict=True)]
    return int(RoadTravel(network, driving).matrix(spots).seconds[0, 1])


def test_a_banned_turn_sends_one_the_long_way_round():
    # 5 + 5 s. With the left turn banned one goes on, turns round at 12 and turns right: 20 s more.
    assert seconds(cross(), "6-0", "0-9") == 10
    assert seconds(cross([("6-0", "0-9")]), "6-0", "0-9") == 30


def test_traffic_lights_cost_their_seconds_on_the_edge_that_leads_to_them():
    roads = [replace(road, signals=int(road.street == "6-0")) for road in two_way(CROSS, (6, 0), (0, 12))]
    network = assemble(CROSS, roads, ORIGIN)
    with_lights = replace(FREE, signal_seconds=4)
    # Half of 10 + 4 s and half of 10 s.
    assert seconds(network, "6-0", "0-12", with_lights) == 12
    assert seconds(network, "0-12", "6-0", FREE) == 10


# 1 → 2 → 3 → 4 with a way round by 5: from 1-2 over 2-3 the turn into 3-4 is forbidden, from 6 it is not.
CHAIN = {
    1: (10.0, 0.0),
    2: (10.001, 0.0),
    3: (10.002, 0.0),
    4: (10.003, 0.0),
    5: (10.002, 0.001),
    6: (10.001, 0.001),
}
CHAIN_ROADS = [
    *(street(CHAIN, a, b) for a, b in ((1, 2), (2, 3), (3, 4), (4, 1), (6, 2), (1, 6))),
    *(street(CHAIN, a, b, 20) for a, b in ((3, 5), (5, 4))),
]


def test_a_restriction_over_a_way_between_holds_for_those_who_come_from_its_first_road_only():
    network = assemble(CHAIN, CHAIN_ROADS, ORIGIN, [(0, 1, 2)])
    # To 3-4 one must come by 6: 5 to 2, 10 to 3, 20 + 20 by 5 to 4, 10 to 1, 10 to 6, 10, 10, and 5.
    assert seconds(network, "1-2", "3-4") == 5 + 10 + 40 + 10 + 10 + 10 + 10 + 5
    assert seconds(network, "6-2", "3-4") == 5 + 10 + 5
    # Setting out on the way between, one has not come from the first road.
    assert seconds(network, "2-3", "3-4") == 10


def test_going_back_to_a_spot_just_behind_on_a_one_way_street_means_all_the_way_round():
    network = assemble(CHAIN, CHAIN_ROADS, ORIGIN)
    # 0.3 of 2-3 left of it, 3-4, 4-1, 1-2, then 0.2 of 2-3.
    assert seconds(network, "2-3", "2-3", at=(0.7, 0.2)) == 3 + 10 + 10 + 10 + 2


def test_what_restrictions_cut_off_is_said_to_be_unreachable():
    network = assemble(CHAIN, CHAIN_ROADS[:4], ORIGIN, [(0, 1)])
    assert seconds(network, "1-2", "3-4") == UNREACHABLE_SECONDS


GRID = {row * 10 + column: (10 + column * 0.001, row * 0.001) for row in range(3) for column in range(3)}
GRID_STREETS = [(a, b) for a in GRID for b in (a + 1, a + 10) if b in GRID]


@st.composite
def grids(draw):
    """A grid of nine crossings with one-way streets, odd durations, and restrictions of two to four edges."""
    oneway = draw(st.lists(st.sampled_from([-1, 0, 0, 1]), min_size=12, max_size=12))
    roads = []
    for (a, b), direction in zip(GRID_STREETS, oneway, strict=True):
        times = st.integers(1, 30)
        if direction >= 0:
            roads.append(street(GRID, a, b, draw(times)))
        if direction <= 0:
            roads.append(street(GRID, b, a, draw(times)))
    leaving = {a: [n for n, road in enumerate(roads) if road.tail == a] for a in GRID}
    bans = []
    for _ in range(draw(st.integers(0, 6))):
        way = [draw(st.integers(0, len(roads) - 1))]
        for _ in range(draw(st.integers(1, 3))):
            onward = leaving[roads[way[-1]].head]
            if onward:
                way.append(draw(st.sampled_from(onward)))
        if len(way) > 1:
            bans.append(way)
    return assemble(GRID, roads, ORIGIN, bans)


@settings(max_examples=60, deadline=None)
@given(grids(), st.data())
def test_every_way_found_is_the_best_allowed_one(network, data):
    spot = st.builds(
        lambda number, share: Snap(number, share, 0, "", 0.0, 0.0),
        st.integers(0, network.edge_count - 1),
        st.floats(0, 1),
    )
    driving = Driving(speed_factor=1, turn_seconds=data.draw(st.sampled_from([0.0, 7.5])))
    places = data.draw(st.lists(spot, min_size=2, max_size=4))
    arcs = road_graph(network, driving).arcs
    for engine in (ScipyEngine(arcs), CchEngine(arcs)):
        found = RoadTravel(network, driving, engine).matrix(places).seconds
        for row, start in enumerate(places):
            for column, goal in enumerate(places):
                judged = 0 if row == column else walked_with_turns(network, driving, start, goal)
                exact = UNREACHABLE_SECONDS if judged is None else (judged + 500) // 1000
                assert found[row, column] == exact
