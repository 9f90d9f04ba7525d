"""Accounts: finding, showing, changing them, who owns them, and what is wrong in their data."""
