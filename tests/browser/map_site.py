"""A site of maps alone, under the strict content policy the application sends. No sign-in, no database."""

from __future__ import annotations

import json
from dataclasses import dataclass, field
from importlib.resources import files
from pathlib import Path

from flask import Flask, Response, abort, send_from_directory

from planner.web.headers import content_policy
from routing.maps import Cell, Ground, MapPage, base_roads, cell_roads
from routing.network import RoadNetwork

STATIC = Path(__file__).resolve().parents[2] / "static"
LEAFLET = Path(str(files("xstatic.pkg.leaflet"))) / "data"

HEAD = """<!doctype html><html lang="en"><meta charset="utf-8"><title>map</title>
<meta name="viewport" content="width=device-width, initial-scale=1"><link rel="icon" href="data:,">
<link rel="stylesheet" href="/leaflet/leaflet.css"><link rel="stylesheet" href="/static/css/app.css">
<link rel="stylesheet" href="/static/css/map.css">"""
SCRIPTS = "".join(
    f'<script src="{path}"></script>'
    for path in (
        "/leaflet/leaflet.js",
        "/static/js/map-names.js",
        "/static/js/map-ground.js",
        "/static/js/map.js",
    )
)


@dataclass
class MapSite:
    """``away`` makes the streets fail; ``also`` is drawn into every cell, as lines of layers."""

    network: RoadNetwork
    pages: dict[str, MapPage]
    pictures_from: str = ""
    away: bool = False
    also: dict[str, list[list[int]]] = field(default_factory=dict)

    def app(self) -> Flask:
        app = Flask("maps", static_folder=str(STATIC))
        app.add_url_rule("/<name>.html", "page", self._page)
        app.add_url_rule("/<name>.js", "script", self._script)
        app.add_url_rule("/first.json", "first", self._first)
        app.add_url_rule("/cells/<int:z>/<int:x>/<int:y>.json", "cell", self._cell)
        app.add_url_rule("/leaflet/<path:name>", "leaflet", lambda name: send_from_directory(LEAFLET, name))
        app.after_request(self._guard)
        return app

    def _page(self, name: str) -> str:
        fields = '<label>lon <input id="lon"></label><label>lat <input id="lat"></label>'
        script = f'<script src="/{name}.js"></script>'
        return f'{HEAD}<body><div class="map">{self.pages[name].html}</div>{fields}{SCRIPTS}{script}'

    def _script(self, name: str) -> Response:
        return Response(self.pages[name].script, mimetype="text/javascript")

    def _first(self) -> Response:
        return self._streets(base_roads(self.network, self.network.bounds))

    def _cell(self, z: int, x: int, y: int) -> Response:
        return self._streets(cell_roads(self.network, Cell(z, x, y)))

    def _streets(self, text: str) -> Response:
        if self.away:
            abort(503)
        whole = json.loads(text)
        whole["lines"] |= self.also
        return Response(json.dumps(whole), mimetype="application/json")

    def _guard(self, response: Response) -> Response:
        response.headers["Content-Security-Policy"] = content_policy(self.pictures_from)
        return response


def ground(network: RoadNetwork, **values: object) -> Ground:
    return Ground("/first.json", "/cells/{z}/{x}/{y}.json", network.bounds, **values)  # type: ignore[arg-type]
