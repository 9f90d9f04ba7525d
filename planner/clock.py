"""The only place that reads the time. Edges call it and pass the value on.

``ROUNDS_TODAY=2026-03-02`` fixes the date (tests, screenshots): the instant is then that date at
the present time of day in UTC. ``ROUNDS_TODAY="2026-03-02 America/Santiago"`` fixes it where that
is: the instant is then that date at the present time of day there.
"""

from __future__ import annotations

import os
from dataclasses import dataclass
from datetime import UTC, date, datetime, tzinfo
from zoneinfo import ZoneInfo


@dataclass(frozen=True, slots=True)
class _Fixed:
    on: date
    zone: tzinfo = UTC


def now() -> datetime:
    """The present instant in UTC, aware; on the fixed date when ``ROUNDS_TODAY`` is set."""
    fixed = _fixed()
    if fixed is None:
        return machine_time()
    there = machine_time().astimezone(fixed.zone)
    return datetime.combine(fixed.on, there.time(), fixed.zone).astimezone(UTC)


def machine_time() -> datetime:
    """What the machine's clock says, in UTC, aware."""
    return datetime.now(UTC)


def fix(on: date, zone: str) -> None:
    """From now on, here and in the processes this one starts, it is that date in an IANA zone."""
    os.environ["ROUNDS_TODAY"] = f"{on.isoformat()} {zone}"


def fixed_today() -> date | None:
    """The date of ``ROUNDS_TODAY``, or None.

    Raises ValueError when it is set and not an ISO date, or names a zone nobody knows; start-up turns that
    into a sentence.
    """
    fixed = _fixed()
    return fixed.on if fixed else None


def today(zone: str) -> date:
    """The local date in an IANA zone such as ``America/Santiago``."""
    return fixed_today() or now().astimezone(ZoneInfo(zone)).date()


def _fixed() -> _Fixed | None:
    on, _, zone = os.environ.get("ROUNDS_TODAY", "").strip().partition(" ")
    if not on:
        return None
    try:
        return _Fixed(date.fromisoformat(on), ZoneInfo(zone.strip()) if zone else UTC)
    except KeyError as unknown:  # ZoneInfoNotFoundError is one
        raise ValueError(f"no such time zone: {zone.strip()}") from unknown
