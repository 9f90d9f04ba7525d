"""Nights away: brute force agrees on tiny cases, and a far corner of a territory is worth a bed."""

from __future__ import annotations

from dataclasses import replace

import pytest
from hypothesis import given, settings
from hypothesis import strategies as st

from routing.errors import BadProblem
from routing.rotation import plan_rotation
from routing.types import NightAway, Nights, RotationProblem, SearchBudget, TimeWindow, TravelMatrix, Unplaced
from tests.routing.rotation_judge import cost, faults, optimum
from tests.routing.test_rotation import HOUR, OFF, WORK, account, problem, tiny

WEEK = [WORK] * 5 + [OFF] * 2


def stretched(case: RotationProblem, times: int) -> RotationProblem:
    """The same country with longer roads."""
    travel = case.travel
    return replace(case, travel=TravelMatrix(travel.seconds * times, travel.metres * times, "test"))


@st.composite
def with_nights(draw: st.DrawFn) -> RotationProblem:
    case = stretched(draw(tiny()), draw(st.sampled_from([3, 8])))
    accounts = tuple(replace(one, published_days=()) for one in case.accounts)
    evenings = tuple(day for day in range(len(case.days)) if draw(st.booleans()))[:3]
    nights = Nights(
        after_days=evenings,
        places=tuple(a.at for a in accounts if draw(st.booleans())),
        price=draw(st.sampled_from([0, 600, HOUR])),
        most_in_a_row=draw(st.integers(1, 2)),
        spent_after_days=draw(st.sampled_from([(), (), (-1,)])),
    )
    return replace(case, accounts=accounts, nights=(nights,))


@st.composite
def announced(draw: st.DrawFn) -> RotationProblem:
    case = draw(with_nights())
    (nights,) = case.nights
    published = tuple(
        (day, at) for day, at in zip(nights.after_days, nights.places, strict=False) if draw(st.booleans())
    )
    accounts = tuple(replace(one, published_days=draw(st.sampled_from([(), (1,)]))) for one in case.accounts)
    return replace(case, accounts=accounts, nights=(replace(nights, published=published),))


# The search is no proof: the same examples every time, so that a chance miss fails nobody's build.
@settings(max_examples=150, deadline=None, derandomize=True)
@given(with_nights())
def test_a_tiny_schedule_with_nights_is_as_cheap_as_brute_force(case: RotationProblem) -> None:
    plan = plan_rotation(case, SearchBudget(iterations=1500))
    assert faults(case, plan) == []
    assert plan.cost_seconds == cost(case, plan) == optimum(case)


@settings(max_examples=60, deadline=None, derandomize=True)
@given(announced())
def test_nights_that_were_announced_are_priced_as_the_judge_does(case: RotationProblem) -> None:
    plan = plan_rotation(case, SearchBudget(iterations=300))
    assert faults(case, plan) == []
    assert plan.cost_seconds == cost(case, plan) >= optimum(case)


def far_corner(price: int, **changes: object) -> RotationProblem:
    """Six accounts two hours away, each due once this week, with room for three of them on a day trip."""
    accounts = [account(k, 7, None, first_to=6, service_seconds=HOUR, price=24 * HOUR) for k in range(1, 7)]
    case = problem(accounts, WEEK)
    seconds = case.travel.seconds.copy()
    seconds[0, 1:] = seconds[1:, 0] = 2 * HOUR
    nights = Nights((0, 1, 2, 3), tuple(range(1, 7)), price)
    travel = TravelMatrix(seconds, seconds * 10, "test")
    return replace(case, travel=travel, nights=(replace(nights, **changes),))  # type: ignore[arg-type]


def test_a_night_is_spent_where_it_saves_more_than_its_price() -> None:
    case = far_corner(price=HOUR)
    plan = plan_rotation(case, SearchBudget(iterations=500))
    assert faults(case, plan) == []
    assert len(plan.nights) == 1
    assert len({visit.day for visit in plan.visits}) == 2
    assert len(plan.visits) == 6
    at_home = replace(case, nights=())
    assert (
        plan.driving_seconds
        <= plan_rotation(at_home, SearchBudget(iterations=500)).driving_seconds - 3 * HOUR
    )


def test_a_night_dearer_than_the_drive_home_is_spent_at_home() -> None:
    plan = plan_rotation(far_corner(price=5 * HOUR), SearchBudget(iterations=500))
    assert plan.nights == ()
    assert len(plan.visits) == 6


def test_an_account_too_far_for_a_day_trip_is_visited_on_two_days() -> None:
    seen = far_corner(price=HOUR)
    long = replace(seen, accounts=tuple(replace(one, service_seconds=5 * HOUR) for one in seen.accounts[:1]))
    plan = plan_rotation(long, SearchBudget(iterations=300))
    assert faults(long, plan) == []
    assert [(visit.key, bool(plan.nights)) for visit in plan.visits] == [(1, True)]
    alone = plan_rotation(replace(long, nights=()), SearchBudget(iterations=300))
    assert [entry.reason for entry in alone.unplaced] == [Unplaced.TOO_LONG]


def test_an_account_that_opens_before_one_is_there_from_home_is_visited_after_a_night_near_it() -> None:
    seen = far_corner(price=HOUR, after_days=(1,))
    early = ((TimeWindow(8 * HOUR, 9 * HOUR),),) * 7
    case = replace(seen, accounts=(*seen.accounts[:3], replace(seen.accounts[3], windows=early)))
    plan = plan_rotation(case, SearchBudget(iterations=500))
    assert faults(case, plan) == []
    assert [visit.day for visit in plan.visits if visit.key == 4] == [2]
    assert [night.day for night in plan.nights] == [1]


def test_a_night_announced_is_kept_while_moving_it_saves_little() -> None:
    case = far_corner(price=HOUR, published=((3, 2),))
    case = replace(case, stability_price=2 * HOUR)
    plan = plan_rotation(case, SearchBudget(iterations=500))
    assert plan.nights == (NightAway(3, 2),)
    assert {visit.day for visit in plan.visits} == {3, 4}


def test_nights_already_spent_count_towards_the_most_in_a_row() -> None:
    case = far_corner(price=HOUR, after_days=(0,), spent_after_days=(-1,))
    assert plan_rotation(case, SearchBudget(iterations=300)).nights == ()
    longer = far_corner(price=HOUR, after_days=(0,), spent_after_days=(-1,), most_in_a_row=2)
    assert [night.day for night in plan_rotation(longer, SearchBudget(iterations=300)).nights] == [0]


def test_no_night_before_a_day_off() -> None:
    case = far_corner(price=0, after_days=(4, 5))
    assert plan_rotation(case, SearchBudget(iterations=300)).nights == ()


@pytest.mark.parametrize(
    "changes", [{"price": -1}, {"most_in_a_row": 0}, {"places": (99,)}, {"rep": 3}], ids=str
)
def test_nights_that_contradict_themselves_are_refused(changes: dict[str, object]) -> None:
    case = far_corner(HOUR)
    with pytest.raises(BadProblem):
        plan_rotation(replace(case, nights=(replace(case.nights[0], **changes),)), SearchBudget(0))  # type: ignore[arg-type]
