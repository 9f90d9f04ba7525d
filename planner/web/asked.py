"""Dates in a query string: ISO dates of this century or the next; anything else is as if not asked."""

from __future__ import annotations

import re
from datetime import date

from flask import request

DAY = re.compile(r"2[01]\d{2}-\d{2}-\d{2}")


def asked_date(name: str, otherwise: date) -> date:
    """The date under ``name``, as ``2026-03-04``."""
    return _date(request.args.get(name, ""), otherwise)


def asked_month(name: str, otherwise: date) -> date:
    """The first of the month under ``name``, as ``2026-03``."""
    return _date(f"{request.args.get(name, '')}-01", otherwise)


def _date(text: str, otherwise: date) -> date:
    try:
        return date.fromisoformat(text) if DAY.fullmatch(text) else otherwise
    except ValueError:
        return otherwise
