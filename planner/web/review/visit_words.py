"""When a visit was held, and when the route had it."""

from __future__ import annotations

from flask_babel import gettext

from planner.services.ledger.reviewing.day_page import SeenVisit
from planner.web.formats import clock_time, instant
from planner.web.review.blueprint import review


@review.app_template_filter()
def times(visit: SeenVisit) -> str:
    """``09:12–09:40``, with a dash for what was not tapped; empty without both."""
    if visit.arrived_at is None and visit.left_at is None:
        return ""
    return f"{_tapped(visit.arrived_at)}–{_tapped(visit.left_at)}"


@review.app_template_filter()
def planned_times(visit: SeenVisit) -> str:
    if visit.arrives is None or visit.leaves is None:
        return gettext("not planned")
    return f"{clock_time(visit.arrives)}–{clock_time(visit.leaves)}"


def _tapped(at: object) -> str:
    return instant(at, "HH:mm") if at is not None else "…"  # type: ignore[arg-type]
