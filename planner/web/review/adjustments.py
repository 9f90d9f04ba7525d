"""What later rates make of locked trips of the team, for those who answer for it."""

from __future__ import annotations

from flask import redirect, render_template, url_for
from flask.typing import ResponseReturnValue

from planner.database import reading
from planner.services.ledger import adjustments as adjustments_service
from planner.web.ledger.adjustments import book
from planner.web.review.blueprint import review, today_on
from planner.web.signin import actor


@review.get("/adjustments")
def adjustments() -> ResponseReturnValue:
    waiting = adjustments_service.of_team(reading(), actor(), today_on())
    return render_template("review/adjustments.html", waiting=waiting)


@review.post("/adjustments/<int:rep_id>")
def book_adjustments(rep_id: int) -> ResponseReturnValue:
    book(rep_id)
    return redirect(url_for("review.adjustments"))
