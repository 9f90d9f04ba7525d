"""The road networks in use, and the commands that bring others."""

from __future__ import annotations

from flask import render_template
from flask.typing import ResponseReturnValue

from planner.web.admin.blueprint import admin, networks_folder
from routing.network import list_networks


@admin.get("/roads")
def roads() -> ResponseReturnValue:
    return render_template("admin/roads.html", networks=list_networks(networks_folder()))
