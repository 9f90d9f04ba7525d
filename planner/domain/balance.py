"""How even the days of a rep are to be, and what unevenness is priced at.

The price stands in seconds of driving: a day an hour longer than an even one must save that much, one two
hours longer four times as much.
"""

from __future__ import annotations

from enum import StrEnum


class Balance(StrEnum):
    NONE = "none"
    MODERATE = "moderate"
    STRONG = "strong"


PRICE_SECONDS = {Balance.NONE: 0, Balance.MODERATE: 10 * 60, Balance.STRONG: 60 * 60}


def in_force(own: Balance | None, usual: Balance) -> Balance:
    """The rep's own choice before the installation's."""
    return usual if own is None else own
