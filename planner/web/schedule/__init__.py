"""Schedule pages: the calendar, the due list, planning runs, versions to publish, agreed visits."""

from __future__ import annotations

from planner.web.schedule import (
    calendar,
    dragging,
    finding,
    repairs,
    rule_words,
    runs,
    versions,
    visits,
    words,
)
from planner.web.schedule.blueprint import schedule

__all__ = [
    "calendar",
    "dragging",
    "finding",
    "repairs",
    "rule_words",
    "runs",
    "schedule",
    "versions",
    "visits",
    "words",
]
