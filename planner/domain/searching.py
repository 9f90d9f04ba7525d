"""Text that is searched: small letters without accents, so that ``almacen`` finds ``Almacén``."""

from __future__ import annotations

import unicodedata


def folded(text: str) -> str:
    decomposed = unicodedata.normalize("NFKD", text.casefold())
    plain = "".join(letter for letter in decomposed if not unicodedata.combining(letter))
    return " ".join(plain.split())


def search_text(*parts: str | None) -> str:
    """What an account is found by: its parts, folded, with a bar between them."""
    return " | ".join(folded(part) for part in parts if part)
