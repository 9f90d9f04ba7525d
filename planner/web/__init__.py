"""The web edge: read the request, call one use case, answer with a page, a redirect or JSON.

Takes nothing from ``models``, and from ``database`` only ``transaction`` and the session to pass on.
"""

from __future__ import annotations

from flask import Flask, has_request_context, request
from flask_babel import Babel, gettext
from flask_compress import Compress
from flask_login import current_user
from flask_wtf import CSRFProtect
from werkzeug.middleware.proxy_fix import ProxyFix

from planner.web import (
    accounts,
    addresses,
    admin,
    assets,
    auth,
    errors,
    formats,
    headers,
    home,
    imports,
    ledger,
    maps,
    navigation,
    places,
    profile,
    rates,
    reasons,
    review,
    rules,
    schedule,
    signin,
    team,
    today,
    words,
)

csrf = CSRFProtect()

BLUEPRINTS = (
    home.home,
    home.health,
    auth.auth,
    profile.profile,
    maps.maps,
    places.places,
    today.today,
    accounts.accounts,
    imports.imports,
    rules.rules,
    rates.rates,
    schedule.schedule,
    ledger.ledger,
    review.review,
    team.team,
    admin.admin,
)


def register(app: Flask) -> None:
    """Attach everything a browser sees."""
    if hops := app.config["PROXIES"]:
        app.wsgi_app = ProxyFix(app.wsgi_app, x_for=hops, x_proto=hops, x_host=hops)  # type: ignore[method-assign]
    Babel(app, locale_selector=choose_locale)
    Compress(app)
    csrf.init_app(app)
    app.jinja_env.add_extension("jinja2.ext.i18n")
    app.jinja_env.trim_blocks = app.jinja_env.lstrip_blocks = True
    addresses.register(app)
    signin.register(app)
    headers.register(app)
    errors.register(app)
    assets.register(app)
    formats.register(app)
    navigation.register(app)
    words.register(app)
    reasons.register(app)
    app.add_template_global(gettext, "_")
    for blueprint in BLUEPRINTS:
        app.register_blueprint(blueprint)


def choose_locale() -> str | None:
    """The person's language, else the browser's best among those we have; the default on a command line."""
    if not has_request_context():
        return None
    if current_user.is_authenticated and current_user.signed_in.locale:
        return str(current_user.signed_in.locale)
    from_browser: str | None = request.accept_languages.best_match(["en"])
    return from_browser
