"""The day on a map: html in the page, the script from an address of its own with the same element ids."""

from __future__ import annotations

from collections.abc import Iterator
from datetime import date

import polyline
from flask import Response, render_template, url_for
from flask.typing import ResponseReturnValue
from flask_babel import gettext

from planner import clock
from planner.database import reading
from planner.domain.visits import VisitState
from planner.services.days import today as today_service
from planner.services.days.day_visits import DayVisit
from planner.services.days.today import Day, Way
from planner.web.formats import clock_time, duration
from planner.web.maps import ground
from planner.web.signin import actor
from planner.web.today.blueprint import today, today_on
from routing.maps import (
    Ground,
    LegState,
    MapLeg,
    MapPage,
    MapStop,
    StopState,
    box_around,
    cells_of_way,
    day_map,
)

PATH_PRECISION = 5
STATES = {
    VisitState.PLANNED: StopState.AHEAD,
    VisitState.ARRIVED: StopState.NEXT,
    VisitState.LEFT: StopState.DONE,
    VisitState.DONE: StopState.DONE,
    VisitState.MISSED: StopState.MISSED,
    VisitState.SKIPPED: StopState.SKIPPED,
}


@today.get("/<day:on>/map")
def map_page(on: date) -> ResponseReturnValue:
    shown = _day(on)
    drawn = _drawn(shown)
    return render_template("today/map.html", day=shown, map_html=drawn.html if drawn else "")


@today.get("/<day:on>/map.js")
def map_script(on: date) -> ResponseReturnValue:
    drawn = _drawn(_day(on))
    return Response(drawn.script if drawn else "", mimetype="text/javascript")


def _day(on: date) -> Day:
    return today_service.day(reading(), actor(), clock.now(), today_on(), on)


def _drawn(day: Day) -> MapPage | None:
    """The map of the day's route; None when there is no route to draw."""
    under = beneath(day)
    if day.way is None or under is None:
        return None
    return day_map(f"day_{day.on.isoformat()}", _stops(day, day.way), _legs(day, day.way), under)


def beneath(day: Day) -> Ground | None:
    """What the day's map stands on; None when there is no route to draw."""
    if day.way is None:
        return None
    points = [(stop.lon, stop.lat) for stop in _stops(day, day.way)]
    return ground(day.way.network_name, points) if points else None


def ground_along(day: Day) -> list[str]:
    """The addresses of all streets by which the day's map can be read without a network: the first layer,
    then the cells along the way, coarse ones first."""
    under = beneath(day)
    if day.way is None or under is None or not under.first_url:
        return []
    stops = [(stop.lon, stop.lat) for stop in _stops(day, day.way)]
    cells = cells_of_way(box_around(stops), stops, [leg.path for leg in _legs(day, day.way)])
    return [under.first_url, *(under.cells_url.format(z=one.level, x=one.x, y=one.y) for one in cells)]


def _stops(day: Day, way: Way) -> list[MapStop]:
    stops = [_stop(visit, day) for visit in way.visits if visit.lat is not None and visit.lon is not None]
    return [*_ends(day, way), *stops]


def _ends(day: Day, way: Way) -> Iterator[MapStop]:
    """Where the day begins and ends, one mark where both are the same place."""
    before, after = day.nights.before, day.nights.after
    arrives = clock_time(way.forecast.home)
    if way.home is not None and not (before and after):
        lat, lon = way.home
        detail = "" if after else arrives
        yield MapStop(lon, lat, gettext("H"), gettext("Home"), StopState.HOME, detail)
    if before is not None and (after is None or before.place != after.place):
        name = gettext("From your night near %(name)s", name=before.name)
        yield MapStop(before.lon, before.lat, gettext("N"), name, StopState.HOME, "")
    if after is not None:
        name = gettext("Overnight near %(name)s", name=after.name)
        yield MapStop(after.lon, after.lat, gettext("N"), name, StopState.HOME, arrives)


def _stop(visit: DayVisit, day: Day) -> MapStop:
    assert visit.lon is not None
    assert visit.lat is not None
    return MapStop(
        lon=visit.lon,
        lat=visit.lat,
        label=str(visit.number),
        name=visit.name,
        state=StopState.NEXT if visit == day.next_visit else STATES[visit.state],
        detail=_words(visit),
        url=url_for("today.stop", visit_id=visit.visit_id),
    )


def _words(visit: DayVisit) -> str:
    """When it begins, and its window or lateness in words."""
    begins, expected = clock_time(visit.begins), visit.expected
    if expected is not None and expected.missed_by:
        values = {"time": duration(expected.missed_by), "closes": clock_time(visit.windows[-1][1])}
        late = gettext("closes %(closes)s: %(time)s too late", **values)
        return f"{begins} · {late}"
    if visit.closes is not None and expected is not None:
        is_open = gettext("open until %(time)s", time=clock_time(visit.closes))
        return f"{begins} · {is_open}"
    return begins


def _legs(day: Day, way: Way) -> list[MapLeg]:
    """The legs in driving order; the one to the next stop stands out, what is driven steps back."""
    following = day.next_visit
    at = following.number if following is not None and following.number is not None else len(way.visits) + 1
    paths = [*(visit.leg_path for visit in way.visits), way.home_leg_path]
    return [
        MapLeg(_points(path), _leg_state(number, at)) for number, path in enumerate(paths, start=1) if path
    ]


def _leg_state(number: int, at: int) -> LegState:
    if number == at:
        return LegState.CURRENT
    return LegState.DRIVEN if number < at else LegState.AHEAD


def _points(path: str) -> tuple[tuple[float, float], ...]:
    return tuple((lon, lat) for lat, lon in polyline.decode(path, PATH_PRECISION))
