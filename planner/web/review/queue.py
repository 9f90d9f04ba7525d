"""The reviewer's queue: exceptions first, then what is within policy, then what payroll waits for."""

from __future__ import annotations

from flask import flash, redirect, render_template, request, url_for
from flask.typing import ResponseReturnValue
from flask_babel import gettext, ngettext

from planner import clock
from planner.database import reading, transaction
from planner.services.ledger import claim_pages
from planner.web.review.blueprint import review, today_on
from planner.web.signin import actor


@review.get("")
def index() -> ResponseReturnValue:
    return render_template("review/index.html", queue=claim_pages.queue(reading(), actor(), today_on()))


@review.post("/approve-clean")
def approve_clean() -> ResponseReturnValue:
    with transaction() as session:
        done, left = claim_pages.approve_clean(session, actor(), clock.now(), today_on(), _seen())
    flash(ngettext("%(num)s claim approved.", "%(num)s claims approved.", done), "good")
    if left:
        flash(gettext("%(n)s changed meanwhile and wait for a look.", n=left), "warn")
    return redirect(url_for("review.index"))


def _seen() -> list[tuple[int, int]]:
    """The claims on the page, as ``id:rev``."""
    pairs = (text.split(":", 1) for text in request.form.getlist("claim") if ":" in text)
    return [(int(claim_id), int(rev)) for claim_id, rev in pairs if claim_id.isdigit() and rev.isdigit()]
