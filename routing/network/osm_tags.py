"""OpenStreetMap tags read for driving: which ways count, in which direction, how long a ferry takes.

The filter is the one OSMnx calls ``drive``; what OSMnx calls one-way is one-way here.
"""

from __future__ import annotations

import re
from collections.abc import Mapping

from routing.network.map_data import Ban, Signal

NOT_DRIVABLE = {
    "area": "yes",
    "access": "private",
    "highway": "abandoned|bridleway|bus_guideway|construction|corridor|cycleway|elevator|escalator|footway"
    "|no|path|pedestrian|planned|platform|proposed|raceway|razed|rest_area|service|services|steps|track",
    "motor_vehicle": "no",
    "motorcar": "no",
    "service": "alley|driveway|emergency_access|parking|parking_aisle|private",
}
"""Tag → pattern that rules a way out wherever it occurs in the value, as Overpass matches."""

_PATTERNS = {tag: re.compile(pattern) for tag, pattern in NOT_DRIVABLE.items()}

FERRY = "ferry"
LANDING = "landing"
"""Our own class for the way between a landing stage and the roads."""

ONEWAY = {"yes", "true", "1", "-1", "reverse", "T", "F"}
AGAINST = {"-1", "reverse", "T"}

CARS = ("motorcar", "motor_vehicle", "vehicle")
CLOSED = {"no", "private"}

_CLOCK = re.compile(r"(\d{1,3}):([0-5]\d)(?::([0-5]\d))?")
_ISO = re.compile(r"P(?:(\d+)D)?(?:T(?:(\d+)H)?(?:(\d+)M)?(?:(\d+)S)?)?", re.IGNORECASE)

RESTRICTION_KEYS = ("restriction:motorcar", "restriction:motor_vehicle", "restriction")
EXCEPTED = {"motorcar", "motor_vehicle"}


def drivable(tags: Mapping[str, str]) -> bool:
    """Whether OSMnx's ``drive`` network would hold a way with these tags."""
    if "highway" not in tags:
        return False
    return not any(tag in tags and pattern.search(tags[tag]) for tag, pattern in _PATTERNS.items())


def takes_cars(tags: Mapping[str, str]) -> bool:
    """Whether a ferry carries cars: said to, or not said not to."""
    said = [tags[key] for key in CARS if key in tags]
    if said:
        return said[0] not in CLOSED
    return tags.get("access") not in CLOSED and tags.get("foot") != "only"


def oneway(tags: Mapping[str, str]) -> int:
    """1 along the points, -1 against them, 0 both ways."""
    value = tags.get("oneway", "")
    if value in AGAINST:
        return -1
    return 1 if value in ONEWAY or tags.get("junction") == "roundabout" else 0


def duration_seconds(value: str) -> float | None:
    """A ``duration`` tag: "0:35", "01:10:00", "PT20M", or plain minutes. None where it says nothing."""
    text = value.strip()
    if clock := _CLOCK.fullmatch(text):
        hours, minutes, seconds = (int(part or 0) for part in clock.groups())
        return 3600.0 * hours + 60 * minutes + seconds or None
    if text.upper().startswith("P") and (iso := _ISO.fullmatch(text)):
        days, hours, minutes, seconds = (int(part or 0) for part in iso.groups())
        return 86400.0 * days + 3600 * hours + 60 * minutes + seconds or None
    return 60.0 * float(text) if re.fullmatch(r"\d{1,4}(\.\d+)?", text) and float(text) else None


def signal(tags: Mapping[str, str]) -> Signal:
    """Whom the traffic lights at a point hold up."""
    if tags.get("highway") != "traffic_signals":
        return Signal.NONE
    direction = tags.get("traffic_signals:direction") or tags.get("direction")
    return {"forward": Signal.FORWARD, "backward": Signal.BACKWARD}.get(direction or "", Signal.BOTH)


def ban(tags: Mapping[str, str]) -> Ban | None:
    """What a relation forbids to cars at all hours; None where it does not concern them.

    Conditional restrictions (for some hours or weekdays) are left alone: no plan knows them to hold.
    """
    if tags.get("type") != "restriction" or EXCEPTED & set(re.split(r"\s*;\s*", tags.get("except", ""))):
        return None
    value = next((tags[key] for key in RESTRICTION_KEYS if key in tags), "")
    if value.startswith("only_"):
        return Ban.ONLY
    return Ban.NO if value.startswith("no_") else None
