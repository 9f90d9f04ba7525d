"""Schedule pages: the calendar, the due list, planning runs, versions to publish, agreed visits."""

from __future__ import annotations

from planner.web.schedule import (
    balance_words,
    calendar,
    dragging,
    finding,
    repairs,
    rule_words,
    rules,
    runs,
    settings,
    versions,
    visits,
    words,
)
from planner.web.schedule.blueprint import schedule

__all__ = [
    "balance_words",
    "calendar",
    "dragging",
    "finding",
    "repairs",
    "rule_words",
    "rules",
    "runs",
    "schedule",
    "settings",
    "versions",
    "visits",
    "words",
]
