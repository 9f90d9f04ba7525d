"""Why this day: every figure equals planning both days again, every blocked day has its rule."""

from __future__ import annotations

from dataclasses import replace

import numpy as np
from hypothesis import given, settings
from hypothesis import strategies as st

from routing.day import solve_day
from routing.rotation.other_days import Blocked, other_days, visit_seconds
from routing.types import DayProblem, RotationProblem, SearchBudget, Stop
from tests.routing.test_rotation import ALL_DAY, HOUR, OFF, WORK, account, problem


def driven(case: RotationProblem, day: int, keys: list[int]) -> int:
    """Driving of a day planned anew, all of it."""
    by_key = {one.key: one for one in case.accounts}
    stops = tuple(Stop(k, by_key[k].at, by_key[k].service_seconds, by_key[k].windows[day]) for k in keys)
    shift = case.days[day].shift
    assert shift is not None
    route = solve_day(DayProblem(shift, stops, case.travel), SearchBudget(100))
    assert not route.left_out
    return route.driving_seconds


@settings(max_examples=40, deadline=None)
@given(st.lists(st.lists(st.integers(2, 7), unique=True, max_size=4), min_size=4, max_size=4))
def test_a_figure_equals_planning_the_days_again(others: list[list[int]]) -> None:
    random = np.random.default_rng(len(str(others)))
    case = problem([account(key, 4, None, first_to=3) for key in range(1, 8)], [WORK] * 4)
    case.travel.seconds[:] = random.integers(60, 3600, case.travel.seconds.shape)
    np.fill_diagonal(case.travel.seconds, 0)
    standing = {day: list(keys) for day, keys in enumerate(others)}
    standing[0] = [1, *standing[0]]
    for found in other_days(case, standing, 1, moving=0):
        without = [key for key in standing[found.day] if key != 1]
        assert found.seconds == driven(case, found.day, [*without, 1]) - driven(case, found.day, without)


def test_each_rule_against_a_day_is_named() -> None:
    hours = tuple(() if day == 3 else ALL_DAY for day in range(10))
    one = account(1, 10, 7, windows=hours, earliest_gap=3, first_from=1, first_to=9)
    long = account(2, 10, None, service_seconds=8 * HOUR - 2400)
    days = [WORK, WORK, OFF, *[WORK] * 7]
    found = other_days(problem([one, long], days), {9: [1], 4: [2]}, 1)
    rules = {other.day: other.blocked for other in found}
    # Day 0 is before it is due, 2 off, 3 closed, 4 full, 7 and 8 are too near to the visit on day 9.
    assert rules == {
        0: Blocked.TOO_EARLY,
        1: None,
        2: Blocked.DAY_OFF,
        3: Blocked.CLOSED,
        4: Blocked.FULL,
        5: None,
        6: None,
        7: Blocked.TOO_NEAR,
        8: Blocked.TOO_NEAR,
        9: Blocked.VISITED,
    }
    assert found[7].nearest == 9
    assert found[7].seconds == 2 * 500


def test_a_promise_that_would_break_is_said() -> None:
    one = replace(account(1, 14, 5, earliest_gap=1), first_to=3, latest_gap=7)
    found = other_days(problem([one], [WORK] * 14), {2: [1], 8: [1]}, 1, moving=8)
    # Before day 7 more than seven days are left to the end of the horizon, after day 9 lie between the two.
    assert [other.day for other in found if other.breaks_promise] == [0, 1, 3, 4, 5, 6, 10, 11, 12, 13]


def test_an_account_costs_what_its_days_would_save_without_it() -> None:
    case = problem([account(key, 3, None, first_to=2) for key in (1, 2, 3)], [WORK] * 3)
    standing = {0: [1, 2], 1: [3], 2: [2, 1, 3]}
    # 500, 800 and 1,100 seconds from home on one line: whoever lies on the way to another costs nothing.
    # On day 2 account 3 is the farthest: 2 * 1,100 with it, 2 * 800 without.
    assert visit_seconds(case, standing, 1) == {0: 0, 2: 0}
    assert visit_seconds(case, standing, 3) == {1: 2 * 1100, 2: 2 * (1100 - 800)}


def test_a_fixed_cycle_has_no_gaps_to_keep() -> None:
    one = account(1, 10, 7, fixed_days=(2, 9), first_from=5)
    found = other_days(problem([one], [WORK] * 10), {9: [1]}, 1)
    assert {other.blocked for other in found if other.day != 9} == {None}
