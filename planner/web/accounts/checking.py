"""The data check: what stands in the way of planning, with the way to put it right."""

from __future__ import annotations

from flask import render_template
from flask.typing import ResponseReturnValue

from planner.database import reading
from planner.services.accounts import data_check
from planner.web.accounts.blueprint import accounts, networks_folder, today
from planner.web.signin import actor


@accounts.get("/check")
def check() -> ResponseReturnValue:
    checked = data_check.check(reading(), actor(), today(), networks_folder())
    return render_template("accounts/check.html", checked=checked)
