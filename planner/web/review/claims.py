"""One claim under review: its lines, and the steps of a reviewer."""

from __future__ import annotations

from flask import abort, flash, redirect, render_template, request, url_for
from flask.typing import ResponseReturnValue
from flask_babel import gettext

from planner import clock
from planner.database import reading, transaction
from planner.domain.claims import ClaimAction, ClaimState
from planner.domain.errors import Invalid
from planner.services.ledger import claim_pages, claims, export_batches, presets
from planner.services.ledger.export_batches import WaitingFilter
from planner.web.errors import sentence
from planner.web.maps import allow_tiles
from planner.web.receipts import send_receipt
from planner.web.review.blueprint import review, today_on
from planner.web.review.exports import export
from planner.web.signin import actor
from planner.web.words import word

LISTED_AT_ONCE = 400
"""Lines of a claim. A month of a rep has some two hundred; a page of thousands opens slowly, to be read by
nobody as a whole: what needs a look stands before them, and they are one click away."""


@review.get("/claims/<int:claim_id>")
def claim(claim_id: int) -> ResponseReturnValue:
    return _shown(claim_id)


@review.post("/claims/<int:claim_id>/<action>")
def decide(claim_id: int, action: str) -> ResponseReturnValue:
    if action not in set(ClaimAction) - {ClaimAction.ENDORSE}:
        abort(404)
    reason, rev = request.form.get("reason", ""), request.form.get("rev", 0, type=int)
    if action == ClaimAction.EXPORT:
        export([(claim_id, rev)], presets.USUAL, WaitingFilter())
        return redirect(url_for("review.claim", claim_id=claim_id))
    try:
        with transaction() as session:
            now, today = clock.now(), today_on()
            row = claims.step(session, actor(), now, today, claim_id, rev, ClaimAction(action), reason)
            state, rev = row.state, row.rev
    except Invalid as error:
        return _shown(claim_id, sentence(error)), 400
    if ClaimAction(action) is ClaimAction.APPROVE and state is ClaimState.APPROVED:
        # The queue's own bar says so, with Undo.
        return redirect(url_for("review.index", approved=f"{claim_id}:{rev}"))
    flash(_told(state, ClaimAction(action)), "good")
    return redirect(_next(claim_id, ClaimAction(action)))


@review.get("/expenses/<int:expense_id>/receipt")
def receipt(expense_id: int) -> ResponseReturnValue:
    return send_receipt(expense_id, today_on())


def _next(claim_id: int, action: ClaimAction) -> str:
    """Where a reviewer goes on: in the queue once it is decided."""
    if action is ClaimAction.RETURN:
        return url_for("review.index")
    return url_for("review.claim", claim_id=claim_id)


def _told(state: ClaimState, action: ClaimAction) -> str:
    if action is ClaimAction.APPROVE and state is ClaimState.SUBMITTED:
        return gettext("Approved. It is above the limit, so somebody else has to approve it too.")
    return word(state).capitalize() + "."


def _shown(claim_id: int, trouble: str = "") -> str:
    page = claim_pages.page(reading(), actor(), clock.now(), today_on(), claim_id)
    batch_id = export_batches.of_claim(reading(), claim_id)
    allow_tiles()
    return render_template(
        "review/claim.html",
        page=page,
        trouble=trouble,
        batch_id=batch_id,
        lists_all="all" in request.args or page.checked.line_count <= LISTED_AT_ONCE,
    )
