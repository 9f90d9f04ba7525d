"""Lists of trips, expenses and claims, by pages, with the filter in the address so that files
hold all of it."""

from __future__ import annotations

from datetime import timedelta
from typing import Any

from flask import render_template, request
from flask.typing import ResponseReturnValue

from planner import clock
from planner.database import reading
from planner.domain.claims import ClaimState
from planner.services.company import reps
from planner.services.ledger import ledger_pages
from planner.services.ledger.ledger_lists import Filter
from planner.services.ledger.ledger_pages import ListPage
from planner.web.asked import asked_date
from planner.web.paging import page_asked
from planner.web.review.blueprint import review, today_on
from planner.web.signin import actor

ONE_DAY = timedelta(days=1)
NOBODY = 0
ASKED = ("rep", "from", "to", "state", "flagged")
"""What an address may say about the filter."""


@review.get("/trips")
def trips() -> ResponseReturnValue:
    wanted = filter_asked()
    return _list(
        "trips", wanted, ledger_pages.trips(reading(), actor(), clock.now(), today_on(), wanted, page_asked())
    )


@review.get("/expenses")
def expenses() -> ResponseReturnValue:
    wanted = filter_asked()
    page = ledger_pages.expenses(reading(), actor(), clock.now(), today_on(), wanted, page_asked())
    return _list("expenses", wanted, page)


@review.get("/claims")
def all_claims() -> ResponseReturnValue:
    wanted = filter_asked()
    page = ledger_pages.claims(reading(), actor(), clock.now(), today_on(), wanted, page_asked())
    return _list("claims", wanted, page)


def filter_asked() -> Filter:
    """The filter in the address; without dates the last month and this one up to today."""
    today = today_on()
    first = asked_date("from", (today.replace(day=1) - ONE_DAY).replace(day=1))
    last = asked_date("to", max(today, first))
    state = request.args.get("state", "")
    return Filter(
        from_on=first,
        until_on=max(last, first) + ONE_DAY,
        rep_id=rep_asked(),
        state=ClaimState(state) if state in set(ClaimState) else None,
        only_flagged=request.args.get("flagged") == "1",
    )


def _list(name: str, wanted: Filter, page: ListPage[Any]) -> str:
    choices = reps.choices(reading(), actor(), today_on())
    asked = {key: request.args[key] for key in ASKED if request.args.get(key)}
    states = list(ClaimState)
    return render_template(
        f"review/{name}.html", wanted=wanted, reps=choices, states=states, asked=asked, page=page
    )


def rep_asked() -> int | None:
    """The rep's id in the address. Anything that cannot be one matches nobody."""
    text = request.args.get("rep", "")
    if not text:
        return None
    return int(text) if text.isascii() and text.isdigit() and len(text) < 10 else NOBODY
