"""Per diems by country, kind of day and minutes away."""

from __future__ import annotations

from flask import flash, redirect, render_template, url_for
from flask.typing import ResponseReturnValue
from flask_babel import gettext, ngettext

from planner import clock
from planner.database import reading, transaction
from planner.domain.errors import Conflict, Invalid
from planner.services.ledger import per_diem_rates
from planner.web.forms.terms import PerDiemForm
from planner.web.forms.trouble import tell
from planner.web.signin import actor
from planner.web.terms.blueprint import terms


@terms.route("/per-diem", methods=["GET", "POST"])
def per_diem() -> ResponseReturnValue:
    form = PerDiemForm()
    if form.validate_on_submit():
        try:
            with transaction() as session:
                per_diem_rates.add(session, actor(), clock.now(), form.per_diem())
            flash(gettext("Saved. It is proposed for days claimed from now on."), "good")
            return redirect(url_for("terms.per_diem"))
        except Invalid as error:
            tell(form, error)
        except Conflict as error:
            tell(form, error, "effective_from_on")
    listed, known = per_diem_rates.listed(reading()), per_diem_rates.countries(reading())
    shown = render_template("rules/per_diem.html", form=form, listed=listed, known=known)
    return shown, 400 if form.errors else 200


@terms.post("/per-diem/<int:per_diem_id>/confirm")
def confirm_per_diem(per_diem_id: int) -> ResponseReturnValue:
    with transaction() as session:
        per_diem_rates.confirm(session, actor(), clock.now(), per_diem_id)
    flash(gettext("Marked as checked."), "good")
    return redirect(url_for("terms.per_diem"))


@terms.post("/per-diem/<int:per_diem_id>/remove")
def remove_per_diem(per_diem_id: int) -> ResponseReturnValue:
    with transaction() as session:
        per_diem_rates.remove(session, actor(), clock.now(), per_diem_id)
    flash(gettext("Removed."), "good")
    return redirect(url_for("terms.per_diem"))


@terms.post("/per-diem/known/<country>")
def take_per_diems(country: str) -> ResponseReturnValue:
    with transaction() as session:
        added = per_diem_rates.take(session, actor(), clock.now(), country)
    text = ngettext(
        "%(num)s amount taken over. Compare it with its source, then mark it as checked.",
        "%(num)s amounts taken over. Compare each with its source, then mark it as checked.",
        added,
    )
    flash(text, "good")
    return redirect(url_for("terms.per_diem"))
