"""The day to take along: GPX for a navigation device, iCalendar for a calendar."""

from __future__ import annotations

from datetime import date

from flask import Response
from flask_babel import gettext

from planner import clock
from planner.database import reading
from planner.domain.errors import NotFound
from planner.domain.visits import VisitState
from planner.services.days import day_files
from planner.services.days import today as today_service
from planner.services.days.day_files import FileDay, FileEnd, FileStop
from planner.services.days.day_visits import DayVisit
from planner.services.days.nights import Night
from planner.web.formats import day as day_words
from planner.web.formats import zone
from planner.web.signin import actor
from planner.web.today.blueprint import today, today_on


@today.get("/<day:on>/day.gpx")
def gpx_file(on: date) -> Response:
    return _file(on, "gpx", "application/gpx+xml", day_files.gpx(_day(on)))


@today.get("/<day:on>/day.ics")
def ics_file(on: date) -> Response:
    return _file(on, "ics", "text/calendar; charset=utf-8", day_files.ics(_day(on), clock.now()))


def _day(on: date) -> FileDay:
    """Raises NotFound("day_route") for a day without a route."""
    shown = today_service.day(reading(), actor(), clock.now(), today_on(), on)
    if shown.way is None:
        raise NotFound("day_route")
    begins_at, ends_at = (_end(night, shown.way.home) for night in (shown.nights.before, shown.nights.after))
    return FileDay(
        on=on,
        zone=zone(),
        title=f"Rounds, {day_words(on)}",
        begins_at=begins_at,
        ends_at=ends_at,
        home_leg_path=shown.way.home_leg_path,
        stops=tuple(_stop(visit) for visit in shown.way.visits if visit.state is not VisitState.SKIPPED),
    )


def _end(night: Night | None, home: tuple[float, float] | None) -> FileEnd | None:
    if night is not None:
        name = gettext("Overnight near %(name)s", name=night.name)
        return FileEnd(name, night.place.lat, night.place.lon)
    return None if home is None else FileEnd(gettext("Home"), *home)


def _stop(visit: DayVisit) -> FileStop:
    return FileStop(
        uid=visit.uid,
        name=visit.name,
        address=visit.address,
        lat=visit.lat,
        lon=visit.lon,
        begins=visit.begins or 0,
        service_seconds=visit.service_seconds,
        leg_path=visit.leg_path,
    )


def _file(on: date, ending: str, mimetype: str, content: bytes) -> Response:
    name = f"rounds-{on.isoformat()}.{ending}"
    headers = {"Content-Disposition": f'attachment; filename="{name}"'}
    return Response(content, content_type=mimetype, headers=headers)
