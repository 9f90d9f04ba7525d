"""Schedule pages."""

from __future__ import annotations

from flask import Blueprint, render_template
from flask.typing import ResponseReturnValue

schedule = Blueprint("schedule", __name__, url_prefix="/schedule")


@schedule.get("")
def index() -> ResponseReturnValue:
    return render_template("page.html", title="Schedule")
