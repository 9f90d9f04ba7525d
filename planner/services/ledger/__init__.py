"""Trips, expenses, receipts, claims and the chain over them; their lists and files."""
