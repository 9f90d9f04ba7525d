"""Admin pages."""

from __future__ import annotations

from flask import Blueprint, render_template
from flask.typing import ResponseReturnValue

admin = Blueprint("admin", __name__, url_prefix="/admin")


@admin.get("")
def index() -> ResponseReturnValue:
    return render_template("page.html", title="Admin")
