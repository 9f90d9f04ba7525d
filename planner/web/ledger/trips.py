"""A trip: what it is made of, its history, and correcting or reversing it."""

from __future__ import annotations

from flask import flash, redirect, render_template, url_for
from flask.typing import ResponseReturnValue

from planner import clock
from planner.database import reading, transaction
from planner.domain.errors import Invalid
from planner.services.ledger import corrections, entry_pages
from planner.services.ledger.entry_pages import TripPage
from planner.web.forms.ledger import ReverseForm, TripForm
from planner.web.forms.trouble import tell
from planner.web.ledger.blueprint import ledger, purpose, today_on, what_was_done
from planner.web.signin import actor, signed_in


@ledger.get("/trips/<int:trip_id>")
def trip(trip_id: int) -> ResponseReturnValue:
    return _shown(_page(trip_id))


@ledger.post("/trips/<int:trip_id>/correct")
def correct_trip(trip_id: int) -> ResponseReturnValue:
    form, page = TripForm(), _page(trip_id)
    if form.validate_on_submit():
        try:
            what = form.change(page, signed_in().distance_unit, purpose(page.trip.purpose))
            with transaction() as session:
                row = corrections.correct_trip(session, actor(), clock.now(), today_on(), trip_id, what)
                new, said = row.id, what_was_done(corrections.done(session, row))
            flash(said, "good")
            return redirect(url_for("ledger.trip", trip_id=new))
        except Invalid as error:
            tell(form, error)
    return _shown(_page(trip_id), form=form), 400


@ledger.post("/trips/<int:trip_id>/reverse")
def reverse_trip(trip_id: int) -> ResponseReturnValue:
    form = ReverseForm()
    if form.validate_on_submit():
        said = (form.uid.data or "", form.reason.data or "")
        with transaction() as session:
            row = corrections.reverse_trip(session, actor(), clock.now(), today_on(), trip_id, *said)
            new, done = row.id, what_was_done(corrections.done(session, row))
        flash(done, "good")
        return redirect(url_for("ledger.trip", trip_id=new))
    return _shown(_page(trip_id), reverse=form), 400


def _page(trip_id: int) -> TripPage:
    return entry_pages.trip_page(reading(), actor(), today_on(), trip_id)


def _shown(page: TripPage, form: TripForm | None = None, reverse: ReverseForm | None = None) -> str:
    unit = signed_in().distance_unit
    form = form or TripForm.of(page, unit, purpose(page.trip.purpose))
    reverse = reverse or ReverseForm(formdata=None)
    return render_template("ledger/trip.html", page=page, form=form, reverse=reverse, unit=unit)
