"""Review pages."""

from __future__ import annotations

from flask import Blueprint, render_template
from flask.typing import ResponseReturnValue

review = Blueprint("review", __name__, url_prefix="/review")


@review.get("")
def index() -> ResponseReturnValue:
    return render_template("page.html", title="Review")
