"""Mileage rates, dated and with their source, and the limit above which a receipt is needed."""

from __future__ import annotations

from flask import Blueprint, flash, redirect, render_template, url_for
from flask.typing import ResponseReturnValue
from flask_babel import gettext

from planner import clock
from planner.database import reading, transaction
from planner.domain.errors import Invalid
from planner.services.ledger import expense_policy
from planner.services.ledger import rates as rates_service
from planner.web.forms.rates import RateForm, ReceiptLimitForm
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
            flash(gettext("Saved. It holds for days driven from then on."), "good")
            return redirect(url_for("rates.index"))
        except Invalid as error:
            tell(form, error)
    return _shown(form=form), 400 if form.errors else 200


@rates.post("/<int:rate_id>/remove")
def remove(rate_id: int) -> ResponseReturnValue:
    with transaction() as session:
        rates_service.remove(session, actor(), clock.now(), rate_id)
    flash(gettext("Removed."), "good")
    return redirect(url_for("rates.index"))


@rates.post("/receipts")
def receipt_limit() -> ResponseReturnValue:
    limit = ReceiptLimitForm()
    if limit.validate_on_submit():
        try:
            with transaction() as session:
                currency, above = limit.wanted()
                expense_policy.set_limit(session, actor(), clock.now(), currency, above)
            flash(gettext("Saved."), "good")
            return redirect(url_for("rates.index"))
        except Invalid as error:
            tell(limit, error)
    return _shown(limit=limit), 400


def _shown(form: RateForm | None = None, limit: ReceiptLimitForm | None = None) -> str:
    return render_template(
        "rules/rates.html",
        form=form or RateForm(formdata=None),
        limit=limit or ReceiptLimitForm(formdata=None),
        listed=rates_service.listed(reading()),
        limits=expense_policy.limits(reading()),
    )
