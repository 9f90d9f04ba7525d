"""Why a visit stands on its day, and why one does not, as sentences.

Codes and values come from planning; a code without a sentence here is shown as nothing, not as a code.
"""

from __future__ import annotations

from collections.abc import Mapping
from datetime import date
from typing import Any

from flask import Flask
from flask_babel import lazy_gettext, ngettext

from planner.web.formats import day, duration, every

WHY = {
    "due": lazy_gettext("Due: %(cadence)s, last visit %(last)s"),
    "see_again": lazy_gettext("You wished to see them again after %(days)s"),
    "overdue": lazy_gettext("Overdue by %(days)s: %(cadence)s, last visit %(last)s"),
    "never_visited": lazy_gettext("Never visited yet"),
    "fixed_cycle": lazy_gettext("Fixed cycle"),
    "prospect": lazy_gettext("Prospect near the way: %(detour)s of detour"),
    "appointment": lazy_gettext("Appointment"),
    "must_visit": lazy_gettext("Must-visit, agreed by hand"),
    "cover": lazy_gettext("For %(name)s, who cannot come"),
    "pinned": lazy_gettext("Pinned to this day"),
}

WHY_NOT = {
    "unreachable": lazy_gettext("No road leads there."),
    "closed": lazy_gettext("Closed while you are at work that day."),
    "too_long": lazy_gettext("The way there and back does not fit the working day."),
    "day_full": lazy_gettext("The day is full."),
    "too_late": lazy_gettext("Too late: it no longer fits what is left of the day."),
    "not_worth": lazy_gettext("The detour costs more than waiting does."),
    "not_found": lazy_gettext("No room was found, though there may be some."),
    "no_place": lazy_gettext("The account has no place on the map."),
    "off_road": lazy_gettext("The account lies too far from any road."),
}


def why(reason: str, values: Mapping[str, Any]) -> str:
    """Why a visit stands on its day. Empty for a visit without a reason."""
    if reason == "due" and not values.get("last_on"):
        return every(values.get("cadence_days"))
    return str(WHY[reason]) % _said(values) if reason in WHY else ""


def why_not(reason: str, detour_seconds: int | None = None) -> str:
    """Why a visit of the day is not in its route; with the detour it would need where that is known."""
    sentence = str(WHY_NOT.get(reason, ""))
    return f"{sentence} (+{duration(detour_seconds)})" if sentence and detour_seconds else sentence


def _said(values: Mapping[str, Any]) -> dict[str, str]:
    last, days = values.get("last_on"), values.get("days")
    return {
        "cadence": every(values.get("cadence_days")),
        "last": day(date.fromisoformat(last), "d MMM") if last else "–",
        "days": ngettext("%(num)s day", "%(num)s days", days) if days is not None else "–",
        "name": str(values.get("name", "")),
        "detour": duration(values.get("detour_seconds")),
    }


def register(app: Flask) -> None:
    for function in (why, why_not):
        app.add_template_filter(function)
