"""The blueprint of the phone's outbox. Its token is asked for after the guard, so that whoever is signed out
hears that, and not that the token is old."""

from __future__ import annotations

from datetime import date

from flask import Blueprint, current_app, request
from flask_wtf.csrf import CSRFError

from planner import clock
from planner.web.signin import signed_in

PERSON = "X-Rounds-Person"
"""Whose items a phone sends: they are nobody else's, whoever has signed in meanwhile."""

api = Blueprint("api", __name__, url_prefix="/api")


@api.before_request
def check_token() -> None:
    """Raises CSRFError, also for what another person's page sends."""
    own = str(signed_in().person_id)
    if request.headers.get(PERSON, own) != own:
        raise CSRFError
    if current_app.config["WTF_CSRF_ENABLED"]:
        current_app.extensions["csrf"].protect()


def today_on() -> date:
    """Today in the zone of the rep's territory."""
    return clock.today(signed_in().zone)
