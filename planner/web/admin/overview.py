"""The admin's first page: what there is, and what is missing."""

from __future__ import annotations

from flask import current_app, render_template
from flask.typing import ResponseReturnValue

from planner.database import reading
from planner.services.installation import overview
from planner.web.admin.blueprint import admin, today
from planner.web.installed import networks_folder


@admin.get("")
def index() -> ResponseReturnValue:
    found = overview.read(reading(), today(), networks_folder(), current_app.config["BACKUPS_FOLDER"])
    return render_template("admin/index.html", found=found)
