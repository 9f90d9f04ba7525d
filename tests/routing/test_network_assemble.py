from __future__ import annotations

from dataclasses import replace

import numpy as np
import pytest
from hypothesis import given
from hypothesis import strategies as st

from routing.errors import NoRoads
from routing.network.assemble import assemble, line_metres
from routing.network.roads import NO_REVERSE, contradiction
from tests.routing.roads_by_hand import CROSSINGS, ORIGIN, TOWN_ROADS, edge_of, road, town


@given(st.permutations(TOWN_ROADS))
def test_the_order_in_which_roads_come_does_not_change_the_version(roads):
    assert assemble(CROSSINGS, roads, ORIGIN).version == town().version


def test_name_and_creation_time_do_not_change_the_version_but_the_source_date_does():
    version = town().version
    renamed = replace(ORIGIN, name="other", created_at="2026-05-05T10:00:00+00:00")
    assert assemble(CROSSINGS, TOWN_ROADS, renamed).version == version
    assert assemble(CROSSINGS, TOWN_ROADS, replace(ORIGIN, source_date="2027")).version != version


def test_a_two_way_street_knows_its_way_back_and_a_one_way_street_has_none():
    network = town()
    assert network.edge_reverse[edge_of(network, 1, 2)] == edge_of(network, 2, 1)
    assert network.edge_reverse[edge_of(network, 2, 3)] == NO_REVERSE


def test_of_two_roads_on_the_same_course_the_faster_is_kept():
    network = assemble(CROSSINGS, [road(1, 2, 100, 12), road(1, 2, 100, 9)], ORIGIN)
    assert network.edge_ms.tolist() == [9000]


def test_a_loop_that_reads_the_same_backwards_is_not_its_own_way_back():
    out_and_back = np.array([CROSSINGS[1], CROSSINGS[2], CROSSINGS[1]])
    loop = replace(road(1, 1, 200, 20), points=out_and_back)
    assert assemble(CROSSINGS, [loop], ORIGIN).edge_reverse.tolist() == [NO_REVERSE]


def test_a_road_of_no_length_still_takes_a_millisecond():
    assert assemble(CROSSINGS, [road(1, 2, 0, 0)], ORIGIN).edge_ms.tolist() == [1]


def test_no_roads_is_said():
    with pytest.raises(NoRoads, match="drawn by hand holds no roads"):
        assemble(CROSSINGS, [], ORIGIN)


def test_a_degree_of_latitude_is_about_111_kilometres():
    # 6,371.009 km × π / 180 = 111.195 km
    assert line_metres(np.array([[10.0, 50.0], [10.0, 51.0]])) == pytest.approx(111_195, abs=1)


@pytest.mark.parametrize(
    ("change", "said"),
    [
        ({"edge_head": np.array([99] * 7, dtype=np.uint32)}, "crossing that is not there"),
        ({"edge_reverse": np.array([7] * 7, dtype=np.int32)}, "way back"),
        ({"edge_ms": np.zeros(7, dtype=np.uint32)}, "no time"),
        ({"edge_street": np.array([99] * 7, dtype=np.uint32)}, "street name"),
        ({"edge_mm": np.zeros(3, dtype=np.uint32)}, "differ in length"),
        ({"shape_start": np.zeros(8, dtype=np.uint32)}, "course"),
        ({"edge_tail": np.zeros(0, dtype=np.uint32)}, "no roads"),
    ],
)
def test_a_network_that_contradicts_itself_is_named(change, said):
    assert said in (contradiction(replace(town(), **change)) or "")


def test_a_sound_network_has_no_contradiction():
    assert contradiction(town()) is None
