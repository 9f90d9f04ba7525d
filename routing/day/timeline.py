"""When things happen on a route whose order is given: the one place that knows when a window binds.

Driving is never broken. Lunch is taken at a place, before or after the service there, or before
leaving the start; it may begin from ``earliest`` to ``latest``. A day that is over by ``latest``
needs no lunch on the way. Service begins at the first moment a window allows; waiting is free.
"""

from __future__ import annotations

import itertools
from collections.abc import Iterator, Sequence
from typing import NamedTuple

from routing.slots import drive_metres, drive_seconds, latest_departure, leaving_later_saves
from routing.types import UNREACHABLE_SECONDS, DayProblem, DayRoute, Lunch, PlannedStop, Stop, TimeWindow


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


def route_of(problem: DayProblem, order: Sequence[int]) -> DayRoute | None:
    """The timeline of ``order`` (indices into ``problem.stops``) with the least driving, the earliest of
    those; None when the order does not fit.

    ``left_out`` is empty and ``proven`` false; the caller knows about those.
    """
    fronts: list[list[tuple[Moment, int]]] = []
    now, origin = [set_out(problem)], problem.shift.start
    for index in order:
        stop = problem.stops[index]
        front: list[tuple[Moment, int]] = []
        for parent, before in enumerate(now):
            for moment in steps(problem, before, origin, stop, is_first=not fronts):
                _keep(problem, front, (moment, parent))
        if not front:
            return None
        fronts.append(front)
        now, origin = [moment for moment, _ in front], stop.at
    ends = [(end, i) for i, moment in enumerate(now) if (end := home(problem, moment, origin))]
    if not ends:
        return None
    coming, last = min(ends, key=lambda pair: pair[0][:2])
    return _route(problem, order, _trace(fronts, last), coming)


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


def _keep(problem: DayProblem, front: list[tuple[Moment, int]], new: tuple[Moment, int]) -> None:
    """Add a moment to those of one stop unless another with as much lunch behind beats it."""
    moment = new[0]
    alike = [old for old in front if (old[0].eaten is None) is (moment.eaten is None)]
    if any(beats(problem, old[0], moment) for old in alike):
        return
    beaten = [old for old in alike if beats(problem, moment, old[0])]
    front[:] = [*(old for old in front if old not in beaten), new]


def _trace(fronts: Sequence[list[tuple[Moment, int]]], last: int) -> list[Moment]:
    moments = []
    for front in reversed(fronts):
        moment, last = front[last]
        moments.append(moment)
    return moments[::-1]


def _route(
    problem: DayProblem, order: Sequence[int], moments: Sequence[Moment], coming: HomeComing
) -> DayRoute:
    travel, shift = problem.travel, problem.shift
    way = [shift.start, *(problem.stops[i].at for i in order), shift.end]
    departures = [*(moment.departs for moment in moments), coming.departs]
    legs = zip(itertools.pairwise(way), departures, strict=True)
    metres = [drive_metres(travel, *leg, departs) for leg, departs in legs]
    stops = tuple(
        PlannedStop(
            key=problem.stops[index].key,
            arrives=moment.arrives,
            begins=moment.begins,
            leaves=moment.leaves,
            leg_seconds=moment.drive,
            leg_metres=leg_metres,
        )
        for index, moment, leg_metres in zip(order, moments, metres, strict=False)
    )
    fed_before = no_lunch_ahead(problem) is not None
    first = moments[0] if moments else None
    eats_first = first is not None and first.eaten is not None and first.eaten < first.departs
    return DayRoute(
        stops=stops,
        left_out=(),
        leaves_at=shift.starts if first is None or (eats_first and not fed_before) else first.departs,
        home_at=coming.at,
        home_leg_seconds=coming.at - coming.departs,
        home_leg_metres=metres[-1],
        lunch_begins=None if fed_before else coming.eaten,
        proven=False,
    )
