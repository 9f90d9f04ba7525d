"""Maps: a day along its streets, a territory's accounts, a pin to place. Html and script apart.

The page loads ``/vendor/leaflet/leaflet.css``, ``static/css/map.css``, ``/vendor/leaflet/leaflet.js``,
``static/js/map-ground.js``, ``static/js/map.js`` and then the script given here, in this order. No inline
script, and no other host but a tile server's that the installation has set.
"""

from __future__ import annotations

from collections.abc import Sequence
from dataclasses import asdict

from routing.maps.base_roads import FORM, base_roads, box_around, cell_roads
from routing.maps.cells import Box, Cell
from routing.maps.values import (
    Ground,
    GroundWords,
    LegState,
    MapLeg,
    MapPage,
    MapPlace,
    MapStop,
    PinInputs,
    PlaceKind,
    StopState,
    Tiles,
)
from routing.maps.way_cells import cells_of_way

NO_GROUND = Ground()


def day_map(
    key: str, stops: Sequence[MapStop], legs: Sequence[MapLeg], ground: Ground = NO_GROUND
) -> MapPage:
    """The map of a day: numbered stops, home among them, along their street paths.

    Raises ``ValueError`` without any stop.
    """
    # folium is heavy and only needed once a map is asked for.
    from routing.maps.page import Call, render

    every = [*((stop.lon, stop.lat) for stop in stops), *(point for leg in legs for point in leg.path)]
    calls = [Call("stops", {"stops": [asdict(stop) for stop in stops]})]
    return render(key, _around(every), ground, legs, calls)


def territory_map(key: str, places: Sequence[MapPlace], fallback: Box, ground: Ground = NO_GROUND) -> MapPage:
    """All accounts as points, coloured by class. ``fallback`` is shown when there are none."""
    # As above.
    from routing.maps.page import Call, render

    bounds = _around([(place.lon, place.lat) for place in places]) if places else fallback
    calls = [Call("places", {"places": [asdict(place) for place in places]})]
    return render(key, bounds, ground, (), calls)


def pin_map(
    key: str,
    pin: tuple[float, float] | None,
    fallback: Box,
    ground: Ground = NO_GROUND,
    inputs: PinInputs | None = None,
) -> MapPage:
    """A map on which a click, or a dragged pin, fills in the coordinates of a form.

    ``pin`` is (lon, lat) or None; then ``fallback`` is shown, usually the network's bounds.
    """
    # As above.
    from routing.maps.page import Call, render

    bounds = fallback if pin is None else (*pin, *pin)
    data = {"pin": pin, "inputs": asdict(inputs or PinInputs())}
    return render(key, bounds, ground, (), [Call("pin", data)])


def _around(points: Sequence[tuple[float, float]]) -> Box:
    if not points:
        raise ValueError("a map needs at least one point")
    lons, lats = zip(*points, strict=True)
    return min(lons), min(lats), max(lons), max(lats)


__all__ = [
    "FORM",
    "Box",
    "Cell",
    "Ground",
    "GroundWords",
    "LegState",
    "MapLeg",
    "MapPage",
    "MapPlace",
    "MapStop",
    "PinInputs",
    "PlaceKind",
    "StopState",
    "Tiles",
    "base_roads",
    "box_around",
    "cell_roads",
    "cells_of_way",
    "day_map",
    "pin_map",
    "territory_map",
]
