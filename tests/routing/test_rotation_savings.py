"""The change budget: every figure equals planning the days again, and no rule is broken for it."""

from __future__ import annotations

from dataclasses import replace

from hypothesis import given, settings
from hypothesis import strategies as st

from routing.rotation.savings import savings
from routing.types import Quota, RotationProblem
from tests.routing.test_rotation import ALL_DAY, OFF, WORK, account, problem
from tests.routing.test_rotation_other_days import driven

HORIZON = 5


def whole(case: RotationProblem, standing: dict[int, list[int]]) -> int:
    return sum(driven(case, day, keys) for day, keys in standing.items())


@settings(max_examples=40, deadline=None)
@given(st.lists(st.lists(st.integers(1, 7), unique=True, max_size=4), min_size=HORIZON, max_size=HORIZON))
def test_what_is_said_to_be_saved_is_saved(days: list[list[int]]) -> None:
    case = problem(
        [account(key, HORIZON, None, first_to=HORIZON - 1) for key in range(1, 8)], [WORK] * HORIZON
    )
    case = replace(case, accounts=tuple(replace(one, lateness_price=0) for one in case.accounts))
    standing = {day: list(keys) for day, keys in enumerate(days)}
    movable = {(day, key) for day, keys in standing.items() for key in keys}
    found = savings(case, standing, movable, 4)
    for move in found:
        before = whole(case, standing)
        standing[move.from_day].remove(move.key)
        assert move.key not in standing[move.to_day]
        standing[move.to_day].append(move.key)
        assert before - whole(case, standing) == move.seconds
    if len(found) < 4:
        # Nothing is left that would save a minute by itself.
        moved = {(move.to_day, move.key) for move in found}
        assert all(_gain(case, standing, day, key) < 60 for day, key in _pairs(standing) - moved)


def _pairs(standing: dict[int, list[int]]) -> set[tuple[int, int]]:
    return {(day, key) for day, keys in standing.items() for key in keys}


def _gain(case: RotationProblem, standing: dict[int, list[int]], day: int, key: int) -> int:
    before = whole(case, standing)
    gains = [0]
    for to_day, keys in standing.items():
        if key not in keys:
            then = {d: [k for k in ks if (d, k) != (day, key)] for d, ks in standing.items()}
            then[to_day] = [*then[to_day], key]
            gains.append(before - whole(case, then))
    return max(gains)


def test_two_neighbours_on_two_days_are_put_together() -> None:
    case = problem([account(1, 3, None, first_to=2), account(2, 3, None, first_to=2)], [WORK] * 3)
    case = replace(case, accounts=tuple(replace(one, lateness_price=0) for one in case.accounts))
    found = savings(case, {0: [1], 2: [2]}, {(0, 1), (2, 2)}, 5)
    # Alone 2 * 500 and 2 * 800; together 500 + 300 + 800: 1,000 saved, whichever moves.
    assert [move.seconds for move in found] == [1000]


def test_a_prospect_stays_within_its_week() -> None:
    accounts = [account(key, 3, None, first_to=2, lateness_price=0, in_quota=True) for key in (1, 2)]
    case = problem(accounts, [WORK] * 3, quotas=(Quota(0, 1, 1), Quota(2, 2, 1)))
    standing, movable = {0: [1], 2: [2]}, {(0, 1), (2, 2)}
    assert savings(case, standing, movable, 5) == ()
    assert savings(replace(case, quotas=()), standing, movable, 5) != ()


def test_what_stands_and_what_a_rule_forbids_does_not_move() -> None:
    hours = tuple(ALL_DAY if day == 0 else () for day in range(3))
    one = account(1, 3, None, first_to=2, windows=hours, lateness_price=0)
    two = account(2, 3, None, first_to=2, lateness_price=0)
    case = problem([one, two], [WORK, OFF, WORK])
    # Account 1 opens on day 0 only; account 2 may not move.
    assert savings(case, {0: [1], 2: [2]}, {(0, 1)}, 5) == ()
    assert [m.to_day for m in savings(case, {0: [1], 2: [2]}, {(0, 1), (2, 2)}, 5)] == [0]


def test_a_move_must_be_worth_its_deviation() -> None:
    one, two = account(1, 3, None, first_to=2), account(2, 3, None, first_to=2, first_wish=2)
    dear = replace(two, lateness_price=4 * 3600)
    case = problem([one, dear], [WORK] * 3)
    assert savings(case, {0: [1], 2: [2]}, {(2, 2)}, 5) == ()


def test_nothing_moves_to_a_day_before_the_first() -> None:
    free = [account(key, 3, None, first_to=2, lateness_price=0) for key in (1, 2)]
    found = savings(problem(free, [WORK] * 3), {0: [1], 2: [2]}, {(2, 2)}, 5, first_day=1)
    assert found == ()
