"""Fetching an area, against a small Overpass of our own on this machine."""

from __future__ import annotations

import json
from collections.abc import Iterator

import osmnx as ox
import pytest
import shapely

from routing.errors import AreaTooLarge, AreaUnavailable, BadArea
from routing.network import overpass as extras_module
from routing.network.assemble import Origin
from routing.network.build import Making, build
from routing.network.osm_area import around, box_area, fetch, read_polygon, square_km
from routing.network.osm_file import file_network
from routing.network.overpass import Service, ask
from tests.routing.osm_by_hand import RESTRICTION, WAYS, write_map
from tests.routing.overpass_by_hand import Overpass, extras, serving

ORIGIN = Origin(name="ring", source="a test", source_date="2026-01-01")
BOX = (9.99, 50.99, 10.01, 51.01)


@pytest.fixture
def overpass(monkeypatch: pytest.MonkeyPatch) -> Iterator[type[Overpass]]:
    with serving(monkeypatch) as handler:
        yield handler


def built(area, cache):
    return build(fetch(area, "the box", cache).data, ORIGIN, Making())


@pytest.mark.usefixtures("overpass")
def test_a_box_becomes_a_network_with_its_streets_and_its_ferry(tmp_path):
    network = built(box_area(BOX), tmp_path / "cache")
    assert set(network.streets) == {"", "Ring", "Spur", "Crossing"}
    assert list((tmp_path / "cache").iterdir()), "what was fetched is kept"


def test_what_was_fetched_is_not_asked_for_again(overpass, tmp_path):
    first = built(box_area(BOX), tmp_path / "cache")
    asked = len(overpass.asked)
    assert built(box_area(BOX), tmp_path / "cache").version == first.version
    assert (len(overpass.asked), asked) == (2, 2)


def test_an_area_gives_the_network_that_a_file_of_the_same_roads_gives(overpass, tmp_path):
    overpass.extras = {"elements": [extras()["elements"][0]]}
    ways = {key: WAYS[key] for key in (10, 11)}
    from_file = file_network(
        write_map(tmp_path / "ring.osm", ways, restrictions={1: RESTRICTION}), ORIGIN, Making()
    )
    assert built(box_area(BOX), tmp_path / "cache").version == from_file.version


@pytest.mark.usefixtures("overpass")
def test_addresses_come_along_for_the_geocoder(tmp_path):
    fetched = fetch(box_area(BOX), "the box", tmp_path / "cache")
    assert [element["id"] for element in fetched.extras.elements if element["type"] == "node"] == [5000]


def test_an_area_without_roads_is_said(overpass, tmp_path):
    overpass.body = {"elements": []}
    with pytest.raises(AreaUnavailable, match="The roads of the box could not be fetched"):
        built(box_area(BOX), tmp_path / "cache")


def test_a_refusal_of_the_map_service_is_said(overpass, tmp_path):
    overpass.statuses, overpass.body = [400], "<html>Bad request</html>"
    with pytest.raises(AreaUnavailable, match="400"):
        built(box_area(BOX), tmp_path / "cache")


def test_a_busy_service_is_asked_again_after_a_wait_and_then_given_up(overpass, tmp_path):
    waits: list[float] = []
    service = Service(ox.settings.overpass_url, 5, {}, tmp_path, waits.append)
    overpass.statuses = [429, 504, 200]
    assert len(ask(service, BOX).elements) == 3
    assert waits == list(extras_module.WAIT_SECONDS[:2])
    overpass.statuses = [429]
    with pytest.raises(AreaUnavailable, match="429"):
        ask(service, (1.0, 2.0, 3.0, 4.0))
    assert not list(tmp_path.glob(".*.part"))


def test_an_answer_that_stopped_half_way_is_refused_and_not_kept(overpass, tmp_path):
    overpass.extras = {"elements": [], "remark": "runtime error: Query timed out"}
    service = Service(ox.settings.overpass_url, 5, {}, tmp_path)
    with pytest.raises(AreaUnavailable, match="Query timed out"):
        ask(service, BOX)
    assert list(tmp_path.iterdir()) == []


def test_an_area_too_large_for_the_service_is_refused_before_asking(overpass, tmp_path):
    with pytest.raises(AreaTooLarge, match="import a map file"):
        fetch(box_area((0, 50, 4, 54)), "the box", tmp_path)
    assert overpass.asked == []


def test_the_area_around_accounts_is_their_hull_and_a_margin():
    # Three points of a right triangle, 0.1 degrees of latitude (11.06 km) and 0.1 / cos(60°) of longitude.
    area = around([(10.0, 60.0), (10.2, 60.0), (10.0, 60.1)], 5)
    assert area.contains(shapely.Point(10.2, 60.04))
    assert not area.contains(shapely.Point(10.2, 60.1))
    assert square_km(around([(10.0, 60.0)], 5)) == pytest.approx(3.14159 * 25, rel=0.03)


def test_without_a_single_account_on_the_map_there_is_no_area():
    with pytest.raises(BadArea, match="no account"):
        around([], 10)


@pytest.mark.parametrize("box", [(10, 51, 9, 52), (9, 52, 10, 51), (-190, 51, 10, 52), (9, 51, 10, 95)])
def test_a_box_that_is_none_is_refused(box):
    with pytest.raises(BadArea):
        box_area(box)


SQUARE = {"type": "Polygon", "coordinates": [[[9, 51], [10, 51], [10, 52], [9, 51]]]}


@pytest.mark.parametrize(
    "content",
    [
        SQUARE,
        {"type": "Feature", "properties": {}, "geometry": SQUARE},
        {"type": "FeatureCollection", "features": [{"type": "Feature", "geometry": SQUARE}]},
    ],
)
def test_a_polygon_is_read_from_any_kind_of_geojson(content, tmp_path):
    path = tmp_path / "area.geojson"
    path.write_text(json.dumps(content), encoding="utf-8")
    assert read_polygon(path).geom_type == "Polygon"


@pytest.mark.parametrize(
    "text",
    ["", "[]", "7", '{"features": []}', '{"type": "Polygon"}', '{"type": "Point", "coordinates": [1, 2]}'],
)
def test_a_file_without_a_polygon_is_refused(text, tmp_path):
    path = tmp_path / "area.geojson"
    path.write_text(text, encoding="utf-8")
    with pytest.raises(BadArea, match=r"area\.geojson"):
        read_polygon(path)
