"""Months closed for a team: which, since when, by whom and why; closing one, opening one again."""

from __future__ import annotations

from flask import flash, redirect, render_template, request, url_for
from flask.typing import ResponseReturnValue
from flask_babel import gettext

from planner import clock
from planner.database import reading, transaction
from planner.domain.errors import Invalid
from planner.services.ledger import period_locks
from planner.web.errors import sentence
from planner.web.forms.periods import LockForm
from planner.web.forms.trouble import tell
from planner.web.review.blueprint import review, today_on
from planner.web.signin import actor


@review.route("/months", methods=["GET", "POST"])
def months() -> ResponseReturnValue:
    form, page = LockForm(), period_locks.page(reading(), actor(), today_on())
    form.offer(page)
    if form.validate_on_submit():
        try:
            with transaction() as session:
                what = (form.territory.data, form.on, form.reason.data)
                period_locks.lock(session, actor(), clock.now(), today_on(), *what)
            flash(gettext("Closed. What comes late for it goes into the next open month."), "good")
            return redirect(url_for("review.months"))
        except Invalid as error:
            tell(form, error)
    return _shown(form), 400 if form.errors else 200


@review.post("/months/<int:lock_id>/open")
def open_month(lock_id: int) -> ResponseReturnValue:
    try:
        with transaction() as session:
            why = request.form.get("reason", "")
            period_locks.unlock(session, actor(), clock.now(), today_on(), lock_id, why)
        flash(gettext("Open again."), "good")
    except Invalid as error:
        flash(sentence(error), "bad")
    return redirect(url_for("review.months"))


def _shown(form: LockForm) -> str:
    page = period_locks.page(reading(), actor(), today_on())
    form.offer(page)
    return render_template("review/months.html", form=form, page=page)
