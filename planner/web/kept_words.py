"""How a day differs from its plan, in one sentence."""

from __future__ import annotations

from collections.abc import Iterator

from flask import Flask
from flask_babel import gettext, ngettext

from planner.domain.day_kept import Kept
from planner.web.formats import instant


def kept_said(kept: Kept | None) -> str:
    """Empty where there is nothing to say it of."""
    if kept is None:
        return ""
    said = _said(kept)
    if kept.known_since is None:
        return said
    since = gettext(
        "The route is the one made at %(at)s; what it was before is not known.",
        at=instant(kept.known_since, "HH:mm"),
    )
    return f"{said} {since}"


def _said(kept: Kept) -> str:
    if kept.is_as_planned:
        return gettext("Driven as planned.")
    found = ", ".join(_differences(kept))
    if kept.is_known:
        return gettext("Not as planned: %(how)s.", how=found)
    if not found:
        return gettext("The day had no route to stand beside.")
    return gettext("The day had no route to stand beside. Known is: %(how)s.", how=found)


def _differences(kept: Kept) -> Iterator[str]:
    if kept.is_other_order:
        yield gettext("in another order")
    if kept.skipped:
        yield ngettext("%(num)s stop skipped", "%(num)s stops skipped", kept.skipped)
    if kept.taken_off:
        yield ngettext("%(num)s stop taken off the day", "%(num)s stops taken off the day", kept.taken_off)
    if kept.added:
        yield ngettext("%(num)s stop added", "%(num)s stops added", kept.added)


def register(app: Flask) -> None:
    app.add_template_filter(kept_said)
