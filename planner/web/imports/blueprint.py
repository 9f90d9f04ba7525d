"""The import blueprint, and what its pages share."""

from __future__ import annotations

from datetime import date
from pathlib import Path

from flask import Blueprint, current_app

from planner import clock
from planner.web.signin import signed_in

imports = Blueprint("imports", __name__, url_prefix="/import")


def today() -> date:
    return clock.today(signed_in().zone)


def folder() -> Path:
    kept: Path = current_app.config["IMPORTS_FOLDER"]
    return kept
