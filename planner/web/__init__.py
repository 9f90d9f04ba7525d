"""The web edge: read the request, call one use case, answer with a page, a redirect or JSON.

Takes nothing from ``models``, and from ``database`` only ``transaction`` and the session to pass on.
"""

from __future__ import annotations

from flask import Flask
from flask_babel import Babel, gettext
from flask_compress import Compress
from flask_wtf import CSRFProtect
from werkzeug.middleware.proxy_fix import ProxyFix

from planner.web import (
    accounts,
    addresses,
    admin,
    api,
    approval_limits,
    assets,
    auth,
    errors,
    expense_words,
    follow_ups,
    formats,
    goal_words,
    headers,
    home,
    imports,
    kept_words,
    languages,
    ledger,
    maps,
    navigation,
    phone,
    photos,
    places,
    profile,
    rates,
    reasons,
    review,
    rules,
    schedule,
    signin,
    team,
    terms,
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
    photos.photos,
    today.today,
    phone.phone,
    accounts.accounts,
    follow_ups.follow_ups,
    imports.imports,
    rules.rules,
    rates.rates,
    terms.terms,
    approval_limits.approval_limits,
    schedule.schedule,
    ledger.ledger,
    review.review,
    team.team,
    admin.admin,
    api.api,
)


def register(app: Flask) -> None:
    """Attach everything a browser sees."""
    if hops := app.config["PROXIES"]:
        app.wsgi_app = ProxyFix(app.wsgi_app, x_for=hops, x_proto=hops, x_host=hops)  # type: ignore[method-assign]
    Babel(app, locale_selector=languages.choose_locale)
    Compress(app)
    csrf.init_app(app)
    csrf.exempt(api.api)  # it asks for the token itself, once it is known who asks
    app.jinja_env.add_extension("jinja2.ext.i18n")
    app.jinja_env.trim_blocks = app.jinja_env.lstrip_blocks = True
    addresses.register(app)
    signin.register(app)
    headers.register(app)
    errors.register(app)
    assets.register(app)
    languages.register(app)
    formats.register(app)
    navigation.register(app)
    words.register(app)
    goal_words.register(app)
    kept_words.register(app)
    reasons.register(app)
    expense_words.register(app)
    phone.keeping.register(app)
    app.add_template_global(gettext, "_")
    for blueprint in BLUEPRINTS:
        app.register_blueprint(blueprint)
