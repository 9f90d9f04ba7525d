"""Security headers: a strict content policy without nonces, so that kept pages stay valid.

Pictures come from this site alone, but on a page with a map of an installation that has set a tile server.
"""

from __future__ import annotations

from flask import Flask, current_app, request
from flask_login import current_user
from werkzeug.wrappers import Response


def content_policy(pictures_from: str = "") -> str:
    """``pictures_from``: one more origin whose pictures the page may show."""
    pictures = " ".join(filter(None, ("'self' data: blob:", pictures_from)))
    return (
        f"default-src 'none'; script-src 'self'; style-src 'self'; img-src {pictures}; "
        "connect-src 'self'; manifest-src 'self'; worker-src 'self'; base-uri 'none'; "
        "form-action 'self'; frame-ancestors 'none'"
    )


HEADERS = {
    "Cross-Origin-Opener-Policy": "same-origin",
    "Permissions-Policy": "geolocation=(self), camera=(self), microphone=()",
    "Referrer-Policy": "same-origin",
    "X-Content-Type-Options": "nosniff",
    "X-Frame-Options": "DENY",
}
PICTURES_FROM = "rounds.pictures_from"
ONE_YEAR = "max-age=31536000"


def allow_pictures_from(origin: str) -> None:
    """Let the page of this request show pictures of one more origin."""
    request.environ[PICTURES_FROM] = origin


def register(app: Flask) -> None:
    app.after_request(_add)


def _add(response: Response) -> Response:
    response.headers.setdefault(
        "Content-Security-Policy", content_policy(request.environ.get(PICTURES_FROM, ""))
    )
    for name, value in HEADERS.items():
        response.headers.setdefault(name, value)
    if current_app.config["HTTPS"]:
        response.headers.setdefault("Strict-Transport-Security", ONE_YEAR)
    if current_user.is_authenticated and "Cache-Control" not in response.headers:
        response.headers["Cache-Control"] = "no-store, private"
    return response
