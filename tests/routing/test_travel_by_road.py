from __future__ import annotations

import numpy as np
import pytest
from hypothesis import given
from hypothesis import strategies as st

from routing.errors import BadProblem, Unreachable
from routing.network import load, snap
from routing.network.assemble import assemble
from routing.network.roads import E7
from routing.travel import Driving, RoadTravel, road_travel
from routing.travel.driving import edge_ms
from routing.travel.engines import CchEngine, ScipyEngine
from routing.travel.graphs import road_graph
from routing.types import UNREACHABLE_SECONDS, Place, Snap
from tests.routing.roads_by_hand import CROSSINGS, DEMO_NETWORK, ORIGIN, on, road, town, walked_ms

TOWN = town()
PLAIN = Driving(speed_factor=1, turns=False)
TRAVEL = road_travel(TOWN, PLAIN)

spots = st.builds(
    lambda edge, fraction: Snap(edge, fraction, 0, "", 0.0, 0.0),
    st.integers(0, TOWN.edge_count - 1),
    st.floats(0, 1),
)


def times(start, goal):
    leg = TRAVEL.leg(start, goal)
    return leg.seconds, leg.metres


@pytest.mark.parametrize(
    ("start", "goal", "seconds", "metres", "why"),
    [
        ((1, 2, 0.2), (1, 2, 0.7), 5, 50, "half of 1-2 ahead"),
        ((1, 2, 0.7), (1, 2, 0.2), 5, 50, "half of 1-2 back, it is driven both ways"),
        ((2, 1, 0.3), (1, 2, 0.2), 5, 50, "the same, named by the other edge"),
        ((2, 3, 0.25), (2, 3, 0.75), 5, 100, "ahead on the one-way road"),
        ((2, 3, 0.75), (2, 3, 0.25), 105, 900, "round the block: 2.5 + 40 + 50 + 10 + 2.5 s"),
        ((2, 5, 0.5), (2, 5, 1.0), 3, 30, "to the end of the dead end"),
        ((2, 5, 1.0), (1, 2, 0.5), 11, 110, "out of the dead end: 6 + 5 s, 60 + 50 m"),
        ((3, 4, 0.5), (2, 5, 0.5), 83, 680, "20 + 50 + 10 + 3 s, 150 + 400 + 100 + 30 m"),
    ],
)
def test_legs_worked_out_on_paper(start, goal, seconds, metres, why):
    assert times(on(TOWN, *start), on(TOWN, *goal)) == (seconds, metres), why


@given(spots, spots)
def test_without_turns_and_lights_all_of_a_leg_is_driven_on_some_class_of_road(start, goal):
    leg = TRAVEL.leg(start, goal)
    assert abs(sum(leg.class_seconds) - leg.seconds) <= 2


def test_lights_and_turns_are_no_time_on_a_road():
    slow = road_travel(TOWN, Driving(speed_factor=1, signal_seconds=60, turn_seconds=30))
    start, goal = on(TOWN, 1, 2, 0.5), on(TOWN, 2, 5, 0.5)
    assert slow.leg(start, goal).class_seconds == TRAVEL.leg(start, goal).class_seconds
    assert slow.leg(start, goal).seconds > TRAVEL.leg(start, goal).seconds


@given(spots, spots)
def test_every_leg_takes_as_long_as_the_judge_says(start, goal):
    exact = walked_ms(TOWN, edge_ms(TOWN, PLAIN), start, goal)
    assert TRAVEL.leg(start, goal).seconds == (exact + 500) // 1000


@given(st.lists(spots, min_size=1, max_size=6))
def test_the_matrix_says_what_each_leg_says(places):
    matrix = TRAVEL.matrix(places)
    for row, start in enumerate(places):
        for column, goal in enumerate(places):
            leg = TRAVEL.leg(start, goal)
            assert (matrix.seconds[row, column], matrix.metres[row, column]) == (leg.seconds, leg.metres)


@pytest.fixture(scope="module")
def demo():
    return load(DEMO_NETWORK)


@pytest.fixture(scope="module")
def demo_snaps(demo):
    random = np.random.default_rng(7)
    points = demo.node_e7[random.integers(0, demo.node_count, 24)] / E7 + random.normal(0, 4e-4, (24, 2))
    return snap(demo, [Place(lon, lat) for lon, lat in points.tolist()])


BOTH_GRAPHS = pytest.mark.parametrize("driving", [Driving(), Driving(turns=False)], ids=["turns", "nodes"])


@BOTH_GRAPHS
@pytest.mark.parametrize("kind", [CchEngine, ScipyEngine])
def test_in_the_demo_town_every_cell_of_the_matrix_is_the_metre_and_second_of_its_leg(
    demo, demo_snaps, kind, driving
):
    travel = RoadTravel(demo, driving, kind(road_graph(demo, driving).arcs))
    matrix = travel.matrix(demo_snaps[:12])
    for row, start in enumerate(demo_snaps[:12]):
        for column, goal in enumerate(demo_snaps[:12]):
            leg = travel.leg(start, goal)
            assert (matrix.seconds[row, column], matrix.metres[row, column]) == (leg.seconds, leg.metres)


def test_in_the_demo_town_sampled_legs_take_as_long_as_the_judge_says(demo, demo_snaps):
    driving = Driving(turns=False)
    ms, travel = edge_ms(demo, driving), road_travel(demo, driving)
    for start, goal in zip(demo_snaps[:4], demo_snaps[4:8], strict=True):
        exact = walked_ms(demo, ms, start, goal)
        assert travel.leg(start, goal).seconds == (exact + 500) // 1000


@BOTH_GRAPHS
def test_with_either_engine_the_matrix_has_the_same_seconds(demo, demo_snaps, driving):
    arcs = road_graph(demo, driving).arcs
    fast = RoadTravel(demo, driving, CchEngine(arcs)).matrix(demo_snaps)
    reference = RoadTravel(demo, driving, ScipyEngine(arcs)).matrix(demo_snaps)
    assert (fast.seconds == reference.seconds).all()


def test_the_length_of_the_drawn_path_is_the_metres_of_the_leg(demo, demo_snaps):
    travel = road_travel(demo)
    for start, goal in zip(demo_snaps[:6], demo_snaps[6:12], strict=True):
        leg = travel.leg(start, goal)
        x, y = demo.plane.metres(np.array(leg.path)).T
        drawn = np.hypot(np.diff(x), np.diff(y)).sum()
        # The plane is flat and the earth is not: half a percent.
        assert drawn == pytest.approx(leg.metres, rel=0.005, abs=2)


def test_the_path_begins_and_ends_on_the_street_where_the_places_are(demo, demo_snaps):
    start, goal = demo_snaps[:2]
    path = road_travel(demo).leg(start, goal).path
    assert path[0] == pytest.approx((start.lon, start.lat), abs=2e-7)
    assert path[-1] == pytest.approx((goal.lon, goal.lat), abs=2e-7)


def test_a_leg_names_its_streets_in_the_order_driven():
    leg = TRAVEL.leg(on(TOWN, 2, 5, 0.5), on(TOWN, 1, 2, 0.5))
    assert leg.streets == ("Blind Alley", "High Street")
    assert leg.path == ((10.001, 50.99975), (10.001, 51.0), (10.0005, 51.0))


def test_a_leg_back_along_one_street_turns_its_course_round():
    leg = TRAVEL.leg(on(TOWN, 1, 2, 0.75), on(TOWN, 1, 2, 0.25))
    assert leg.path == ((10.00075, 51.0), (10.00025, 51.0))


def test_from_a_place_to_itself_is_nothing():
    spot = on(TOWN, 2, 3, 0.3)
    leg = TRAVEL.leg(spot, spot)
    assert (leg.seconds, leg.metres, len(leg.path)) == (0, 0, 1)


def test_half_the_speed_takes_twice_as_long_over_the_same_metres():
    start, goal = on(TOWN, 1, 2, 0.2), on(TOWN, 2, 3, 0.5)
    slow = road_travel(TOWN, Driving(speed_factor=0.5, turns=False)).leg(start, goal)
    assert (slow.seconds, slow.metres) == (2 * 13, 180)
    assert times(start, goal) == (13, 180)


@pytest.mark.parametrize("factor", [0, -1, 0.01, 6, float("nan")])
def test_a_speed_factor_out_of_reason_is_refused(factor):
    with pytest.raises(BadProblem, match="speed factor"):
        Driving(speed_factor=factor)


def test_a_place_no_road_leads_to_is_unreachable_in_matrix_and_leg():
    network = assemble(CROSSINGS, [road(1, 2, 100, 10), road(2, 3, 100, 10)], ORIGIN)
    travel = road_travel(network, PLAIN)
    early, late = on(network, 1, 2, 0.5), on(network, 2, 3, 0.5)
    matrix = travel.matrix([early, late])
    assert matrix.seconds.tolist() == [[0, 10], [UNREACHABLE_SECONDS, 0]]
    assert [matrix.metres[pair] for pair in ((0, 0), (0, 1), (1, 0))] == [0, 100, UNREACHABLE_SECONDS]
    with pytest.raises(Unreachable, match="no way by road"):
        travel.leg(late, early)


def test_no_places_give_an_empty_matrix_of_this_network():
    matrix = TRAVEL.matrix([])
    assert matrix.seconds.shape == (0, 0)
    assert matrix.network_version == TOWN.version


def test_a_place_of_another_network_is_refused():
    with pytest.raises(BadProblem, match="another network"):
        TRAVEL.matrix([Snap(99, 0.5, 0, "", 0.0, 0.0)])


def test_the_engine_is_shared_by_all_who_ask_for_the_same_network_and_speed():
    assert road_travel(TOWN, PLAIN) is road_travel(TOWN, PLAIN)
    assert road_travel(TOWN, PLAIN) is not road_travel(TOWN, Driving(speed_factor=0.5, turns=False))
