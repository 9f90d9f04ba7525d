"""What the rest of a day costs at least, from the label where it stands: three bounds, compiled."""

from __future__ import annotations

from typing import NamedTuple

from routing.compiled import compiled
from routing.day.label_day import LUNCH_CLOSES, LUNCH_SECONDS, NEVER, OVERTIME_ENDS, Day, Numbers
from routing.day.label_store import NONE
from routing.day.ways_home import WaysHome


class Worth(NamedTuple):
    """By stop, the seconds it ``takes`` at least, way in and service, and what serving it ``saves`` at most;
    ``order`` are the stops by what they save for their time, most first."""

    order: Numbers
    takes: Numbers
    saves: Numbers


@compiled
def least_lost(day: Day, worth: Worth, served: int, last: int, leaves: int, fed: bool) -> float:
    """The prices of the stops not served and the ways into those that fit into the time that is left, parts
    of visits too; and the way home."""
    rules, home = day.rules, day.least_in[len(day.service)]
    room = rules[OVERTIME_ENDS] - leaves - home
    if not fed:
        early = min(rules[OVERTIME_ENDS], rules[LUNCH_CLOSES]) - leaves - home
        room = max(room - rules[LUNCH_SECONDS], early)
    lost = float(home)
    for stop in worth.order:
        if served >> stop & 1:
            continue
        lost += day.price[stop]
        if room <= 0 or leaves + day.nearest[last, stop] > day.last_begin[stop]:
            continue
        if worth.takes[stop] <= room:
            lost -= worth.saves[stop]
        else:
            lost -= worth.saves[stop] * (room / worth.takes[stop])
        room -= worth.takes[stop]
    return lost


@compiled
def least_rest(ways: WaysHome, place: int, leaves: int, served: int) -> tuple[float, int]:
    """The cheapest way home from here that remembers none of the stops served, and the looks that took."""
    others = served & ~(1 << (place // 2))
    label, looks = ways.first[place], 0
    while label >= 0:
        looks += 1
        if ways.latest[label] >= leaves and ways.memory[label] & others == 0:
            return ways.cost[label], looks
        label = ways.following[label]
    return float(NEVER) * NEVER, looks


@compiled
def least_ways_in(day: Day, served: int, last: int, leaves: int) -> int:
    """The cheapest way into every stop not served from another such, or its price; and home. One of these
    ways comes from the last stop."""
    count = len(day.service)
    total, first, is_free = 0, NEVER * (count + 1), True
    for goal in range(count):
        if served >> goal & 1:
            continue
        price = day.price[goal]
        if leaves + day.nearest[last, goal] > day.last_begin[goal]:
            total += price
            continue
        way = min(price, _way_in(day, served, goal, goal))
        total += way
        is_free = is_free and price < NEVER
        first = min(first, day.least_way[last, goal] - way)
    way = _way_in(day, served, count + 1, NONE)
    if is_free:
        first = min(first, day.least_way[last, count + 1] - way)
    return int(total + way + first)


@compiled
def _way_in(day: Day, served: int, goal: int, itself: int) -> int:
    row = goal if itself >= 0 else goal - 1
    for rank in range(len(day.service)):
        origin = day.sources[row, rank]
        if origin != itself and not served >> origin & 1:
            return int(day.least_way[origin, goal])
    return NEVER
