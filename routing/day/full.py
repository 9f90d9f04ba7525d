"""Whether it is certain that a day holds no more."""

from __future__ import annotations

from dataclasses import replace

import numpy as np

from routing.types import UNREACHABLE_SECONDS, DayProblem


def is_plainly_full(day: DayProblem) -> bool:
    """Whether all visits, the shortest way into each of them and home take longer than the shift: what of it
    is left beside lunch, or what is over before lunch must begin."""
    shift, lunch = day.shift, day.shift.lunch
    room = shift.ends - shift.starts
    if lunch is not None and shift.starts <= lunch.latest:
        room = max(room - lunch.seconds, min(shift.ends, lunch.latest) - shift.starts)
    return sum(stop.service_seconds for stop in day.stops) + _least_driving(day) > room


def no_order_holds(day: DayProblem) -> bool:
    """Whether no order serves all stops, whatever their prices. False also where that cannot be proven: in
    rush hours, with more stops than labels reach."""
    # The compiler behind this takes half a second to import; only a search needs it.
    from routing.day.labels import MOST_STOPS, proven_order

    if is_plainly_full(day):
        return True
    if len(day.stops) > MOST_STOPS or day.travel.rush:
        return False
    musts = replace(day, stops=tuple(replace(stop, price=None) for stop in day.stops))
    room = day.shift.ends - day.shift.starts - sum(stop.service_seconds for stop in day.stops)
    # No day drives longer than its shift lasts: where none fits, that ends the search early.
    proof = proven_order(musts, room + 1)
    return proof.is_proven and proof.stops is None


def _least_driving(day: DayProblem) -> int:
    """The shortest way into each stop and home, at any hour."""
    goals = [*(stop.at for stop in day.stops), day.shift.end]
    origins = [*(stop.at for stop in day.stops), day.shift.start]
    ways = day.travel.seconds[np.ix_(origins, goals)].copy()
    for rush in day.travel.rush:
        ways = np.minimum(ways, rush.seconds[np.ix_(origins, goals)])
    count = len(day.stops)
    if count:
        np.fill_diagonal(ways, UNREACHABLE_SECONDS)
    return int(ways.min(axis=0).sum())
