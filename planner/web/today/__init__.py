"""The rep's day on the phone: the day, its stops, reports, the map, and closing the day."""

from __future__ import annotations

from planner.web.today import (
    breaking,
    closing,
    days,
    files,
    maps,
    mending,
    nearby,
    ordering,
    pack,
    teaching,
    visits,
)
from planner.web.today.blueprint import today

__all__ = [
    "breaking",
    "closing",
    "days",
    "files",
    "maps",
    "mending",
    "nearby",
    "ordering",
    "pack",
    "teaching",
    "today",
    "visits",
]
