"""The log of a month."""

from __future__ import annotations

from datetime import date

from flask import render_template, request
from flask.typing import ResponseReturnValue

from planner.database import reading
from planner.services.month_log import month_log
from planner.web.ledger.blueprint import ledger, today_on
from planner.web.signin import actor


@ledger.get("")
def index() -> ResponseReturnValue:
    log = month_log(reading(), actor(), today_on(), _month(request.args.get("month", "")))
    return render_template("ledger/index.html", log=log)


def _month(text: str) -> date:
    """``2026-03`` as a date in that month; the present month for anything else."""
    try:
        return date.fromisoformat(f"{text}-01")
    except ValueError:
        return today_on()
