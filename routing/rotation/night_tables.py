"""The nights a rep may spend away as arrays: which evenings can change, and where one would sleep."""

from __future__ import annotations

from collections.abc import Mapping

import numpy as np

from routing.rotation import tables as t
from routing.rotation.setting import Setting
from routing.rotation.tables import Numbers, SmallNumbers
from routing.types import Nights


def evening_rows(setting: Setting) -> tuple[Numbers, Numbers]:
    """``Tables.evenings`` and ``Tables.open_evenings``."""
    route_of = {(run.rep, run.day): route for route, run in enumerate(setting.runs)}
    rows: list[list[int]] = []
    for whose, nights in enumerate(setting.problem.nights):
        open_days = {run.day for run in setting.runs if run.rep == nights.rep and run.may_end_away}
        for day in sorted({*open_days, *nights.spent_after_days}):
            routes = [-1, -1]
            if day not in nights.spent_after_days:
                routes = [route_of[nights.rep, day], route_of[nights.rep, day + 1]]
            rows.append([*routes, day, whose, nights.most_in_a_row])
    evenings = np.array(rows, dtype=np.int64).reshape(-1, t.MOST_NIGHTS + 1)
    return evenings, np.flatnonzero(evenings[:, t.EVENING] >= 0).astype(np.int64)


def night_rules(setting: Setting, route: int, home: int, node_of: Mapping[int, int]) -> dict[int, int]:
    """What a night away costs after a route: the columns of ``Tables.route`` about it."""
    run = setting.runs[route]
    if not run.may_end_away:
        return {t.NIGHT_WAS: -1}
    nights = next(nights for nights in setting.problem.nights if nights.rep == run.rep)
    announced = dict(nights.published).get(run.day)
    return {
        t.NIGHT_PRICE: nights.price,
        t.NIGHT_WAS: -1 if announced is None else node_of.get(announced, home),
        t.NIGHT_MOVED: 0 if announced is None else setting.problem.stability_price,
    }


def sleep_nodes(setting: Setting, out: SmallNumbers, node_of: Mapping[int, int]) -> SmallNumbers:
    """``Tables.sleeps``: of every account the place nearest by driving there and back."""
    found = np.zeros((len(setting.problem.nights), len(setting.wanted)), dtype=np.int32)
    for whose, nights in enumerate(setting.problem.nights):
        found[whose] = _nearest(nights, out, node_of, len(setting.wanted))
    return found


def _nearest(nights: Nights, out: SmallNumbers, node_of: Mapping[int, int], accounts: int) -> SmallNumbers:
    nodes = np.array([node_of[at] for at in nights.places], dtype=np.int32)
    if not len(nodes):
        return np.zeros(accounts, dtype=np.int32)
    both = out[:accounts, nodes].astype(np.int64) + out[nodes, :accounts].T
    nearest: SmallNumbers = nodes[both.argmin(axis=1)]
    return nearest
