"""Addresses that leave for the phone's own apps: navigation, and a call. Opening one changes nothing here."""

from __future__ import annotations

import re
from dataclasses import dataclass
from urllib.parse import quote

from flask_babel import LazyString, lazy_gettext

from planner.services.installation.settings import NavigationApp


@dataclass(frozen=True, slots=True)
class Link:
    text: str | LazyString
    url: str


def links(lat: float, lon: float, name: str, first: str) -> list[Link]:
    """One link per app, the installation's ``first`` (a ``NavigationApp``) on top; "another app" lets an
    Android phone choose."""
    place = f"{lat:.6f},{lon:.6f}"
    google = f"https://www.google.com/maps/dir/?api=1&destination={place}&travelmode=driving"
    found = {
        NavigationApp.GOOGLE: Link("Google Maps", google),
        NavigationApp.APPLE: Link("Apple Maps", f"https://maps.apple.com/?daddr={place}&dirflg=d"),
        NavigationApp.WAZE: Link("Waze", f"https://waze.com/ul?ll={quote(place, safe='')}&navigate=yes"),
        NavigationApp.GEO: Link(
            lazy_gettext("Another app"), f"geo:{place}?q={place}({quote(name, safe='')})"
        ),
    }
    return [found.pop(NavigationApp(first)), *found.values()]


def telephone(text: str) -> str:
    """A number as a ``tel:`` address takes it: digits, and a plus in front."""
    return re.sub(r"(?!^\+)\D", "", text.strip())
