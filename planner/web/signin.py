"""The signed-in person of a request, and the guard in front of every endpoint."""

from __future__ import annotations

from typing import Any

from flask import Flask, abort, current_app, redirect, request, url_for
from flask_login import LoginManager, UserMixin, current_user
from sqlalchemy.exc import OperationalError
from werkzeug.wrappers import Response

from planner import clock
from planner.database import reading, transaction
from planner.domain.access import Actor
from planner.services.company import logins
from planner.services.company.logins import SignedIn
from planner.web.errors import API
from planner.web.policy import POLICY, PUBLIC

login_manager = LoginManager()


class User(UserMixin):  # type: ignore[misc]
    """Flask-Login's view of a ``SignedIn``: its id is the session's token."""

    def __init__(self, token: str, signed_in: SignedIn) -> None:
        self.token = token
        self.signed_in = signed_in

    def get_id(self) -> str:
        return self.token


def register(app: Flask) -> None:
    login_manager.session_protection = None  # rows are revocable; a phone's address changes all day
    login_manager.init_app(app)
    app.before_request(guard)


@login_manager.user_loader  # type: ignore[untyped-decorator]
def load_user(token: str) -> User | None:
    found = logins.find_session(reading(), token, clock.now())
    return User(token, found) if found else None


def guard() -> Response | None:
    """Let the request pass only where the policy says so. An endpoint without an entry is closed."""
    if request.endpoint is None:
        return None
    roles = POLICY.get(request.endpoint, frozenset())
    if roles is PUBLIC:
        return None
    if not current_user.is_authenticated:
        if request.path.startswith(API) or request.accept_mimetypes.best == "application/json":
            abort(401)
        return redirect(url_for("auth.login", next=request.full_path if request.method == "GET" else None))
    if signed_in().role not in roles:
        abort(403)
    _note_seen(signed_in())
    return None


def _note_seen(person: SignedIn) -> None:
    """Keep ``last_seen_at`` roughly true. Reading goes on when the disk is full or the database busy."""
    if not logins.is_seen_stale(person, clock.now()):
        return
    try:
        with transaction() as session:
            logins.seen(session, person.session_id, clock.now())
    except OperationalError as error:
        current_app.logger.warning("last_seen_at not written: %s", error.orig)


def signed_in() -> SignedIn:
    """The person behind this request; only for endpoints that are not public."""
    user: Any = current_user
    return user.signed_in  # type: ignore[no-any-return]


def actor() -> Actor:
    return signed_in().actor
