"""Importing accounts: upload, columns, preview, confirmation, history and undo."""

from __future__ import annotations

from planner.web.imports import runs, upload
from planner.web.imports.blueprint import imports

__all__ = ["imports", "runs", "upload"]
