"""Agreed visits and changes by hand: appointment, must-visit, pin, another day, call off."""

from __future__ import annotations

from datetime import date

from flask import flash, redirect, render_template, request, url_for
from flask.typing import ResponseReturnValue
from flask_babel import gettext

from planner import clock
from planner.database import reading, transaction
from planner.domain.errors import Conflict, Invalid
from planner.services.schedule import agreements
from planner.services.schedule.agreements import Changed, Wish
from planner.services.schedule.runs import RunKind
from planner.web.asked import asked_date
from planner.web.errors import sentence
from planner.web.formats import day
from planner.web.forms.agreement import AgreementForm
from planner.web.schedule.blueprint import schedule, today
from planner.web.schedule.runs import ask
from planner.web.signin import actor


@schedule.route("/agree/<int:account_id>", methods=["GET", "POST"])
def agree(account_id: int) -> ResponseReturnValue:
    name = agreements.account_name(reading(), actor(), account_id, today())
    form = AgreementForm(data={"on": asked_date("on", today())} if "on" in request.args else None)
    if form.validate_on_submit():
        wish = Wish(account_id, form.on.data, form.begins_seconds, form.leeway.data * 60)
        try:
            with transaction() as session:
                changed = agreements.agree(session, actor(), clock.now(), today(), wish)
            flash(gettext("Agreed for %(day)s. No re-plan will move it.", day=day(changed.on)), "good")
            return solved(changed)
        except Invalid as error:
            form.refuse(error.field, sentence(error))
    return render_template("schedule/agree.html", form=form, name=name, account_id=account_id, today=today())


@schedule.post("/visits/<int:visit_id>/pin")
def pin(visit_id: int) -> ResponseReturnValue:
    with transaction() as session:
        changed = agreements.pin(session, actor(), today(), visit_id, request.form.get("pinned") == "1")
    return shown(changed.rep_id, changed.on)


@schedule.post("/visits/<int:visit_id>/move")
def move(visit_id: int) -> ResponseReturnValue:
    """A day that breaks a rule is refused with the rule; the visit stays where it is."""
    stands = agreements.visit_to_come(reading(), actor(), visit_id, today())
    try:
        on = date.fromisoformat(request.form.get("on", ""))
        with transaction() as session:
            changed = agreements.move(session, actor(), clock.now(), today(), visit_id, on)
    except ValueError:
        flash(gettext("Choose the day to move the visit to."), "bad")
        return shown(stands.rep_id, stands.on)
    except (Invalid, Conflict) as error:
        flash(sentence(error), "bad")
        return shown(stands.rep_id, stands.on)
    flash(gettext("Moved to %(day)s and pinned there.", day=day(changed.on)), "good")
    return solved(changed)


@schedule.post("/visits/<int:visit_id>/call-off")
def call_off(visit_id: int) -> ResponseReturnValue:
    with transaction() as session:
        changed = agreements.call_off(session, actor(), clock.now(), today(), visit_id)
    flash(gettext("Called off."), "good")
    return solved(changed)


def solved(changed: Changed) -> ResponseReturnValue:
    """Have the days concerned solved again, and show the visit's day meanwhile."""
    ask(changed.rep_id, RunKind.ROUTES, changed.from_on)
    return shown(changed.rep_id, changed.on)


def shown(rep_id: int, on: date) -> ResponseReturnValue:
    return redirect(url_for("schedule.day", on=on, rep=rep_id))
