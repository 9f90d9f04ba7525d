"""The way in: everybody lands on the page of their role. And a sign of life for a supervisor."""

from __future__ import annotations

from flask import Blueprint, redirect, url_for
from werkzeug.wrappers import Response

from planner.domain.access import Role
from planner.web.signin import signed_in

home = Blueprint("home", __name__)
health = Blueprint("health", __name__)

LANDING = {Role.REP: "today.index", Role.MANAGER: "team.today", Role.ADMIN: "team.today"}


@home.get("/")
def index() -> Response:
    return redirect(url_for(LANDING[signed_in().role]))


@health.get("/health")
def alive() -> tuple[str, int]:
    return "ok", 200
