"""Fetching an area, against a small Overpass of our own on this machine."""

from __future__ import annotations

import json
import threading
from collections.abc import Iterator
from http.server import BaseHTTPRequestHandler, ThreadingHTTPServer

import osmnx as ox
import pytest
import shapely

from routing.errors import AreaUnavailable, BadArea
from routing.network.assemble import Origin
from routing.network.osm_area import box_network, polygon_network, read_polygon
from tests.routing.osm_by_hand import NODES, WAYS

ORIGIN = Origin(name="ring", source="a test", source_date="2026-01-01")
BOX = (9.99, 50.99, 10.01, 51.01)


def answer():
    """What Overpass would send for the ring and the spur."""
    nodes = [{"type": "node", "id": key, "lon": lon, "lat": lat} for key, (lon, lat) in NODES.items()]
    ways = [{"type": "way", "id": key, "nodes": WAYS[key][0], "tags": WAYS[key][1]} for key in (10, 11)]
    return {"elements": [*nodes, *ways]}


class Overpass(BaseHTTPRequestHandler):
    status, body = 200, answer()

    def do_POST(self) -> None:
        self.rfile.read(int(self.headers["Content-Length"]))
        content = (self.body if isinstance(self.body, str) else json.dumps(self.body)).encode()
        self.send_response(self.status)
        self.send_header("Content-Type", "application/json")
        self.send_header("Content-Length", str(len(content)))
        self.end_headers()
        self.wfile.write(content)

    def log_message(self, *_: object) -> None:
        """Tests stay silent."""


@pytest.fixture
def overpass(monkeypatch: pytest.MonkeyPatch) -> Iterator[type[Overpass]]:
    handler = type("OnePassOverpass", (Overpass,), {})
    server = ThreadingHTTPServer(("127.0.0.1", 0), handler)
    thread = threading.Thread(target=server.serve_forever, daemon=True)
    thread.start()
    monkeypatch.setattr(ox.settings, "overpass_url", f"http://127.0.0.1:{server.server_port}/api")
    monkeypatch.setattr(ox.settings, "overpass_rate_limit", False)
    for name in ("cache_folder", "use_cache"):
        monkeypatch.setattr(ox.settings, name, getattr(ox.settings, name))
    yield handler
    server.shutdown()
    thread.join()
    server.server_close()


@pytest.mark.usefixtures("overpass")
def test_a_box_becomes_a_network_with_its_streets(tmp_path):
    network = box_network(BOX, ORIGIN, tmp_path / "cache")
    assert set(network.streets) == {"", "Ring", "Spur"}
    assert list((tmp_path / "cache").iterdir()), "what was fetched is kept"


@pytest.mark.usefixtures("overpass")
def test_a_polygon_becomes_the_same_network_as_its_box(tmp_path):
    square = polygon_network(shapely.box(*BOX), ORIGIN, tmp_path / "cache")
    assert square.version == box_network(BOX, ORIGIN, tmp_path / "cache").version


def test_an_area_without_roads_is_said(overpass, tmp_path):
    overpass.body = {"elements": []}
    with pytest.raises(AreaUnavailable, match="The roads of the box could not be fetched"):
        box_network(BOX, ORIGIN, tmp_path / "cache")


def test_a_refusal_of_the_map_service_is_said(overpass, tmp_path):
    overpass.status, overpass.body = 400, "<html>Bad request</html>"
    with pytest.raises(AreaUnavailable, match="400"):
        box_network(BOX, ORIGIN, tmp_path / "cache")


@pytest.mark.parametrize("box", [(10, 51, 9, 52), (9, 52, 10, 51), (-190, 51, 10, 52), (9, 51, 10, 95)])
def test_a_box_that_is_none_is_refused_before_asking(box, tmp_path):
    with pytest.raises(BadArea):
        box_network(box, ORIGIN, tmp_path)


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
