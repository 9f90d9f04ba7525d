"""The blueprint of the rep's day, and the local date its views pass on."""

from __future__ import annotations

from datetime import date

from flask import Blueprint

from planner import clock
from planner.web.signin import signed_in
from planner.web.today.change_words import said
from planner.web.today.navigation_apps import links, telephone

today = Blueprint("today", __name__, url_prefix="/today")
today.app_template_global("navigation_links")(links)
today.app_template_filter()(telephone)
today.app_template_filter("changed")(said)


def today_on() -> date:
    """Today in the zone of the rep's territory."""
    return clock.today(signed_in().zone)
