"""The reviewer's queue: exceptions first, then what is within policy, then what payroll waits for.

What was decided a moment ago stands in the address, so that it can be taken back from the page that follows.
"""

from __future__ import annotations

from flask import flash, redirect, render_template, request, url_for
from flask.typing import ResponseReturnValue
from flask_babel import gettext, ngettext

from planner import clock
from planner.database import reading, transaction
from planner.services.ledger import unsubmitted
from planner.services.ledger.reviewing import queue
from planner.web.review.blueprint import MOST_QUEUED, claims_seen, pairs, review, today_on
from planner.web.signin import actor


@review.get("")
def index() -> ResponseReturnValue:
    return render_template(
        "review/index.html",
        queue=queue.queue(reading(), actor(), clock.now(), today_on()),
        unsubmitted=unsubmitted.of_team(reading(), actor(), today_on()),
        approved=pairs(request.args.getlist("approved")),
        held=request.args.get("held", type=int),
        most=MOST_QUEUED,
    )


@review.post("/approve-clean")
def approve_clean() -> ResponseReturnValue:
    with transaction() as session:
        decided = queue.approve_clean(session, actor(), clock.now(), today_on(), claims_seen())
    if decided.left:
        flash(gettext("%(n)s changed meanwhile and wait for a look.", n=decided.left), "warn")
    if decided.endorsed:
        flash(
            ngettext(
                "%(num)s is above the limit: yours is the first approval of two.",
                "%(num)s are above the limit: yours is the first approval of two.",
                decided.endorsed,
            ),
            "good",
        )
    approved = [f"{claim_id}:{rev}" for claim_id, rev in decided.done]
    return redirect(url_for("review.index", approved=approved))


@review.post("/take-back")
def take_back() -> ResponseReturnValue:
    with transaction() as session:
        decided = queue.take_back(session, actor(), clock.now(), today_on(), claims_seen())
    done = len(decided.done)
    flash(ngettext("%(num)s approval taken back.", "%(num)s approvals taken back.", done), "good")
    if decided.left:
        flash(gettext("%(n)s went on meanwhile and stay as they are.", n=decided.left), "warn")
    return redirect(url_for("review.index"))
