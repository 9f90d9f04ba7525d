"""The moments of a day: how one goes on from a stop, and which ways of having come there can be forgotten.

Driving is never broken. Lunch is taken at a place, before or after the service there, or before
leaving the start; it may begin from ``earliest`` to ``latest``. A day that is over by ``latest``
needs no lunch on the way. Service begins at the first moment a window allows; waiting is free.
"""

from __future__ import annotations

from collections.abc import Iterator, Sequence
from typing import NamedTuple

from routing.slots import drive_seconds, latest_departure, leaving_later_saves
from routing.types import UNREACHABLE_SECONDS, DayProblem, Lunch, Stop, TimeWindow


class Moment(NamedTuple):
    """A place in a route. ``eaten`` is when lunch began, None while it is still to come; ``departs`` is
    when the drive there began, ``driven`` are the seconds of all drives so far."""

    arrives: int
    begins: int
    leaves: int
    eaten: int | None
    departs: int
    driven: int

    @property
    def drive(self) -> int:
        """Seconds of the drive there, lunch on arrival apart."""
        return self.arrives - self.departs


class HomeComing(NamedTuple):
    """The end of a day. Compares by driving, then by time."""

    driven: int
    at: int
    departs: int
    eaten: int | None


def first_begin(windows: Sequence[TimeWindow], earliest: int) -> int | None:
    """The first moment from ``earliest`` on at which service may begin; None when the day's windows are over.

    Reversed windows (closing before they open) never open.
    """
    if not windows:
        return earliest
    begins = [max(w.opens, earliest) for w in windows if max(w.opens, earliest) <= w.closes]
    return min(begins, default=None)


def lunch_from(lunch: Lunch, moment: int) -> int | None:
    """When lunch begins if it is taken at the first chance from ``moment``; None when it is too late."""
    begins = max(moment, lunch.earliest)
    return begins if begins <= lunch.latest else None


def set_out(problem: DayProblem) -> Moment:
    """The beginning of the shift, at its start."""
    starts = problem.shift.starts
    return Moment(starts, starts, starts, no_lunch_ahead(problem), starts, 0)


def steps(problem: DayProblem, now: Moment, origin: int, stop: Stop, is_first: bool) -> Iterator[Moment]:
    """The ways to go on to ``stop``: driving at once, after lunch, or with lunch on arrival there.

    None of them when the stop cannot be reached or is closed by then. To the first stop one leaves only as
    early as its door needs.
    """
    if problem.travel.seconds[origin, stop.at] >= UNREACHABLE_SECONDS:
        return
    direct = _driven_to(problem, now, now.leaves, now.eaten, origin, stop)
    if direct is not None:
        yield _without_waiting(problem, direct, origin, stop) if is_first else direct
    if problem.shift.lunch is not None and now.eaten is None:
        yield from _fed(problem, problem.shift.lunch, now, direct, origin, stop)


def _fed(
    problem: DayProblem, lunch: Lunch, now: Moment, direct: Moment | None, origin: int, stop: Stop
) -> Iterator[Moment]:
    """Nobody waits for the lunch hour unless the drive or the visit would take one past it, or the door is
    closed anyway: otherwise lunch comes later and nothing is lost."""
    arrives = now.leaves + drive_seconds(problem.travel, origin, stop.at, now.leaves)
    there = lunch_from(lunch, arrives)
    waits_anyway = direct is None or direct.begins >= lunch.earliest or direct.leaves > lunch.latest
    if there is not None and (there == arrives or waits_anyway):
        begins = first_begin(stop.windows, there + lunch.seconds)
        if begins is not None:
            driven = now.driven + arrives - now.leaves
            yield Moment(arrives, begins, begins + stop.service_seconds, there, now.leaves, driven)
    before = lunch_from(lunch, now.leaves)
    if before is not None and (before == now.leaves or arrives > lunch.latest):
        fed = _driven_to(problem, now, before + lunch.seconds, before, origin, stop)
        if fed is not None:
            yield fed


def home(problem: DayProblem, now: Moment, origin: int) -> HomeComing | None:
    """How the shift's end is reached, or None when that is too late or impossible."""
    shift, travel = problem.shift, problem.travel
    if travel.seconds[origin, shift.end] >= UNREACHABLE_SECONDS:
        return None
    departs, eaten = now.leaves, now.eaten
    at = departs + drive_seconds(travel, origin, shift.end, departs)
    if shift.lunch is not None and eaten is None and at > shift.lunch.latest:
        eaten = lunch_from(shift.lunch, departs)
        if eaten is None:
            return None
        departs = eaten + shift.lunch.seconds
        at = departs + drive_seconds(travel, origin, shift.end, departs)
    return HomeComing(now.driven + at - departs, at, departs, eaten) if at <= shift.ends else None


def beats(problem: DayProblem, one: Moment, other: Moment) -> bool:
    """Whether no day that goes on from ``other`` can end better than one from ``one``, both at the same
    place with the same stops and lunch behind.

    In rush hours the later of two may save driving by having missed some of them.
    """
    if one.leaves > other.leaves or one.driven > other.driven:
        return False
    saves = leaving_later_saves(problem.travel, one.leaves)
    if one.leaves == other.leaves or not saves:
        return True
    # Drives are rounded to whole seconds each.
    return one.driven + saves + len(problem.stops) + 1 <= other.driven


def no_lunch_ahead(problem: DayProblem) -> int | None:
    """What ``eaten`` starts with: a shift that begins after the lunch hours counts as fed."""
    lunch = problem.shift.lunch
    return lunch.latest if lunch is not None and problem.shift.starts > lunch.latest else None


def _driven_to(
    problem: DayProblem, now: Moment, departs: int, eaten: int | None, origin: int, stop: Stop
) -> Moment | None:
    arrives = departs + drive_seconds(problem.travel, origin, stop.at, departs)
    begins = first_begin(stop.windows, arrives)
    if begins is None:
        return None
    driven = now.driven + arrives - departs
    return Moment(arrives, begins, begins + stop.service_seconds, eaten, departs, driven)


def _without_waiting(problem: DayProblem, first: Moment, origin: int, stop: Stop) -> Moment:
    """Nobody leaves home early to wait at the first door: what could be slept is."""
    departs = latest_departure(problem.travel, origin, stop.at, first.departs, first.begins)
    drive = drive_seconds(problem.travel, origin, stop.at, departs)
    return first._replace(arrives=departs + drive, departs=departs, driven=first.driven - first.drive + drive)
