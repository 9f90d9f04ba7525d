"""The day on a map: html in the page, the script from an address of its own with the same element ids."""

from __future__ import annotations

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
from planner.web.formats import clock_time
from planner.web.maps import ground
from planner.web.signin import actor
from planner.web.today.blueprint import today, today_on
from routing.maps import LegState, MapLeg, MapPage, MapStop, StopState, day_map

PATH_PRECISION = 5
STATES = {
    VisitState.PLANNED: StopState.AHEAD,
    VisitState.ARRIVED: StopState.NEXT,
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
    if day.way is None:
        return None
    stops = _stops(day, day.way)
    if not stops:
        return None
    points = [(stop.lon, stop.lat) for stop in stops]
    beneath = ground(day.way.network_name, points)
    return day_map(f"day_{day.on.isoformat()}", stops, _legs(day, day.way), beneath)


def _stops(day: Day, way: Way) -> list[MapStop]:
    stops = [_stop(visit, day) for visit in way.visits if visit.lat is not None and visit.lon is not None]
    if way.home is not None:
        lat, lon = way.home
        detail = clock_time(way.forecast.home)
        stops.insert(0, MapStop(lon, lat, gettext("H"), gettext("Home"), StopState.HOME, detail))
    return stops


def _stop(visit: DayVisit, day: Day) -> MapStop:
    assert visit.lon is not None
    assert visit.lat is not None
    return MapStop(
        lon=visit.lon,
        lat=visit.lat,
        label=str(visit.number),
        name=visit.name,
        state=StopState.NEXT if visit == day.next_visit else STATES[visit.state],
        detail=clock_time(visit.begins),
        url=url_for("today.stop", visit_id=visit.visit_id),
    )


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
