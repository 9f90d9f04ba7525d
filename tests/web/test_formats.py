"""Money and distances are written as Babel writes them, whatever the locale, and quickly."""

from __future__ import annotations

from decimal import Decimal

import pytest
from babel.numbers import format_currency, format_decimal, get_currency_precision

from planner.web import formats

LOCALES = ("en", "es", "es_CL", "de", "de_AT", "de_CH", "fr", "en_IN", "pl", "ar", "pt_PT")
MINOR = (0, 5, 99, 100, 12_345, 123_456_789, -250)
METRES = (0, 49, 50, 149, 150, 99_949, 99_950, 100_500, 12_345_678)


@pytest.mark.parametrize("locale", LOCALES)
def test_amounts_and_distances_are_babels(locale: str, monkeypatch: pytest.MonkeyPatch) -> None:
    monkeypatch.setattr(formats, "locale", lambda: locale)
    monkeypatch.setattr(formats, "unit", lambda: "km")
    for currency in ("CLP", "EUR", "GBP", "KWD"):
        for minor in MINOR:
            amount = Decimal(minor).scaleb(-get_currency_precision(currency))
            assert formats.money(minor, currency) == format_currency(amount, currency, locale=locale)
    for metres in METRES:
        kilometres = Decimal(metres) / 1000
        pattern = "#,##0.0" if kilometres < 100 else "#,##0"
        number = format_decimal(kilometres, format=pattern, locale=locale)
        assert formats.distance(metres) == f"{number} km"
