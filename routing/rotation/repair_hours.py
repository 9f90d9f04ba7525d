"""Repairs of an account's opening hours, which only the people there can grant."""

from __future__ import annotations

from collections.abc import Collection, Iterator
from dataclasses import replace

from routing.day import route_of
from routing.rotation.day_driving import day_problem
from routing.rotation.hours import WHOLE_DAY, usual_hours, wider, with_hours
from routing.rotation.other_days import Blocked, rule_against
from routing.rotation.repair_kinds import Kind, Repair
from routing.rotation.repair_trials import Trials
from routing.types import RotationAccount

WIDENING_STEP, WIDEST = 15 * 60, 2 * 3600


def wider_hours(trials: Trials) -> Iterator[Repair]:
    """The least they would have to give, in quarters of an hour."""
    for day in trials.full:
        shift = trials.shift(day)
        assert shift is not None
        if trials.added_as(day, with_hours(trials.account, day, WHOLE_DAY), shift) is None:
            continue
        for more in range(WIDENING_STEP, WIDEST + 1, WIDENING_STEP):
            open_then = with_hours(trials.account, day, wider(trials.account.windows[day], more))
            seconds = trials.added_as(day, open_then, shift)
            if seconds is not None:
                hint = trials.repair(Kind.HOURS, day, seconds, more, more)
                yield replace(hint, begins=_begins(trials, day, open_then))
                break


def other_weekdays(trials: Trials, may_open: Collection[int]) -> Iterator[Repair]:
    """The cheapest day of each weekday it is closed on, at the hours it has on most days."""
    hours = usual_hours(trials.account)
    if hours is None:
        return
    best: dict[int, Repair] = {}
    for day in trials.promised:
        shift = trials.shift(day)
        if day not in may_open or trials.rule(day) is not Blocked.CLOSED or shift is None:
            continue
        open_then = with_hours(trials.account, day, hours)
        if rule_against(trials.problem, open_then, trials.dates, day)[0] is not None:
            continue
        seconds = trials.added_as(day, open_then, shift)
        if seconds is not None:
            hint = trials.repair(Kind.WEEKDAY, day, seconds)
            hint = replace(hint, begins=_begins(trials, day, open_then))
            known = best.get(day % 7)
            best[day % 7] = hint if known is None or hint.weight < known.weight else known
    yield from best.values()


def _begins(trials: Trials, day: int, account: RotationAccount) -> int | None:
    """When service begins in the day's best order."""
    shift = trials.shift(day)
    assert shift is not None
    posed = day_problem(trials.problem, shift, [*trials.others(day), account], day)
    proof = trials.driving.proof(day, shift, [*trials.others(day), account])
    route = route_of(posed, proof.stops) if proof and proof.stops is not None else None
    return next((stop.begins for stop in route.stops if stop.key == account.key), None) if route else None
