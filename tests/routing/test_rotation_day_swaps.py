"""Trials in which two days change places, and what is compiled before the first search."""

from __future__ import annotations

from itertools import pairwise

import numpy as np
import pytest

from routing.rotation import plan_rotation
from routing.rotation.anneal import anneal
from routing.rotation.day_choice import dates_price
from routing.rotation.day_swaps import follow_share, swap_days
from routing.rotation.ruin import knobs_of
from routing.rotation.search import Search
from routing.rotation.setting import setting_of
from routing.rotation.tables import DRIVING, copy_of
from routing.rotation.times import refresh
from routing.rotation.trial import NOTHING, WHOLE, forget_touched, is_in_time, place
from routing.types import Quota, RotationAccount, RotationDay, RotationProblem, SearchBudget, Shift
from tests.routing.test_rotation import HOUR, WORK, account, problem, quarter, travel

DAYS = 42


def team() -> RotationProblem:
    """Two reps, one of whom ends earlier; every kind of account, one of them with an agreed visit."""
    random = np.random.default_rng(7)
    spots = [(0, 0), *((int(x), int(y)) for x, y in random.integers(-1500, 1500, (40, 2)))]
    both = RotationDay(Shift(8 * HOUR, 15 * HOUR), (Shift(8 * HOUR, 12 * HOUR),))
    accounts: list[RotationAccount] = []
    for key in range(1, 31):
        cadence = int(random.choice([7, 14, 21]))
        closed = int(random.integers(0, 5))
        windows = tuple(() if d % 7 == closed else WORK_HOURS for d in range(DAYS))
        accounts.append(account(key, DAYS, cadence, windows=windows, first_wish=0))
    accounts += [account(key, DAYS, None, first_to=DAYS - 1, first_wish=0) for key in range(31, 34)]
    accounts += [account(key, DAYS, fixed_days=(3, 17, 31)) for key in (34, 35)]
    choices = ((1, 15, 29), (2, 16, 30))
    accounts += [account(key, DAYS, None, first_to=DAYS - 1, choices=choices) for key in (36, 37)]
    accounts.append(account(38, DAYS, 14, pinned_days=(9,), earliest_gap=5))
    asked = {"first_to": DAYS - 1, "in_quota": True, "price": HOUR}
    accounts += [account(key, DAYS, None, **asked) for key in (39, 40)]
    off = RotationDay(None, (None,))
    days = [off if d % 7 > 4 else both for d in range(DAYS)]
    return RotationProblem(tuple(days), tuple(accounts), travel(spots), quotas=(Quota(0, DAYS - 1, 1),))


WORK_HOURS = account(1, 1).windows[0]


def check_plan(search: Search, case: RotationProblem) -> None:
    """That routes and dates tell the same, that nobody is visited too soon, and that figures are right."""
    tables, plan, fresh = search.tables, search.plan, copy_of(search.plan)
    dates = search.dates()
    for route, order in enumerate(search.orders()):
        assert sorted(order) == [n for n, routes in enumerate(dates) if route in routes]
        refresh(tables, fresh, route)
        assert fresh.figures[route, DRIVING] == plan.figures[route, DRIVING]
    for number, routes in enumerate(dates):
        slots = [int(tables.slot_of[route]) for route in routes]
        movable = [slot for slot in slots if tables.pinned[number, slot] < 0]
        assert all(tables.may[number, slot] for slot in movable)
        days = [int(tables.day[slot]) for slot in slots]
        assert all(b - a >= case.accounts[number].earliest_gap for a, b in pairwise(days))
        assert plan.price[number] == dates_price(tables, plan, number)
    assert plan.counted.tolist() == [sum(len(dates[n]) for n in (38, 39))]


def test_days_that_changed_places_are_a_plan_that_keeps_the_rules() -> None:
    case = team()
    search = Search(setting_of(case), seed=1)
    search.construct()
    tables, plan, desk = search.tables, search.plan, search._desk
    knobs = knobs_of(1500.0, False, False, 1.0)
    moved = 0
    for _ in range(400):
        kept = search.orders()
        found = swap_days(tables, plan, desk, knobs)
        if found == NOTHING:
            forget_touched(desk)
            continue
        fits = is_in_time(tables, plan, desk)
        for k in range(found):
            number = int(desk.freed[k])
            moved += desk.freed_slot[k] != WHOLE
            if fits and desk.freed_slot[k] == WHOLE:
                place(tables, plan, search.memory, search.weights, desk, number, 0.0, False, False, True)
            desk.is_freed[number] = 0
        forget_touched(desk)
        if not fits:
            search.restore(kept)
        check_plan(search, case)
    assert moved > 100


def test_days_change_places_as_often_as_accounts_can_follow() -> None:
    one_day = problem([account(1, 1, None, first_to=0)], [WORK])
    assert follow_share(Search(setting_of(one_day), 1).tables) == 0.0
    cycles = problem([account(key, 21, fixed_days=(1, 8, 15)) for key in (1, 2)], [WORK] * 21)
    choices = [account(key, 21, None, first_to=20, choices=((1, 8), (2, 9))) for key in (1, 2, 3)]
    half = problem([*choices, *(account(key, 21) for key in (4, 5, 6))], [WORK] * 21)
    assert follow_share(Search(setting_of(half), 1).tables) == 0.5
    assert follow_share(Search(setting_of(cycles), 1).tables) == 0.0


def test_the_search_is_compiled_for_every_plan_before_the_first() -> None:
    pytest.importorskip("numba")
    for case in (problem([account(1, 1)], [WORK]), quarter(5), team()):
        plan_rotation(case, SearchBudget(5))
    # The first is what is compiled when Rounds starts. Another type would take a minute of somebody's plan.
    assert len(anneal.signatures) == 1  # type: ignore[attr-defined]
