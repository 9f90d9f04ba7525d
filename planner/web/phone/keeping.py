"""Which pages a phone may keep, and for whom: said in a header that the service worker reads.

What such a page says is of the moment in ``made_at``; the phone lays over it what it has not sent yet.
"""

from __future__ import annotations

from flask import Flask, g, request, request_started
from flask.sessions import SecureCookieSessionInterface, SessionMixin
from flask_login import current_user
from werkzeug.wrappers import Response

from planner import clock
from planner.domain.access import Role
from planner.web.formats import locale
from planner.web.phone.words import words
from planner.web.signin import signed_in

KEPT_FOR = "Rounds-Kept-For"
PACKING = "Rounds-Packing"
KEPT = frozenset(
    {
        *("today.index", "today.day", "today.stop", "today.report", "today.not_held", "today.order"),
        *("today.close", "today.map_page", "today.map_script", "ledger.new_expense", "phone.outbox"),
        "follow_ups.index",
    }
)


class CookieOfLookedAtPages(SecureCookieSessionInterface):
    """What is fetched beside the page (to be kept, a file, an icon, an answer to a script) leaves the cookie
    alone: it was asked for with one that may be old by the time it arrives, and a notice that the next page
    has to show would be lost with the newer one."""

    def should_set_cookie(self, app: Flask, session: SessionMixin) -> bool:
        if is_packing():
            return False
        return session.modified or (_is_looked_at() and super().should_set_cookie(app, session))


def register(app: Flask) -> None:
    app.session_interface = CookieOfLookedAtPages()
    request_started.connect(_note_when, app)
    app.add_template_global(is_packing)
    app.after_request(_say_for_whom)
    app.add_template_global(made_at)
    app.add_template_global(told_at)
    app.add_template_global(is_on_the_road)
    app.add_template_global(words, "phone_words")


def is_packing() -> bool:
    """Whether the page is fetched for later, while somebody looks at another."""
    return PACKING in request.headers


def _is_looked_at() -> bool:
    """Whether the browser goes to this page: only then it asks for HTML by name. (``Sec-Fetch-Mode`` says it
    more plainly, but not without HTTPS.)"""
    return any(kind == "text/html" for kind, _ in request.accept_mimetypes)


def _note_when(_app: Flask, **_: object) -> None:
    """Before the guard, whose refusals are pages too."""
    g.asked_at = clock.now()


def made_at() -> str:
    """The instant before anything of the page was read: what was stored since it may not know, however long
    it took to make."""
    return str(g.asked_at.isoformat())


def told_at() -> str:
    """The present instant: what is stored from now on the page does not know."""
    return clock.now().isoformat()


def is_on_the_road() -> bool:
    """Whether this page belongs to somebody who works on the phone."""
    return current_user.is_authenticated and signed_in().role is Role.REP


def _say_for_whom(response: Response) -> Response:
    """Named with the language: a page in another one is not what the person reads now."""
    is_plain = request.method == "GET" and response.status_code == 200
    if is_plain and request.endpoint in KEPT and is_on_the_road():
        response.headers[KEPT_FOR] = f"{signed_in().person_id}"
        response.headers["Content-Language"] = str(locale())
    return response
