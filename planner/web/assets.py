"""Own and vendor files under hashed addresses, so that a browser may keep them for ever.

Leaflet comes out of its wheel; nothing of others is copied into the repository. Modules that import each
other lie under ``/app/VERSION/``: what a page loads, and what that imports, is always of one version. Own
scripts go out without comments and spaces (a quarter less on the way), but while the app is debugged.
"""

from __future__ import annotations

import hashlib
from functools import cache, lru_cache
from importlib.resources import files
from pathlib import Path

import rjsmin
from flask import Blueprint, Flask, abort, current_app, request, send_from_directory, url_for
from werkzeug.wrappers import Response

FOR_EVER = 365 * 24 * 3600
VENDOR = {"leaflet.js", "leaflet.css", "images/layers.png", "images/layers-2x.png", "images/marker-icon.png"}

ON_THE_PHONE = (
    *("css/app.css", "css/today.css", "css/ledger.css", "css/map.css", "icons/rounds.svg"),
    *("js/today.js", "js/expense.js", "js/day-map.js", "js/map.js", "js/map-ground.js", "js/map-names.js"),
)
"""What a rep's pages load besides modules."""

OWN = {"static", "modules.module"}
FILES = {*OWN, "vendor.file"}

vendor = Blueprint("vendor", __name__, url_prefix="/vendor/leaflet")
modules = Blueprint("modules", __name__, url_prefix="/app")


@modules.get("/<version>/<path:script>")
def module(version: str, script: str) -> Response:
    """A script of ``static/js``. Under another version than ours it is not to be kept."""
    if not script.endswith(".js"):
        abort(404)
    return send_from_directory(_static() / "js", script)


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


@cache
def _version_of(folder: Path) -> str:
    files = sorted(path for path in folder.rglob("*") if path.is_file())
    named = (f"{path.relative_to(folder)} {digest(path)}" for path in files)
    return hashlib.sha256("\n".join(named).encode()).hexdigest()[:12]


def version() -> str:
    """Changes when any file of ``static`` does."""
    return _version_of(_static())


def on_the_phone() -> list[str]:
    """The addresses of everything that a rep's pages load."""
    scripts = sorted((_static() / "js" / "phone").glob("*.js"))
    return [
        *(static_url(name) for name in ON_THE_PHONE),
        *(module_url(f"phone/{path.name}") for path in scripts),
        *(vendor_url(name) for name in sorted(VENDOR)),
    ]


def module_url(name: str) -> str:
    return url_for("modules.module", version=version(), script=name)


def static_url(name: str) -> str:
    return url_for("static", filename=name, v=digest(_static() / name))


def _static() -> Path:
    return Path(str(current_app.static_folder))


def vendor_url(name: str) -> str:
    return url_for("vendor.file", name=name, v=digest(leaflet_folder() / name))


def register(app: Flask) -> None:
    app.register_blueprint(vendor)
    app.register_blueprint(modules)
    app.add_template_global(static_url)
    app.add_template_global(module_url)
    app.add_template_global(vendor_url)
    app.after_request(_keep)


def _keep(response: Response) -> Response:
    if request.endpoint not in FILES or not response.direct_passthrough:
        return response
    # Compression takes the place of the body and would leave the file open: read it and close it here.
    response.direct_passthrough = False
    response.make_sequence()
    if response.status_code == 200 and _is_own_script(response) and not current_app.debug:
        response.set_data(_without_words(response.get_data(as_text=True)))
    if response.status_code == 200 and _is_hashed():
        response.cache_control.public = True
        response.cache_control.max_age = FOR_EVER
        response.cache_control.immutable = True
    return response


def _is_own_script(response: Response) -> bool:
    return request.endpoint in OWN and response.mimetype == "text/javascript"


@lru_cache(maxsize=100)
def _without_words(script: str) -> str:
    return str(rjsmin.jsmin(script))


def _is_hashed() -> bool:
    """Whether the address names this very content."""
    return "v" in request.args or (request.view_args or {}).get("version") == version()
