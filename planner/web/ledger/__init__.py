"""The rep's log: the month, trips, expenses with receipts, and the claim. One module per topic."""

from __future__ import annotations

from planner.web.ledger import (
    adjustments,
    by_hand,
    claims,
    expenses,
    log,
    odometer,
    official,
    per_diem,
    trips,
)
from planner.web.ledger.blueprint import ledger

__all__ = [
    "adjustments",
    "by_hand",
    "claims",
    "expenses",
    "ledger",
    "log",
    "odometer",
    "official",
    "per_diem",
    "trips",
]
