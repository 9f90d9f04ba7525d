"""Asking a Nominatim service for one typed address: only where the settings allow it, and only when a
person presses the button. Never for lists, never while somebody types.

Every answer is kept for good, and one question a second leaves the installation at most, as the usage
policy of nominatim.openstreetmap.org wants it.
"""

from __future__ import annotations

import json
import time
from collections.abc import Callable, Mapping
from dataclasses import asdict, dataclass
from pathlib import Path
from typing import Any
from urllib.parse import urlsplit

from planner.domain.errors import Conflict
from planner.domain.searching import folded
from planner.services.installation.settings import Settings
from planner.services.places import online_book
from planner.services.places.offline import MOST_SHOWN
from planner.services.places.online_book import Clock
from routing.geocode import Exactness, Found, FoundKind
from routing.maps import Box
from routing.network.snap import is_place

TIMEOUT_SECONDS = 8
LONGEST_TEXT = 300
ROADS = frozenset({"road", "highway", "street"})


@dataclass(frozen=True, slots=True)
class Service:
    """Where to ask. ``book``: the file with answers and turns; ``agent``: who asks, as the policy wants."""

    url: str
    book: Path
    agent: str
    sleep: Callable[[float], None] = time.sleep

    @property
    def host(self) -> str:
        return urlsplit(self.url).hostname or self.url


def service(settings: Settings, book: Path) -> Service | None:
    """The service of this installation; None unless the settings allow it."""
    if not settings.online_search:
        return None
    company = settings.company_name.encode("ascii", "ignore").decode().strip()
    return Service(settings.online_search_url, book, f"Rounds field planner ({company or 'self-hosted'})")


def find(asked: Service, text: str, near: Box | None, clock: Clock) -> tuple[Found, ...]:
    """What the service knows, the best first; ``near`` (west, south, east, north) is preferred, not a limit.

    Raises Conflict with online_busy or online_unavailable.
    """
    plain = " ".join(text.split())[:LONGEST_TEXT]
    if not plain:
        return ()
    box = None if near is None else tuple(round(edge, 2) for edge in near)
    question = json.dumps([asked.url, folded(plain), box])
    kept = online_book.kept(asked.book, question, clock())
    if kept is None:
        online_book.take_turn(asked.book, clock, asked.sleep)
        found = _answer(asked, plain, box)
        kept = json.dumps([asdict(one) for one in found])
        online_book.keep(asked.book, question, kept, not found, clock())
    return tuple(_found(**row) for row in json.loads(kept))


def _answer(asked: Service, text: str, box: tuple[float, ...] | None) -> list[Found]:
    # geopy brings requests; only who asks online needs it.
    from geopy.adapters import URLLibAdapter
    from geopy.exc import GeopyError
    from geopy.geocoders import Nominatim

    address = urlsplit(asked.url)
    geocoder = Nominatim(
        scheme=address.scheme,
        domain=f"{address.netloc}{address.path}",
        user_agent=asked.agent,
        timeout=TIMEOUT_SECONDS,
        adapter_factory=URLLibAdapter,
    )
    corners = None if box is None else [(box[1], box[0]), (box[3], box[2])]
    try:
        places = geocoder.geocode(
            text, exactly_one=False, limit=MOST_SHOWN, addressdetails=True, viewbox=corners
        )
        return [_place(place.raw) for place in places or ()]
    except (GeopyError, ValueError, LookupError, TypeError, AttributeError) as error:
        # What is no answer of Nominatim's at all ends in one of the plain errors.
        raise Conflict("online_unavailable", host=asked.host) from error


def _place(raw: Mapping[str, Any]) -> Found:
    lon, lat = float(raw["lon"]), float(raw["lat"])
    if not is_place(lon, lat):
        raise ValueError("no place on earth")
    kind = _kind(raw)
    exactness = Exactness.HOUSE if kind is FoundKind.ADDRESS else Exactness.MIDDLE
    return Found(kind, exactness, str(raw["display_name"])[:200], lon, lat, 1.0)


def _kind(raw: Mapping[str, Any]) -> FoundKind:
    """An answer with a house number is a door; a road is a road; all else is a place."""
    if raw.get("address", {}).get("house_number"):
        return FoundKind.ADDRESS
    words = {raw.get("addresstype"), raw.get("class"), raw.get("category")}
    return FoundKind.STREET if ROADS & words else FoundKind.PLACE


def _found(kind: str, exactness: str, **rest: Any) -> Found:
    return Found(FoundKind(kind), Exactness(exactness), **rest)
