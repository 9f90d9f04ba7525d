"""The rep's claim: what it comes to, what is missing, submitting it and taking it back."""

from __future__ import annotations

from flask import flash, redirect, render_template, request, url_for
from flask.typing import ResponseReturnValue
from flask_babel import gettext

from planner import clock
from planner.database import reading, transaction
from planner.domain.claims import ClaimAction
from planner.domain.errors import Invalid
from planner.domain.review_talk import Act
from planner.services.ledger import claim_pages, claims
from planner.services.ledger.reviewing import talking
from planner.web.errors import sentence
from planner.web.ledger.blueprint import ledger, today_on
from planner.web.signin import actor


@ledger.get("/claims/<int:claim_id>")
def claim(claim_id: int) -> ResponseReturnValue:
    return _shown(claim_id)


@ledger.post("/claims/<int:claim_id>/submit")
def submit(claim_id: int) -> ResponseReturnValue:
    _step(claim_id, ClaimAction.SUBMIT)
    flash(gettext("Submitted. You see here what is decided."), "good")
    return redirect(url_for("ledger.claim", claim_id=claim_id))


@ledger.post("/claims/<int:claim_id>/withdraw")
def withdraw(claim_id: int) -> ResponseReturnValue:
    _step(claim_id, ClaimAction.WITHDRAW)
    flash(gettext("Taken back: you can add and correct entries again."), "good")
    return redirect(url_for("ledger.claim", claim_id=claim_id))


@ledger.post("/claims/<int:claim_id>/answer")
def answer(claim_id: int) -> ResponseReturnValue:
    line, text = request.form.get("line", ""), request.form.get("text", "")
    try:
        with transaction() as session:
            talking.say(session, actor(), clock.now(), today_on(), claim_id, Act.ANSWER, line, text)
    except Invalid as error:
        return _shown(claim_id, line, sentence(error)), 400
    flash(gettext("Answered. It is shown with the entry."), "good")
    return redirect(url_for("ledger.claim", claim_id=claim_id))


def _shown(claim_id: int, wrong_line: str = "", trouble: str = "") -> str:
    page = claim_pages.page(reading(), actor(), clock.now(), today_on(), claim_id)
    return render_template("ledger/claim.html", page=page, wrong_line=wrong_line, trouble=trouble)


def _step(claim_id: int, action: ClaimAction) -> None:
    rev = request.form.get("rev", 0, type=int)
    with transaction() as session:
        claims.step(session, actor(), clock.now(), today_on(), claim_id, rev, action)
