"""What a rep drove in the tax year before Rounds kept count."""

from __future__ import annotations

from datetime import date

from flask import abort, flash, redirect, render_template, request, url_for
from flask.typing import ResponseReturnValue
from flask_babel import gettext

from planner import clock
from planner.database import reading, transaction
from planner.domain.errors import Invalid
from planner.domain.mileage_rates import VehicleKind
from planner.services.company import people
from planner.services.ledger import driven_before
from planner.web.admin.blueprint import admin, today
from planner.web.forms.driven_before import DrivenBeforeForm
from planner.web.forms.trouble import tell
from planner.web.signin import actor, signed_in


@admin.route("/people/<int:person_id>/driven-before", methods=["GET", "POST"])
def driven_before_rounds(person_id: int) -> ResponseReturnValue:
    page = driven_before.page(reading(), person_id, today())
    form, unit = DrivenBeforeForm(), signed_in().distance_unit
    form.offer(page)
    if form.validate_on_submit():
        who, on = actor(), today()
        try:
            metres = form.metres(unit)
            with transaction() as session:
                driven_before.note(
                    session, who, clock.now(), on, person_id, form.chosen_kind, form.year_from_on, metres
                )
            flash(gettext("Saved. Open claims are priced anew."), "good")
            return redirect(url_for("admin.driven_before_rounds", person_id=person_id))
        except Invalid as error:
            tell(form, error)
    person = people.detail(reading(), person_id, today())
    return render_template("admin/driven_before.html", person=person, page=page, form=form, unit=unit)


@admin.post("/people/<int:person_id>/driven-before/remove")
def remove_driven_before(person_id: int) -> ResponseReturnValue:
    try:
        kind = VehicleKind(request.form.get("kind", ""))
        year_from_on = date.fromisoformat(request.form.get("year", ""))
    except ValueError:
        abort(404)
    who = actor()
    with transaction() as session:
        driven_before.remove(session, who, clock.now(), person_id, kind, year_from_on)
    flash(gettext("Removed. Open claims are priced anew."), "good")
    return redirect(url_for("admin.driven_before_rounds", person_id=person_id))
