"""Accounts: the list and its map, one account, its form, and the data check."""

from __future__ import annotations

from planner.web.accounts import checking, editing, listing, mapping, showing
from planner.web.accounts.blueprint import accounts

__all__ = ["accounts", "checking", "editing", "listing", "mapping", "showing"]
