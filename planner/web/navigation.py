"""The ways around: sections by role, and the rep's bottom bar on a phone."""

from __future__ import annotations

from dataclasses import dataclass

from flask import Flask, request, url_for
from flask_babel import LazyString, lazy_gettext
from lucide.jinja import lucide as lucide_icon
from markupsafe import Markup

from planner.domain.access import Role
from planner.web.formats import locale
from planner.web.signin import signed_in


@dataclass(frozen=True, slots=True)
class Item:
    text: LazyString
    url: str
    is_here: bool
    icon: str


SECTIONS: dict[Role, tuple[tuple[str, LazyString], ...]] = {
    Role.REP: (
        ("today.index", lazy_gettext("Today")),
        ("schedule.index", lazy_gettext("Schedule")),
        ("accounts.index", lazy_gettext("Accounts")),
        ("ledger.index", lazy_gettext("Log")),
    ),
    Role.MANAGER: (
        ("team.today", lazy_gettext("Team")),
        ("review.index", lazy_gettext("Review")),
        ("schedule.index", lazy_gettext("Schedule")),
        ("accounts.index", lazy_gettext("Accounts")),
    ),
    Role.ADMIN: (
        ("team.today", lazy_gettext("Team")),
        ("review.index", lazy_gettext("Review")),
        ("schedule.index", lazy_gettext("Schedule")),
        ("accounts.index", lazy_gettext("Accounts")),
        ("imports.index", lazy_gettext("Import")),
        ("rules.index", lazy_gettext("Rules")),
        ("admin.index", lazy_gettext("Admin")),
    ),
}

BOTTOM: tuple[tuple[str, LazyString, str], ...] = (
    ("today.index", lazy_gettext("Today"), "list-checks"),
    ("schedule.index", lazy_gettext("Schedule"), "calendar-days"),
    ("accounts.index", lazy_gettext("Accounts"), "store"),
    ("ledger.index", lazy_gettext("Log"), "book-open"),
)


def sections() -> list[Item]:
    return [_item(endpoint, text) for endpoint, text in SECTIONS[signed_in().role]]


def bottom_bar() -> list[Item]:
    """Four places under the thumb; only reps work on the phone all day."""
    if signed_in().role is not Role.REP:
        return []
    return [_item(endpoint, text, icon) for endpoint, text, icon in BOTTOM]


def _item(endpoint: str, text: LazyString, icon: str = "") -> Item:
    here = bool(request.blueprint) and endpoint.startswith(f"{request.blueprint}.")
    return Item(text, url_for(endpoint), here, icon)


def icon(name: str) -> Markup:
    """An inline SVG by its lucide name; decorative, the text beside it speaks."""
    return Markup(lucide_icon(name, size=20, **{"class": "icon", "aria-hidden": "true"}))


def register(app: Flask) -> None:
    for function in (sections, bottom_bar, icon, locale):
        app.add_template_global(function)
