"""The day as files for other programs: GPX 1.1 for a navigation device, iCalendar (RFC 5545) for a calendar.

Times in both are UTC. What cannot be printed is taken out of people's text: XML has no room for it.
"""

from __future__ import annotations

from collections.abc import Iterator
from dataclasses import dataclass
from datetime import UTC, date, datetime, time, timedelta
from zoneinfo import ZoneInfo

import polyline
from gpxpy.gpx import GPX, GPXRoute, GPXRoutePoint, GPXTrack, GPXTrackPoint, GPXTrackSegment
from icalendar import Calendar, Event, vText

PATH_PRECISION = 5


@dataclass(frozen=True, slots=True)
class FileStop:
    """A stop of the day. ``begins`` in seconds after local midnight; ``leg_path`` is the way there."""

    uid: str
    name: str
    address: str
    lat: float | None
    lon: float | None
    begins: int
    service_seconds: int
    leg_path: str


@dataclass(frozen=True, slots=True)
class FileEnd:
    """Where the day begins or ends: at home, or near an account where a night is spent."""

    name: str
    lat: float
    lon: float


@dataclass(frozen=True, slots=True)
class FileDay:
    """``begins_at`` and ``ends_at`` are None without a home; ``home_leg_path`` is the last way."""

    on: date
    zone: str
    title: str
    begins_at: FileEnd | None
    ends_at: FileEnd | None
    home_leg_path: str
    stops: tuple[FileStop, ...]

    def instant(self, seconds: int) -> datetime:
        """The UTC instant of a local time of day; past midnight it is the next day's."""
        days, rest = divmod(seconds, 24 * 3600)
        clock = time(rest // 3600, rest % 3600 // 60, rest % 60)
        local = datetime.combine(self.on + timedelta(days=days), clock, ZoneInfo(self.zone))
        return local.astimezone(UTC)


def gpx(day: FileDay) -> bytes:
    """A route of the stops, and a track along the streets with one segment a leg."""
    file = GPX()
    file.creator = "Rounds"
    file.routes.append(GPXRoute(name=_printed(day.title)))
    for lat, lon, name, seconds in _points(day):
        at = None if seconds is None else day.instant(seconds)
        file.routes[0].points.append(
            GPXRoutePoint(round(lat, 6), round(lon, 6), time=at, name=_printed(name))
        )
    file.tracks.append(GPXTrack(name=_printed(day.title)))
    for path in (*(stop.leg_path for stop in day.stops), day.home_leg_path):
        if path:
            spots = polyline.decode(path, PATH_PRECISION)
            file.tracks[0].segments.append(GPXTrackSegment([GPXTrackPoint(lat, lon) for lat, lon in spots]))
    return file.to_xml(version="1.1").encode()


def _points(day: FileDay) -> Iterator[tuple[float, float, str, int | None]]:
    if day.begins_at is not None:
        yield day.begins_at.lat, day.begins_at.lon, day.begins_at.name, None
    for stop in day.stops:
        if stop.lat is not None and stop.lon is not None:
            yield stop.lat, stop.lon, stop.name, stop.begins
    if day.ends_at is not None:
        yield day.ends_at.lat, day.ends_at.lon, day.ends_at.name, None


def _printed(text: str) -> str:
    return "".join(mark for mark in text if mark.isprintable())


def ics(day: FileDay, now: datetime) -> bytes:
    """An event for each stop; the same visit has the same UID whenever it is fetched, so that a calendar
    moves it instead of showing it twice."""
    calendar = Calendar()
    calendar.add("version", "2.0")
    calendar.add("prodid", "-//Rounds//day//EN")
    for stop in day.stops:
        calendar.add_component(_event(day, stop, now))
    return bytes(calendar.to_ical())


def _event(day: FileDay, stop: FileStop, now: datetime) -> Event:
    event = Event()
    event.add("uid", f"{stop.uid}@rounds")
    event.add("dtstamp", now.astimezone(UTC))
    event.add("dtstart", day.instant(stop.begins))
    event.add("dtend", day.instant(stop.begins + stop.service_seconds))
    event.add("summary", vText(_lines(stop.name)))
    if stop.address:
        event.add("location", vText(_lines(stop.address)))
    if stop.lat is not None and stop.lon is not None:
        event.add("geo", (round(stop.lat, 6), round(stop.lon, 6)))
    return event


def _lines(text: str) -> str:
    """Printable text with its line breaks."""
    return "\n".join(_printed(line) for line in text.splitlines())
