"""Planning runs: ask for one, watch it, call it off."""

from __future__ import annotations

from datetime import date, timedelta

from flask import flash, jsonify, redirect, render_template, request, url_for
from flask.typing import ResponseReturnValue
from flask_babel import gettext

from planner import clock
from planner.database import reading, transaction
from planner.domain.errors import RoundsError
from planner.services.schedule import run_status, runs
from planner.services.schedule.run_status import RunStatus
from planner.services.schedule.runs import RunKind
from planner.web.bell import ring
from planner.web.errors import sentence
from planner.web.schedule.blueprint import chosen_rep, schedule, today
from planner.web.signin import actor


@schedule.post("/plan")
def plan() -> ResponseReturnValue:
    rep_id, from_on = chosen_rep().rep_id, first_day()
    if from_on is None:
        flash(gettext("Choose today or a later day to plan from."), "bad")
        return redirect(url_for("schedule.index", rep=rep_id))
    return redirect(url_for("schedule.run", run_id=ask(rep_id, RunKind.SCHEDULE, from_on)))


@schedule.post("/days/<day:on>/order")
def put_in_order(on: date) -> ResponseReturnValue:
    return redirect(url_for("schedule.run", run_id=ask(chosen_rep().rep_id, RunKind.ROUTES, on)))


@schedule.get("/runs/<int:run_id>")
def run(run_id: int) -> ResponseReturnValue:
    status = run_status.status(reading(), actor(), run_id, today())
    return render_template(
        "schedule/run.html", status=status, failure=failure(status), phase=phase_text(status.phase)
    )


@schedule.get("/runs/<int:run_id>/state")
def run_state(run_id: int) -> ResponseReturnValue:
    status = run_status.status(reading(), actor(), run_id, today())
    return jsonify(progress=status.progress, phase=phase_text(status.phase), is_over=status.is_over)


@schedule.post("/runs/<int:run_id>/cancel")
def cancel_run(run_id: int) -> ResponseReturnValue:
    with transaction() as session:
        runs.cancel(session, actor(), clock.now(), run_id)
    ring()
    return redirect(url_for("schedule.run", run_id=run_id))


def ask(rep_id: int, kind: RunKind, from_on: date) -> int:
    """Put a run into the queue and wake the dispatcher; returns the run's id."""
    with transaction() as session:
        run_id = runs.request(session, actor(), clock.now(), rep_id, kind, from_on)
    ring()
    return run_id


def first_day() -> date | None:
    """The day to plan from: tomorrow unless the form says another; None for what is past or no date."""
    text = request.form.get("from_on", "")
    try:
        chosen = date.fromisoformat(text) if text else today() + timedelta(days=1)
    except ValueError:
        return None
    return chosen if chosen >= today() else None


def failure(status: RunStatus) -> str:
    return sentence(RoundsError(status.error_code, **status.error_values)) if status.error_code else ""


def phase_text(phase: str) -> str:
    """What the worker is doing, in words."""
    return {
        "reading": gettext("Reading accounts and calendars"),
        "roads": gettext("Measuring the roads"),
        "compiling": gettext("Getting the planner ready; the first time this takes half a minute"),
        "planning": gettext("Choosing days and order"),
        "storing": gettext("Storing the plan"),
        "routes": gettext("Solving the days along the streets"),
    }.get(phase, gettext("Waiting for its turn"))
