"""Geocoding without the internet: from a typed address to a point on the map, saying how exact it is.

An address file is built once from OpenStreetMap (``map_file.build_addresses``, which needs osmium;
``build_from_elements``; ``streets_only``) and lies beside the road network it belongs to.
"""

from __future__ import annotations

from routing.geocode.addresses import Addresses
from routing.geocode.overpass import build_from_elements
from routing.geocode.store import address_file
from routing.geocode.streets_only import streets_only
from routing.geocode.values import Counts, Exactness, Found, FoundKind, Origin

__all__ = [
    "Addresses",
    "Counts",
    "Exactness",
    "Found",
    "FoundKind",
    "Origin",
    "address_file",
    "build_from_elements",
    "streets_only",
]
