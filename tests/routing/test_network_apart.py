"""Places on roads that lie apart are told, and only those."""

from __future__ import annotations

from dataclasses import replace

import numpy as np
import pytest

from routing.network.apart import Apart, lying_apart
from routing.network.roads import E7, PartKind
from routing.types import Place
from tests.routing.roads_by_hand import town

ISLAND, TRAP = (10.0, 51.02), (10.0, 51.001)
"""South-west ends of two streets 70 m long: one far from the town, one beside its first street."""


@pytest.fixture(scope="module")
def network():
    lines = np.array([[ISLAND, (10.001, 51.02)], [TRAP, (10.001, 51.001)]])
    return replace(
        town(),
        apart_start=np.array([0, 2, 4], dtype=np.uint32),
        apart_e7=np.rint(lines.reshape(-1, 2) * E7).astype(np.int32),
        apart_part=np.array([0, 1], dtype=np.uint32),
        part_kind=np.array([PartKind.ISLAND, PartKind.NO_WAY_OUT], dtype=np.uint8),
    )


def test_a_place_on_an_island_is_told_with_the_way_to_the_town_s_roads(network):
    (told,) = lying_apart(network, [Place(10.0005, 51.0201)])
    assert told is not None
    assert (told.kind, told.metres) == (PartKind.ISLAND, 11)
    assert told.metres_to_roads is None or told.metres_to_roads > 1000


def test_a_place_nearer_to_a_road_one_can_drive_to_is_not_told(network):
    # 111 m apart are the trap and the street: 30 m from the street, then 30 m from the trap.
    on_street, on_trap = lying_apart(network, [Place(10.0005, 51.00027), Place(10.0005, 51.00073)])
    assert on_street is None
    assert on_trap == Apart(PartKind.NO_WAY_OUT, 30, 81)


def test_far_from_everything_and_nowhere_nothing_is_told(network):
    assert lying_apart(network, [Place(10.5, 0.5), Place(0.0, 0.0), Place(float("nan"), 1.0)]) == [None] * 3


def test_a_network_of_one_piece_tells_nothing():
    assert lying_apart(town(), [Place(10.0005, 51.0201)]) == [None]
