"""Own and vendor files under hashed addresses, so that a browser may keep them for ever.

Leaflet comes out of its wheel; nothing of others is copied into the repository.
"""

from __future__ import annotations

import hashlib
from functools import cache
from importlib.resources import files
from pathlib import Path

from flask import Blueprint, Flask, abort, current_app, request, send_from_directory, url_for
from werkzeug.wrappers import Response

FOR_EVER = 365 * 24 * 3600
VENDOR = {"leaflet.js", "leaflet.css", "images/layers.png", "images/layers-2x.png", "images/marker-icon.png"}

vendor = Blueprint("vendor", __name__, url_prefix="/vendor/leaflet")


@vendor.get("/<path:name>")
def file(name: str) -> Response:
    if name not in VENDOR:
        abort(404)
    return send_from_directory(leaflet_folder(), name)


def leaflet_folder() -> Path:
    return Path(str(files("xstatic.pkg.leaflet"))) / "data"


@cache
def digest(path: Path) -> str:
    """The first characters of a file's hash: they change when the file does."""
    return hashlib.sha256(path.read_bytes()).hexdigest()[:12]


def static_url(name: str) -> str:
    path = Path(str(current_app.static_folder)) / name
    return url_for("static", filename=name, v=digest(path))


def vendor_url(name: str) -> str:
    return url_for("vendor.file", name=name, v=digest(leaflet_folder() / name))


def register(app: Flask) -> None:
    app.register_blueprint(vendor)
    app.add_template_global(static_url)
    app.add_template_global(vendor_url)
    app.after_request(_keep)


def _keep(response: Response) -> Response:
    if request.endpoint in {"static", "vendor.file"} and response.direct_passthrough:
        # Compression takes the place of the body and would leave the file open: read it and close it here.
        response.direct_passthrough = False
        response.make_sequence()
    if request.endpoint in {"static", "vendor.file"} and "v" in request.args and response.status_code == 200:
        response.cache_control.public = True
        response.cache_control.max_age = FOR_EVER
        response.cache_control.immutable = True
    return response
