"""What is known of currencies: which there are, and how many decimals they have."""

from __future__ import annotations

from babel.numbers import get_currency_precision, list_currencies


def exponent(currency: str) -> int:
    """How many decimals a currency has."""
    return int(get_currency_precision(currency))


def is_currency(code: str) -> bool:
    """Whether ``code`` is an ISO 4217 currency."""
    return code in list_currencies()
