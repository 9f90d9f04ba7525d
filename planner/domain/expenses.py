"""Expenses: their categories. Policies with dates and caps come with the ledger's depth."""

from __future__ import annotations

from enum import StrEnum


class ExpenseCategory(StrEnum):
    PARKING = "parking"
    TOLL = "toll"
    MEAL = "meal"
    LODGING = "lodging"
    TRANSPORT = "transport"
    SAMPLES = "samples"
    OTHER = "other"
