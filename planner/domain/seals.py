"""Salted digests: what is personal can be proven by them while it stands, and not guessed once it is gone.

A link of a chain holds the digest; the text and the salt stand in rows of their own. Without the salt the
digest says nothing: whoever guesses the text would have to guess 128 random bits with it.
"""

from __future__ import annotations

import hashlib


def seal(salt: str, text: str) -> str:
    """SHA-256 of ``salt`` and ``text``, in 64 hexadecimal digits. The salt holds no line break."""
    return hashlib.sha256(f"{salt}\n{text}".encode()).hexdigest()
