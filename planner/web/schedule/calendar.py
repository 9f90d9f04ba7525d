"""The cycle calendar, a day of it, and the due list."""

from __future__ import annotations

from datetime import date

from flask import render_template
from flask.typing import ResponseReturnValue

from planner.database import reading
from planner.services.installation import settings
from planner.services.schedule import due_list, run_status, schedule_calendar, schedule_day
from planner.services.schedule.runs import RunKind
from planner.web.schedule.blueprint import chosen_rep, schedule, today
from planner.web.signin import actor


@schedule.get("")
def index() -> ResponseReturnValue:
    chosen = chosen_rep()
    calendar = schedule_calendar.calendar(reading(), actor(), chosen.rep_id, today())
    run_id = run_status.open_run_of(reading(), chosen.rep_id)
    return render_template(
        "schedule/index.html",
        chosen=chosen,
        calendar=calendar,
        today=today(),
        plan_from=settings.first_planned_on(reading(), today()),
        run_id=run_id,
    )


@schedule.get("/days/<day:on>")
def day(on: date) -> ResponseReturnValue:
    chosen = chosen_rep()
    shown = schedule_day.day(reading(), actor(), chosen.rep_id, on, today())
    run_id = None if shown.has_times else run_status.open_run_of(reading(), chosen.rep_id, [RunKind.ROUTES])
    return render_template("schedule/day.html", chosen=chosen, shown=shown, today=today(), run_id=run_id)


@schedule.get("/due")
def due() -> ResponseReturnValue:
    chosen = chosen_rep()
    entries = due_list.due_list(reading(), actor(), chosen.rep_id, today())
    return render_template("schedule/due.html", chosen=chosen, entries=entries)
