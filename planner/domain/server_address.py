"""Addresses of servers that an admin enters: where requests go, and nothing secret in them."""

from __future__ import annotations

from typing import Any
from urllib.parse import urlsplit

LONGEST = 200


def is_server_address(value: Any) -> bool:
    """Whether this is such as http://127.0.0.1:5001 or https://host/path: without name, password, question
    mark or blank."""
    if not isinstance(value, str) or not value or len(value) > LONGEST:
        return False
    if any(letter.isspace() or not letter.isprintable() for letter in value) or "?" in value or "#" in value:
        return False
    try:
        parts = urlsplit(value)
        # Reading the port raises where it is none.
        has_port = parts.port != 0
    except ValueError:
        return False
    return parts.scheme in ("http", "https") and bool(parts.hostname) and "@" not in parts.netloc and has_port
