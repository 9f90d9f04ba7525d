"""Errors to answers, once: a class gives the status, a code gives the sentence.

The sentences stand in ``planner.web.sentences``, by subject.
"""

from __future__ import annotations

from http import HTTPStatus

from flask import Flask, current_app, jsonify, render_template, request
from flask.typing import ResponseReturnValue
from flask_babel import gettext, lazy_gettext
from flask_wtf.csrf import CSRFError
from sqlalchemy.exc import OperationalError
from werkzeug.exceptions import HTTPException

from planner.domain.errors import Conflict, Invalid, NotAllowed, NotFound, RoundsError
from planner.web.error_values import in_words
from planner.web.sentences import SENTENCES
from routing.errors import RoutingError

STATUS: dict[type[RoundsError], HTTPStatus] = {
    NotFound: HTTPStatus.NOT_FOUND,
    NotAllowed: HTTPStatus.FORBIDDEN,
    Invalid: HTTPStatus.BAD_REQUEST,
    Conflict: HTTPStatus.CONFLICT,
}


TITLES = {
    HTTPStatus.BAD_REQUEST: lazy_gettext("Something in this is not right"),
    HTTPStatus.UNAUTHORIZED: lazy_gettext("Sign in first"),
    HTTPStatus.FORBIDDEN: lazy_gettext("Not for your role"),
    HTTPStatus.NOT_FOUND: lazy_gettext("Not found"),
    HTTPStatus.CONFLICT: lazy_gettext("Things have changed meanwhile"),
    HTTPStatus.SERVICE_UNAVAILABLE: lazy_gettext("Not just now"),
    HTTPStatus.REQUEST_ENTITY_TOO_LARGE: lazy_gettext("That is too large"),
    HTTPStatus.METHOD_NOT_ALLOWED: lazy_gettext("Not in this way"),
    HTTPStatus.INTERNAL_SERVER_ERROR: lazy_gettext("This went wrong on our side"),
}

TEXTS = {
    HTTPStatus.UNAUTHORIZED: lazy_gettext("You are signed out. Sign in, then try again."),
    HTTPStatus.FORBIDDEN: lazy_gettext("Your role does not open this page. Ask an admin if it should."),
    HTTPStatus.INTERNAL_SERVER_ERROR: lazy_gettext(
        "Nothing was saved in this step. It stands in the server's log; try again, or tell your admin."
    ),
}
"""What to say where no error of ours says it."""

DEADLOCK = "40P01"
"""What PostgreSQL calls it."""

AT_ONCE = lazy_gettext(
    "Somebody else changed this at the same moment, so nothing was stored."
    " Look at it again, then try once more."
)

API = "/api/"
"""Below this path all answers are JSON, errors too: ``error`` is a code, ``message`` the sentence."""

API_CODES = {
    HTTPStatus.UNAUTHORIZED: "signed_out",
    HTTPStatus.FORBIDDEN: "not_allowed",
    HTTPStatus.NOT_FOUND: "not_found",
    HTTPStatus.METHOD_NOT_ALLOWED: "method",
    HTTPStatus.REQUEST_ENTITY_TOO_LARGE: "too_large",
    HTTPStatus.INTERNAL_SERVER_ERROR: "server",
    HTTPStatus.SERVICE_UNAVAILABLE: "not_now",
}


def sentence(error: RoundsError | RoutingError) -> str:
    """The translated sentence of an error, fit for the person."""
    text = SENTENCES.get(error.code)
    if text is None:
        return gettext("That did not work (%(code)s).", code=error.code)
    return str(text) % in_words(error.code, error.values) if error.values else str(text)


def register(app: Flask) -> None:
    app.register_error_handler(RoundsError, _on_rounds_error)
    app.register_error_handler(RoutingError, _on_routing_error)
    app.register_error_handler(HTTPException, _on_http_error)
    app.register_error_handler(OperationalError, _on_storage_error)


def status_of(error: RoundsError) -> HTTPStatus:
    return next(status for kind, status in STATUS.items() if isinstance(error, kind))


def _on_rounds_error(error: RoundsError) -> ResponseReturnValue:
    return _answer(status_of(error), sentence(error), error.code)


def _on_routing_error(error: RoutingError) -> ResponseReturnValue:
    return _answer(HTTPStatus.CONFLICT, sentence(error), error.code)


def _on_storage_error(error: OperationalError) -> ResponseReturnValue:
    """A full disk, or a database that is away: nothing was stored, and it heals without a restart. Of two who
    wait for each other PostgreSQL lets one go on; a phone sends again as after anything else."""
    current_app.logger.error("database: %s", error.orig)
    if getattr(error.orig, "sqlstate", None) == DEADLOCK and not request.path.startswith(API):
        return _answer(HTTPStatus.CONFLICT, str(AT_ONCE))
    text = gettext("Nothing can be stored just now. Nothing was lost on your side: try again in a while.")
    return _answer(HTTPStatus.SERVICE_UNAVAILABLE, text)


def _on_http_error(error: HTTPException) -> ResponseReturnValue:
    if error.response is not None:
        return error.response
    status = HTTPStatus(error.code or 500)
    if isinstance(error, CSRFError):
        return _answer(status, gettext("This page is too old to send from. Open it again."), "csrf")
    return _answer(status, str(TEXTS.get(status, "")))


def told(code: str) -> str:
    """A sentence that needs no values; empty for no code."""
    return str(SENTENCES[code]) if code else ""


def _answer(status: HTTPStatus, text: str, code: str = "") -> ResponseReturnValue:
    title = str(TITLES.get(status, status.phrase))
    if request.path.startswith(API):
        return jsonify(
            error=code or API_CODES.get(status, status.phrase.lower()), message=text or title
        ), status
    if request.accept_mimetypes.best == "application/json":
        return jsonify(error=text or title), status
    return render_template("error.html", title=title, text=text, status=status.value), status
