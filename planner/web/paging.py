"""The page of a long list that an address asks for."""

from __future__ import annotations

from flask import request

LARGEST = 10**6


def page_asked() -> int:
    """Anything that is no number is the first."""
    text = request.args.get("page", "")
    is_number = text.isascii() and text.isdecimal() and len(text) < len(str(LARGEST))
    return int(text) if is_number else 1
