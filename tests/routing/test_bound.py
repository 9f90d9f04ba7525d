"""The lower bound of the benchmarks: never above the best plan, and near it on small territories."""

from __future__ import annotations

from dataclasses import replace

from hypothesis import given, settings

from bench.lower_bound import lower_bound
from bench.quarters import fixed_problem, generated, own_problem
from routing.rotation import plan_rotation
from routing.types import Lunch, RotationDay, RotationProblem, SearchBudget, Shift, TimeWindow
from tests.routing.rotation_judge import optimum
from tests.routing.test_rotation import HOUR, WORK, account, problem, tiny


def found(case: RotationProblem, most_steps: int = 1_000_000) -> tuple[int | None, int]:
    """The bound, and what the plan costs."""
    plan = plan_rotation(case, SearchBudget(iterations=100))
    return lower_bound(case, plan, most_steps), plan.cost_seconds


@settings(max_examples=200, deadline=None, derandomize=True)
@given(tiny())
def test_no_schedule_costs_less_than_the_bound(case: RotationProblem) -> None:
    bound, _ = found(case)
    assert bound is None or bound <= optimum(case)


def test_a_bound_that_is_stopped_early_is_still_one() -> None:
    case = own_problem(generated(30, 1, weeks=4))
    plan = plan_rotation(case, SearchBudget(iterations=500))
    bounds = [lower_bound(case, plan, steps) for steps in (12_000_000, 20_000_000, 50_000_000)]
    known = [bound for bound in bounds if bound is not None]
    assert known
    assert max(known) <= plan.cost_seconds


def test_the_bound_of_days_that_need_not_share_is_the_optimum() -> None:
    # Each has a day of its own: what is cheapest for each is cheapest for all.
    case = problem([account(key, 3, fixed_days=(key - 1,)) for key in (1, 2, 3)], [WORK] * 3)
    bound, cost = found(case)
    assert bound == cost == optimum(case)


def test_lunch_windows_overtime_and_loads_count_in_the_bound() -> None:
    shift = Shift(
        8 * HOUR, 11 * HOUR, lunch=Lunch(9 * HOUR, 10 * HOUR, HOUR), overtime_seconds=HOUR, load_limit=2
    )
    early = (TimeWindow(8 * HOUR, 9 * HOUR),)
    many = [
        account(key, 2, None, first_to=1, load=1, lateness_price=0, service_seconds=HOUR) for key in (1, 2, 3)
    ]
    many[0] = replace(many[0], windows=(early, early))
    case = problem(many, [RotationDay(shift)] * 2, overtime_price=1800)
    bound, cost = found(case)
    assert bound is not None
    assert cost - 60 <= bound <= cost


def test_thirty_accounts_over_four_weeks_are_planned_within_a_hundredth_of_the_optimum() -> None:
    for seed in (1, 2, 3):
        quarter = generated(30, seed, weeks=4, with_windows=seed == 2)
        for case in (own_problem(quarter), fixed_problem(quarter)):
            plan = plan_rotation(case, SearchBudget(iterations=20_000))
            bound = lower_bound(case, plan)
            assert bound is not None
            assert bound <= plan.cost_seconds <= 1.01 * bound


def test_the_same_plan_gets_the_same_bound() -> None:
    case = own_problem(generated(20, 4, weeks=4))
    assert found(case) == found(case)


def test_more_accounts_than_a_set_holds_get_no_bound() -> None:
    case = problem([account(key, 2, None, first_to=1) for key in range(1, 64)], [WORK] * 2)
    assert found(case)[0] is None
