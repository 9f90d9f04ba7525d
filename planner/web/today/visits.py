"""A stop and what happens there: arrived, done with a report, missed, skipped, undo."""

from __future__ import annotations

from datetime import date

from flask import redirect, render_template, request, url_for
from flask.typing import ResponseReturnValue

from planner import clock
from planner.database import reading, transaction
from planner.domain.errors import Conflict, Invalid
from planner.domain.visits import NotHeldReason
from planner.services.days import stops, visits
from planner.services.days.stops import StopPage
from planner.services.installation import settings
from planner.web.errors import sentence
from planner.web.forms.visits import NotHeldForm, ReportForm
from planner.web.signin import actor
from planner.web.today.blueprint import today, today_on

NOT_HELD = {"missed": visits.miss, "skipped": visits.skip}


@today.get("/visits/<int:visit_id>")
def stop(visit_id: int) -> ResponseReturnValue:
    return render_template(
        "today/stop.html", stop=_stop(visit_id), first_app=settings.read(reading()).navigation_app
    )


@today.post("/visits/<int:visit_id>/arrived")
def arrive(visit_id: int) -> ResponseReturnValue:
    with transaction() as session:
        visits.arrive(session, actor(), clock.now(), today_on(), visit_id)
    return redirect(url_for("today.stop", visit_id=visit_id))


@today.post("/visits/<int:visit_id>/undo")
def undo(visit_id: int) -> ResponseReturnValue:
    with transaction() as session:
        on = visits.undo(session, actor(), today_on(), visit_id).on
    return redirect(url_for("today.day", on=on))


@today.route("/visits/<int:visit_id>/report", methods=["GET", "POST"])
def report(visit_id: int) -> ResponseReturnValue:
    form, trouble = ReportForm(), ""
    if form.validate_on_submit():
        try:
            return _finish(visit_id, form)
        except (Invalid, Conflict) as error:
            trouble = sentence(error)
    page = _stop(visit_id)
    if not form.is_submitted():
        form.fill(page)
    return render_template("today/report.html", stop=page, form=form, trouble=trouble), _status(form, trouble)


@today.route("/visits/<int:visit_id>/<any(missed,skipped):how>", methods=["GET", "POST"])
def not_held(visit_id: int, how: str) -> ResponseReturnValue:
    form, trouble = NotHeldForm(), ""
    if form.validate_on_submit():
        try:
            return _not_held(visit_id, how, NotHeldReason(form.reason.data))
        except Conflict as error:
            trouble = sentence(error)
    page = render_template("today/not_held.html", stop=_stop(visit_id), form=form, how=how, trouble=trouble)
    return page, _status(form, trouble)


def _stop(visit_id: int) -> StopPage:
    return stops.detail(reading(), actor(), clock.now(), today_on(), visit_id)


def _finish(visit_id: int, form: ReportForm) -> ResponseReturnValue:
    with transaction() as session:
        on = visits.finish(session, actor(), clock.now(), today_on(), visit_id, form.report()).on
    return _onward(on, visit_id)


def _not_held(visit_id: int, how: str, reason: NotHeldReason) -> ResponseReturnValue:
    with transaction() as session:
        on = NOT_HELD[how](session, actor(), clock.now(), today_on(), visit_id, reason).on
    return _onward(on, visit_id)


def _onward(on: date, visit_id: int) -> ResponseReturnValue:
    """Back to closing the day when that is where the person came from, else to the day."""
    if request.args.get("then") == "close":
        return redirect(url_for("today.close", on=on))
    return redirect(url_for("today.day", on=on, just=visit_id))


def _status(form: ReportForm | NotHeldForm, trouble: str) -> int:
    if trouble:
        return 409
    return 400 if form.errors else 200
