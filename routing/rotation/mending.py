"""Where a plan that begins as the published one has most to mend: dates that went, promises that broke."""

from __future__ import annotations

import numpy as np

from routing.rotation import tables as t
from routing.rotation.missing import missing_spans
from routing.rotation.setting import Setting
from routing.rotation.tables import Numbers, Plan, Tables


def displaced(setting: Setting) -> list[bool]:
    """By number, whether an account cannot be visited on all its published days: it waits until the others
    have theirs, or it would drive them from their days."""
    return [
        not set(one.account.published_days) <= {setting.days[slot] for slot in one.slots}
        for one in setting.wanted
    ]


def changed(setting: Setting, tables: Tables, plan: Plan) -> list[int]:
    """Accounts that are not visited on just the days that were published."""
    return [
        number
        for number in tables.movable.tolist()
        if _days(tables, plan, number) != sorted(set(setting.wanted[number].account.published_days))
    ]


def broken_prices(setting: Setting) -> Numbers:
    """What an account costs at least that breaks a promise; those in a quota have none."""
    return np.array(
        [t.TOO_DEAR if one.account.in_quota else max(1, one.account.price // 2) for one in setting.wanted],
        dtype=np.int64,
    )


def look_for_owed(setting: Setting, tables: Tables, plan: Plan, broken_price: Numbers, owed: Numbers) -> None:
    """Fill in the promises the plan breaks, with the slots a visit is owed in, as ``Desk.owed`` has them."""
    movable, horizon = tables.movable, len(setting.problem.days)
    found: list[int] = []
    # Few accounts that keep their promises cost as much as one that is broken.
    for number in movable[plan.price[movable] >= broken_price[movable]].tolist():
        for span in missing_spans(setting.wanted[number].account, _days(tables, plan, number), horizon):
            first, behind = np.searchsorted(tables.day, [span.first, span.last + 1]).tolist()
            if first < behind and len(found) + 3 < len(owed):
                found += [number, first, behind - 1]
    owed[0], owed[1 : 1 + len(found)] = len(found) // 3, found


def _days(tables: Tables, plan: Plan, number: int) -> list[int]:
    """The days an account is visited on."""
    days: list[int] = tables.day[tables.slot_of[plan.visits[number, : plan.visited[number]]]].tolist()
    return days
