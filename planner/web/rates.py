"""Mileage rates, dated and with their source."""

from __future__ import annotations

from flask import Blueprint, flash, redirect, render_template, url_for
from flask.typing import ResponseReturnValue
from flask_babel import gettext, ngettext

from planner import clock
from planner.database import reading, transaction
from planner.domain.errors import Invalid
from planner.services.ledger import known_rates
from planner.services.ledger import rates as rates_service
from planner.web.forms.rates import RateForm
from planner.web.forms.trouble import tell
from planner.web.signin import actor

rates = Blueprint("rates", __name__, url_prefix="/rules/rates")


@rates.route("", methods=["GET", "POST"])
def index() -> ResponseReturnValue:
    form = RateForm()
    if form.validate_on_submit():
        try:
            with transaction() as session:
                rates_service.add(session, actor(), clock.now(), form.rate())
            flash(
                gettext(
                    "Saved. Trips in open claims are priced by it; for locked ones adjustments are proposed."
                ),
                "good",
            )
            return redirect(url_for("rates.index"))
        except Invalid as error:
            tell(form, error)
    return _shown(form=form), 400 if form.errors else 200


@rates.post("/<int:rate_id>/confirm")
def confirm(rate_id: int) -> ResponseReturnValue:
    with transaction() as session:
        rates_service.confirm(session, actor(), clock.now(), rate_id)
    flash(gettext("Marked as checked."), "good")
    return redirect(url_for("rates.index"))


@rates.post("/known/<country>")
def take(country: str) -> ResponseReturnValue:
    with transaction() as session:
        taken = known_rates.take(session, actor(), clock.now(), country)
    if taken.added:
        text = ngettext(
            "%(num)s rate taken over. Compare it with its source, then mark it as checked.",
            "%(num)s rates taken over. Compare each with its source, then mark it as checked.",
            taken.added,
        )
        flash(text, "good")
    if taken.left:
        flash(gettext("Where you have a rate of your own it stays: %(n)s left.", n=taken.left), "warn")
    return redirect(url_for("rates.index"))


@rates.post("/<int:rate_id>/remove")
def remove(rate_id: int) -> ResponseReturnValue:
    with transaction() as session:
        rates_service.remove(session, actor(), clock.now(), rate_id)
    flash(gettext("Removed."), "good")
    return redirect(url_for("rates.index"))


def _shown(form: RateForm | None = None) -> str:
    return render_template(
        "rules/rates.html",
        form=form or RateForm(formdata=None),
        listed=rates_service.listed(reading()),
        known=known_rates.countries(reading()),
    )
