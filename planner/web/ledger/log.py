"""The log of a month."""

from __future__ import annotations

from flask import render_template
from flask.typing import ResponseReturnValue

from planner import clock
from planner.database import reading
from planner.services.ledger import unsubmitted
from planner.services.ledger.month_log import month_log
from planner.services.ledger.reviewing import questions
from planner.web.asked import asked_month
from planner.web.ledger.blueprint import ledger, today_on
from planner.web.signin import actor


@ledger.get("")
def index() -> ResponseReturnValue:
    log = month_log(reading(), actor(), today_on(), asked_month("month", today_on()))
    asked = questions.waiting(reading(), actor(), clock.now())
    own = unsubmitted.of_rep(reading(), actor().user_id, today_on())
    return render_template("ledger/index.html", log=log, asked=asked, unsubmitted=own)
