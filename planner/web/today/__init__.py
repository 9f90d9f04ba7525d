"""The rep's day on the phone: the day, its stops, reports, the map, and closing the day."""

from __future__ import annotations

from planner.web.today import closing, days, maps, visits
from planner.web.today.blueprint import today

__all__ = ["closing", "days", "maps", "today", "visits"]
