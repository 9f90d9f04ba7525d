"""Which language a page speaks, and by the habits of which country it writes numbers, money and dates.

The language: the person's own choice, else the browser's best among ours, else the company's. The country:
that of the person's territory, for there the money is spent and the amounts are compared; else the browser's.
"""

from __future__ import annotations

import re
from collections.abc import Iterator

from babel.localedata import exists
from flask import Flask, has_request_context, request
from flask_babel import get_locale
from flask_login import current_user

from planner.database import reading
from planner.domain.languages import Language
from planner.services.installation import settings

NAMES = {Language.EN: "English", Language.ES: "Español"}
"""Each in itself: somebody who has the wrong one finds their own."""

COUNTRY = re.compile(r"[A-Za-z]{2}|[0-9]{3}")


def choose_locale() -> str | None:
    """Such as ``es_CL``, or ``es`` where no country is known; None on a command line: the default."""
    if not has_request_context():
        return None
    language = _own() or request.accept_languages.best_match(list(Language)) or settings.language(reading())
    habits = (f"{language}_{country}" for country in _countries(language))
    return next((name for name in habits if exists(name)), language)


def _own() -> str | None:
    locale = current_user.signed_in.locale if current_user.is_authenticated else None
    return locale if locale in set(Language) else None


def _countries(language: str) -> Iterator[str]:
    if current_user.is_authenticated and current_user.signed_in.country:
        yield current_user.signed_in.country
    for asked, _ in request.accept_languages:
        spoken, _, country = asked.replace("_", "-").partition("-")
        if spoken.lower() == language and COUNTRY.fullmatch(country):
            yield country.upper()


def locale() -> str:
    return str(get_locale() or Language.EN)


def language_tag() -> str:
    """The page's language as HTML writes it: ``es-CL``."""
    return locale().replace("_", "-")


def register(app: Flask) -> None:
    app.add_template_global(language_tag)
