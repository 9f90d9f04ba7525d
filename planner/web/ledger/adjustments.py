"""What later rates make of the rep's locked trips, to be booked into the open claim."""

from __future__ import annotations

from flask import flash, redirect, render_template, request, url_for
from flask.typing import ResponseReturnValue
from flask_babel import gettext, ngettext

from planner import clock
from planner.database import reading, transaction
from planner.services.ledger import adjustments as adjustments_service
from planner.web.ledger.blueprint import ledger, today_on
from planner.web.signin import actor, signed_in


@ledger.get("/adjustments")
def adjustments() -> ResponseReturnValue:
    waiting = adjustments_service.of_rep(reading(), actor(), today_on(), signed_in().person_id)
    return render_template("ledger/adjustments.html", waiting=waiting)


@ledger.post("/adjustments")
def book_adjustments() -> ResponseReturnValue:
    book(signed_in().person_id)
    return redirect(url_for("ledger.adjustments"))


def book(rep_id: int) -> None:
    """Book what the page showed, and say how much of it was still so."""
    seen = seen_proposals()
    with transaction() as session:
        made = adjustments_service.book(session, actor(), clock.now(), today_on(), rep_id, seen)
        booked = len(made)
    if booked:
        text = ngettext(
            "%(num)s adjustment is in the open claim now.",
            "%(num)s adjustments are in the open claim now.",
            booked,
        )
        flash(text, "good")
    if booked < len(seen):
        flash(gettext("%(n)s changed meanwhile and wait for a look.", n=len(seen) - booked), "warn")


def seen_proposals() -> list[tuple[int, int]]:
    """The proposals on the page, as ``trip:difference`` in minor units."""
    pairs = (text.split(":", 1) for text in request.form.getlist("proposal") if ":" in text)
    return [(int(trip), int(minor)) for trip, minor in pairs if trip.isdecimal() and _is_whole(minor)]


def _is_whole(text: str) -> bool:
    return text.removeprefix("-").isdecimal()
