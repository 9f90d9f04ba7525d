"""A day problem as the numbers that compiled code reads."""

from __future__ import annotations

from collections.abc import Sequence

import numpy as np

from routing.day.label_day import FAR, NEVER, Day, Numbers
from routing.day.label_rest import Worth
from routing.types import UNREACHABLE_SECONDS, DayProblem, SecondsMatrix


def tabled(
    problem: DayProblem,
    prices: Sequence[int],
    home_early: bool = False,
    overtime_seconds: int = 0,
    overtime_price: int = 0,
) -> Day:
    """``prices`` by stop, beyond any day's cost for those that must happen."""
    shift, stops, travel = problem.shift, problem.stops, problem.travel
    at = [*(stop.at for stop in stops), shift.start, shift.end]
    way = _drives(travel.seconds, at)
    rush_way = np.array([_drives(rush.seconds, at) for rush in travel.rush], dtype=np.int64)
    rush_way = rush_way.reshape(-1, len(at), len(at))
    least_way = np.minimum(way, rush_way.min(axis=0, initial=NEVER)) if travel.rush else way
    nearest = _by_any_detour(least_way)
    ends = [*range(len(stops)), len(stops) + 1]
    sources = np.argsort(least_way[: len(stops), ends], axis=0, kind="stable").T
    ways_in = least_way[: len(stops) + 1, ends].copy()
    np.fill_diagonal(ways_in, FAR)
    least_in = np.minimum([*prices, NEVER], ways_in.min(axis=0))
    windows, openings = _windows(problem)
    lunch = shift.lunch
    lunch_rules = (lunch.earliest, lunch.latest, lunch.seconds) if lunch else (0, 0, 0)
    until = shift.ends + overtime_seconds
    service = np.array([stop.service_seconds for stop in stops], dtype=np.int64)
    count = len(stops)
    closes = np.array([windows[i, max(0, openings[i] - 1), 1] for i in range(count)], dtype=np.int64)
    closes[openings == 0] = -NEVER
    return Day(
        way=way,
        rush_way=rush_way,
        rush_span=np.array([(r.begins, r.ends) for r in travel.rush], dtype=np.int64).reshape(-1, 2),
        swing=np.array([rush.swing for rush in travel.rush], dtype=np.float64),
        least_way=least_way,
        least_in=least_in.astype(np.int64),
        sources=np.ascontiguousarray(sources, dtype=np.int64),
        nearest=nearest,
        windows=windows,
        openings=openings,
        last_begin=np.minimum(closes, until - service - nearest[:count, count + 1]),
        service=service,
        price=np.array(prices, dtype=np.int64).reshape(-1),
        rules=np.array(
            (shift.starts, shift.ends, until, overtime_price, *lunch_rules, int(home_early)), dtype=np.int64
        ),
    )


def worth_of(day: Day) -> Worth:
    """What serving each stop saves for its time."""
    count = len(day.service)
    way_in = day.least_in[:count]
    takes, saves = np.maximum(1, day.service + way_in), np.maximum(0, day.price - way_in)
    return Worth(np.argsort(-saves / takes, kind="stable"), takes, saves)


def _drives(seconds: SecondsMatrix, at: list[int]) -> Numbers:
    found = seconds[np.ix_(at, at)]
    return np.where(found >= UNREACHABLE_SECONDS, FAR, found).astype(np.int64, order="C")


def _by_any_detour(way: Numbers) -> Numbers:
    """The least drive from each place to each, by whatever others."""
    nearest = way.copy()
    for middle in range(len(way)):
        nearest = np.minimum(nearest, nearest[:, middle, None] + nearest[None, middle, :])
    return np.ascontiguousarray(np.minimum(nearest, FAR))


def _windows(problem: DayProblem) -> tuple[Numbers, Numbers]:
    """Windows that open at all, in order and none within another; and how many."""
    always = [(-NEVER, NEVER - 1)]
    spans = [
        _in_order([(w.opens, w.closes) for w in stop.windows if w.opens <= w.closes])
        if stop.windows
        else always
        for stop in problem.stops
    ]
    windows = np.zeros((len(spans), max((len(s) for s in spans), default=1) or 1, 2), dtype=np.int64)
    for row, found in zip(windows, spans, strict=True):
        row[: len(found)] = np.array(found, dtype=np.int64).reshape(-1, 2)
    return windows, np.array([len(found) for found in spans], dtype=np.int64)


def _in_order(spans: list[tuple[int, int]]) -> list[tuple[int, int]]:
    merged: list[tuple[int, int]] = []
    for opens, closes in sorted(spans):
        if merged and opens <= merged[-1][1] + 1:
            merged[-1] = (merged[-1][0], max(closes, merged[-1][1]))
        else:
            merged.append((opens, closes))
    return merged
