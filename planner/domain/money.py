"""Money in whole minor units of a currency: what people type, and what is computed.

``exponent`` is the number of decimals the currency has: 0 for CLP, 2 for EUR. Never floats.
"""

from __future__ import annotations

import re
from collections.abc import Iterable
from decimal import ROUND_HALF_UP, Decimal

from planner.domain.errors import Invalid

LARGEST_MINOR = 10**12
"""More than anybody spends on the road; keeps amounts far from the database's limits."""

LONGEST_TYPED = 40
"""Characters of a whole amount: beyond them it is no amount, however it is read."""

_GROUPS = re.compile(r"\d{1,3}(?P<mark>[.,' ])\d{3}(?:(?P=mark)\d{3})*|\d+")


def parse_amount(text: str, exponent: int) -> int:
    """Minor units of an amount as typed: ``12500``, ``12.500`` and ``12,500`` are the same in pesos.

    The last point or comma is a decimal mark when at most ``exponent`` digits follow it; any other has
    to stand between groups of three. Raises Invalid("amount") with ``amount_format``,
    ``amount_decimals`` or ``amount_range``.
    """
    typed = text.replace("\u00a0", " ").replace("\u202f", " ").strip()
    whole, decimals = _split(typed, exponent)
    if len(whole) > LONGEST_TYPED or not _GROUPS.fullmatch(whole):
        raise Invalid("amount", "amount_format" if exponent else "amount_whole", text=text.strip()[:40])
    minor = int(re.sub(r"\D", "", whole) + decimals.ljust(exponent, "0"))
    return checked(minor)


def checked(amount_minor: int) -> int:
    """The amount, when it may be claimed. Raises Invalid("amount", "amount_range")."""
    if not 0 < amount_minor <= LARGEST_MINOR:
        raise Invalid("amount", "amount_range")
    return amount_minor


def by_currency(amounts: Iterable[tuple[int, str]]) -> dict[str, int]:
    """Amounts with their currency, summed for each, in the order met."""
    found: dict[str, int] = {}
    for amount_minor, currency in amounts:
        found[currency] = found.get(currency, 0) + amount_minor
    return found


def rounded(amount_minor: Decimal) -> int:
    """To whole minor units, half up."""
    return int(amount_minor.quantize(Decimal(1), rounding=ROUND_HALF_UP))


def major(amount_minor: int, exponent: int) -> Decimal:
    """The amount in the currency's own unit, exactly: 1250 pence are Decimal("12.50")."""
    return Decimal(amount_minor).scaleb(-exponent)


def converted(paid_minor: int, paid_exponent: int, rate: Decimal, exponent: int) -> int:
    """An amount in another currency: ``rate`` is what one whole unit of the first is worth in the second.

    Rounded half up to the second's minor units, once: 12.50 USD at 945.37 CLP are 11 817.125, so 11 817.
    """
    return rounded((major(paid_minor, paid_exponent) * rate).scaleb(exponent))


def tax_inside(gross_minor: int, percent: Decimal) -> int:
    """The tax that an amount holds, rounded half up: of 119.00 at 19 % it is 119 × 19 ÷ 119 = 19.00."""
    return rounded(Decimal(gross_minor) * percent / (100 + percent))


def _split(typed: str, exponent: int) -> tuple[str, str]:
    match = re.fullmatch(rf"(.*)[.,](\d{{1,{exponent}}})", typed) if exponent else None
    return (match.group(1), match.group(2)) if match else (typed, "")
