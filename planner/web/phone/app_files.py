"""The files that make Rounds an app on a phone: manifest, icons, service worker."""

from __future__ import annotations

from flask import Response, jsonify, render_template, url_for
from flask_babel import gettext

from planner.web import assets
from planner.web.phone import icons
from planner.web.phone.blueprint import phone

GROUND, LEAD = "#f5f6f3", "#0f6b5c"
A_DAY = 24 * 3600


@phone.get("/sw.js")
def worker() -> Response:
    """The service worker, from the root because its address bounds what it serves."""
    text = render_template("phone/sw.js", version=assets.version(), assets=assets.on_the_phone())
    answer = Response(text, mimetype="text/javascript")
    answer.headers["Cache-Control"] = "no-cache"
    return answer


@phone.get("/manifest.webmanifest")
def manifest() -> Response:
    answer = jsonify(
        id="/",
        name="Rounds",
        short_name="Rounds",
        description=gettext("Your visits, the way between them, and what came of them."),
        start_url=url_for("home.index"),
        scope="/",
        display="standalone",
        background_color=GROUND,
        theme_color=LEAD,
        icons=_icons(),
    )
    answer.mimetype = "application/manifest+json"
    answer.headers["Cache-Control"] = "no-cache"
    return answer


@phone.get("/icons/<any('192','512','maskable'):which>.png")
def icon(which: str) -> Response:
    answer = Response(icons.drawn(which), mimetype="image/png")
    answer.headers["Cache-Control"] = f"public, max-age={A_DAY}"
    return answer


@phone.get("/favicon.ico")
def favicon() -> Response:
    """What a browser asks for beside a photograph or another file that names no icon itself."""
    return icon("192")


def _icons() -> list[dict[str, str]]:
    plain = [
        {"src": url_for("phone.icon", which=side), "sizes": f"{side}x{side}", "type": "image/png"}
        for side in ("192", "512")
    ]
    maskable = {
        "src": url_for("phone.icon", which="maskable"),
        "sizes": "512x512",
        "type": "image/png",
        "purpose": "maskable",
    }
    drawing = {"src": assets.static_url("icons/rounds.svg"), "sizes": "any", "type": "image/svg+xml"}
    return [*plain, maskable, drawing]
