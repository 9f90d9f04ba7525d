"""A rep's trips as an official log, for those who answer for them: without the address of their home."""

from __future__ import annotations

from flask import Response, render_template
from flask.typing import ResponseReturnValue

from planner.database import reading
from planner.services.company import reps
from planner.web.logs import documents
from planner.web.logs.asked import asked_log
from planner.web.logs.pages import page
from planner.web.review.blueprint import review, today_on
from planner.web.review.lists import NOBODY, rep_asked
from planner.web.signin import actor


@review.get("/official")
def official() -> ResponseReturnValue:
    choices = reps.choices(reading(), actor(), today_on())
    rep_id = rep_asked() or (choices[0].rep_id if choices else None)
    if rep_id is None:
        return render_template("review/official.html", asked=None, reps=choices)
    return page("review/official.html", asked_log(rep_id, today_on()), reps=choices, rep_id=rep_id)


@review.get("/official.<any(pdf,xlsx):file_kind>")
def official_file(file_kind: str) -> Response:
    return documents.answer(asked_log(rep_asked() or NOBODY, today_on()).log, file_kind)
