"""The page of an official log: what it would hold and what it lacks, before it is downloaded."""

from __future__ import annotations

from flask import render_template

from planner.domain.log_forms import UNITS, LogForm, PeriodKind
from planner.domain.logged_trips import amounts
from planner.web.logs import log_tables
from planner.web.logs.asked import Asked
from planner.web.logs.cells import TENTH, Exactness

MOST_SHOWN = 100
"""Lines of what is missing that the page shows; the file has them all."""


def page(template: str, asked: Asked, **more: object) -> str:
    log = asked.log
    exact = Exactness(UNITS[log.form], TENTH, False)
    missing = [(each.on, log_tables.where(each), log_tables.missed(each, exact)) for each in log.missing]
    return render_template(
        template,
        asked=asked,
        log=log,
        forms=list(LogForm),
        kinds=list(PeriodKind),
        amounts=amounts(log.trips),
        driven=exact.written(log.metres),
        missing=missing[:MOST_SHOWN],
        more_missing=max(0, len(missing) - MOST_SHOWN),
        **more,
    )
