"""The manager's pages on how it goes, and sharing out a day of somebody who cannot come."""

from __future__ import annotations

from planner.web.team import covering, notes, pages
from planner.web.team.blueprint import team

__all__ = ["covering", "notes", "pages", "team"]
