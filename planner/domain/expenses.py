"""Expenses: their categories, and what makes one acceptable."""

from __future__ import annotations

from datetime import date, timedelta
from decimal import Decimal
from enum import StrEnum

from planner.domain.errors import Invalid
from planner.domain.money import checked, tax_inside

OLDEST = timedelta(days=365)
"""Older receipts are a slip in the date."""


class ExpenseCategory(StrEnum):
    PARKING = "parking"
    TOLL = "toll"
    MEAL = "meal"
    LODGING = "lodging"
    TRANSPORT = "transport"
    SAMPLES = "samples"
    PER_DIEM = "per_diem"
    """A day's allowance: proposed from the day's times, never typed."""
    OTHER = "other"


TYPED = tuple(category for category in ExpenseCategory if category is not ExpenseCategory.PER_DIEM)
"""What a rep may choose in a form."""

MOST_NIGHTS = 31
MOST_PERCENT = Decimal(60)
PERCENT_DECIMALS = 3


def check(on: date, today: date, amount_minor: int, category: ExpenseCategory, note: str) -> None:
    """Raises Invalid for the first field that is not right: on, amount or note."""
    if on > today:
        raise Invalid("on", "date_in_future")
    if today - on > OLDEST:
        raise Invalid("on", "date_too_old")
    checked(amount_minor)
    if category is ExpenseCategory.OTHER and not note.strip():
        raise Invalid("note", "note_for_other")


def check_nights(category: ExpenseCategory, nights: int) -> int:
    """How many nights an expense is for: one at least for lodging, none for the rest.

    Raises Invalid("nights", "nights_range").
    """
    if category is not ExpenseCategory.LODGING:
        return 0
    if not 0 <= nights <= MOST_NIGHTS:
        raise Invalid("nights", "nights_range", most=MOST_NIGHTS)
    return max(nights, 1)


def check_tax(amount_minor: int, tax_minor: int | None, percent: Decimal | None) -> int | None:
    """The tax inside an amount, in its minor units: as said, else out of ``percent``; None: nothing was said.

    Raises Invalid("tax", "tax_range") and Invalid("tax_percent", "percent_range").
    """
    if percent is not None:
        is_fine = percent.is_finite() and 0 <= percent <= MOST_PERCENT
        if not is_fine or round(percent, PERCENT_DECIMALS) != percent:
            raise Invalid("tax_percent", "percent_range", most=int(MOST_PERCENT))
    if tax_minor is None:
        return None if percent is None else tax_inside(amount_minor, percent)
    if not 0 <= tax_minor < amount_minor:
        raise Invalid("tax", "tax_range")
    return tax_minor
