"""Exchange rates, dated and with their source."""

from __future__ import annotations

from flask import flash, redirect, render_template, url_for
from flask.typing import ResponseReturnValue
from flask_babel import gettext

from planner import clock
from planner.database import reading, transaction
from planner.domain.errors import Conflict, Invalid
from planner.services.ledger import exchange_rates
from planner.web.forms.terms import ExchangeForm
from planner.web.forms.trouble import tell
from planner.web.signin import actor
from planner.web.terms.blueprint import terms


@terms.route("/exchange", methods=["GET", "POST"])
def exchange() -> ResponseReturnValue:
    form = ExchangeForm()
    if form.validate_on_submit():
        try:
            with transaction() as session:
                exchange_rates.add(session, actor(), clock.now(), form.exchange())
            flash(gettext("Saved. Expenses entered from now on are reckoned by it."), "good")
            return redirect(url_for("terms.exchange"))
        except Invalid as error:
            tell(form, error)
        except Conflict as error:
            tell(form, error, "effective_from_on")
    shown = render_template("rules/exchange.html", form=form, listed=exchange_rates.listed(reading()))
    return shown, 400 if form.errors else 200


@terms.post("/exchange/<int:exchange_id>/remove")
def remove_exchange(exchange_id: int) -> ResponseReturnValue:
    with transaction() as session:
        exchange_rates.remove(session, actor(), clock.now(), exchange_id)
    flash(gettext("Removed."), "good")
    return redirect(url_for("terms.exchange"))
