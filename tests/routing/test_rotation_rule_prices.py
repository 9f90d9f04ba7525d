"""The price of a rule: the plan with and without it, searched alike; never negative, and repeatable."""

from __future__ import annotations

from dataclasses import replace

from hypothesis import given, settings
from hypothesis import strategies as st

from routing.rotation import plan_rotation
from routing.rotation.relaxed_rules import Rule, relaxed, rules_of
from routing.rotation.rule_prices import rule_price
from routing.types import RotationAccount, RotationPlan, RotationProblem, SearchBudget, TimeWindow
from tests.routing.rotation_judge import cost, dates_of, faults, price
from tests.routing.test_rotation import ALL_DAY, HOUR, WORK, account, problem, tiny

BUDGET = SearchBudget(iterations=200)


def standing_of(case: RotationProblem) -> dict[int, list[int]]:
    plan = plan_rotation(case, BUDGET)
    days = range(len(case.days))
    return {day: [visit.key for visit in plan.visits if visit.day == day] for day in days}


def rest(case: RotationProblem, plan: RotationPlan, one: RotationAccount) -> int:
    """By the judge: all that the plan costs but for the account's own dates, and the length of its visits."""
    days = dates_of(plan, one.key)
    return cost(case, plan) - price(one, days, len(case.days)) + one.service_seconds * len(days)


def with_rule_relaxed(case: RotationProblem, rule: Rule, closed: set[int]) -> RotationProblem:
    first, *others = case.accounts
    return replace(case, accounts=(relaxed(case, first, rule, closed), *others))


def published(case: RotationProblem, plan: RotationPlan) -> RotationProblem:
    accounts = (replace(one, published_days=dates_of(plan, one.key)) for one in case.accounts)
    return replace(case, accounts=tuple(accounts), stability_price=60)


@settings(max_examples=40, deadline=None)
@given(tiny(), st.sampled_from(list(Rule)))
def test_a_price_is_the_difference_of_two_plans_that_keep_their_rules(
    case: RotationProblem, rule: Rule
) -> None:
    case = replace(case, accounts=tuple(replace(one, day_prices=(), seasons=()) for one in case.accounts))
    one, standing = case.accounts[0], standing_of(case)
    closed = {day for day, hours in enumerate(one.windows) if not hours}
    found = rule_price(case, standing, one.key, rule, BUDGET, closed)
    # Both are searched from the dates of the plan as it is, after a first search from those that stand.
    settled = published(case, plan_rotation(published(case, plan_rotation(case, BUDGET)), BUDGET))
    loose = with_rule_relaxed(settled, rule, closed)
    assert faults(settled, found.before) == []
    assert found.seconds >= 0
    if not found.seconds:
        assert found.changes == ()
        return
    free = loose.accounts[0]
    assert faults(loose, found.after) == []
    assert found.seconds == rest(settled, found.before, one) - rest(loose, found.after, free)
    for key in (other.key for other in case.accounts):
        old, new = set(dates_of(found.before, key)), set(dates_of(found.after, key))
        mine = [change for change in found.changes if change.key == key]
        assert sorted(old - new) == [c.from_day for c in mine if c.from_day is not None]
        assert sorted(new - old) == [c.to_day for c in mine if c.to_day is not None]


def two_neighbours() -> tuple[RotationProblem, dict[int, list[int]]]:
    """Account 1 opens on day 2 only, account 2 must be visited on day 0; together they would drive less."""
    only = tuple(ALL_DAY if day == 2 else () for day in range(3))
    one = account(1, 3, None, first_to=2, windows=only, lateness_price=0)
    two = account(2, 3, None, first_to=2, lateness_price=0, pinned_days=(0,))
    return problem([one, two], [WORK] * 3), {0: [2], 2: [1]}


def test_the_weekday_costs_the_drive_it_makes_one_go_twice() -> None:
    case, standing = two_neighbours()
    found = rule_price(case, standing, 1, Rule.WEEKDAYS, BUDGET, {0, 1})
    # Alone 2 * 500 and 2 * 800; on the way to account 2 the first costs nothing. A move is priced 60 s.
    assert (found.driving_seconds, found.seconds) == (1000, 940)
    assert [(c.key, c.from_day, c.to_day, c.from_seconds, c.to_seconds) for c in found.changes] == [
        (1, 2, 0, 1000, 0)
    ]


def test_opening_hours_cost_the_way_they_make_one_go_back() -> None:
    # Both open for 1,000 s at 8:00: only one can be reached by then, so each takes a day of its own.
    early = ((TimeWindow(8 * HOUR, 8 * HOUR + 1000),),) * 2
    one = account(1, 2, None, first_to=1, windows=early, lateness_price=0)
    two = account(2, 2, None, first_to=1, windows=early, lateness_price=0)
    found = rule_price(problem([one, two], [WORK] * 2), {0: [1], 1: [2]}, 1, Rule.HOURS, BUDGET)
    assert (found.driving_seconds, found.seconds) == (1000, 940)


def test_what_stands_before_the_first_day_stays() -> None:
    case, standing = two_neighbours()
    assert rule_price(case, standing, 1, Rule.WEEKDAYS, BUDGET, {0, 1}, first_day=1).changes == ()


def test_the_length_of_a_visit_costs_at_least_the_half_that_is_saved() -> None:
    case, standing = two_neighbours()
    found = rule_price(case, standing, 1, Rule.LENGTH, BUDGET)
    assert (found.service_seconds, found.driving_seconds, found.changes) == (900, 0, ())


def test_a_longer_cadence_saves_the_visits_that_go() -> None:
    one = account(1, 28, 7, lateness_price=HOUR)
    case = problem([one], [WORK] * 28)
    found = rule_price(case, standing_of(case), 1, Rule.CADENCE, SearchBudget(2000))
    before, after = len(dates_of(found.before, 1)), len(dates_of(found.after, 1))
    assert after < before
    assert found.driving_seconds == (before - after) * 1000
    assert found.service_seconds == (before - after) * 1800


def test_same_seed_and_trials_same_price() -> None:
    accounts = [account(key, 21, 7, windows=(ALL_DAY, (), ALL_DAY) * 7) for key in range(1, 7)]
    case = problem(accounts, [WORK] * 21)
    standing = standing_of(case)
    first, second = (rule_price(case, standing, 1, Rule.WEEKDAYS, BUDGET, range(21)) for _ in range(2))
    assert first == second


def test_only_rules_that_bind_have_a_price() -> None:
    case = problem([account(1, 3, None, first_to=2), account(2, 3, 3)], [WORK] * 3)
    assert rules_of(case, 1) == (Rule.LENGTH,)
    assert rules_of(case, 2) == (Rule.LENGTH, Rule.EARLIEST_GAP, Rule.LATEST_GAP, Rule.CADENCE)
    closed = replace(
        case.accounts[1], windows=((), ALL_DAY, (TimeWindow(9 * HOUR, 10 * HOUR),)), fixed_days=(1,)
    )
    bound = replace(case, accounts=(case.accounts[0], closed))
    assert rules_of(bound, 2, {0}) == (Rule.HOURS, Rule.WEEKDAYS, Rule.LENGTH, Rule.CYCLE)
