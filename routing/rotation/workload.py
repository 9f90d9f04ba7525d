"""How full days are when they are even: a guess before any plan is made, from the visits wished for."""

from __future__ import annotations

import numpy as np

from routing.rotation.setting import expected_visits
from routing.types import UNREACHABLE_SECONDS, RotationAccount, RotationProblem

LEAST_PERCENT = 30
"""Below this nobody minds how full a day is."""


def even_percent(problem: RotationProblem) -> int:
    """Visits, a drive to its nearest neighbour for each, and for each day worked there and back to the
    middling account: as a percentage of all shifts, from ``LEAST_PERCENT`` to 100."""
    shifts = [shift for day in problem.days for shift in day.shifts if shift is not None]
    available = sum(shift.working_seconds for shift in shifts)
    if not available or not problem.accounts:
        return 100
    at = np.array([account.at for account in problem.accounts])
    seconds = problem.travel.seconds
    between = np.where(np.eye(len(at), dtype=np.bool_), UNREACHABLE_SECONDS, seconds[np.ix_(at, at)])
    nearest = np.where(between.min(axis=0) < UNREACHABLE_SECONDS, between.min(axis=0), 0).tolist()
    work = sum(
        visits * (account.service_seconds + drive)
        for account, visits, drive in zip(problem.accounts, _wished(problem), nearest, strict=True)
    )
    for shift in shifts:
        out = seconds[shift.start, at]
        known = out[out < UNREACHABLE_SECONDS]
        work += 2 * int(np.median(known)) if known.size else 0
    return int(min(100, max(LEAST_PERCENT, 100 * work // available)))


def _wished(problem: RotationProblem) -> list[float]:
    """Visits of each account; those in a quota share what the quotas allow."""
    visits = [expected_visits(account, len(problem.days)) for account in problem.accounts]
    counted = sum(
        wished for account, wished in zip(problem.accounts, visits, strict=True) if account.in_quota
    )
    allowed = sum(quota.most for quota in problem.quotas) if problem.quotas else counted
    share = min(1.0, allowed / counted) if counted else 1.0
    return [_shared(account, wished, share) for account, wished in zip(problem.accounts, visits, strict=True)]


def _shared(account: RotationAccount, wished: int, share: float) -> float:
    return wished * share if account.in_quota else float(wished)
