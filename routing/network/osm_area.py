"""Roads of an area from OpenStreetMap's Overpass service: ways through OSMnx, the rest by a second question.

The only place that touches OSMnx's settings. Boxes are west, south, east, north in degrees; polygons are
(lon, lat). Needs the network, so it is for the command line, never for a web request.
"""

from __future__ import annotations

import json
from collections.abc import Iterable, Sequence
from dataclasses import dataclass
from pathlib import Path

import networkx as nx
import numpy as np
import osmnx as ox
import shapely
from shapely.geometry.base import BaseGeometry

from routing.errors import AreaTooLarge, AreaUnavailable, BadArea
from routing.network.assemble import whole_e7
from routing.network.build import Progress, silent
from routing.network.map_data import MapData, Way, from_ways
from routing.network.osm_tags import signal
from routing.network.overpass import Box, Extras, Service, ask
from routing.network.roads import Plane

MOST_KM2 = 25_000
"""As much as a public map service gives in one go without being a nuisance: about 160 km by 160 km."""

SERVED_KM2 = 2_500
"""OSMnx asks for larger areas in pieces of this size, with a pause between them."""

NOT_GEOJSON = (OSError, ValueError, LookupError, AttributeError, TypeError, shapely.errors.ShapelyError)
"""What reading something else as GeoJSON ends in."""


@dataclass(frozen=True)
class Fetched:
    """``extras`` hold the addresses of the area for the geocoder."""

    data: MapData
    extras: Extras


def place_area(place: str) -> BaseGeometry:
    """The outline of a place by its name, as Nominatim knows it. Raises ``AreaUnavailable``."""
    try:
        outline = ox.geocode_to_gdf(place).union_all()
    # OSMnx says "nothing found" as ValueError, "not a polygon" as TypeError; a broken connection is OSError.
    except (ValueError, TypeError, OSError) as error:
        raise AreaUnavailable(area=place, why=_short(error)) from error
    if outline.geom_type not in ("Polygon", "MultiPolygon"):
        raise AreaUnavailable(area=place, why="the map service knows it as a point only")
    return outline


def box_area(box: Box) -> BaseGeometry:
    """Raises ``BadArea``."""
    west, south, east, north = box
    if not (-180 <= west < east <= 180 and -90 <= south < north <= 90):
        raise BadArea(
            why="a box is west, south, east, north in degrees, west before east, south before north"
        )
    return shapely.box(*box)


def around(points: Sequence[tuple[float, float]], margin_km: float) -> BaseGeometry:
    """The hull of (lon, lat) points and so many kilometres around it. Raises ``BadArea`` without points."""
    if not points:
        raise BadArea(why="there is no account with a place on the map")
    degrees = np.array(points, dtype=np.float64)
    plane = Plane.at(float(degrees[:, 1].mean()))
    hull = shapely.MultiPoint(plane.metres(degrees)).convex_hull.buffer(margin_km * 1000, quad_segs=4)
    return shapely.transform(hull, plane.degrees)


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


def square_km(area: BaseGeometry) -> float:
    _, south, _, north = area.bounds
    return float(shapely.transform(area, Plane.at((south + north) / 2).metres).area) / 1e6


def fetch(area: BaseGeometry, name: str, cache: Path, progress: Progress = silent) -> Fetched:
    """The roads, restrictions, ferries and addresses of an area.

    Raises ``AreaTooLarge`` before asking, ``AreaUnavailable`` when the service does not give them.
    """
    size = square_km(area)
    if size > MOST_KM2:
        raise AreaTooLarge(area=name, km2=round(size), most=MOST_KM2)
    ox.settings.cache_folder = str(cache)
    ox.settings.use_cache = True
    pieces = max(1, round(size / SERVED_KM2))
    progress(f"Fetching roads from OpenStreetMap: {size:,.0f} km², in {pieces} part(s), a minute or two each")
    graph = _unsimplified(area, name)
    progress("Fetching turn restrictions, ferries and addresses")
    extras = ask(_service(cache), area.bounds)
    return Fetched(map_data(graph, extras), extras)


def map_data(graph: nx.MultiDiGraph, extras: Extras) -> MapData:
    """An unsimplified OSMnx graph as map data, with ferries and restrictions put in."""
    ferries = list(extras.ferries())
    points = {int(node): (data["x"], data["y"]) for node, data in graph.nodes(data=True)}
    for way, course in ferries:
        if len(course) == len(way.points):
            points.update(
                (point, place) for point, place in zip(way.points, course, strict=True) if point not in points
            )
    ids = np.array(sorted(points), dtype=np.int64)
    lights = {
        int(node): signal({"highway": str(data.get("highway", ""))}) for node, data in graph.nodes(data=True)
    }
    ways = [*_ways(graph.edges(keys=False, data=True)), *(way for way, _ in ferries)]
    return from_ways(
        ways,
        ids,
        whole_e7(np.array([points[number] for number in ids.tolist()], dtype=np.float64).reshape(-1, 2)),
        np.array([lights.get(number, 0) for number in ids.tolist()], dtype=np.uint8),
        list(extras.restrictions()),
    )


def _ways(edges: Iterable[tuple[int, int, dict[str, object]]]) -> list[Way]:
    """Every directed step of the graph as a way of two points; ways keep their OpenStreetMap id."""
    return [
        Way(
            id=int(str(data["osmid"])),
            points=(tail, head),
            road_class=str(data.get("highway", "")),
            street=str(data.get("name", "") or ""),
            maxspeed=str(data.get("maxspeed", "") or ""),
            oneway=1,
            is_roundabout=data.get("junction") == "roundabout",
        )
        for tail, head, data in edges
    ]


def _unsimplified(area: BaseGeometry, name: str) -> nx.MultiDiGraph:
    try:
        return ox.graph_from_polygon(area, network_type="drive", simplify=False, retain_all=True)
    except (ValueError, TypeError, OSError) as error:
        raise AreaUnavailable(area=name, why=_short(error)) from error


def _service(cache: Path) -> Service:
    return Service(
        url=ox.settings.overpass_url,
        timeout_seconds=int(ox.settings.requests_timeout),
        headers={"User-Agent": ox.settings.http_user_agent, "Referer": ox.settings.http_referer},
        cache=cache,
    )


def _short(error: Exception) -> str:
    return (str(error).strip().splitlines() or [type(error).__name__])[0].rstrip(".")[:200]
