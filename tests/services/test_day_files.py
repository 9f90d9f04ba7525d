"""The day as GPX and as iCalendar: read back by the rules of their formats, whatever people typed."""

from __future__ import annotations

from dataclasses import replace
from datetime import date
from xml.etree import ElementTree

import polyline
from hypothesis import given
from hypothesis import strategies as st

from planner.services.days.day_files import FileDay, FileEnd, FileStop, gpx, ics
from tests.conftest import NOW

HOUR = 3600
GPX = "http://www.topografix.com/GPX/1/1"
LINE_OCTETS = 75
"""RFC 5545, 3.1: longer lines go on in the next one, after a space."""
HOME = (-29.9045, -71.2489)
AT_HOME = FileEnd("Home", *HOME)
NASTY = 'Ñandú & <b>"Hnos"</b>; a, b\\c\nline two'
PATH = polyline.encode([HOME, (-29.91, -71.25)], 5)
STOP = FileStop("u1", NASTY, "Calle 1, La Serena", -29.91, -71.25, 10 * HOUR, 1800, PATH)
DAY = FileDay(date(2026, 3, 4), "America/Santiago", "Wed 4 Mar", AT_HOME, AT_HOME, PATH, (STOP,))


def unfolded(file: bytes) -> list[str]:
    return file.decode().replace("\r\n ", "").split("\r\n")


def test_the_route_goes_from_home_by_the_stops_in_order_and_home() -> None:
    day = replace(DAY, stops=(STOP, replace(STOP, uid="u2", name="Second", lat=-29.92)))
    root = ElementTree.fromstring(gpx(day))
    names = [point.findtext(f"{{{GPX}}}name") for point in root.iter(f"{{{GPX}}}rtept")]
    assert names == ["Home", NASTY.replace("\n", ""), "Second", "Home"]
    times = [point.findtext(f"{{{GPX}}}time") for point in root.iter(f"{{{GPX}}}rtept")]
    assert times == [None, "2026-03-04T13:00:00Z", "2026-03-04T13:00:00Z", None]


def test_a_night_away_is_where_the_route_ends() -> None:
    near = FileEnd("Overnight near El Faro", -29.95, -71.3)
    root = ElementTree.fromstring(gpx(replace(DAY, ends_at=near)))
    names = [point.findtext(f"{{{GPX}}}name") for point in root.iter(f"{{{GPX}}}rtept")]
    assert (names[0], names[-1]) == ("Home", "Overnight near El Faro")


def test_the_track_follows_the_streets_leg_by_leg() -> None:
    root = ElementTree.fromstring(gpx(DAY))
    segments = list(root.iter(f"{{{GPX}}}trkseg"))
    assert [len(segment) for segment in segments] == [2, 2]
    assert segments[0][0].attrib == {"lat": "-29.9045", "lon": "-71.2489"}


def test_a_stop_without_a_place_is_in_the_calendar_and_not_in_the_route() -> None:
    day = replace(DAY, stops=(replace(STOP, lat=None, lon=None, leg_path=""),))
    assert len(list(ElementTree.fromstring(gpx(day)).iter(f"{{{GPX}}}rtept"))) == 2
    assert not any(line.startswith("GEO") for line in unfolded(ics(day, NOW)))


def test_a_visit_is_an_event_at_its_time_in_utc() -> None:
    lines = unfolded(ics(DAY, NOW))
    assert lines[0] == "BEGIN:VCALENDAR"
    assert lines[-2:] == ["END:VCALENDAR", ""]
    for line in (
        "UID:u1@rounds",
        "DTSTART:20260304T130000Z",
        "DTEND:20260304T133000Z",
        'SUMMARY:Ñandú & <b>"Hnos"</b>\\; a\\, b\\\\c\\nline two',
        "LOCATION:Calle 1\\, La Serena",
        "GEO:-29.91;-71.25",
    ):
        assert line in lines


def test_on_the_day_the_clock_goes_back_an_hour_is_as_long_as_it_is() -> None:
    """Chile, 2026-04-04: 23:30 and an hour later are two hours apart in UTC."""
    day = replace(DAY, on=date(2026, 4, 4))
    assert (day.instant(24 * HOUR + 1800) - day.instant(23 * HOUR + 1800 - HOUR)).total_seconds() == 3 * HOUR


@given(st.text(max_size=200))
def test_no_line_is_longer_than_allowed_and_no_text_breaks_out(name: str) -> None:
    file = ics(replace(DAY, stops=(replace(STOP, name=name, address=name),)), NOW)
    assert all(len(line) <= LINE_OCTETS for line in file.split(b"\r\n"))
    assert unfolded(file).count("BEGIN:VEVENT") == 1
    assert sum(line.startswith("SUMMARY:") for line in unfolded(file)) == 1
    ElementTree.fromstring(gpx(replace(DAY, stops=(replace(STOP, name=name),))))
