"""Entering a trip by hand."""

from __future__ import annotations

from flask import current_app, flash, redirect, render_template, url_for
from flask.typing import ResponseReturnValue
from flask_babel import gettext

from planner import clock
from planner.database import reading, transaction
from planner.domain.errors import Invalid
from planner.services.ledger import manual_ends, manual_trips
from planner.web.asked import asked_date
from planner.web.forms.driving import ManualTripForm
from planner.web.forms.trouble import tell
from planner.web.ledger.blueprint import ledger, today_on
from planner.web.signin import actor, signed_in


@ledger.route("/trips/new", methods=["GET", "POST"])
def new_trip() -> ResponseReturnValue:
    form, unit = ManualTripForm(on=asked_date("on", today_on())), signed_in().distance_unit
    form.offer(manual_trips.accounts_to_choose(reading(), actor(), today_on()))
    if form.validate_on_submit():
        folder = current_app.config["NETWORKS_FOLDER"]
        try:
            what = form.trip(unit)
            with transaction() as session:
                made = manual_trips.add(session, actor(), clock.now(), today_on(), folder, what).id
            flash(gettext("Saved, marked as entered by hand."), "good")
            return redirect(url_for("ledger.trip", trip_id=made))
        except Invalid as error:
            tell(form, error)
    is_counted = manual_ends.is_way_to_work_counted(reading())
    shown = render_template("ledger/trip_form.html", form=form, unit=unit, is_way_to_work_counted=is_counted)
    return shown, 400 if form.errors else 200
