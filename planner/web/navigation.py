"""The ways around: sections by role, and the rep's bottom bar on a phone."""

from __future__ import annotations

from dataclasses import dataclass
from functools import cache

from flask import Flask, request, url_for
from flask_babel import LazyString, lazy_gettext
from lucide.jinja import lucide as lucide_icon
from markupsafe import Markup

from planner.domain.access import Role
from planner.web.signin import signed_in


@dataclass(frozen=True, slots=True)
class Item:
    text: LazyString
    url: str
    is_here: bool
    icon: str


Sections = tuple[tuple[str, LazyString], ...]

OVERSIGHT: Sections = (
    ("team.today", lazy_gettext("Team")),
    ("review.index", lazy_gettext("Review")),
    ("team.coverage", lazy_gettext("Coverage")),
    ("team.notes", lazy_gettext("Notes")),
    ("schedule.index", lazy_gettext("Schedule")),
    ("accounts.index", lazy_gettext("Accounts")),
)

SECTIONS: dict[Role, Sections] = {
    Role.REP: (
        ("today.index", lazy_gettext("Today")),
        ("schedule.index", lazy_gettext("Schedule")),
        ("accounts.index", lazy_gettext("Accounts")),
        ("ledger.index", lazy_gettext("Log")),
    ),
    Role.MANAGER: OVERSIGHT,
    Role.ADMIN: (
        *OVERSIGHT,
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
    return Item(text, url_for(endpoint), _is_here(endpoint), icon)


def _is_here(endpoint: str) -> bool:
    """A section is lit on all pages of its blueprint but those that are sections themselves."""
    if request.endpoint == endpoint:
        return True
    own = {item[0] for item in SECTIONS[signed_in().role]}
    return request.endpoint not in own and endpoint == _section_of(request.blueprint)


def _section_of(blueprint: str | None) -> str | None:
    """The first section of a blueprint: the one its other pages belong to."""
    mine = (item[0] for item in SECTIONS[signed_in().role])
    return next((endpoint for endpoint in mine if endpoint.split(".")[0] == blueprint), None)


@cache
def icon(name: str) -> Markup:
    """An inline SVG by its lucide name; decorative, the text beside it speaks."""
    return Markup(lucide_icon(name, size=20, **{"class": "icon", "aria-hidden": "true"}))


def register(app: Flask) -> None:
    for function in (sections, bottom_bar, icon):
        app.add_template_global(function)
