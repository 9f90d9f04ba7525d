"""Why an account got no day, what would help, and applying that with a way back."""

from __future__ import annotations

from flask import flash, redirect, render_template, request, url_for
from flask.typing import ResponseReturnValue

from planner import clock
from planner.database import reading, transaction
from planner.domain.errors import Conflict, Invalid
from planner.services.schedule import repairing, what_helps
from planner.services.schedule.runs import RunKind
from planner.web.errors import sentence
from planner.web.installed import networks_folder
from planner.web.schedule.blueprint import schedule, today
from planner.web.schedule.finding import off_the_roads
from planner.web.schedule.runs import ask
from planner.web.signin import actor


@schedule.get("/help/<int:account_id>")
def help(account_id: int) -> ResponseReturnValue:
    try:
        found = what_helps.what_helps(reading(), actor(), networks_folder(), account_id, today())
    except Conflict as conflict:
        return off_the_roads(conflict, account_id)
    return render_template("schedule/help.html", found=found)


@schedule.post("/help/<int:account_id>")
def repair(account_id: int) -> ResponseReturnValue:
    """What was offered is tried again before it is done; a plan that has changed since offers anew."""
    found = what_helps.what_helps(reading(), actor(), networks_folder(), account_id, today())
    try:
        offer = repairing.chosen(found, request.form.get("offer", ""))
        with transaction() as session:
            done = repairing.apply(session, actor(), clock.now(), today(), account_id, offer)
    except (Conflict, Invalid) as error:
        flash(sentence(error), "bad")
        return redirect(url_for("schedule.help", account_id=account_id))
    return solved(done)


@schedule.get("/repairs/<int:repair_id>")
def repaired(repair_id: int) -> ResponseReturnValue:
    done = repairing.applied(reading(), actor(), repair_id, today())
    return render_template("schedule/repaired.html", done=done)


@schedule.post("/repairs/<int:repair_id>/undo")
def take_back(repair_id: int) -> ResponseReturnValue:
    try:
        with transaction() as session:
            done = repairing.undo(session, actor(), clock.now(), today(), repair_id)
    except Conflict as error:
        flash(sentence(error), "bad")
        return redirect(url_for("schedule.repaired", repair_id=repair_id))
    return solved(done)


def solved(done: repairing.Applied) -> ResponseReturnValue:
    """Have the days concerned solved again, and show what was done."""
    ask(done.rep_id, RunKind.ROUTES, done.from_on)
    return redirect(url_for("schedule.repaired", repair_id=done.repair_id))
