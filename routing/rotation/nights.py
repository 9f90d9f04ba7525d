"""Trials about nights, compiled: spend one away, come home instead, or sleep somewhere else.

A night joins the end of one route with the beginning of the next. A trial that changes it takes most visits
out of both routes, since what stood in them was placed for the way home.
"""

from __future__ import annotations

from routing.compiled import compiled
from routing.rotation.ruin import FREED, free_one, seed_of
from routing.rotation.tables import (
    BEGINS_AT,
    ENDS_AT,
    EVENING,
    HOME,
    MORNING,
    MOST_NIGHTS,
    NIGHT,
    NIGHTS,
    START,
    STOPS,
    Plan,
    Tables,
)
from routing.rotation.times import refresh
from routing.rotation.trial import NOTHING, WHOLE, Desk, Reals, draw, free, retime_touched, touch

NIGHT_SHARE = 0.1
"""Share of all trials that change a night, where any can be changed."""

KEEP_STOPS_SHARE = 0.25
"""Share of trials that change the night and leave the visits where they are."""

TWO_NIGHTS_SHARE = 0.3
"""Share of trials that change the night before or after in the same way."""

LEAST_FREED, MOST_FREED = 0.5, 1.0
"""Between these the share of the visits of both routes lies that is taken out."""


@compiled
def change_night(tables: Tables, plan: Plan, desk: Desk, knobs: Reals) -> int:
    """Changes a night and frees accounts around it; returns how many, NOTHING where no night was changed.
    The routes may end too late then: ``is_in_time`` says so."""
    seed = seed_of(tables, desk, knobs)
    evening = _evening(tables, plan, desk, seed)
    beside = _beside(tables, desk, evening) if draw(desk) < TWO_NIGHTS_SHARE else -1
    where = _where(tables, plan, desk, evening, seed)
    if where == plan.figures[tables.evenings[evening, EVENING], ENDS_AT]:
        return NOTHING
    found = 0
    if draw(desk) >= KEEP_STOPS_SHARE:
        found = _choose_around(tables, plan, desk, evening, found)
        if beside >= 0:
            found = _choose_around(tables, plan, desk, beside, found)
        found = _choose_near(tables, desk, seed, int(draw(desk) * 2.0 * knobs[FREED]), found)
    for k in range(found):
        free(tables, plan, desk, desk.freed[k])
    retime_touched(tables, plan, desk)
    _change(tables, plan, desk, evening, where)
    if beside >= 0:
        is_home = where == tables.route[tables.evenings[evening, EVENING], HOME]
        if is_home or nights_in_a_row(tables, plan, beside) <= tables.evenings[beside, MOST_NIGHTS]:
            _change(tables, plan, desk, beside, where)
    return found


@compiled
def _change(tables: Tables, plan: Plan, desk: Desk, evening: int, where: int) -> None:
    spend_night(tables, plan, evening, where)
    touch(desk, tables.evenings[evening, EVENING])
    touch(desk, tables.evenings[evening, MORNING])


@compiled
def _beside(tables: Tables, desk: Desk, evening: int) -> int:
    """The evening before or after that can change too, -1 where there is none."""
    step = 1 if draw(desk) < 0.5 else -1
    at = evening + step
    if not 0 <= at < len(tables.evenings) or tables.evenings[at, EVENING] < 0:
        return -1
    is_near = tables.evenings[at, NIGHT] == tables.evenings[evening, NIGHT] + step
    return at if is_near and tables.evenings[at, NIGHTS] == tables.evenings[evening, NIGHTS] else -1


@compiled
def spend_night(tables: Tables, plan: Plan, evening: int, where: int) -> None:
    """Let both routes of an evening meet at a node, the HOME of the first for a night at home."""
    before, after = tables.evenings[evening, EVENING], tables.evenings[evening, MORNING]
    is_home = where == tables.route[before, HOME]
    plan.figures[before, ENDS_AT] = where
    plan.figures[after, BEGINS_AT] = tables.route[after, START] if is_home else where
    refresh(tables, plan, before)
    refresh(tables, plan, after)


@compiled
def is_away(tables: Tables, plan: Plan, evening: int) -> bool:
    route = tables.evenings[evening, EVENING]
    return route < 0 or plan.figures[route, ENDS_AT] != tables.route[route, HOME]


@compiled
def nights_in_a_row(tables: Tables, plan: Plan, evening: int) -> int:
    """How many nights would follow each other if this one were spent away."""
    count = 1
    for step in (-1, 1):
        at = evening + step
        while (
            0 <= at < len(tables.evenings)
            and tables.evenings[at, NIGHTS] == tables.evenings[evening, NIGHTS]
            and tables.evenings[at, NIGHT] == tables.evenings[at - step, NIGHT] + step
            and is_away(tables, plan, at)
        ):
            count += 1
            at += step
    return count


@compiled
def _evening(tables: Tables, plan: Plan, desk: Desk, seed: int) -> int:
    """An evening that can change: one of a visit of the seed if there is one, else any."""
    visits = plan.visited[seed]
    if visits > 0 and draw(desk) < 0.7:
        route, side = plan.visits[seed, int(draw(desk) * visits)], EVENING
        if draw(desk) < 0.5:
            side = MORNING
        for evening in tables.open_evenings:
            if tables.evenings[evening, side] == route:
                return evening
    return tables.open_evenings[int(draw(desk) * len(tables.open_evenings))]


@compiled
def _where(tables: Tables, plan: Plan, desk: Desk, evening: int, seed: int) -> int:
    """Where to sleep: at home, near the seed, near the last visit before or the first one after."""
    row = tables.evenings[evening]
    before, after = row[EVENING], row[MORNING]
    home, now = tables.route[before, HOME], plan.figures[before, ENDS_AT]
    which = draw(desk)
    if now == home:
        if nights_in_a_row(tables, plan, evening) > row[MOST_NIGHTS]:
            return home
    elif which < 0.4:
        return home
    if which < 0.6 and plan.figures[before, STOPS] > 0:
        return tables.sleeps[row[NIGHTS], plan.order[before, plan.figures[before, STOPS] - 1]]
    if which < 0.8 and plan.figures[after, STOPS] > 0:
        return tables.sleeps[row[NIGHTS], plan.order[after, 0]]
    return tables.sleeps[row[NIGHTS], seed]


@compiled
def _choose_around(tables: Tables, plan: Plan, desk: Desk, evening: int, found: int) -> int:
    """Choose most accounts of both routes to be freed."""
    share = LEAST_FREED + (MOST_FREED - LEAST_FREED) * draw(desk)
    for side in (EVENING, MORNING):
        route = tables.evenings[evening, side]
        slot = tables.slot_of[route]
        for k in range(plan.figures[route, STOPS]):
            account = plan.order[route, k]
            if tables.pinned[account, slot] < 0 and desk.is_freed[account] == 0 and draw(desk) < share:
                found = free_one(desk, found, account, WHOLE)
    return found


@compiled
def _choose_near(tables: Tables, desk: Desk, seed: int, most: int, found: int) -> int:
    """Choose some near the seed, to take the place of others."""
    for k in range(min(most, tables.neighbours.shape[1])):
        near = tables.neighbours[seed, k]
        if desk.is_freed[near] == 0:
            found = free_one(desk, found, near, WHOLE)
    return found
