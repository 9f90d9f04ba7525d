"""A stop and what happens there: arrived, done with a report, missed, skipped, undo."""

from __future__ import annotations

from collections.abc import Sequence
from datetime import date

from flask import redirect, render_template, request, url_for
from flask.typing import ResponseReturnValue

from planner import clock
from planner.database import reading, transaction
from planner.domain.capture import Captured, at_once
from planner.domain.errors import Conflict, Invalid
from planner.domain.visits import NotHeldReason
from planner.services.days import notes, photos, stops, visits
from planner.services.days.photos import NewPhotos
from planner.services.days.stops import StopPage
from planner.services.installation import settings
from planner.web.due_dates import due_dates, own_id
from planner.web.errors import sentence
from planner.web.forms.visits import NoteForm, NotHeldForm, ReportForm
from planner.web.photos import keep_pictures
from planner.web.signin import actor
from planner.web.today.blueprint import today, today_on

NOT_HELD = {"missed": visits.miss, "skipped": visits.skip}


@today.get("/visits/<int:visit_id>")
def stop(visit_id: int) -> ResponseReturnValue:
    return _stop_page(visit_id, NoteForm())


@today.post("/visits/<int:visit_id>/note")
def add_note(visit_id: int) -> ResponseReturnValue:
    form = NoteForm()
    try:
        if form.validate():
            pictures = keep_pictures(form.photos)
            if not form.is_empty(has_photos=bool(pictures)):
                return _add_note(visit_id, form, pictures)
    except Invalid as error:
        form.text.errors = [sentence(error)]
    return _stop_page(visit_id, form), 400


@today.post("/visits/<int:visit_id>/arrived")
def arrive(visit_id: int) -> ResponseReturnValue:
    with transaction() as session:
        visits.arrive(session, actor(), _now(), visit_id)
    return redirect(url_for("today.stop", visit_id=visit_id))


@today.post("/visits/<int:visit_id>/left")
def leave(visit_id: int) -> ResponseReturnValue:
    with transaction() as session:
        on = visits.leave(session, actor(), _now(), visit_id).on
    return redirect(url_for("today.day", on=on, just=visit_id))


@today.post("/visits/<int:visit_id>/undo")
def undo(visit_id: int) -> ResponseReturnValue:
    with transaction() as session:
        on = visits.undo(session, actor(), _now(), visit_id).on
    return redirect(url_for("today.day", on=on))


@today.route("/visits/<int:visit_id>/report", methods=["GET", "POST"])
def report(visit_id: int) -> ResponseReturnValue:
    form, trouble = ReportForm(), ""
    if form.validate_on_submit():
        try:
            return _finish(visit_id, form, keep_pictures(form.photos))
        except (Invalid, Conflict) as error:
            trouble = sentence(error)
    page = _stop(visit_id)
    if not form.is_submitted():
        form.fill(page)
    due, status = due_dates(own_id()), _status(form, trouble)
    return render_template("today/report.html", stop=page, form=form, trouble=trouble, due=due), status


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


def _now() -> Captured:
    return at_once(clock.now(), today_on())


def _stop(visit_id: int) -> StopPage:
    return stops.detail(reading(), actor(), clock.now(), today_on(), visit_id)


def _stop_page(visit_id: int, form: NoteForm) -> str:
    first_app = settings.read(reading()).navigation_app
    return render_template("today/stop.html", stop=_stop(visit_id), note_form=form, first_app=first_app)


def _add_note(visit_id: int, form: NoteForm, pictures: Sequence[int]) -> ResponseReturnValue:
    now, text = clock.now(), form.text.data or ""
    with transaction() as session:
        visit = visits.own(session, actor(), visit_id)
        if text.strip():
            notes.add_to_visit(session, actor(), now, visit, form.uid.data or "", text)
        photos.add(session, actor(), now, NewPhotos(visit.account_id, visit.id, pictures, now))
    return redirect(url_for("today.stop", visit_id=visit_id))


def _finish(visit_id: int, form: ReportForm, pictures: Sequence[int]) -> ResponseReturnValue:
    now = _now()
    with transaction() as session:
        visit = visits.finish(session, actor(), now, visit_id, form.report())
        photos.add(session, actor(), now.at, NewPhotos(visit.account_id, visit.id, pictures, now.at))
        on = visit.on
    return _onward(on, visit_id)


def _not_held(visit_id: int, how: str, reason: NotHeldReason) -> ResponseReturnValue:
    with transaction() as session:
        on = NOT_HELD[how](session, actor(), _now(), visit_id, reason).on
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
