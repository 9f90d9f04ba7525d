"""A small Overpass of our own on this machine: the ring of ``osm_by_hand``, and what else we ask."""

from __future__ import annotations

import json
import threading
from collections.abc import Iterator
from contextlib import contextmanager
from http.server import BaseHTTPRequestHandler, ThreadingHTTPServer
from typing import ClassVar
from urllib.parse import parse_qs

import osmnx as ox
import pytest

from tests.routing.osm_by_hand import NODES, RESTRICTION, WAYS

FERRY = {"route": "ferry", "duration": "00:30", "name": "Crossing"}


def roads():
    """What Overpass would send for the ring and the spur."""
    nodes = [{"type": "node", "id": key, "lon": lon, "lat": lat} for key, (lon, lat) in NODES.items()]
    ways = [{"type": "way", "id": key, "nodes": WAYS[key][0], "tags": WAYS[key][1]} for key in (10, 11)]
    return {"elements": [*nodes, *ways]}


def extras():
    members, tags = RESTRICTION
    return {
        "elements": [
            {
                "type": "relation",
                "id": 1,
                "tags": tags,
                "members": [
                    {"type": kind, "ref": number, "role": role}
                    for kind, number, role in (
                        ({"w": "way", "n": "node"}[kind], number, role) for kind, number, role in members
                    )
                ],
            },
            {
                "type": "way",
                "id": 90,
                "nodes": [7, 70, 3],
                "geometry": [
                    {"lon": NODES[7][0], "lat": NODES[7][1]},
                    {"lon": 10.005, "lat": 51.0},
                    {"lon": NODES[3][0], "lat": NODES[3][1]},
                ],
                "tags": FERRY,
            },
            {"type": "node", "id": 5000, "lat": 51, "lon": 10, "tags": {"addr:housenumber": "1"}},
        ]
    }


class Overpass(BaseHTTPRequestHandler):
    statuses: ClassVar[list[int]] = [200]
    asked: ClassVar[list[str]] = []
    body: ClassVar[object] = roads()
    extras: ClassVar[object] = extras()

    def do_POST(self) -> None:
        question = parse_qs(self.rfile.read(int(self.headers["Content-Length"])).decode())["data"][0]
        self.asked.append(question)
        status = self.statuses.pop(0) if len(self.statuses) > 1 else self.statuses[0]
        body = self.extras if "restriction" in question else self.body
        content = (body if isinstance(body, str) else json.dumps(body)).encode()
        self.send_response(status)
        self.send_header("Content-Type", "application/json")
        self.send_header("Content-Length", str(len(content)))
        self.end_headers()
        self.wfile.write(content)

    def log_message(self, *_: object) -> None:
        """Tests stay silent."""


@contextmanager
def serving(monkeypatch: pytest.MonkeyPatch) -> Iterator[type[Overpass]]:
    """The server OSMnx is pointed at, and what it was asked."""
    handler = type("OneTestsOverpass", (Overpass,), {"asked": [], "statuses": [200]})
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
