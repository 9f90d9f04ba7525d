"""The cells taken along for a day: whatever a phone shows of its way is among them, coarse ones first."""

from __future__ import annotations

import math
from itertools import pairwise

from hypothesis import given
from hypothesis import strategies as st

from routing.maps import Cell, box_around, cells_of_way
from routing.maps.cells import DEEPEST_LEVEL, cell_at, level_holding

places = st.lists(
    st.tuples(st.floats(-71.6, -70.6), st.floats(-30.4, -29.4)), min_size=1, max_size=8, unique=True
)
SCREEN = 390 / 512
"""The width of a phone in sides of a cell."""


def seen(lon: float, lat: float, level: int) -> set[Cell]:
    """The cells on a phone with a place in the middle."""
    side = 360 / 2**level
    reach = SCREEN / 2 * side
    tall = reach * math.cos(math.radians(lat))
    corners = [(lon + dx, lat + dy) for dx in (-reach, reach) for dy in (-tall, tall)]
    return {cell_at(*corner, level) for corner in corners}


@given(places)
def test_around_every_stop_all_is_there_however_close_one_looks(stops: list[tuple[float, float]]) -> None:
    box = box_around(stops)
    found = set(cells_of_way(box, stops, []))
    for level in range(level_holding(box) - 3, DEEPEST_LEVEL + 1):
        for lon, lat in stops:
            assert seen(lon, lat, level) <= found, level


@given(places)
def test_the_way_between_two_stops_has_no_gap_where_streets_get_their_names(
    stops: list[tuple[float, float]],
) -> None:
    found = set(cells_of_way(box_around(stops), stops, [stops]))
    for (west, south), (east, north) in pairwise(stops):
        for step in range(101):
            share = step / 100
            point = (west + (east - west) * share, south + (north - south) * share)
            assert cell_at(*point, 13) in found


@given(places)
def test_the_day_as_a_whole_comes_first_and_what_lies_around_it_last(
    stops: list[tuple[float, float]],
) -> None:
    box = box_around(stops)
    found = cells_of_way(box, stops, [stops])
    whole, levels = level_holding(box) - 1, [cell.level for cell in found]
    closer = [level for level in levels if level >= whole]
    assert levels == [*sorted(closer), *sorted((one for one in levels if one < whole), reverse=True)]
    assert len(found) == len(set(found))
