"""Roads of an area from OpenStreetMap's Overpass service, through OSMnx. Needs the network.

The only place that touches OSMnx's settings. A box is west, south, east, north in degrees.
"""

from __future__ import annotations

import json
from collections.abc import Callable
from pathlib import Path

import networkx as nx
import osmnx as ox
import shapely
from shapely.geometry.base import BaseGeometry

from routing.errors import AreaUnavailable, BadArea
from routing.network.assemble import Origin
from routing.network.graph import Progress, from_graph, silent
from routing.network.roads import RoadNetwork

Box = tuple[float, float, float, float]

NOT_GEOJSON = (OSError, ValueError, LookupError, AttributeError, TypeError, shapely.errors.ShapelyError)
"""What reading something else as GeoJSON ends in."""


def place_network(place: str, origin: Origin, cache: Path, progress: Progress = silent) -> RoadNetwork:
    """Roads of a place by its name, as Nominatim knows it. Raises ``AreaUnavailable``, ``NoRoads``."""
    return _fetched(
        place,
        lambda: ox.graph_from_place(place, network_type="drive", simplify=False, retain_all=True),
        origin,
        cache,
        progress,
    )


def box_network(box: Box, origin: Origin, cache: Path, progress: Progress = silent) -> RoadNetwork:
    """Roads in a box. Raises ``BadArea``, ``AreaUnavailable``, ``NoRoads``."""
    west, south, east, north = box
    if not (-180 <= west < east <= 180 and -90 <= south < north <= 90):
        raise BadArea(
            why="a box is west, south, east, north in degrees, west before east, south before north"
        )
    return _fetched(
        "the box",
        lambda: ox.graph_from_bbox(box, network_type="drive", simplify=False, retain_all=True),
        origin,
        cache,
        progress,
    )


def polygon_network(
    polygon: BaseGeometry, origin: Origin, cache: Path, progress: Progress = silent
) -> RoadNetwork:
    """Roads in a polygon of (lon, lat). Raises ``AreaUnavailable``, ``NoRoads``."""
    return _fetched(
        "the polygon",
        lambda: ox.graph_from_polygon(polygon, network_type="drive", simplify=False, retain_all=True),
        origin,
        cache,
        progress,
    )


def read_polygon(path: Path) -> BaseGeometry:
    """The (multi)polygon of a GeoJSON file: a geometry, a feature, or the first of a collection."""
    try:
        content = json.loads(path.read_text(encoding="utf-8"))
        content = content["features"][0] if "features" in content else content
        geometry = shapely.geometry.shape(content.get("geometry", content))
    except NOT_GEOJSON as error:
        raise BadArea(why=f"{path.name} is not GeoJSON") from error
    if geometry.geom_type not in ("Polygon", "MultiPolygon") or geometry.is_empty or not geometry.is_valid:
        raise BadArea(why=f"{path.name} does not hold a whole polygon")
    return geometry


def _fetched(
    area: str, fetch: Callable[[], nx.MultiDiGraph], origin: Origin, cache: Path, progress: Progress
) -> RoadNetwork:
    ox.settings.cache_folder = str(cache)
    ox.settings.use_cache = True
    progress("Fetching roads from OpenStreetMap")
    try:
        graph = fetch()
    # OSMnx says "nothing found" as ValueError, "not a polygon" as TypeError; a broken connection is OSError.
    except (ValueError, TypeError, OSError) as error:
        raise AreaUnavailable(area=area, why=_short(error)) from error
    return from_graph(graph, origin, progress)


def _short(error: Exception) -> str:
    return (str(error).strip().splitlines() or [type(error).__name__])[0].rstrip(".")[:200]
