"""Expenses: their categories, and what makes one acceptable."""

from __future__ import annotations

from datetime import date, timedelta
from enum import StrEnum

from planner.domain.errors import Invalid
from planner.domain.money import checked

OLDEST = timedelta(days=365)
"""Older receipts are a slip in the date."""


class ExpenseCategory(StrEnum):
    PARKING = "parking"
    TOLL = "toll"
    MEAL = "meal"
    LODGING = "lodging"
    TRANSPORT = "transport"
    SAMPLES = "samples"
    OTHER = "other"


def check(on: date, today: date, amount_minor: int, category: ExpenseCategory, note: str) -> None:
    """Raises Invalid for the first field that is not right: on, amount or note."""
    if on > today:
        raise Invalid("on", "date_in_future")
    if today - on > OLDEST:
        raise Invalid("on", "date_too_old")
    checked(amount_minor)
    if category is ExpenseCategory.OTHER and not note.strip():
        raise Invalid("note", "note_for_other")
