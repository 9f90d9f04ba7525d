"""The only place that reads the time. Edges call it and pass the value on.

``ROUNDS_TODAY=2026-03-02`` fixes the date (tests, screenshots): the instant is then that date at
the present time of day in UTC.
"""

from __future__ import annotations

import os
from datetime import UTC, date, datetime
from zoneinfo import ZoneInfo


def now() -> datetime:
    """The present instant in UTC, aware; on the fixed date when ``ROUNDS_TODAY`` is set."""
    instant = datetime.now(UTC)
    fixed = fixed_today()
    return instant if fixed is None else datetime.combine(fixed, instant.timetz())


def fixed_today() -> date | None:
    """The date of ``ROUNDS_TODAY``, or None.

    Raises ValueError when it is set and not an ISO date; start-up turns that into a sentence.
    """
    text = os.environ.get("ROUNDS_TODAY", "").strip()
    return date.fromisoformat(text) if text else None


def today(zone: str) -> date:
    """The local date in an IANA zone such as ``America/Santiago``."""
    return fixed_today() or now().astimezone(ZoneInfo(zone)).date()
