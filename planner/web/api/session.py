"""Who is signed in, with a fresh token to send with, and which assets this server has."""

from __future__ import annotations

from flask import jsonify
from flask.typing import ResponseReturnValue
from flask_wtf.csrf import generate_csrf

from planner.web import assets
from planner.web.api.blueprint import api
from planner.web.signin import signed_in


@api.get("/session")
def session() -> ResponseReturnValue:
    person = signed_in()
    return jsonify(
        user=person.person_id,
        name=person.name,
        csrf=generate_csrf(),
        version=assets.version(),
    )
