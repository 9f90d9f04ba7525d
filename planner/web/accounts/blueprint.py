"""The accounts blueprint, and what its pages share."""

from __future__ import annotations

from datetime import date

from flask import Blueprint

from planner import clock
from planner.web.signin import signed_in

accounts = Blueprint("accounts", __name__, url_prefix="/accounts")


def today() -> date:
    return clock.today(signed_in().zone)
