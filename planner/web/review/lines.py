"""One line under review: a day or an expense in full, its map, and what the reviewer says of it."""

from __future__ import annotations

from datetime import date

from flask import Response, abort, current_app, flash, redirect, render_template, request, url_for
from flask.typing import ResponseReturnValue
from flask_babel import gettext

from planner import clock
from planner.database import reading, transaction
from planner.domain.errors import Invalid, NotFound
from planner.domain.review_talk import Act
from planner.services.ledger import claim_pages, corrections
from planner.services.ledger.reviewing import day_page, line_pages, talking
from planner.web.errors import sentence
from planner.web.forms.ledger import EntryReverseForm
from planner.web.ledger.blueprint import what_was_done
from planner.web.review import line_map as maps
from planner.web.review.blueprint import review, today_on
from planner.web.signin import actor

OF_REVIEWERS = frozenset(Act) - {Act.ANSWER, Act.RESTART}


@review.get("/claims/<int:claim_id>/lines/<key>")
def line(claim_id: int, key: str) -> ResponseReturnValue:
    return _shown(claim_id, key)


@review.get("/claims/<int:claim_id>/lines/<day:on>/map.js")
def line_map(claim_id: int, on: date) -> ResponseReturnValue:
    shown = line_pages.page(reading(), actor(), clock.now(), today_on(), claim_id, on.isoformat())
    if shown.day is None:
        raise NotFound("line", key=on.isoformat())
    rep_id, folder = shown.page.row.rep_id, current_app.config["NETWORKS_FOLDER"]
    planned = day_page.planned_paths(reading(), rep_id, on)
    driven = day_page.driven_paths(folder, shown.line.day)
    drawn = maps.drawn(claim_id, shown.day, planned, driven)
    return Response(drawn.script if drawn else "", mimetype="text/javascript")


@review.post("/claims/<int:claim_id>/say/<act>")
def say(claim_id: int, act: str) -> ResponseReturnValue:
    """What is said of the line in the form, or, with a hold, of the claim; then on to what is next."""
    if act not in OF_REVIEWERS:
        abort(404)
    key, text = request.form.get("line", ""), request.form.get("text", "")
    try:
        with transaction() as session:
            talking.say(session, actor(), clock.now(), today_on(), claim_id, Act(act), key, text)
    except Invalid as error:
        return _shown(claim_id, key, sentence(error)), 400
    if act == Act.HOLD:
        flash(gettext("On hold: it is not approved with the others."), "good")
        return redirect(url_for("review.index", held=claim_id))
    return redirect(_next(claim_id, key, Act(act)))


@review.post("/claims/<int:claim_id>/lines/<key>/reverse")
def reverse(claim_id: int, key: str) -> ResponseReturnValue:
    """Take an entry of a claim that was approved back, or let one count again."""
    form = EntryReverseForm()
    if not form.validate_on_submit():
        return _shown(claim_id, key, wrong=form), 400
    page = line_pages.page(reading(), actor(), clock.now(), today_on(), claim_id, key)
    if not page.holds("trip" if form.is_trip else "expense", form.entry_id):
        raise NotFound("line", key=key)
    said = (form.entry_id, form.uid.data or "", form.reason.data or "")
    reversing = corrections.reverse_trip if form.is_trip else corrections.reverse_expense
    with transaction() as session:
        done = corrections.done(session, reversing(session, actor(), clock.now(), today_on(), *said))
    flash(what_was_done(done), "good")
    return redirect(url_for("review.line", claim_id=claim_id, key=key))


def _next(claim_id: int, key: str, act: Act) -> str:
    """The claim, at the line to look at next; one looked at can be taken back there."""
    page = claim_pages.page(reading(), actor(), clock.now(), today_on(), claim_id)
    at = key if act is Act.UNLOOK else _following(page, key)
    done = key if act is Act.LOOK else None
    return url_for("review.claim", claim_id=claim_id, at=at or None, done=done)


def _following(page: claim_pages.ClaimPage, key: str) -> str:
    """The first open line behind this one, else the first of all; empty when none is left."""
    keys = [each.key for each in page.reviewed.open]
    lines = [each.key for each in page.reviewed.lines]
    place = lines.index(key) if key in lines else -1
    behind = [each for each in keys if lines.index(each) > place]
    return next(iter([*behind, *keys]), "")


def _shown(claim_id: int, key: str, trouble: str = "", wrong: EntryReverseForm | None = None) -> str:
    shown = line_pages.page(reading(), actor(), clock.now(), today_on(), claim_id, key)
    drawn = maps.drawn(claim_id, shown.day) if shown.day else None
    return render_template(
        "review/line.html",
        shown=shown,
        trouble=trouble,
        reverse=wrong or EntryReverseForm(formdata=None),
        map_html=drawn.html if drawn else "",
    )
