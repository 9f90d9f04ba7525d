"""The ratios managers judge by, as functions of counts. None where there is nothing to divide by.

Their formulas are printed beside them on screen.
"""

from __future__ import annotations


def ratio(part: float, whole: float) -> float | None:
    return part / whole if whole else None


def coverage(visited: int, assigned: int) -> float | None:
    """Accounts visited in the period ÷ accounts assigned."""
    return ratio(visited, assigned)


def cadence_kept(within_latest_gap: int, with_cadence: int) -> float | None:
    """Accounts within their latest gap ÷ accounts with a cadence."""
    return ratio(within_latest_gap, with_cadence)
