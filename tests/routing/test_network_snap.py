from __future__ import annotations

import math

import pytest

from routing.errors import BadPoint, OffRoad, SwappedPoint
from routing.network import NotOnRoad, SnapTrouble, snap
from routing.types import Place
from tests.routing.roads_by_hand import edge_of, town


def one(lon, lat, **limits):
    return snap(town(), [Place(lon, lat, "Baker")], **limits)[0]


def test_a_place_beside_a_street_is_put_on_it_at_its_share_of_the_way():
    # A quarter along 1-2 and 0.0001 degrees of latitude, 11 m, north of it.
    found = one(10.00025, 51.0001)
    network = town()
    assert found.edge == edge_of(network, 1, 2)
    assert found.fraction == pytest.approx(0.25, abs=1e-6)
    assert found.metres_off_road == 11
    assert found.street == "High Street"
    assert (found.lon, found.lat) == pytest.approx((10.00025, 51.0))


def test_a_place_at_a_crossing_goes_to_the_lowest_edge_every_time():
    found = {one(10.001, 51.0).edge for _ in range(5)}
    assert found == {min(edge_of(town(), *ends) for ends in ((1, 2), (2, 3), (2, 5)))}


def test_a_two_way_street_is_snapped_to_on_one_edge_only():
    network = town()
    found = one(10.0005, 51.0)
    assert found.edge < network.edge_reverse[found.edge]


@pytest.mark.parametrize(("lon", "lat"), [(math.nan, 51), (10, math.inf), (181, 51), (10, -91), (0, 0)])
def test_what_is_no_place_is_said_to_be_none(lon, lat):
    answer = one(lon, lat)
    assert isinstance(answer, NotOnRoad)
    assert answer.trouble is SnapTrouble.NOT_A_PLACE
    assert isinstance(answer.error(), BadPoint)


def test_a_place_too_far_off_is_refused_with_its_distance():
    # 0.03 degrees of latitude north of the street: 3,317 m.
    answer = one(10.0005, 51.03)
    assert answer.trouble is SnapTrouble.OFF_ROAD
    assert answer.metres_off_road == 3317
    assert isinstance(answer.error(), OffRoad)
    assert str(answer.error()) == "Baker is 3317 m from the nearest road; the limit is 2000 m."


def test_the_limit_is_an_argument():
    assert not isinstance(one(10.0005, 51.03, refuse_beyond_metres=4000), NotOnRoad)
    assert isinstance(one(10.0005, 51.001, refuse_beyond_metres=100), NotOnRoad)


def test_exchanged_coordinates_are_recognised():
    answer = one(51.0, 10.0005)
    assert answer.trouble is SnapTrouble.SWAPPED
    assert isinstance(answer.error(), SwappedPoint)
    assert "look exchanged" in str(answer.error())


def test_one_bad_place_does_not_spoil_the_others():
    places = [Place(10.0005, 51.0), Place(math.nan, 0), Place(10.0015, 51.0), Place(0, 0)]
    answers = snap(town(), places)
    assert [isinstance(answer, NotOnRoad) for answer in answers] == [False, True, False, True]
    assert answers[2].street == "One Way Road"


def test_no_places_give_no_answers():
    assert snap(town(), []) == []
