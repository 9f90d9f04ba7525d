"""Team pages."""

from __future__ import annotations

from flask import Blueprint, render_template
from flask.typing import ResponseReturnValue

team = Blueprint("team", __name__, url_prefix="/team")


@team.get("")
def today() -> ResponseReturnValue:
    return render_template("page.html", title="Team")
