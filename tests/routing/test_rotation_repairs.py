"""Why not, and what would help: an offered repair makes the visit fit, and what is not offered does not."""

from __future__ import annotations

from collections.abc import Iterator
from dataclasses import replace

import numpy as np
from hypothesis import given, settings
from hypothesis import strategies as st

from routing.day import solve_day
from routing.rotation.missing import missing_spans
from routing.rotation.other_days import Blocked
from routing.rotation.repairs import Help, Kind, Repair, repairs
from routing.types import DayProblem, RotationAccount, RotationDay, RotationProblem, SearchBudget, Shift, Stop
from tests.routing.rotation_judge import pieces
from tests.routing.test_rotation import ALL_DAY, HOUR, OFF, account, problem

HORIZON = 8
SHORT = RotationDay(Shift(8 * HOUR, 11 * HOUR))
Plan = dict[int, list[int]]


def driven(
    day: RotationDay, case: RotationProblem, number: int, accounts: list[RotationAccount]
) -> int | None:
    """Driving of a day planned anew; None where not everybody fits."""
    assert day.shift is not None
    if not all(one.windows[number] for one in accounts):
        return None
    stops = tuple(Stop(a.key, a.at, a.service_seconds, a.windows[number]) for a in accounts)
    route = solve_day(DayProblem(day.shift, stops, case.travel), SearchBudget(100))
    assert route.proven
    return None if route.left_out else route.driving_seconds


def on(case: RotationProblem, plan: Plan, number: int, *, without: int = 0) -> list[RotationAccount]:
    return [one for one in case.accounts if one.key in plan.get(number, ()) and one.key != without]


def at_the_account(case: RotationProblem, plan: Plan, found: Repair, one: RotationAccount) -> int | None:
    """Driving the day gains by the visit once the repair is applied, None where it does not fit then."""
    day, others = case.days[found.day], on(case, plan, found.day)
    assert day.shift is not None
    now = driven(day, case, found.day, others)
    assert now is not None
    if found.kind is Kind.OVERTIME:
        day = RotationDay(replace(day.shift, ends=day.shift.ends + found.amount))
    if found.kind is Kind.SHORTER:
        one = replace(one, service_seconds=found.amount)
    if found.kind is Kind.HOURS:
        (window,) = one.windows[found.day]
        one = opened(one, found.day, window.opens - found.amount, window.closes + found.amount)
    if found.kind is Kind.WEEKDAY:
        open_days = [hours for hours in one.windows if hours]
        if not open_days:
            return None
        usual = max(open_days, key=open_days.count)  # of as many the first
        one = replace(one, windows=(usual,) * HORIZON)
    if found.kind is Kind.MOVE:
        assert found.key is not None
        assert found.to_day is not None
        assert found.from_day == found.day
        others = on(case, plan, found.day, without=found.key)
        (other,) = [other for other in case.accounts if other.key == found.key]
        there = on(case, plan, found.to_day)
        then = driven(case.days[found.to_day], case, found.to_day, [*there, other])
        before = driven(case.days[found.to_day], case, found.to_day, there)
        if then is None or before is None:
            return None
        now -= then - before
    after = driven(day, case, found.day, [*others, one])
    return None if after is None else after - now


def opened(one: RotationAccount, day: int, opens: int, closes: int) -> RotationAccount:
    windows = list(one.windows)
    windows[day] = (replace(ALL_DAY[0], opens=opens, closes=closes),)
    return replace(one, windows=tuple(windows))


@st.composite
def crowded(draw: st.DrawFn) -> tuple[RotationProblem, Plan]:
    """Short days with room for three or four visits, and an account 1 that is visited nowhere."""
    hours = st.sampled_from([ALL_DAY, ALL_DAY, ALL_DAY, (), (replace(ALL_DAY[0], closes=9 * HOUR),)])
    windows = tuple(draw(hours) for _ in range(HORIZON))
    first = draw(st.integers(0, 4))
    one = account(1, HORIZON, 6, windows=windows, service_seconds=draw(st.sampled_from([1800, 3000])))
    one = replace(one, first_from=first, first_wish=first + 1, first_to=first + draw(st.integers(0, 2)))
    many = [account(key, HORIZON, None, first_to=HORIZON - 1) for key in range(2, 9)]
    days = [draw(st.sampled_from([SHORT, SHORT, SHORT, OFF])) for _ in range(HORIZON)]
    case = problem([one, *many], days)
    random = np.random.default_rng(draw(st.integers(0, 99)))
    case.travel.seconds[:] = random.integers(300, 1500, case.travel.seconds.shape)
    np.fill_diagonal(case.travel.seconds, 0)
    plan: Plan = {}
    for day, number in [(day, n) for n, day in enumerate(days) if day is SHORT]:
        keys = draw(st.lists(st.integers(2, 8), unique=True, min_size=2, max_size=4))
        while driven(day, case, number, on(case, {number: keys}, number)) is None:
            keys.pop()
        plan[number] = keys
    return case, plan


def asked(case: RotationProblem, plan: Plan) -> Help:
    movable = {(day, key) for day, keys in plan.items() for key in keys}
    closed = {day for day in range(HORIZON) if not case.accounts[0].windows[day]}
    return repairs(case, plan, 1, movable, closed)


@settings(max_examples=60, deadline=None)
@given(crowded())
def test_an_offered_repair_makes_the_visit_fit_at_the_figure_said(case: tuple[RotationProblem, Plan]) -> None:
    posed, plan = case
    one = posed.accounts[0]
    found = asked(posed, plan)
    assert found.is_certain
    assert list(found.repairs) == sorted(found.repairs, key=lambda repair: repair.weight)
    for repair in found.repairs:
        assert at_the_account(posed, plan, repair, one) == repair.seconds, repair


@settings(max_examples=60, deadline=None)
@given(crowded())
def test_a_repair_that_is_not_offered_does_not_fit(case: tuple[RotationProblem, Plan]) -> None:
    posed, plan = case
    one = posed.accounts[0]
    found = asked(posed, plan)
    offered = {repair.kind for repair in found.repairs}
    promised = range(max(0, one.first_from), min(one.first_to, HORIZON - 1) + 1)
    worked = [day for day in promised if posed.days[day].shift is not None]
    opened_days = [day for day in worked if one.windows[day]]

    def fits(kind: Kind, day: int, amount: int = 0, **other: int) -> bool:
        return at_the_account(posed, plan, Repair(kind, day, 0, 0, amount, **other), one) is not None  # type: ignore[arg-type]

    has_room = any(fits(Kind.ROOM, day) for day in opened_days)
    assert has_room == (Kind.ROOM in offered)
    if has_room:
        return
    assert (Kind.OVERTIME in offered) == any(fits(Kind.OVERTIME, day, 2 * HOUR) for day in opened_days)
    shortest = one.service_seconds // 2
    assert (Kind.SHORTER in offered) == any(fits(Kind.SHORTER, day, shortest) for day in opened_days)
    assert (Kind.HOURS in offered) == any(fits(Kind.HOURS, day, 2 * HOUR) for day in opened_days)
    assert (Kind.LATER in offered) == any(
        fits(Kind.LATER, day)
        for day in range(one.first_to + 1, HORIZON)
        if posed.days[day].shift and one.windows[day]
    )
    assert (Kind.MOVE in offered) == any(
        fits(Kind.MOVE, day, key=key, from_day=day, to_day=to_day)
        for day in opened_days
        for key in plan[day]
        for to_day in plan
        if to_day != day and key not in plan[to_day]
    )
    for repair in found.repairs:
        if repair.kind is Kind.OVERTIME:
            assert not fits(Kind.OVERTIME, repair.day, repair.amount - 60)
        if repair.kind is Kind.SHORTER and repair.amount + 300 < one.service_seconds:
            assert not fits(Kind.SHORTER, repair.day, repair.amount + 300)


@settings(max_examples=100, deadline=None)
@given(
    st.lists(st.integers(0, 19), unique=True, max_size=6),
    st.integers(-3, 22),
    st.integers(1, 6),
    st.sampled_from([None, 5]),
)
def test_what_is_missing_is_what_the_judge_misses(
    days: list[int], first: int, length: int, cadence: int | None
) -> None:
    one = account(1, 20, cadence, first_from=first, first_to=first + length)
    dates = tuple(sorted(days))
    if cadence is None:
        dates = dates[:1]
    found = [(span.first, span.last) for span in missing_spans(one, dates, 20)]
    assert sorted(found) == sorted(pieces(one, dates, dates, 20))


def held(kind: Kind, found: Help) -> Iterator[Repair]:
    return (repair for repair in found.repairs if repair.kind is kind)


def test_own_rules_are_passed_by_the_least_days() -> None:
    one = account(1, 12, 5, earliest_gap=4, latest_gap=6, first_from=0, first_to=3)
    full = account(2, 12, None, service_seconds=3 * HOUR - 1600)
    # Visited on day 1; promised again from day 5 to 7, of which nobody works on the first two; day 7 is full.
    days = [SHORT, SHORT, SHORT, SHORT, SHORT, OFF, OFF, SHORT, SHORT, SHORT, OFF, OFF]
    found = repairs(problem([one, full], days), {1: [1], 7: [2]}, 1)
    assert found.span is not None
    assert (found.span.first, found.span.last) == (5, 7)
    assert found.rules == ((Blocked.DAY_OFF, 2), (Blocked.FULL, 1))
    (gap,) = held(Kind.EARLIEST_GAP, found)
    assert (gap.day, gap.amount) == (4, 1)
    (late,) = held(Kind.LATEST_GAP, found)
    assert (late.day, late.amount) == (8, 1)
    assert [repair.day for repair in held(Kind.OVERRULE, found)] == [4, 3, 2]


def test_a_date_of_a_fixed_cycle_that_falls_on_a_day_off_goes_to_the_nearest_day_beside_it() -> None:
    one = account(1, 14, 7, fixed_days=(3, 10))
    days = [OFF if day == 3 else SHORT for day in range(14)]
    found = repairs(problem([one], days), {10: [1]}, 1)
    assert [repair.day for repair in held(Kind.OVERRULE, found)] == [2, 1, 0]
    assert [repair.day for repair in held(Kind.LATER, found)] == [4, 5, 6]


def test_a_shorter_visit_is_the_longest_that_fits_and_wider_hours_are_the_least() -> None:
    # Driving takes 500 s each way: 10,800 − 1,000 leave room for 9,800 s, and 9,900 are wished.
    long = account(1, 1, None, first_to=0, service_seconds=9900)
    found = repairs(problem([long], [SHORT]), {0: []}, 1)
    assert [repair.amount for repair in held(Kind.SHORTER, found)] == [9600]
    assert [repair.amount for repair in held(Kind.OVERTIME, found)] == [120]
    # One arrives 500 s after 8:00, and they close the door 300 s after 8:00.
    early = opened(account(1, HORIZON, None, first_to=0), 0, 8 * HOUR, 8 * HOUR + 300)
    found = repairs(problem([early], [SHORT] * HORIZON), {}, 1)
    (hint,) = held(Kind.HOURS, found)
    assert (hint.amount, hint.begins) == (900, 8 * HOUR + 500)


def test_nothing_is_offered_where_nothing_is_missing_and_nothing_helps_where_nothing_can() -> None:
    one = account(1, 4, None, first_to=3)
    assert repairs(problem([one], [SHORT] * 4), {1: [1]}, 1).span is None
    nowhere = repairs(problem([one], [OFF] * 4), {}, 1)
    assert nowhere.repairs == ()
    assert nowhere.is_certain
    assert nowhere.rules == ((Blocked.DAY_OFF, 4),)


def test_a_day_too_long_to_prove_is_not_called_impossible() -> None:
    many = [account(key, 1, None, first_to=0, service_seconds=60) for key in range(2, 20)]
    case = problem([account(1, 1, None, first_to=0), *many], [SHORT])
    found = repairs(case, {0: [one.key for one in many]}, 1)
    assert found.repairs == ()
    assert not found.is_certain


def slower(one: RotationAccount, cadence: int) -> RotationAccount:
    """The account with every date of its as much later as its cadence is longer."""
    assert one.cadence is not None
    more = cadence - one.cadence
    return replace(
        one,
        cadence=cadence,
        latest_gap=one.latest_gap + more,
        first_wish=one.first_wish + more,
        first_to=one.first_to + more,
    )


@settings(max_examples=60, deadline=None)
@given(crowded(), st.integers(1, 4))
def test_less_frequent_visits_are_offered_on_the_days_they_open_and_on_no_other(
    case: tuple[RotationProblem, Plan], more: int
) -> None:
    posed, plan = case
    one = posed.accounts[0]
    assert one.cadence is not None
    then = slower(one, one.cadence + more)
    found = repairs(posed, plan, 1, slower=[then])
    offered = {repair.day: repair for repair in held(Kind.CADENCE, found)}
    if Kind.ROOM in {repair.kind for repair in found.repairs} or then.first_to >= HORIZON:
        # There is room as it is, or by the longer cadence no visit is owed within the horizon.
        assert not offered
        return
    fits = {}
    for day in range(then.first_from, min(then.first_to, HORIZON - 1) + 1):
        if posed.days[day].shift is not None and one.windows[day]:
            fits[day] = at_the_account(posed, plan, Repair(Kind.ROOM, day, 0, 0), one)
    assert bool(offered) == any(seconds is not None for seconds in fits.values())
    for day, repair in offered.items():
        assert (repair.seconds, repair.amount) == (fits[day], then.cadence)


def test_the_next_step_of_the_cadence_that_helps_is_enough() -> None:
    one = account(1, 12, 4, latest_gap=4, first_from=0, first_to=3)
    full = account(2, 12, None, service_seconds=3 * HOUR - 1600)
    # Visited on day 1; days 2 to 6 are off or full, so that day 7 is the first with room.
    days = [SHORT, SHORT, OFF, OFF, OFF, SHORT, OFF, SHORT, SHORT, SHORT, OFF, OFF]
    steps = [slower(one, 5), slower(one, 6), slower(one, 8)]
    found = repairs(problem([one, full], days), {1: [1], 5: [2]}, 1, slower=steps)
    assert [(repair.day, repair.amount) for repair in held(Kind.CADENCE, found)] == [(7, 6)]


def test_a_visit_that_stands_in_time_by_the_longer_cadence_is_the_repair_itself() -> None:
    one = account(1, 12, 4, latest_gap=4, first_from=0, first_to=3)
    days = [SHORT, SHORT, OFF, OFF, OFF, OFF, OFF, SHORT, OFF, OFF, OFF, SHORT]
    found = repairs(problem([one], days), {1: [1], 7: [1], 11: [1]}, 1, slower=[slower(one, 6)])
    assert [(repair.day, repair.seconds) for repair in held(Kind.CADENCE, found)] == [(7, 0)]
