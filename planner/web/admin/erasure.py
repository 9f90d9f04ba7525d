"""Erasing a person: what goes and what stays, asked for with the name typed, and taken back."""

from __future__ import annotations

from flask import flash, redirect, render_template, request, url_for
from flask.typing import ResponseReturnValue
from flask_babel import gettext, lazy_gettext

from planner import clock
from planner.database import reading, transaction
from planner.domain.errors import Conflict, Invalid
from planner.services.company import erasing
from planner.services.company import people as people_service
from planner.web.admin.blueprint import admin, today
from planner.web.errors import sentence
from planner.web.formats import day
from planner.web.signin import actor

GOES = {
    "devices": lazy_gettext("Signed-in devices"),
    "sync_items": lazy_gettext("What their phones have sent, as a list"),
    "absences": lazy_gettext("Absences, working hours, overtime, rules for nights away"),
    "nights": lazy_gettext("Nights away"),
    "changes": lazy_gettext("Changes of days on the road"),
    "ways": lazy_gettext("Ways of their days (they begin at home); times and distances stay"),
    "pictures": lazy_gettext("Pictures that belong to nothing"),
    "attempts": lazy_gettext("Tries to sign in"),
    "history": lazy_gettext(
        "What the audit log says of them; that something was changed, when and by whom stays"
    ),
}
STAYS = {
    "visits": lazy_gettext("Visits: the history of the accounts"),
    "notes": lazy_gettext("Notes about accounts, by the pseudonym"),
    "follow_ups": lazy_gettext("Follow-ups of accounts, by the pseudonym"),
    "photos": lazy_gettext("Photos of accounts, by the pseudonym"),
    "trips": lazy_gettext("Trips: for tax. Home, nights and the vehicle's name go from them"),
    "expenses": lazy_gettext("Expenses: for tax. The note beside each goes"),
    "receipts": lazy_gettext("Receipts of expenses: for tax, as long as the books are kept"),
    "claims": lazy_gettext("Claims and every decision on them"),
    "exports": lazy_gettext("Claims in export files: those bytes never change"),
}


@admin.route("/people/<int:person_id>/erasure", methods=["GET", "POST"])
def erasure(person_id: int) -> ResponseReturnValue:
    trouble = ""
    if request.method == "POST":
        try:
            return _ask(person_id)
        except (Conflict, Invalid) as error:
            trouble = sentence(error)
    return render_template(
        "admin/erasure.html",
        person=people_service.detail(reading(), person_id, today()),
        preview=erasing.preview(reading(), person_id),
        goes=GOES,
        stays=STAYS,
        days=erasing.WAITS.days,
        trouble=trouble,
        typed=request.form.get("name", ""),
    )


@admin.post("/people/<int:person_id>/erasure/back")
def take_erasure_back(person_id: int) -> ResponseReturnValue:
    who = actor()
    with transaction() as session:
        erasing.take_back(session, who, clock.now(), person_id)
    flash(gettext("Will not be erased. Shut out they stay."), "good")
    return redirect(url_for("admin.person", person_id=person_id))


def _ask(person_id: int) -> ResponseReturnValue:
    who, on, name = actor(), today(), request.form.get("name", "")
    with transaction() as session:
        night = erasing.ask(session, who, clock.now(), on, person_id, name, "settled" in request.form)
    flash(gettext("Shut out. Will be erased in the night of %(day)s.", day=day(night)), "good")
    return redirect(url_for("admin.person", person_id=person_id))
