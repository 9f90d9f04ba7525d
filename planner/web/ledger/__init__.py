"""The rep's log: the month, trips, expenses with receipts, and the claim. One module per topic."""

from __future__ import annotations

from planner.web.ledger import claims, expenses, log, trips
from planner.web.ledger.blueprint import ledger

__all__ = ["claims", "expenses", "ledger", "log", "trips"]
