"""The one door from the pages to background work: wake the dispatcher, once the request is committed."""

from __future__ import annotations

from flask import current_app

from planner.jobs import ring as wake


def ring() -> None:
    wake(current_app)
