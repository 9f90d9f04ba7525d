"""A rotation problem as arrays, and a plan as arrays: what the compiled search works on.

A *route* is one rep's working day; a *slot* is a day on which somebody works, with the routes
``first_route[slot]`` to before ``first_route[slot + 1]``. Nodes of the travel matrices are the accounts in
their order, then the places where days start and end. All times and costs are whole seconds.
"""

from __future__ import annotations

from typing import Any, NamedTuple

import numpy as np
import numpy.typing as npt

Numbers = npt.NDArray[np.int64]
SmallNumbers = npt.NDArray[np.int32]

NEVER = 2**30
"""A time of day that does not come."""

TOO_DEAR = 2**50
"""Cost of what is not possible; far above any plan, and sums of it stay in 64 bits."""

(
    START,
    HOME,
    STARTS,
    ENDS,
    OVERTIME_ENDS,
    LATEST,
    LUNCH_OPENS,
    LUNCH_CLOSES,
    LUNCH_SECONDS,
    CAPACITY,
    EVEN_SECONDS,
    NIGHT_PRICE,
    NIGHT_WAS,
    NIGHT_MOVED,
) = range(14)
"""Columns of ``Tables.route``. START and HOME are where it begins and ends unless a night is spent away;
OVERTIME_ENDS is the promise, LATEST what the search may try on its way; CAPACITY 0 is no limit; EVEN_SECONDS
of driving and visits are no more than an even share. The evening may end elsewhere than at HOME for
NIGHT_PRICE; NIGHT_MOVED is owed where a night announced at the node NIGHT_WAS (-1: none) is not spent
there."""

EVENING, MORNING, NIGHT, NIGHTS, MOST_NIGHTS = range(5)
"""Columns of ``Tables.evenings``: the route before and the route after a night that may be spent away, its
day, whose nights it belongs to and how many of those may follow each other. A night that is spent away
already has no routes: -1."""

SERVICE, LOAD, KIND, BASE_PRICE, NEVER_PRICE, BROKEN_FROM, BROKEN_PRICE, SHORTEST_GAP, IN_QUOTA = range(9)
"""Columns of ``Tables.account``. BASE_PRICE is owed whatever the dates; gaps longer than BROKEN_FROM cost
BROKEN_PRICE at least, and more the longer they are. IN_QUOTA is 1 for what counts against quotas."""

ROLLING, SINGLE, FIXED, CHOICES = range(4)
"""Values of KIND."""

BALANCE_PRICE, OVERTIME_PRICE = range(2)
"""Entries of ``Tables.rules``."""

(
    BEFORE,
    BEHIND,
    DRIVE,
    LEAVE_UNFED,
    LEAVE_FED,
    ARRIVE_UNFED,
    ARRIVE_FED,
    REST,
    LASTS,
    OPENS,
    CLOSES,
    WINDOWS,
) = range(12)
"""Columns of ``Plan.gaps``: between which nodes a gap lies, the drive, earliest departures, latest arrivals,
the seconds of driving and service behind it; then of the stop behind it: how long it lasts, its first window,
and how many it has. Everything retiming needs lies together."""

STOPS, DRIVING, END, LOADED, OVER_LOAD, OVER_TIME, COST, VERSION, BEGINS_AT, ENDS_AT = range(10)
"""Columns of ``Plan.figures``. COST is without what is beyond the limits; VERSION names the order; BEGINS_AT
and ENDS_AT are nodes."""


class Tables(NamedTuple):
    """The problem. ``into`` is ``out`` transposed, so that both ways of an account lie together in memory.

    ``windows[account, route]`` are pairs of first and last beginning, ``window_count`` how many count.
    ``may[account, slot]``: whether a visit that can still move may fall there. ``pinned[account, slot]`` is
    the route of a visit that stands there, -1 for none; ``published``: one was announced for that slot.
    Prices of dates: ``first`` and ``last`` by slot, ``gap_price[gap_row[account, slot], days to the next]``
    not below ``gap_least[row]``, ``date_price`` by route. ``choice_slots[choice_first[c]:choice_first[c +
    1]]`` are the slots of choice c; account a has those from ``choices_of[a]`` to before ``choices_of[a +
    1]``. ``quota_of`` is the quota of a slot, -1 for none, ``quota_most`` what each allows,
    ``quota_accounts`` those that can move and count.
    """

    out: SmallNumbers
    into: SmallNumbers
    route: Numbers
    first_route: Numbers
    slot_of: Numbers
    day: Numbers
    account: Numbers
    windows: SmallNumbers
    window_count: npt.NDArray[np.int8]
    may: npt.NDArray[np.int8]
    pinned: SmallNumbers
    published: npt.NDArray[np.int8]
    first: Numbers
    last: Numbers
    gap_row: SmallNumbers
    gap_price: Numbers
    gap_least: Numbers
    date_price: Numbers
    choices_of: Numbers
    choice_first: Numbers
    choice_slots: Numbers
    neighbours: SmallNumbers
    movable: Numbers
    quota_of: SmallNumbers
    quota_most: Numbers
    quota_accounts: Numbers
    evenings: Numbers
    open_evenings: Numbers
    sleeps: SmallNumbers
    keys: npt.NDArray[np.float64]
    rules: Numbers


class Plan(NamedTuple):
    """``order[route, :STOPS]`` are accounts in driving order, ``visits[account, :visited[account]]`` its
    routes by slot.

    ``price`` is what the dates of each account cost, ``counted`` the visits against each quota. ``counter``
    hands out versions.
    """

    order: SmallNumbers
    gaps: SmallNumbers
    figures: Numbers
    visits: SmallNumbers
    visited: Numbers
    price: Numbers
    counted: Numbers
    counter: Numbers


class Memory(NamedTuple):
    """``known[account, route]``: the route's version, and the cost and position of the cheapest insertion
    into it. Good as long as the version is the same. ``dear[account]`` is from what insertion on a day counts
    as a dear one."""

    known: Numbers
    dear: Numbers


def empty_plan(tables: Tables, most_stops: int) -> Plan:
    """Nobody is visited; ``most_stops`` a route at most."""
    accounts, slots = tables.may.shape
    routes = len(tables.route)
    figures = np.zeros((routes, ENDS_AT + 1), dtype=np.int64)
    figures[:, BEGINS_AT], figures[:, ENDS_AT] = tables.route[:, START], tables.route[:, HOME]
    return Plan(
        order=np.zeros((routes, most_stops), dtype=np.int32),
        gaps=np.zeros((routes, most_stops + 1, WINDOWS + 1), dtype=np.int32),
        figures=figures,
        visits=np.zeros((accounts, slots), dtype=np.int32),
        visited=np.zeros(accounts, dtype=np.int64),
        price=np.zeros(accounts, dtype=np.int64),
        counted=np.zeros(len(tables.quota_most), dtype=np.int64),
        counter=np.zeros(1, dtype=np.int64),
    )


def copy_of(plan: Plan) -> Plan:
    copies: list[Any] = [part.copy() for part in plan]
    return Plan(*copies)


def empty_memory(tables: Tables) -> Memory:
    accounts = len(tables.account)
    return Memory(np.zeros((accounts, len(tables.route), 3), np.int64), np.full(accounts, TOO_DEAR))
