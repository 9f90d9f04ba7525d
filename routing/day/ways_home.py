"""Ways home that may visit a stop twice: what the rest of a day costs at least, compiled.

Labels run backwards from the end, over (stop, lunch behind or not, stops remembered), the latest leaving time
first. A way forgets a stop once it has been somewhere that is not among its neighbours (ng-routes: Baldacci,
Mingozzi and Roberti 2011), so it may visit one twice; each visit earns its stop's ``due``, which is what a
way that misses it must pay. Rush hours count as the best hour of each drive, overtime as free.
"""

from __future__ import annotations

from typing import NamedTuple

from routing.compiled import compiled
from routing.day.label_day import (
    FAR,
    LUNCH_CLOSES,
    LUNCH_OPENS,
    LUNCH_SECONDS,
    NEVER,
    OVERTIME_ENDS,
    STARTS,
    Day,
    Numbers,
    Reals,
    SmallNumbers,
    is_fed_at_first,
    last_begins_at,
)

NONE, TOO_MANY = -1, -2

LOOKED, MOST_LOOKS, GRID = range(3)
"""Entries of ``WaysHome.effort``: labels looked at, how many may be, and the seconds to which a leaving time
is rounded up, so that fewer labels differ."""


class WaysHome(NamedTuple):
    """By label: the latest moment one may leave ``place`` (stop * 2 + lunch behind), what is still to drive
    less what is still earned, the stops remembered, the label ahead. ``first[place]`` is the cheapest label
    of a place, ``following`` the next dearer one; ``queue`` a heap. ``near[i]`` are the stops that ``i`` lets
    one remember, as bits; ``due`` what a visit earns."""

    latest: Numbers
    cost: Reals
    memory: Numbers
    place: SmallNumbers
    ahead: SmallNumbers
    first: SmallNumbers
    following: SmallNumbers
    queue: SmallNumbers
    near: Numbers
    due: Reals
    effort: Numbers


@compiled
def find_ways_home(day: Day, ways: WaysHome) -> int:
    """Fills the labels; returns how many, TOO_MANY when there is no room for them."""
    count = len(day.service)
    made, waiting = 0, 0
    for place in range(2 * count):
        ways.first[place] = NONE
    for stop in range(count):
        for fed in range(2):
            latest = _last_leave_home(day, stop, fed == 1)
            made, waiting = _offer(day, ways, made, waiting, stop, fed, latest, NONE, 0.0, count + 1)
    while waiting > 0:
        label, waiting = _take_first(ways, waiting)
        if _is_beaten(ways, ways.place[label], ways.latest[label], ways.cost[label], ways.memory[label]):
            continue
        _settle(ways, label)
        stop, fed = ways.place[label] // 2, ways.place[label] % 2
        begins = last_begins_at(day, stop, ways.latest[label] - day.service[stop])
        for origin in range(count):
            if ways.memory[label] >> origin & 1 or day.least_way[origin, stop] >= FAR:
                continue
            way = day.least_way[origin, stop]
            cost = ways.cost[label]
            if fed == 1:
                made, waiting = _offer(day, ways, made, waiting, origin, 1, begins - way, label, cost, stop)
                unfed = _last_leave_fed(day, begins, way)
                made, waiting = _offer(day, ways, made, waiting, origin, 0, unfed, label, cost, stop)
            else:
                made, waiting = _offer(day, ways, made, waiting, origin, 0, begins - way, label, cost, stop)
            if made < 0 or ways.effort[LOOKED] > ways.effort[MOST_LOOKS]:
                return TOO_MANY
    return made


@compiled
def least_way_home(day: Day, ways: WaysHome) -> tuple[float, int]:
    """The cheapest whole day of these ways, without what is due; and its first label, NONE to stay at
    home."""
    count = len(day.service)
    best, found = float(day.least_way[count, count + 1]), NONE
    for stop in range(count):
        way = day.least_way[count, stop]
        for fed in range(2):
            label = ways.first[2 * stop + fed]
            while label >= 0:
                cost = way - ways.due[stop] + ways.cost[label]
                if cost >= best:
                    break
                if _can_begin_so(day, stop, fed, ways.latest[label], way):
                    best, found = cost, label
                    break
                label = ways.following[label]
    return best, found


@compiled
def _can_begin_so(day: Day, stop: int, fed: int, latest: int, way: int) -> bool:
    """Whether one who starts the day here is at the stop in time."""
    begins = last_begins_at(day, stop, latest - day.service[stop])
    if fed == 1 and not is_fed_at_first(day):
        return bool(_last_leave_fed(day, begins, way) >= day.rules[STARTS])
    return bool(begins - way >= day.rules[STARTS])


@compiled
def _last_leave_home(day: Day, stop: int, fed: bool) -> int:
    end = len(day.service) + 1
    way, until = day.least_way[stop, end], day.rules[OVERTIME_ENDS]
    if fed:
        return int(until - way)
    lunch = day.rules[LUNCH_SECONDS]
    latest = min(day.rules[LUNCH_CLOSES], until) - way
    if day.rules[LUNCH_OPENS] + lunch + way <= until:
        latest = max(latest, min(day.rules[LUNCH_CLOSES], until - way - lunch))
    return int(latest)


@compiled
def _last_leave_fed(day: Day, begins: int, way: int) -> int:
    """The last moment to leave and begin by ``begins`` with lunch on the way, before it or behind it."""
    lunch, opens, closes = day.rules[LUNCH_SECONDS], day.rules[LUNCH_OPENS], day.rules[LUNCH_CLOSES]
    if opens + lunch + way <= begins:
        return int(min(closes, begins - way - lunch))
    if opens + lunch <= begins:
        return int(min(closes, begins - lunch) - way)
    return -NEVER


@compiled
def _offer(
    day: Day,
    ways: WaysHome,
    made: int,
    waiting: int,
    stop: int,
    fed: int,
    latest: int,
    ahead: int,
    cost: float,
    goal: int,
) -> tuple[int, int]:
    """A label for leaving ``stop`` towards ``goal``, if one can have come there and none beats it."""
    if made < 0:
        return made, waiting
    if fed == 0:
        latest = min(latest, day.rules[LUNCH_CLOSES])
        if is_fed_at_first(day):
            return made, waiting
    begins = last_begins_at(day, stop, latest - day.service[stop])
    start, grid = len(day.service), ways.effort[GRID]
    latest = begins + day.service[stop]
    latest += -latest % grid
    if begins < day.rules[STARTS] + day.nearest[start, stop] or day.least_way[stop, goal] >= FAR:
        return made, waiting
    cost += day.least_way[stop, goal]
    memory = 1 << stop
    if ahead >= 0:
        cost -= ways.due[goal]
        memory |= ways.memory[ahead] & ways.near[stop]
    place = 2 * stop + fed
    if _is_beaten(ways, place, latest, cost, memory):
        return made, waiting
    if made >= len(ways.latest):
        return TOO_MANY, waiting
    ways.latest[made], ways.cost[made], ways.memory[made] = latest, cost, memory
    ways.place[made], ways.ahead[made] = place, ahead
    _put(ways, waiting, made)
    return made + 1, waiting + 1


@compiled
def _is_beaten(ways: WaysHome, place: int, latest: int, cost: float, memory: int) -> bool:
    """Whether a settled way is as good; of those at a place, the dearer ones follow."""
    label = ways.first[place]
    while label >= 0 and ways.cost[label] <= cost:
        ways.effort[LOOKED] += 1
        if ways.latest[label] >= latest and ways.memory[label] & ~memory == 0:
            return True
        label = ways.following[label]
    return False


@compiled
def _settle(ways: WaysHome, label: int) -> None:
    place = ways.place[label]
    before, after = NONE, ways.first[place]
    while after >= 0 and ways.cost[after] <= ways.cost[label]:
        before, after = after, ways.following[after]
        ways.effort[LOOKED] += 1
    ways.following[label] = after
    if before < 0:
        ways.first[place] = label
    else:
        ways.following[before] = label


@compiled
def _is_sooner(ways: WaysHome, one: int, other: int) -> bool:
    if ways.latest[one] != ways.latest[other]:
        return bool(ways.latest[one] > ways.latest[other])
    return bool(ways.cost[one] < ways.cost[other])


@compiled
def _put(ways: WaysHome, waiting: int, label: int) -> None:
    at = waiting
    while at > 0 and _is_sooner(ways, label, ways.queue[(at - 1) // 2]):
        ways.queue[at] = ways.queue[(at - 1) // 2]
        at = (at - 1) // 2
    ways.queue[at] = label


@compiled
def _take_first(ways: WaysHome, waiting: int) -> tuple[int, int]:
    found, waiting = ways.queue[0], waiting - 1
    label, at = ways.queue[waiting], 0
    while 2 * at + 1 < waiting:
        child = 2 * at + 1
        if child + 1 < waiting and _is_sooner(ways, ways.queue[child + 1], ways.queue[child]):
            child += 1
        if not _is_sooner(ways, ways.queue[child], label):
            break
        ways.queue[at] = ways.queue[child]
        at = child
    if waiting > 0:
        ways.queue[at] = label
    return found, waiting
