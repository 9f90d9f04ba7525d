"""What the phone's outbox talks to: who is signed in, the items, the photos. JSON in, JSON out."""

from __future__ import annotations

from planner.web.api import photos, sending, session
from planner.web.api.blueprint import api

__all__ = ["api", "photos", "sending", "session"]
