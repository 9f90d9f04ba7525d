"""The order in which people look for names: case and accents make no difference, ñ comes after n."""

from __future__ import annotations

import unicodedata

AFTER_N = "n\x7f"
"""Behind every letter that may follow an n."""


def sort_key(name: str) -> str:
    """``Álamo`` before ``Bravo``, ``nuble`` before ``Ñuble`` before ``Olmo``."""
    if name.isascii():
        return name.lower()
    plain = unicodedata.normalize("NFC", name).casefold().replace("ñ", AFTER_N)
    return "".join(mark for mark in unicodedata.normalize("NFKD", plain) if not unicodedata.combining(mark))
