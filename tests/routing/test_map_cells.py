from __future__ import annotations

import gc
import json
import weakref

import numpy as np
import pytest

from routing.maps import Cell, base_roads, cell_roads
from routing.maps.base_roads import LIMIT_BYTES, travelling_bytes
from routing.maps.cells import DEEPEST_LEVEL, Frame, cell_at, cells_within, level_holding
from routing.maps.layers import ALL, LAYERS, MAIN, layer_by_class, layers_at, named_at
from routing.network import ROAD_CLASSES, load
from tests.routing.roads_by_hand import DEMO_NETWORK, ORIGIN, assemble, road, town

BOX = (9.99, 50.99, 10.01, 51.01)
UNIT_DEGREES = 360 / 2**13 / 1024
"""A step of the finest drawing of a box, along a parallel."""


def drawn(text):
    """Layer → (name, [(lon, lat), …]) of each line, read as the page reads it."""
    whole = json.loads(text)
    return {
        layer: [
            (whole["names"][name], [degrees(whole, x, y) for x, y in points(numbers)])
            for name, *numbers in lines
        ]
        for layer, lines in whole["lines"].items()
    }


def points(numbers):
    x = y = 0
    for dx, dy in zip(numbers[::2], numbers[1::2], strict=True):
        x, y = x + dx, y + dy
        yield x, y


def degrees(whole, x, y):
    # The cell's own corner, by the width of a unit: Mercator is straight enough within one.
    west, south, east, north = Cell(whole["level"], whole["x"], whole["y"]).box
    return west + (east - west) * x / whole["units"], north - (north - south) * y / whole["units"]


def count(text):
    return {layer: len(lines) for layer, lines in json.loads(text)["lines"].items()}


def is_near(point, other):
    return point == pytest.approx(other, abs=UNIT_DEGREES * 1.5)


def test_each_street_is_drawn_once_and_what_continues_is_one_line():
    lines = drawn(base_roads(town(), BOX))
    assert list(lines) == ["main", "small"]
    ((_, (start, end)),) = lines["main"]
    assert is_near(start, (10.001, 51.0))
    assert is_near(end, (10.002, 51.0))
    # High Street and Blind Alley are two-way and yet lie there once; the ring and its nameless half are two.
    assert len(lines["small"]) == 4


def test_roads_end_at_the_box():
    lines = drawn(base_roads(town(), (10.0015, 50.99, 10.01, 51.01)))
    lons = [lon for layer in lines.values() for _, line in layer for lon, _ in line]
    assert min(lons) == pytest.approx(10.0015, abs=UNIT_DEGREES)


def test_a_box_without_roads_is_an_empty_map():
    assert json.loads(base_roads(town(), (20, 20, 21, 21)))["lines"] == {}


def test_the_first_layer_of_a_whole_town_shows_its_main_and_middle_roads_within_the_limit():
    network = load(DEMO_NETWORK)
    text = base_roads(network, network.bounds)
    assert travelling_bytes(text) <= LIMIT_BYTES
    assert set(count(text)) == {"main", "middle"}


def test_the_first_layer_of_a_hamlet_shows_its_small_roads_too():
    assert "small" in count(base_roads(load(DEMO_NETWORK), (-71.26, -29.91, -71.25, -29.90)))


def test_cells_are_numbered_as_tile_servers_number_them():
    # The formula and this example are those of OpenStreetMap's wiki, "Slippy map tilenames".
    assert cell_at(10.0, 51.0, 1) == Cell(1, 1, 0)
    assert Cell(0, 0, 0).box == pytest.approx((-180, -85.0511, 180, 85.0511), abs=1e-4)


def test_a_place_lies_in_its_cell_at_every_level():
    for level in range(DEEPEST_LEVEL + 1):
        west, south, east, north = cell_at(-71.25, -29.905, level).box
        assert west <= -71.25 <= east
        assert south <= -29.905 <= north


def test_the_cells_of_a_box_cover_it_and_no_more():
    cells = cells_within(BOX, 13)
    columns, rows = sorted({cell.x for cell in cells}), sorted({cell.y for cell in cells})
    assert cells == [Cell(13, x, y) for y in rows for x in columns]
    assert cell_at(BOX[0], BOX[3], 13) == cells[0]
    assert cell_at(BOX[2], BOX[1], 13) == cells[-1]


@pytest.mark.parametrize(
    "cell", [Cell(-1, 0, 0), Cell(15, 0, 0), Cell(3, 8, 0), Cell(3, 0, 8), Cell(3, -1, 0)]
)
def test_a_cell_beyond_the_earth_or_the_levels_does_not_exist(cell):
    assert not cell.exists


def test_whole_numbers_count_from_the_north_west_corner():
    cell = Cell(13, 4323, 2744)
    west, south, east, north = cell.box
    corners = Frame(cell, 1024).whole(np.array([[west, north], [east, south]]))
    assert corners.tolist() == [[0, 0], [1024, 1024]]


def test_a_box_is_held_by_a_cell_at_least_as_large():
    level = level_holding(BOX)
    west, _, east, _ = Cell(level, 0, 0).box
    assert BOX[2] - BOX[0] <= east - west < 4 * (BOX[2] - BOX[0])


@pytest.mark.parametrize("level", [8, 10, 11, 12, 13, 14])
def test_no_cell_of_a_town_is_over_the_limit(level):
    network = load(DEMO_NETWORK)
    for cell in cells_within(network.bounds, level)[:40]:
        text = cell_roads(network, cell)
        assert travelling_bytes(text) <= LIMIT_BYTES


def test_closer_in_a_map_shows_more_and_loses_nothing():
    network = load(DEMO_NETWORK)
    shown = [count(cell_roads(network, cell_at(-71.25, -29.905, level))) for level in (7, 9, 11)]
    assert [set(layers) for layers in shown] == [{"main"}, {"main", "middle"}, {"main", "middle", "small"}]


@pytest.mark.parametrize("limit", [12_000, 4_000, 1_500, 600])
def test_what_is_too_much_is_thinned_then_loses_its_smaller_roads_but_never_all(limit):
    network = load(DEMO_NETWORK)
    full = cell_roads(network, cell_at(-71.25, -29.905, 12))
    less = cell_roads(network, cell_at(-71.25, -29.905, 12), limit)
    assert travelling_bytes(less) <= limit < travelling_bytes(full)
    assert count(less)["main"] > 0
    kept = [layer for layer in LAYERS if layer in count(less)]
    assert kept == [layer for layer in LAYERS if layer in count(full)][: len(kept)]


def test_neighbouring_cells_meet():
    network = load(DEMO_NETWORK)
    west = cell_at(-71.25, -29.905, 14)
    edge = west.box[2]
    reaching = [
        max(lon for lon, _ in line)
        for layer in drawn(cell_roads(network, west)).values()
        for _, line in layer
    ]
    assert max(reaching) > edge, "a little is drawn beyond the side, so that no seam shows"


def test_names_come_where_a_map_has_room_for_them():
    network = load(DEMO_NETWORK)

    def named(level):
        lines = drawn(cell_roads(network, cell_at(-71.25, -29.905, level)))
        return {layer for layer in lines if any(name for name, _ in lines[layer])}

    assert [named(level) for level in (11, 12, 13)] == [
        set(),
        {"main", "middle"},
        {"main", "middle", "small"},
    ]


def test_a_name_is_data_even_when_it_looks_like_markup():
    evil = "</script><b onload=x>${x}"
    network = assemble({1: (10.0, 51.0), 2: (10.001, 51.0)}, [road(1, 2, 100, 10, evil)], ORIGIN)
    lines = drawn(cell_roads(network, cell_at(10.0005, 51.0, 14)))
    assert [name for name, _ in lines["small"]] == [evil]


def test_every_road_class_is_drawn_whatever_classes_there_are():
    assert layer_by_class(("primary", "ferry", "residential", "brand_new")).tolist() == [0, 1, 3, 3]
    assert len(layer_by_class()) == len(ROAD_CLASSES)


def test_ferries_are_shown_as_early_as_main_roads():
    assert list(LAYERS).index("ferry") < MAIN


def test_levels_only_ever_add():
    levels = range(DEEPEST_LEVEL + 1)
    assert [layers_at(level) for level in levels] == sorted(layers_at(level) for level in levels)
    assert layers_at(DEEPEST_LEVEL) == named_at(DEEPEST_LEVEL) == ALL
    assert all(named_at(level) <= layers_at(level) for level in levels)


def test_a_network_is_let_go_whatever_was_drawn_of_it():
    network = town()
    base_roads(network, BOX)
    assert base_roads(network, BOX) is base_roads(network, BOX), "drawn once"
    held = weakref.ref(network)
    del network
    gc.collect()
    assert held() is None
