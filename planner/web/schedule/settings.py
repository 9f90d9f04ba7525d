"""The settings of a rep's schedule: how even days are to be and what that costs, what their order is best by;
overtime agreed to come."""

from __future__ import annotations

from datetime import date, timedelta

from flask import flash, redirect, render_template, request, url_for
from flask.typing import ResponseReturnValue
from flask_babel import gettext

from planner import clock
from planner.database import reading, transaction
from planner.domain.day_goals import DayGoal
from planner.domain.errors import Conflict, Invalid
from planner.services.days import goal_choice
from planner.services.installation import settings as installation
from planner.services.schedule import evenness, overtime, schedule_settings
from planner.services.schedule.runs import RunKind
from planner.web.errors import sentence
from planner.web.forms.balance import BalanceForm
from planner.web.schedule.blueprint import chosen_rep, schedule, today
from planner.web.schedule.runs import ask
from planner.web.signin import actor


@schedule.get("/settings")
def settings() -> ResponseReturnValue:
    chosen = chosen_rep()
    found = schedule_settings.of_rep(reading(), actor(), chosen.rep_id, today())
    return render_template(
        "schedule/settings.html",
        chosen=chosen,
        found=found,
        form=BalanceForm.of(found.balance),
        goals=DayGoal,
        taken=found.taken_back(request.args.get("taken", "")),
        taken_seconds=request.args.get("seconds", 0, type=int),
    )


@schedule.post("/settings")
def keep_settings() -> ResponseReturnValue:
    chosen, who, form = chosen_rep(), actor(), BalanceForm()
    if form.validate_on_submit():
        with transaction() as session:
            evenness.choose(session, who, clock.now(), today(), chosen.rep_id, form.choice)
        flash(gettext("Saved. The next plan goes by it."), "good")
    return redirect(url_for("schedule.settings", rep=chosen.rep_id))


@schedule.post("/settings/goal")
def keep_goal() -> ResponseReturnValue:
    rep_id, asked = chosen_rep().rep_id, request.form.get("goal", "")
    if asked in {goal.value for goal in DayGoal}:
        with transaction() as session:
            goal_choice.choose_for(session, actor(), clock.now(), today(), rep_id, DayGoal(asked))
        ask(rep_id, RunKind.ROUTES, today() + timedelta(days=1))
        flash(gettext("Saved. The days from tomorrow on are put in order for it."), "good")
    return redirect(url_for("schedule.settings", rep=rep_id, _anchor="goal"))


@schedule.post("/settings/curve")
def ask_curve() -> ResponseReturnValue:
    """From the first day a plan would change."""
    from_on = installation.first_planned_on(reading(), today())
    run_id = ask(chosen_rep().rep_id, RunKind.BALANCE, from_on)
    return redirect(url_for("schedule.run", run_id=run_id))


@schedule.post("/settings/overtime/<day:on>/remove")
def take_overtime_back(on: date) -> ResponseReturnValue:
    rep_id, who = chosen_rep().rep_id, actor()
    with transaction() as session:
        seconds = overtime.take_back(session, who, clock.now(), today(), rep_id, on)
    ask(rep_id, RunKind.ROUTES, on)
    told = {"taken": on.isoformat(), "seconds": seconds}
    return redirect(url_for("schedule.settings", rep=rep_id, **told, _anchor="overtime"))


@schedule.post("/settings/overtime/<day:on>/undo")
def put_overtime_back(on: date) -> ResponseReturnValue:
    rep_id, who = chosen_rep().rep_id, actor()
    try:
        with transaction() as session:
            seconds = request.form.get("seconds", 0, type=int)
            overtime.put_back(session, who, clock.now(), today(), rep_id, on, seconds)
        ask(rep_id, RunKind.ROUTES, on)
    except (Conflict, Invalid) as error:
        flash(sentence(error), "bad")
    return redirect(url_for("schedule.settings", rep=rep_id, _anchor="overtime"))
