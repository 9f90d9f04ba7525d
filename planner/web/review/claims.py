"""One claim under review: its lines, and the steps of a reviewer."""

from __future__ import annotations

from flask import abort, flash, redirect, render_template, request, url_for
from flask.typing import ResponseReturnValue

from planner import clock
from planner.database import reading, transaction
from planner.domain.claims import ClaimAction
from planner.domain.errors import Invalid
from planner.services.ledger import claim_pages, claims
from planner.web.errors import sentence
from planner.web.receipts import send_receipt
from planner.web.review.blueprint import review, today_on
from planner.web.signin import actor
from planner.web.words import word


@review.get("/claims/<int:claim_id>")
def claim(claim_id: int) -> ResponseReturnValue:
    return _shown(claim_id)


@review.post("/claims/<int:claim_id>/<action>")
def decide(claim_id: int, action: str) -> ResponseReturnValue:
    if action not in set(ClaimAction):
        abort(404)
    reason, rev = request.form.get("reason", ""), request.form.get("rev", 0, type=int)
    try:
        with transaction() as session:
            now, today = clock.now(), today_on()
            row = claims.step(session, actor(), now, today, claim_id, rev, ClaimAction(action), reason)
            done = word(row.state)
    except Invalid as error:
        return _shown(claim_id, sentence(error)), 400
    flash(done.capitalize() + ".", "good")
    return redirect(url_for("review.claim", claim_id=claim_id))


@review.get("/expenses/<int:expense_id>/receipt")
def receipt(expense_id: int) -> ResponseReturnValue:
    return send_receipt(expense_id, today_on())


def _shown(claim_id: int, trouble: str = "") -> str:
    page = claim_pages.page(reading(), actor(), today_on(), claim_id)
    return render_template("review/claim.html", page=page, trouble=trouble)
