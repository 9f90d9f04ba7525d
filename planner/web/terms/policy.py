"""The policy on expenses: caps, and from what amount a receipt is needed, by date."""

from __future__ import annotations

from flask import flash, redirect, render_template, url_for
from flask.typing import ResponseReturnValue
from flask_babel import gettext

from planner import clock
from planner.database import reading, transaction
from planner.domain.errors import Conflict, Invalid
from planner.services.ledger import expense_policy
from planner.web.forms.terms import PolicyForm
from planner.web.forms.trouble import tell
from planner.web.signin import actor, signed_in
from planner.web.terms.blueprint import terms


@terms.route("", methods=["GET", "POST"])
def policy() -> ResponseReturnValue:
    form = PolicyForm()
    if form.validate_on_submit():
        try:
            with transaction() as session:
                expense_policy.add(session, actor(), clock.now(), form.rule())
            flash(gettext("Saved. It holds for expenses entered from now on."), "good")
            return redirect(url_for("terms.policy"))
        except Invalid as error:
            tell(form, error)
        except Conflict as error:
            tell(form, error, "effective_from_on")
    listed = expense_policy.listed(reading(), clock.today(signed_in().zone))
    return render_template("rules/expense_policy.html", form=form, listed=listed), 400 if form.errors else 200


@terms.post("/<int:rule_id>/remove")
def remove_policy(rule_id: int) -> ResponseReturnValue:
    with transaction() as session:
        expense_policy.remove(session, actor(), clock.now(), rule_id)
    flash(gettext("Removed."), "good")
    return redirect(url_for("terms.policy"))
