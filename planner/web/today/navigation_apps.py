"""Addresses that leave for the phone's own apps: navigation, and a call. Opening one changes nothing here."""

from __future__ import annotations

import re
from dataclasses import dataclass
from urllib.parse import quote

from flask_babel import LazyString, lazy_gettext


@dataclass(frozen=True, slots=True)
class Link:
    text: str | LazyString
    url: str


def links(lat: float, lon: float, name: str) -> list[Link]:
    """One link per app; the last one lets an Android phone choose."""
    place = f"{lat:.6f},{lon:.6f}"
    return [
        Link("Google Maps", f"https://www.google.com/maps/dir/?api=1&destination={place}&travelmode=driving"),
        Link("Apple Maps", f"https://maps.apple.com/?daddr={place}&dirflg=d"),
        Link("Waze", f"https://waze.com/ul?ll={quote(place, safe='')}&navigate=yes"),
        Link(lazy_gettext("Another app"), f"geo:{place}?q={place}({quote(name, safe='')})"),
    ]


def telephone(text: str) -> str:
    """A number as a ``tel:`` address takes it: digits, and a plus in front."""
    return re.sub(r"(?!^\+)\D", "", text.strip())
