"""The rep's own trips as an official log."""

from __future__ import annotations

from flask import Response
from flask.typing import ResponseReturnValue

from planner.web.ledger.blueprint import ledger, today_on
from planner.web.logs import documents
from planner.web.logs.asked import asked_log
from planner.web.logs.pages import page
from planner.web.signin import actor


@ledger.get("/official")
def official() -> ResponseReturnValue:
    return page("ledger/official.html", asked_log(actor().user_id, today_on()))


@ledger.get("/official.<any(pdf,xlsx):file_kind>")
def official_file(file_kind: str) -> Response:
    return documents.answer(asked_log(actor().user_id, today_on()).log, file_kind)
