"""Bettering an order of stops by single moves, compiled: putting in, taking out, moving, turning a stretch.

An order costs what ``label_search`` would count, where every leg is begun as early as can be; in rush hours
there may be cheaper ways to live through the same order.
"""

from __future__ import annotations

from typing import NamedTuple

from routing.compiled import compiled
from routing.day.label_day import (
    HOME_EARLY,
    LUNCH_CLOSES,
    NEVER,
    OVERTIME_ENDS,
    STARTS,
    Day,
    Numbers,
    begins_at,
    drive,
    fed_before,
    fed_on_arrival,
    home_at,
    is_fed_at_first,
    last_drive,
)

TOO_DEAR = 2**60

LENGTH, COST, PASSES = range(3)
"""Entries of ``Orders.figures``."""


class Orders(NamedTuple):
    """``best`` is the order, ``trial`` the one looked at, ``is_in`` 1 for stops within; ``figures`` the
    length and the cost of ``best``, and how many more passes over all moves are allowed."""

    best: Numbers
    trial: Numbers
    is_in: Numbers
    figures: Numbers


@compiled
def descend(day: Day, orders: Orders) -> None:
    """Takes the best move until none is better, or the passes are over."""
    figures, count = orders.figures, len(day.service)
    figures[COST] = cost_of(day, orders.best, figures[LENGTH])
    while figures[PASSES] > 0:
        figures[PASSES] -= 1
        kind, what, where = _best_move(day, orders)
        if kind < 0:
            return
        figures[LENGTH] = _moved(orders, kind, what, where)
        for at in range(figures[LENGTH]):
            orders.best[at] = orders.trial[at]
        for stop in range(count):
            orders.is_in[stop] = 0
        for at in range(figures[LENGTH]):
            orders.is_in[orders.best[at]] = 1
        figures[COST] = cost_of(day, orders.best, figures[LENGTH])


PUT_IN, TAKE_OUT, MOVE, TURN = range(4)


@compiled
def _best_move(day: Day, orders: Orders) -> tuple[int, int, int]:
    length, best = orders.figures[LENGTH], orders.figures[COST]
    found = (-1, 0, 0)
    for kind in range(4):
        for what in range(len(day.service) if kind == PUT_IN else length):
            if kind == PUT_IN and orders.is_in[what]:
                continue
            first, last = _places(kind, what, length)
            for where in range(first, last):
                cost = cost_of(day, orders.trial, _moved(orders, kind, what, where))
                if cost < best:
                    best, found = cost, (kind, what, where)
    return found


@compiled
def _places(kind: int, what: int, length: int) -> tuple[int, int]:
    if kind == PUT_IN:
        return 0, length + 1
    if kind == TAKE_OUT:
        return 0, 1
    if kind == MOVE:
        return 0, length
    return what + 1, length


@compiled
def _moved(orders: Orders, kind: int, what: int, where: int) -> int:
    """Writes the order after a move into ``trial``; returns its length. ``what`` is a stop to put in, else a
    place in the order."""
    best, trial, length = orders.best, orders.trial, orders.figures[LENGTH]
    if kind == TURN:
        for at in range(length):
            trial[at] = best[what + where - at] if what <= at <= where else best[at]
        return int(length)
    to = 0
    for at in range(length):
        if kind != PUT_IN and at == what:
            continue
        if to == where and kind != TAKE_OUT:
            trial[to] = what if kind == PUT_IN else best[what]
            to += 1
        trial[to] = best[at]
        to += 1
    if kind != TAKE_OUT and to == where:
        trial[to] = what if kind == PUT_IN else best[what]
        to += 1
    return to


@compiled
def cost_of(day: Day, order: Numbers, length: int) -> int:
    """What the day costs, TOO_DEAR where the order does not fit."""
    place = len(day.service)
    is_fed = is_fed_at_first(day)
    unfed, unfed_cost = NEVER if is_fed else day.rules[STARTS], 0
    fed, fed_cost = day.rules[STARTS] if is_fed else NEVER, 0
    for at in range(length):
        goal = order[at]
        then, then_cost = _after_lunch(day, place, goal, unfed, unfed_cost)
        leaves, cost = _straight(day, place, goal, fed, fed_cost, at == 0)
        if leaves < then or (leaves == then and cost < then_cost):
            then, then_cost = leaves, cost
        unfed, unfed_cost = _straight(day, place, goal, unfed, unfed_cost, at == 0)
        if unfed > day.rules[LUNCH_CLOSES]:
            unfed = NEVER
        fed, fed_cost, place = then, then_cost, goal
        if fed == NEVER and unfed == NEVER:
            return TOO_DEAR
    cost = min(_ended(day, place, fed, fed_cost, True), _ended(day, place, unfed, unfed_cost, False))
    return cost if cost >= TOO_DEAR else cost + _missing(day, order, length)


@compiled
def _straight(day: Day, origin: int, goal: int, leaves: int, cost: int, is_first: bool) -> tuple[int, int]:
    if leaves == NEVER:
        return NEVER, 0
    driven = drive(day, origin, goal, leaves)
    begins = begins_at(day, goal, leaves + driven)
    if begins > day.last_begin[goal]:
        return NEVER, 0
    if is_first:
        driven = last_drive(day, origin, goal, leaves, begins)
    return begins + day.service[goal], cost + (begins - leaves if day.rules[HOME_EARLY] else driven)


@compiled
def _after_lunch(day: Day, origin: int, goal: int, leaves: int, cost: int) -> tuple[int, int]:
    """The earlier of lunch on arrival and lunch before the drive."""
    if leaves == NEVER:
        return NEVER, 0
    driven = drive(day, origin, goal, leaves)
    arrives = leaves + driven
    begins = fed_on_arrival(day, goal, arrives, begins_at(day, goal, arrives))
    departs = fed_before(day, leaves, arrives)
    if departs < NEVER:
        later = drive(day, origin, goal, departs)
        before = begins_at(day, goal, departs + later)
        if before < begins:
            begins, driven = before, later
    if begins > day.last_begin[goal]:
        return NEVER, 0
    return begins + day.service[goal], cost + (begins - leaves if day.rules[HOME_EARLY] else driven)


@compiled
def _ended(day: Day, last: int, leaves: int, cost: int, fed: bool) -> int:
    if leaves == NEVER:
        return TOO_DEAR
    end, driven = home_at(day, last, leaves, fed)
    if end > day.rules[OVERTIME_ENDS]:
        return TOO_DEAR
    return cost + (end - leaves if day.rules[HOME_EARLY] else driven)


@compiled
def _missing(day: Day, order: Numbers, length: int) -> int:
    missing = 0
    for stop in range(len(day.service)):
        missing += day.price[stop]
    for at in range(length):
        missing -= day.price[order[at]]
    return missing
