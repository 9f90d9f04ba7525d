"""Schedule pages: the calendar, the due list, planning runs, versions to publish, agreed visits."""

from __future__ import annotations

from planner.web.schedule import calendar, dragging, finding, runs, versions, visits, words
from planner.web.schedule.blueprint import schedule

__all__ = ["calendar", "dragging", "finding", "runs", "schedule", "versions", "visits", "words"]
