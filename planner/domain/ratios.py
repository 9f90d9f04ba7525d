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


def plan_adherence(planned_done: int, planned: int) -> float | None:
    """Planned visits done ÷ visits planned."""
    return ratio(planned_done, planned)


def strike_rate(successful: int, held: int) -> float | None:
    """Visits with an order or an agreed result ÷ visits held."""
    return ratio(successful, held)


def driving_share(driving_seconds: int, working_seconds: int) -> float | None:
    """Driving ÷ working time."""
    return ratio(driving_seconds, working_seconds)
