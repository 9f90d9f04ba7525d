"""The best order found in which some stops have the place in the day that somebody gave them."""

from __future__ import annotations

from collections.abc import Collection, Sequence

import numpy as np

from routing.types import DayProblem, Objective

SEED = 12_345


def better_in_places(
    problem: DayProblem,
    order: Sequence[int],
    taken: Collection[int],
    objective: Objective = Objective.LEAST_DRIVING,
    steps: int = 4_000_000,
) -> list[int]:
    """``order`` (indices of stops) with the stops at the places ``taken``, counted from 0, left where they
    are, and the others so that least is late, then overtime, then driving or the time of coming home is
    least. All of ``order`` is lived, however late. The same answer each time for the same ``steps``.
    """
    # The compiler behind this takes half a second to import.
    from routing.day.label_tables import tabled
    from routing.day.place_moves import COST, STEPS, Placed, better_placed
    from routing.day.place_moves import SEED as SEED_AT

    day = tabled(problem, [0] * len(problem.stops), objective is Objective.EARLIEST_HOME)
    now = np.array(order, dtype=np.int64)
    free = np.array([at for at in range(len(order)) if at not in taken], dtype=np.int64)
    placed = Placed(free, now.copy(), now, now.copy(), np.zeros(3, dtype=np.int64))
    placed.figures[[COST, STEPS, SEED_AT]] = 0, steps, SEED
    better_placed(day, placed)
    return [int(stop) for stop in placed.best]
