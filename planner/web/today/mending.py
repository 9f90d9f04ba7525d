"""Putting the rest of a day in order from now, and taking back what was changed in one tap."""

from __future__ import annotations

import math
from datetime import date, timedelta

from flask import flash, redirect, request, url_for
from flask.typing import ResponseReturnValue
from flask_babel import gettext
from sqlalchemy.orm import Session

from planner import clock
from planner.database import reading, transaction
from planner.domain.day_goals import DayGoal
from planner.domain.errors import Conflict, Invalid
from planner.services.days import day_changes, goal_choice, replanning
from planner.services.schedule import runs
from planner.services.schedule.runs import RunKind
from planner.web.bell import ring
from planner.web.errors import sentence
from planner.web.installed import networks_folder
from planner.web.signin import actor, signed_in
from planner.web.today.blueprint import today, today_on
from routing.errors import RoutingError
from routing.types import Place

TROUBLES = (Conflict, Invalid, RoutingError)


@today.post("/<day:on>/replan")
def replan(on: date) -> ResponseReturnValue:
    try:
        position = asked_position()
        facts = replanning.read(reading(), actor(), today_on(), on)
        solved = replanning.solve(facts, networks_folder(), clock.now(), position)
        with transaction() as session:
            change_id = replanning.keep(session, clock.now(), facts, solved, position is not None)
    except TROUBLES as error:
        return said(on, error)
    return redirect(url_for("today.day", on=on, changed=change_id))


@today.post("/<day:on>/goal")
def choose_goal(on: date) -> ResponseReturnValue:
    """What is wanted of the days from now on; the one it was asked on is put in order for it at once."""
    asked = request.form.get("goal", "")
    if asked not in {goal.value for goal in DayGoal}:
        return redirect(url_for("today.order", on=on))
    with transaction() as session:
        goal_choice.choose(session, actor(), today_on(), DayGoal(asked))
        solve_days_after(session, today_on())
    ring()
    return replan(on)


@today.post("/changes/<int:change_id>/undo")
def take_back(change_id: int) -> ResponseReturnValue:
    with transaction() as session:
        change = day_changes.undo(session, actor(), clock.now(), today_on(), change_id)
        solve_days_after(session, change.on)
    ring()
    return redirect(url_for("today.day", on=change.on, undone=change_id))


def asked_position() -> Place | None:
    """Where the phone says it is; None where it does not say. Raises Invalid("position", …)."""
    texts = request.form.get("lat", ""), request.form.get("lon", "")
    if not any(texts):
        return None
    try:
        lat, lon = (float(text.replace(",", ".")) for text in texts)
    except ValueError:
        raise Invalid("position", "position_bad") from None
    if not (math.isfinite(lat) and math.isfinite(lon) and abs(lat) <= 90 and abs(lon) <= 180):
        raise Invalid("position", "position_bad")
    return Place(lon, lat, gettext("Your position"))


def solve_days_after(session: Session, on: date) -> None:
    """Have the days solved that a change of this one touched; this one is never put in order unasked."""
    after = on + timedelta(days=1)
    runs.request(session, actor(), clock.now(), signed_in().person_id, RunKind.ROUTES, after)


def said(on: date, error: Conflict | Invalid | RoutingError) -> ResponseReturnValue:
    """Back to the day, with the sentence of what went wrong."""
    flash(sentence(error), "bad")
    return redirect(url_for("today.day", on=on))
