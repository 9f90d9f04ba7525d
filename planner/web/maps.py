"""What every map stands on: the streets of our own network, or a tile server the installation has set.

The addresses of streets hold the network's version, so browsers keep what they got for ever.
"""

from __future__ import annotations

from flask import Blueprint, Response, current_app, request, url_for
from flask_babel import gettext

from planner.database import reading
from planner.domain import tile_server
from planner.domain.errors import Invalid
from planner.services.days import base_map
from planner.services.installation import settings
from planner.web.assets import FOR_EVER
from planner.web.errors import sentence
from planner.web.headers import allow_pictures_from
from routing.errors import RoutingError
from routing.maps import FORM, Box, Cell, Ground, GroundWords, Tiles, box_around

maps = Blueprint("maps", __name__, url_prefix="/maps")


@maps.get("/<network>/<version>/<int:drawing>/streets.json")
def streets(network: str, version: str, drawing: int) -> Response:
    box = _box(request.args.get("box", ""))
    return _kept(base_map.streets(current_app.config["NETWORKS_FOLDER"], network, version, drawing, box))


@maps.get("/<network>/<version>/<int:drawing>/<int:z>/<int:x>/<int:y>.json")
def cell(network: str, version: str, drawing: int, z: int, x: int, y: int) -> Response:
    wanted = Cell(z, x, y)
    return _kept(base_map.cell(current_app.config["NETWORKS_FOLDER"], network, version, drawing, wanted))


def ground(network: str, points: list[tuple[float, float]]) -> Ground:
    """What lies beneath a map around (lon, lat) points; without usable roads, why there are no streets.

    Lets the page of this request show the tile server's pictures, when one is set.
    """
    tiles = _tiles()
    if not network or not points:
        return Ground(tiles=tiles, words=_words())
    try:
        roads = base_map.roads(current_app.config["NETWORKS_FOLDER"], network)
    except RoutingError as error:
        missing = gettext("The streets are missing. %(why)s", why=sentence(error))
        return Ground(tiles=tiles, words=_words(missing))
    where = {"network": network, "version": roads.version, "drawing": FORM}
    box = ",".join(str(edge) for edge in box_around(points))
    cells_url = url_for("maps.cell", **where, z=0, x=0, y=0).removesuffix("0/0/0.json") + "{z}/{x}/{y}.json"
    return Ground(
        first_url=url_for("maps.streets", **where, box=box),
        cells_url=cells_url,
        bounds=roads.bounds,
        attribution=roads.attribution,
        tiles=tiles,
        words=_words(),
    )


def allow_tiles() -> None:
    """Let the page of this request show the tile server's pictures on a map it fetches later."""
    _tiles()


def _tiles() -> Tiles | None:
    chosen = settings.read(reading())
    if not chosen.tile_url or not chosen.tile_attribution:
        return None
    allow_pictures_from(tile_server.origin(chosen.tile_url))
    return Tiles(chosen.tile_url, chosen.tile_attribution)


def _words(missing: str = "") -> GroundWords:
    return GroundWords(
        missing=missing or gettext("The streets are missing: no roads are chosen for this map."),
        failed=gettext("Some streets are missing: they could not be loaded."),
        tiles_failed=gettext("The tile server does not answer; these are the streets without it."),
        tiles=gettext("Tile server"),
        streets=gettext("Streets only"),
    )


def _kept(text: str) -> Response:
    """In this browser only, since one must be signed in, and for ever."""
    answer = Response(text, mimetype="application/json")
    answer.cache_control.private = True
    answer.cache_control.max_age = FOR_EVER
    answer.cache_control.immutable = True
    return answer


def _box(text: str) -> Box:
    try:
        west, south, east, north = (float(edge) for edge in text.split(","))
    except ValueError:
        raise Invalid("box", "bad_box") from None
    return west, south, east, north
