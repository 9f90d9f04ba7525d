"""folium without its CDNs: a map with local scripts, fixed element ids, and text that cannot run.

folium's own ``Tooltip`` and ``Popup`` put text into a JavaScript template literal, where ``${…}`` runs.
Here text goes through ``tojson`` to ``static/js/map.js``, which sets it as text. Only an attribution is
markup in Leaflet's eyes: it is escaped here.
"""

from __future__ import annotations

import html
import re
from collections.abc import Mapping, Sequence
from dataclasses import asdict
from typing import Any

import folium
from branca.element import Figure, MacroElement
from folium.map import FitBounds
from jinja2 import Template

from routing.maps.values import Ground, MapLeg, MapPage, Tiles

Bounds = tuple[float, float, float, float]
"""West, south, east, north in degrees."""

PADDING_PIXELS = 28
CLOSEST_FIT = 16
CLOSEST_ZOOM, WIDEST_ZOOM = 19, 2
ADDRESS = re.compile(r"https://[^\s<>\"']+[^\s<>\"'.,;:!?)]")


class LocalMap(folium.Map):
    """A folium map that asks for no file at all; the page brings Leaflet from its own server.

    It has no view before it is fitted: to lay it out twice takes a phone a tenth of a second.
    """

    def __init__(self, **options: Any) -> None:
        super().__init__(**options)
        self.default_js = []
        self.default_css = []
        del self.options["zoom"]


class Call(MacroElement):
    """A call of a function in ``static/js/map.js`` with the map and plain data."""

    _template = Template(
        "{% macro script(this, kwargs) %}"
        "RoundsMap.{{ this.function }}({{ this._parent.get_name() }}, {{ this.data|tojson }});"
        "{% endmacro %}"
    )

    def __init__(self, function: str, data: Mapping[str, Any]) -> None:
        super().__init__()  # type: ignore[no-untyped-call]
        self._name = "Call"
        self.function = function
        self.data = data


def render(
    key: str, bounds: Bounds, ground: Ground, legs: Sequence[MapLeg], calls: Sequence[Call]
) -> MapPage:
    """Put a map together. ``key`` makes the element ids: give each map of a page its own."""
    west, south, east, north = bounds
    page = LocalMap(
        location=[(south + north) / 2, (west + east) / 2],
        tiles=None,
        attributionControl=False,
        minZoom=WIDEST_ZOOM,
        maxZoom=CLOSEST_ZOOM,
    )
    # Before anything lies on the map: what does would be drawn, and tiles fetched, for where it stood first.
    page.add_child(_fit([[south, west], [north, east]]))
    if ground.tiles is not None:
        page.add_child(_tiles(ground.tiles))
    for leg in legs:
        if len(leg.path) > 1:
            page.add_child(_line(leg))
    beneath = {name: value for name, value in asdict(ground).items() if name != "tiles"}
    for call in (Call("ground", beneath), *calls):
        page.add_child(call)
    return _rendered(page, key)


def _fit(corners: list[list[float]]) -> FitBounds:
    """At once: on an animated way there, the streets of places not asked for would be fetched."""
    fit = FitBounds(corners, padding=(PADDING_PIXELS, PADDING_PIXELS), max_zoom=CLOSEST_FIT)
    fit.options["animate"] = False
    return fit


def _tiles(tiles: Tiles) -> folium.TileLayer:
    """Many owners of tile servers want to know from which site one comes: they learn its origin, no page."""
    return folium.TileLayer(
        tiles=tiles.url,
        attr=_as_markup(tiles.attribution),
        max_zoom=CLOSEST_ZOOM,
        className="map-tiles",
        referrerPolicy="origin",
    )


def _as_markup(text: str) -> str:
    """Plain text as Leaflet wants an attribution; addresses in it become links, as most licences ask."""
    parts, at = [], 0
    for found in ADDRESS.finditer(text):
        address = html.escape(found.group())
        parts.append(html.escape(text[at : found.start()]))
        parts.append(f'<a href="{address}" rel="noopener">{address.removeprefix("https://")}</a>')
        at = found.end()
    return "".join([*parts, html.escape(text[at:])])


def _line(leg: MapLeg) -> folium.PolyLine:
    points = [(lat, lon) for lon, lat in leg.path]
    return folium.PolyLine(points, className=f"map-leg map-leg-{leg.state}")  # type: ignore[no-untyped-call]


def _rendered(page: LocalMap, key: str) -> MapPage:
    stem = re.sub(r"[^A-Za-z0-9]", "_", key)
    page._id = stem
    for number, child in enumerate(list(page._children.values())):
        child._id = f"{stem}_{number}"
    page.render()  # type: ignore[no-untyped-call]
    root = page.get_root()
    assert isinstance(root, Figure)
    return MapPage(root.html.render().strip(), root.script.render().strip() + "\n")
