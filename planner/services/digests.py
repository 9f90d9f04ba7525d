"""The hash under which tokens and e-mail addresses are kept where only comparing is needed."""

from __future__ import annotations

import hashlib


def sha256(text: str) -> str:
    return hashlib.sha256(text.encode()).hexdigest()
