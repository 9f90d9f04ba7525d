"""How long what is kept: the table, what the next night removes, and the terms an admin may set."""

from __future__ import annotations

from flask import flash, redirect, render_template, request, url_for
from flask.typing import ResponseReturnValue
from flask_babel import gettext, lazy_gettext

from planner import clock
from planner.database import reading, transaction
from planner.domain.errors import Invalid
from planner.domain.retention import LEGAL_TERMS, TERMS, Kept
from planner.services.installation import retention as retention_service
from planner.services.installation import retention_terms
from planner.web.admin.blueprint import admin
from planner.web.errors import sentence
from planner.web.signin import actor

WORDS = {
    Kept.WAYS: (
        lazy_gettext("Ways of days changed on the road"),
        lazy_gettext("from the day, once it is closed"),
        lazy_gettext("One may begin where a rep stood. Until then a change can be taken back."),
    ),
    Kept.PICTURES: (
        lazy_gettext("Pictures that nothing names"),
        lazy_gettext("from their arrival"),
        lazy_gettext("A phone may still send what they belong to."),
    ),
    Kept.SYNC_ITEMS: (
        lazy_gettext("The list of what phones have sent"),
        lazy_gettext("from their arrival"),
        lazy_gettext("So that nothing counts twice; entries are taken for 400 days."),
    ),
    Kept.RUNS: (
        lazy_gettext("Planning runs without a plan that stands"),
        lazy_gettext("from their end"),
        lazy_gettext("To tell why a plan failed."),
    ),
    Kept.ATTEMPTS: (
        lazy_gettext("Tries to sign in, with the network address"),
        lazy_gettext("from the try"),
        lazy_gettext("Against guessing passwords."),
    ),
    Kept.SESSIONS: (
        lazy_gettext("Devices that are signed out"),
        lazy_gettext("from their end"),
        lazy_gettext("To see who was signed in where."),
    ),
    Kept.POSITIONS: (
        lazy_gettext("Positions"),
        lazy_gettext("never stored"),
        lazy_gettext("Arrived and left are times; nobody is followed."),
    ),
    Kept.IMPORTS: (
        lazy_gettext("Lists uploaded and not imported"),
        lazy_gettext("one day"),
        lazy_gettext("What was imported keeps what was there before, so that it can be undone."),
    ),
    Kept.NOTES: (
        lazy_gettext("Notes and photos of accounts"),
        lazy_gettext("stay"),
        lazy_gettext("They are the firm's history of its accounts."),
    ),
    Kept.RECEIPTS: (
        lazy_gettext("Receipts of expenses"),
        lazy_gettext("stay"),
        lazy_gettext("They prove money, and belong to the books."),
    ),
    Kept.MONEY: (
        lazy_gettext("Trips, expenses, claims, export files"),
        lazy_gettext("stay"),
        lazy_gettext("Nothing of the books is removed by itself; the database refuses it."),
    ),
    Kept.AUDIT: (
        lazy_gettext("The audit log"),
        lazy_gettext("stays"),
        lazy_gettext("Each entry proves the one before. What it says of an erased person goes with them."),
    ),
}
"""Of each kind: what it is, from when the term counts (or what holds instead of one), and the reason."""


@admin.route("/retention", methods=["GET", "POST"])
def retention() -> ResponseReturnValue:
    wrong: dict[str, str] = {}
    if request.method == "POST":
        try:
            return _change()
        except Invalid as error:
            wrong = {error.field: sentence(error)}
    now = clock.now()
    return render_template(
        "admin/retention.html",
        words=WORDS,
        terms=TERMS,
        days=retention_terms.days(reading()),
        counts=retention_service.counts(reading(), now, now.date()),
        legal=LEGAL_TERMS,
        wrong=wrong,
        typed=request.form,
    )


def _change() -> ResponseReturnValue:
    who, wanted = actor(), {}
    for kind in TERMS:
        if kind.value in request.form:
            wanted[kind] = request.form.get(kind.value, 0, type=int)
    with transaction() as session:
        retention_terms.change(session, who, clock.now(), wanted)
    flash(gettext("Saved."), "good")
    return redirect(url_for("admin.retention"))
