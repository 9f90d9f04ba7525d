"""Rules pages."""

from __future__ import annotations

from flask import Blueprint, render_template
from flask.typing import ResponseReturnValue

rules = Blueprint("rules", __name__, url_prefix="/rules")


@rules.get("")
def index() -> ResponseReturnValue:
    return render_template("page.html", title="Rules")
