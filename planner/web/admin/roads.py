"""The road networks and the travel engine in use, and the commands that bring other roads."""

from __future__ import annotations

from flask import render_template
from flask.typing import ResponseReturnValue

from planner.database import reading
from planner.services import roads as roads_service
from planner.web.admin.blueprint import admin
from planner.web.errors import sentence
from planner.web.installed import networks_folder
from routing.network import list_networks


@admin.get("/roads")
def roads() -> ResponseReturnValue:
    engine = roads_service.engine_state(reading(), networks_folder())
    return render_template(
        "admin/roads.html",
        networks=list_networks(networks_folder()),
        engine=engine,
        trouble=sentence(engine.trouble) if engine.trouble else "",
    )
