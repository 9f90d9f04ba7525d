"""The amounts above which a claim needs two approvals, by currency."""

from __future__ import annotations

from flask import Blueprint, flash, redirect, render_template, url_for
from flask.typing import ResponseReturnValue
from flask_babel import gettext

from planner import clock
from planner.database import reading, transaction
from planner.domain.errors import Invalid
from planner.services.ledger import approvals
from planner.web.forms.periods import ApprovalLimitForm
from planner.web.forms.trouble import tell
from planner.web.signin import actor

approval_limits = Blueprint("approval_limits", __name__, url_prefix="/rules/approvals")


@approval_limits.route("", methods=["GET", "POST"])
def index() -> ResponseReturnValue:
    form = ApprovalLimitForm()
    if form.validate_on_submit():
        try:
            with transaction() as session:
                approvals.set_limit(session, actor(), clock.now(), *form.wanted())
            flash(gettext("Saved. It holds for what is approved from now on."), "good")
            return redirect(url_for("approval_limits.index"))
        except Invalid as error:
            tell(form, error)
    shown = render_template("rules/approvals.html", form=form, limits=approvals.limits(reading()))
    return shown, 400 if form.errors else 200
