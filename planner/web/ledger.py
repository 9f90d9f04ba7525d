"""Log pages."""

from __future__ import annotations

from flask import Blueprint, render_template
from flask.typing import ResponseReturnValue

ledger = Blueprint("ledger", __name__, url_prefix="/log")


@ledger.get("")
def index() -> ResponseReturnValue:
    return render_template("page.html", title="Log")
