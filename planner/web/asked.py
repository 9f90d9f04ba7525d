"""Dates and times that pages send: what cannot be read is as if not asked.

Dates are ISO dates of this century or the next.
"""

from __future__ import annotations

import re
from datetime import date

from flask import request

CLOCK = re.compile(r"([01]?\d|2[0-3]):([0-5]\d)(?::[0-5]\d)?")
DAY = re.compile(r"2[01]\d{2}-\d{2}-\d{2}")


def asked_date(name: str, otherwise: date) -> date:
    """The date under ``name``, as ``2026-03-04``."""
    return _date(request.args.get(name, ""), otherwise)


def asked_month(name: str, otherwise: date) -> date:
    """The first of the month under ``name``, as ``2026-03``."""
    return _date(f"{request.args.get(name, '')}-01", otherwise)


def time_of_day(text: str) -> int | None:
    """Seconds after midnight from ``13:05``, as a browser sends a time; None for what is none."""
    found = CLOCK.fullmatch(text.strip())
    return int(found[1]) * 3600 + int(found[2]) * 60 if found else None


def _date(text: str, otherwise: date) -> date:
    try:
        return date.fromisoformat(text) if DAY.fullmatch(text) else otherwise
    except ValueError:
        return otherwise
