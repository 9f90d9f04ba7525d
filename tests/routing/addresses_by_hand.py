"""Two small towns as Overpass elements, with what makes addresses hard: names twice, ranges, accents.

Altdorf     High Street, west to east along 51.000, houses 1 to 21 (odd ones south); Saint Mary's Road
            beside it; Hauptstraße, Café-Müller-Weg; a corner shop that repeats an address
Neustadt    20 km east: a High Street too, houses 1 and 3
"""

from __future__ import annotations

from pathlib import Path
from typing import Any

from routing.geocode import Counts, Origin, build_from_elements

ORIGIN = Origin("drawn by hand", "2026-01-01")
ALTDORF, NEUSTADT = (10.000, 51.000), (10.300, 51.000)
STEP = 0.0003
"""Degrees from a house number to the next on the same side: some 20 m."""

Element = dict[str, Any]


def node(lon: float, lat: float, **tags: str) -> Element:
    return {"type": "node", "id": 1, "lon": lon, "lat": lat, "tags": _tags(tags)}


def way(points: list[tuple[float, float]], **tags: str) -> Element:
    course = [{"lon": lon, "lat": lat} for lon, lat in points]
    return {"type": "way", "id": 2, "geometry": course, "tags": _tags(tags)}


def house(street: str, number: str, point: tuple[float, float], **tags: str) -> Element:
    return node(*point, addr__street=street, addr__housenumber=number, **tags)


def _tags(tags: dict[str, str]) -> dict[str, str]:
    return {name.replace("__", ":"): value for name, value in tags.items()}


def high_street(number: int) -> tuple[float, float]:
    """Where a house of Altdorf's High Street stands."""
    lon, lat = ALTDORF
    return lon + STEP * (number // 2), lat + (-0.0001 if number % 2 else 0.0001)


IN_ALTDORF = {"addr__city": "Altdorf", "addr__postcode": "12345", "addr__country": "DE"}
IN_NEUSTADT = {"addr__city": "Neustadt", "addr__postcode": "54321", "addr__country": "DE"}

TOWNS = [
    way([(9.999, 51.0), (10.006, 51.0)], highway="residential", name="High Street"),
    *(house("High Street", str(n), high_street(n), **IN_ALTDORF) for n in (1, 2, 3, 4, 5, 9, 10, 21)),
    house("High Street", "14-18", high_street(14), **IN_ALTDORF),
    house("High St", "7a;7b", high_street(7), **IN_ALTDORF),
    house("High Street", "5", (high_street(5)[0] + 0.0001, high_street(5)[1]), name="Corner shop"),
    way([(10.0, 51.002), (10.004, 51.002)], highway="tertiary", name="Saint Mary's Road"),
    house("Saint Mary's Road", "12", (10.001, 51.0021), **IN_ALTDORF),
    way([(10.0, 51.004), (10.004, 51.004)], highway="residential", name="Hauptstraße"),
    house("Hauptstraße", "8", (10.002, 51.0041), **IN_ALTDORF),
    way(
        [(10.0, 51.006), (10.004, 51.006)],
        highway="pedestrian",
        name="Café-Müller-Weg",
        alt_name="Alte Gasse",
    ),
    house("Café-Müller-Weg", "3", (10.003, 51.0061), **IN_ALTDORF),
    way([(10.3, 51.0), (10.303, 51.0)], highway="residential", name="High Street"),
    house("High Street", "1", (10.3001, 51.0001), **IN_NEUSTADT),
    house("High Street", "3", (10.3004, 51.0001), **IN_NEUSTADT),
    node(10.2, 51.1, addr__place="Weiler", addr__housenumber="4"),
    node(*ALTDORF, place="town", name="Altdorf"),
    node(*NEUSTADT, place="village", name="Neustadt", name__en="Newtown"),
    node(10.0, 51.0, highway="bus_stop", name="High Street East"),
    way([(10.0, 51.008), (10.004, 51.008)], highway="construction", name="Promised Road"),
    node(0.0, 0.0, amenity="bench"),
]


def build(target: Path, elements: list[Element] | None = None) -> Counts:
    return build_from_elements(TOWNS if elements is None else elements, target, ORIGIN)
