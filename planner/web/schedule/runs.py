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
    if status.is_answered:
        return redirect(home_of(status))
    return render_template(
        "schedule/run.html",
        title=title(status),
        home=home_of(status),
        status=status,
        failure=failure(status),
        phase=phase_text(status.phase),
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


def title(status: RunStatus) -> str:
    return {
        RunKind.SCHEDULE: gettext("Planning %(name)s", name=status.rep_name),
        RunKind.ROUTES: gettext("Solving the days of %(name)s", name=status.rep_name),
        RunKind.BALANCE: gettext("What even days cost %(name)s", name=status.rep_name),
        RunKind.RULE: gettext("What a rule costs %(name)s", name=status.rep_name),
        RunKind.COVER: gettext("Sharing out the day of %(name)s", name=status.rep_name),
    }[status.kind]


def home_of(status: RunStatus) -> str:
    """The page a run was asked for on; an answer stands there."""
    if status.kind is RunKind.RULE:
        return url_for("schedule.rule", **status.question)
    if status.kind is RunKind.COVER:
        on = date.fromisoformat(status.question["on"])
        return url_for("team.cover", rep_id=status.rep_id, on=on)
    if status.kind is RunKind.BALANCE:
        return url_for("schedule.settings", rep=status.rep_id, _anchor="curve")
    return url_for("schedule.index", rep=status.rep_id)


def failure(status: RunStatus) -> str:
    return sentence(RoundsError(status.error_code, **status.error_values)) if status.error_code else ""


def phase_text(phase: str) -> str:
    """What the worker is doing, in words."""
    return {
        "reading": gettext("Reading accounts and calendars"),
        "roads": gettext("Measuring the roads"),
        "compiling": gettext("Getting the planner ready; the first time this takes a minute or two"),
        "planning": gettext("Choosing days and order"),
        "sharing": gettext("Trying who takes which visit"),
        "storing": gettext("Storing the plan"),
        "routes": gettext("Solving the days along the streets"),
    }.get(phase, gettext("Waiting for its turn"))
