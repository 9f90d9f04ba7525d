"""Tables: columns, keys, constraints and relationships. No behaviour; services read and write them."""

from planner.models import accounts, ledger, logins, people, runs, schedule, settings, territories, visits

__all__ = ["accounts", "ledger", "logins", "people", "runs", "schedule", "settings", "territories", "visits"]
