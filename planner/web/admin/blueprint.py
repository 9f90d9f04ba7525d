"""The blueprint the admin modules hang their views on, and what several of them need."""

from __future__ import annotations

from datetime import date

from flask import Blueprint

from planner import clock
from planner.web.signin import signed_in

admin = Blueprint("admin", __name__, url_prefix="/admin")


def today() -> date:
    return clock.today(signed_in().zone)
