"""What every map stands on: the streets of a box as GeoJSON, kept by the browser for a day."""

from __future__ import annotations

from flask import Blueprint, Response, current_app, request, url_for

from planner.domain.errors import Invalid
from planner.services.days import base_map
from routing.maps import Box, box_around

maps = Blueprint("maps", __name__, url_prefix="/maps")

KEPT_SECONDS = 24 * 3600


@maps.get("/<network>/streets.json")
def streets(network: str) -> Response:
    text = base_map.streets(current_app.config["NETWORKS_FOLDER"], network, _box(request.args.get("box", "")))
    answer = Response(text, mimetype="application/geo+json")
    answer.cache_control.private = True
    answer.cache_control.max_age = KEPT_SECONDS
    return answer


def streets_url(network: str, points: list[tuple[float, float]]) -> str:
    """The address of the streets around (lon, lat) points; empty without points."""
    if not points:
        return ""
    return url_for("maps.streets", network=network, box=",".join(str(edge) for edge in box_around(points)))


def _box(text: str) -> Box:
    try:
        west, south, east, north = (float(edge) for edge in text.split(","))
    except ValueError:
        raise Invalid("box", "bad_box") from None
    return west, south, east, north
