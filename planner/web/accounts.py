"""Accounts pages."""

from __future__ import annotations

from flask import Blueprint, render_template
from flask.typing import ResponseReturnValue

accounts = Blueprint("accounts", __name__, url_prefix="/accounts")


@accounts.get("")
def index() -> ResponseReturnValue:
    return render_template("page.html", title="Accounts")
