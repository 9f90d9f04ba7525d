"""Import pages."""

from __future__ import annotations

from flask import Blueprint, render_template
from flask.typing import ResponseReturnValue

imports = Blueprint("imports", __name__, url_prefix="/import")


@imports.get("")
def index() -> ResponseReturnValue:
    return render_template("page.html", title="Import")
