"""Admin pages: people, territories, roads, settings, audit log. One module per topic."""

from planner.web.admin import (
    audit_log,
    calibration,
    driven_before,
    erasure,
    overview,
    people,
    rep,
    retention,
    roads,
    settings,
    territories,
)
from planner.web.admin.blueprint import admin

__all__ = [
    "admin",
    "audit_log",
    "calibration",
    "driven_before",
    "erasure",
    "overview",
    "people",
    "rep",
    "retention",
    "roads",
    "settings",
    "territories",
]
