"""Rounds on a phone: what makes it installable, its service worker, the outbox page, pages it may keep."""

from __future__ import annotations

from planner.web.phone import app_files, keeping, outbox
from planner.web.phone.blueprint import phone

__all__ = ["app_files", "keeping", "outbox", "phone"]
