"""What a rotation refuses: a problem that contradicts itself, told before any search."""

from __future__ import annotations

from itertools import pairwise

from routing.errors import BadProblem, Unreachable
from routing.types import UNREACHABLE_SECONDS, Nights, RotationAccount, RotationProblem


def check(problem: RotationProblem) -> None:
    """Raises ``BadProblem``, and ``Unreachable`` for a shift whose end cannot be reached from its start."""
    horizon, size = len(problem.days), len(problem.travel.seconds)
    shifts = [shift for day in problem.days for shift in day.shifts if shift is not None]
    if problem.travel.seconds.shape != (size, size):
        raise BadProblem(why="the travel times do not cover all places")
    if any(shift.starts > shift.ends for shift in shifts):
        raise BadProblem(why="a shift ends before it starts")
    if any(min(shift.overtime_seconds, shift.load_limit) < 0 for shift in shifts):
        raise BadProblem(why="a negative overtime or load limit")
    if len({len(day.shifts) for day in problem.days}) > 1:
        raise BadProblem(why="not as many reps on every day")
    if min(problem.stability_price, problem.balance_price, problem.overtime_price, problem.even_percent) < 0:
        raise BadProblem(why="a negative price")
    ends = {(shift.start, shift.end) for shift in shifts}
    if not all(0 <= at < size for pair in ends for at in pair):
        raise BadProblem(why="the travel times do not cover all places")
    if any(problem.travel.seconds[pair] >= UNREACHABLE_SECONDS for pair in ends):
        raise Unreachable(origin="the start of the day", destination="its end")
    if len({account.key for account in problem.accounts}) < len(problem.accounts):
        raise BadProblem(why="an account is listed twice")
    quotas = sorted(problem.quotas, key=lambda quota: quota.first_day)
    if any(quota.most < 0 or quota.first_day > quota.last_day for quota in quotas):
        raise BadProblem(why="a negative quota, or one that ends before it begins")
    if any(one.last_day >= other.first_day for one, other in pairwise(quotas)):
        raise BadProblem(why="two quotas for one day")
    for nights in problem.nights:
        _check_nights(nights, problem, size)
    for account in problem.accounts:
        _check_account(account, horizon, size)


def _check_nights(nights: Nights, problem: RotationProblem, size: int) -> None:
    if nights.price < 0 or nights.most_in_a_row < 1:
        raise BadProblem(why="a negative price of a night, or no night in a row")
    if not all(0 <= at < size for at in (*nights.places, *(at for _, at in nights.published))):
        raise BadProblem(why="the travel times do not cover all places")
    if sum(other.rep == nights.rep for other in problem.nights) > 1:
        raise BadProblem(why="the nights of a rep are listed twice")
    if any(not 0 <= nights.rep < len(day.shifts) for day in problem.days):
        raise BadProblem(why="nights of a rep who is not there")


def _check_account(account: RotationAccount, horizon: int, size: int) -> None:
    if not 0 <= account.at < size:
        raise BadProblem(why="the travel times do not cover all places")
    if min(account.service_seconds, account.price, account.lateness_price, account.load) < 0:
        raise BadProblem(why="a negative visit length, load or price")
    if len(account.windows) != horizon:
        raise BadProblem(why="opening hours do not cover every day")
    if account.cadence is not None:
        gaps = [(account.cadence, account.earliest_gap, account.latest_gap)]
        gaps += [(season.cadence, season.earliest_gap, season.latest_gap) for season in account.seasons]
        if any(not 1 <= earliest <= latest for _, earliest, latest in gaps):
            raise BadProblem(why="an earliest gap beyond the latest one, or below a day")
        if any(cadence < 1 for cadence, _, _ in gaps):
            raise BadProblem(why="a cadence below a day")
    if account.in_quota and (account.cadence is not None or account.fixed_days or account.choices):
        raise BadProblem(why="only a single visit can be in a quota")
    standing = (*account.fixed_days, *account.pinned_days, *account.published_days)
    chosen = (day for choice in account.choices for day in choice)
    if any(not 0 <= day < horizon for day in (*standing, *chosen, *(day for day, _ in account.day_prices))):
        raise BadProblem(why="a visit outside the horizon")
