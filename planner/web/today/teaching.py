"""Teach it: what is different at a stop becomes an opening hour, a visit length or a moved pin."""

from __future__ import annotations

from datetime import datetime
from zoneinfo import ZoneInfo

from flask import flash, redirect, render_template, request, url_for
from flask.typing import ResponseReturnValue
from sqlalchemy.orm import Session

from planner import clock
from planner.database import reading, transaction
from planner.domain.errors import Conflict, Invalid
from planner.services.days import stops, teaching
from planner.services.days.stops import StopPage
from planner.web.accounts.editing import pin_picker
from planner.web.asked import time_of_day
from planner.web.bell import ring
from planner.web.errors import sentence
from planner.web.formats import zone
from planner.web.installed import networks_folder
from planner.web.signin import actor
from planner.web.today.blueprint import today, today_on
from planner.web.today.mending import asked_position, solve_days_after

NO_TIME = -1
"""Where a form names none: refused as a time that cannot be."""

STEP_MINUTES = 5


@today.get("/visits/<int:visit_id>/teach")
def teach(visit_id: int) -> ResponseReturnValue:
    stop = stops.detail(reading(), actor(), clock.now(), today_on(), visit_id)
    network = stop.day.way.network_name if stop.day.way else ""
    picker = pin_picker(network, stop.visit.lon, stop.visit.lat)
    return render_template(
        "today/teach.html",
        stop=stop,
        network=network,
        map_html=picker.html,
        now_seconds=_half_hour(clock.now()),
        minutes=_minutes(stop),
    )


@today.post("/visits/<int:visit_id>/teach")
def learn(visit_id: int) -> ResponseReturnValue:
    try:
        with transaction() as session:
            change_id = _learn(session, visit_id, request.form.get("lesson", ""))
            solve_days_after(session, today_on())
    except (Invalid, Conflict) as error:
        flash(sentence(error), "bad")
        return redirect(url_for("today.teach", visit_id=visit_id))
    ring()
    return redirect(url_for("today.index", changed=change_id))


def _learn(session: Session, visit_id: int, lesson: str) -> int:
    teaching.at_stop(session, actor(), today_on(), visit_id)
    at = (session, actor(), clock.now(), today_on())
    if lesson == "closed":
        times = [time_of_day(request.form.get(name, "")) for name in ("from", "until")]
        opens, closes = (NO_TIME if time is None else time for time in times)
        return teaching.closed(*at, visit_id, opens, closes, "every" in request.form)
    if lesson == "longer":
        return teaching.longer(*at, visit_id, request.form.get("minutes", 0, type=int))
    place = asked_position()
    if place is None:
        raise Invalid("position", "position_bad")
    hint = request.form.get("hint", "")
    return teaching.moved(*at, networks_folder(), visit_id, place.lat, place.lon, hint)


def _half_hour(now: datetime) -> int:
    """The local time, back to the last half hour."""
    local = now.astimezone(ZoneInfo(zone()))
    return local.hour * 3600 + local.minute // 30 * 1800


def _minutes(stop: StopPage) -> int:
    """How long this visit took, or has taken by now, in steps; its planned length where that is longer."""
    taken = 0.0
    if stop.arrived_at is not None:
        taken = ((stop.left_at or clock.now()) - stop.arrived_at).total_seconds() / 60
    steps = -(-max(taken, stop.visit.service_seconds / 60) // STEP_MINUTES)
    return min(int(steps) * STEP_MINUTES, teaching.LONGEST_MINUTES)
