"""Today pages."""

from __future__ import annotations

from flask import Blueprint, render_template
from flask.typing import ResponseReturnValue

today = Blueprint("today", __name__, url_prefix="/today")


@today.get("")
def index() -> ResponseReturnValue:
    return render_template("page.html", title="Today")
