"""The odometer against the log, and what the rep drives since when."""

from __future__ import annotations

from datetime import date

from flask import flash, redirect, render_template, url_for
from flask.typing import ResponseReturnValue
from flask_babel import gettext

from planner import clock
from planner.database import reading, transaction
from planner.domain.errors import Invalid
from planner.domain.odometer import Occasion
from planner.services.ledger import odometer_pages, odometers, vehicles
from planner.web.asked import asked_month
from planner.web.forms.driving import OdometerForm, VehicleForm
from planner.web.forms.trouble import tell
from planner.web.ledger.blueprint import ledger, today_on
from planner.web.signin import actor, signed_in


@ledger.route("/odometer", methods=["GET", "POST"])
def odometer() -> ResponseReturnValue:
    form = OdometerForm(on=today_on())
    if form.validate_on_submit():
        try:
            metres, occasion = form.metres(signed_in().distance_unit), Occasion(form.occasion.data)
            with transaction() as session:
                what = form.on.data, occasion, metres, form.reason.data or ""
                odometers.record(session, actor(), clock.now(), today_on(), *what)
            flash(gettext("Noted."), "good")
            return redirect(url_for("ledger.odometer", month=f"{form.on.data:%Y-%m}"))
        except Invalid as error:
            tell(form, error)
    return _shown(form=form), 400 if form.errors else 200


@ledger.post("/vehicles")
def change_vehicle() -> ResponseReturnValue:
    form = VehicleForm()
    if form.validate_on_submit():
        try:
            what = form.vehicle(signed_in().distance_unit)
            with transaction() as session:
                vehicles.change(session, actor(), clock.now(), what)
            flash(gettext("Noted. Trips of days closed from then on name it."), "good")
            return redirect(url_for("ledger.odometer"))
        except Invalid as error:
            tell(form, error)
    return _shown(vehicle=form), 400


@ledger.post("/vehicles/<day:since>/remove")
def take_back_vehicle(since: date) -> ResponseReturnValue:
    with transaction() as session:
        vehicles.take_back(session, actor(), clock.now(), since)
    flash(gettext("Removed."), "good")
    return redirect(url_for("ledger.odometer"))


def _shown(form: OdometerForm | None = None, vehicle: VehicleForm | None = None) -> str:
    page = odometer_pages.page(reading(), actor(), today_on(), asked_month("month", today_on()))
    return render_template(
        "ledger/odometer.html",
        page=page,
        form=form or OdometerForm(formdata=None, on=today_on()),
        vehicle=vehicle or VehicleForm(formdata=None, from_on=today_on()),
        unit=signed_in().distance_unit,
    )
