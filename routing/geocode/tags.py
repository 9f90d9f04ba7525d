"""From OpenStreetMap's tags to houses, streets and places; for map files and for Overpass alike.

Of a building or an area the centre is what counts, of a street its whole course.
"""

from __future__ import annotations

from collections.abc import Iterator, Mapping, Sequence

from routing.geocode.values import House, Item, Point, Spot, Way

NAME_TAGS = ("name", "official_name", "alt_name", "old_name", "loc_name", "short_name")
NO_STREETS = frozenset(
    ("construction", "proposed", "planned", "abandoned", "razed", "platform", "bus_stop", "no", "rest_area")
)
SETTLEMENTS = ("city", "town", "village", "suburb", "hamlet")
"""What can stand as the town of an address, larger ones first."""

SMALLER_PLACES = ("borough", "quarter", "neighbourhood", "locality", "isolated_dwelling", "farm")
PLACES = frozenset((*SETTLEMENTS, *SMALLER_PLACES))
LONGEST_NAME = 120


def items(tags: Mapping[str, str], points: Sequence[Point], is_way: bool) -> Iterator[Item]:
    """What an element with these tags is; it may be several things, or none."""
    if not points:
        return
    if "addr:housenumber" in tags:
        yield from _houses(tags, centre(points))
    if is_way and "highway" in tags and tags["highway"] not in NO_STREETS and (names := _names(tags)):
        yield Way(names, tuple(points))
    if tags.get("place") in PLACES and (names := _names(tags)):
        yield Spot(names, tags["place"], centre(points))


def centre(points: Sequence[Point]) -> Point:
    """The middle of the box around points: for a house as good as its centroid."""
    lons, lats = [lon for lon, _ in points], [lat for _, lat in points]
    return (min(lons) + max(lons)) / 2, (min(lats) + max(lats)) / 2


def _houses(tags: Mapping[str, str], point: Point) -> Iterator[House]:
    street = _clean(tags.get("addr:street", ""))
    place = _clean(tags.get("addr:place", ""))
    town = _clean(tags.get("addr:city", ""))
    if street or place or town:
        is_place = not street
        yield House(
            street or place or town,
            tags["addr:housenumber"],
            town,
            _clean(tags.get("addr:postcode", ""))[:20],
            point,
            tags.get("addr:country", "").upper(),
            is_place,
        )


def _names(tags: Mapping[str, str]) -> tuple[str, ...]:
    """The name, then what else it is called, also in other languages (``name:en``)."""
    found = [tags[tag] for tag in NAME_TAGS if tag in tags]
    found += [value for tag, value in tags.items() if tag.startswith("name:") and len(tag) <= 7]
    single = (_clean(name) for text in found for name in text.split(";"))
    return tuple(dict.fromkeys(name for name in single if name))


def _clean(text: str) -> str:
    return " ".join(text.split())[:LONGEST_NAME]
