"""Planning again after one change: ``python -m bench.stability [--instances DIR] [--seconds S] [--seed N]``.

A quarter is planned and published. Then the rep is away for a week (early, in the middle, late) or a day, or
one account is visited twice as long. Planning again starts from the published dates and pays for every date
it moves. "Forced" are the visits on days that are gone. Driving is compared with the plan before the change,
and with one made from scratch on the changed quarter, which pays for no move and takes ten times as long;
what the change itself costs is in the first figure only. The last line is one JSON object.
"""

from __future__ import annotations

import argparse
import json
import os
import statistics
import time
from collections import Counter
from collections.abc import Iterator, Sequence
from dataclasses import asdict, dataclass, replace
from pathlib import Path

import numpy as np
from rich.console import Console
from rich.table import Table

from bench.quarters import Quarter, days_of, judged_own, own_problem, quarters
from routing.rotation import plan_rotation, warm_up
from routing.types import RotationPlan, RotationProblem, SearchBudget

FIRST_SECONDS = 3.0
STABILITY_SECONDS = 15 * 60

COLUMNS = (
    "quarter",
    "change",
    "forced",
    "moved",
    "moved ÷ forced",
    "from scratch",
    "driving to before",
    "to scratch",
    "broken / scratch",
    "seconds",
)


@dataclass(frozen=True, slots=True)
class Found:
    """One change, planned again with one seed. Percentages are of driving, ``broken`` are promises."""

    kind: str
    forced: int
    moved: int
    moved_from_scratch: int
    more_than_before_percent: float
    more_than_scratch_percent: float
    broken: int
    broken_from_scratch: int
    seconds: float


def main() -> None:
    parser = argparse.ArgumentParser(description=__doc__)
    parser.add_argument("--instances", type=Path, default=os.environ.get("ROUNDS_BENCH_DATA"))
    parser.add_argument("--seconds", type=float, default=0.1, help="CPU seconds of search for planning again")
    parser.add_argument("--seed", type=int, nargs="+", default=[1], help="of planning again and from scratch")
    chosen = parser.parse_args()
    # Compiling is not what is measured.
    warm_up()
    found: list[Found] = []
    table = Table(*COLUMNS)
    for quarter in quarters(Path(chosen.instances) if chosen.instances else None):
        first = _planned(own_problem(quarter), FIRST_SECONDS, 1)
        for kind, changed in _changes(quarter):
            of_change = [_again(quarter, kind, changed, first, chosen.seconds, seed) for seed in chosen.seed]
            table.add_row(quarter.name, *_row(of_change))
            found += of_change
    table.add_section()
    for kind in dict.fromkeys(one.kind for one in found):
        table.add_row("all", *_row([one for one in found if one.kind == kind]))
    Console().print(table)
    figures = [asdict(one) for one in found]
    print(json.dumps({"bench": "stability", "seconds": chosen.seconds, "changes": figures}))


def _row(found: Sequence[Found]) -> Iterator[str]:
    """Means; of promises and of moves over forced ones the sums."""
    forced, moved = sum(one.forced for one in found), sum(one.moved for one in found)
    yield found[0].kind
    yield f"{forced / len(found):.0f}"
    yield f"{moved / len(found):.0f}"
    yield f"{moved / forced:.2f}" if forced else "-"
    yield f"{statistics.mean(one.moved_from_scratch for one in found):.0f}"
    yield f"{statistics.mean(one.more_than_before_percent for one in found):+.1f} %"
    yield f"{statistics.mean(one.more_than_scratch_percent for one in found):+.1f} %"
    yield f"{sum(one.broken for one in found)} / {sum(one.broken_from_scratch for one in found)}"
    yield f"{statistics.mean(one.seconds for one in found):.2f}"


def _again(
    quarter: Quarter, kind: str, changed: Quarter, first: RotationPlan, seconds: float, seed: int
) -> Found:
    dates = {(visit.key, visit.day) for visit in first.visits}
    problem = own_problem(changed)
    began = time.process_time()
    again = _planned(_published(problem, first), seconds, seed)
    spent = time.process_time() - began
    fresh = _planned(problem, FIRST_SECONDS, seed)
    return Found(
        kind=kind,
        forced=sum(not changed.data["day_open"][day] for _, day in dates),
        moved=len(dates - {(visit.key, visit.day) for visit in again.visits}),
        moved_from_scratch=len(dates - {(visit.key, visit.day) for visit in fresh.visits}),
        more_than_before_percent=round(100 * (again.driving_seconds / first.driving_seconds - 1), 2),
        more_than_scratch_percent=round(100 * (again.driving_seconds / fresh.driving_seconds - 1), 2),
        broken=judged_own(changed, days_of(changed, again))[2],
        broken_from_scratch=judged_own(changed, days_of(changed, fresh))[2],
        seconds=round(spent, 2),
    )


def _planned(problem: RotationProblem, seconds: float, seed: int) -> RotationPlan:
    return plan_rotation(problem, SearchBudget(10**9, seconds, seed, paced=True), clock=time.process_time)


def _published(problem: RotationProblem, plan: RotationPlan) -> RotationProblem:
    dates: dict[int, list[int]] = {}
    for visit in plan.visits:
        dates.setdefault(visit.key, []).append(visit.day)
    accounts = (replace(a, published_days=tuple(dates.get(a.key, ()))) for a in problem.accounts)
    return replace(problem, accounts=tuple(accounts), stability_price=STABILITY_SECONDS)


def _changes(quarter: Quarter) -> Iterator[tuple[str, Quarter]]:
    """Of the weeks from the third on that are worked in full, those an eighth, half and seven eighths on."""
    is_open = quarter.data["day_open"]
    weeks = [week for week in range(2, quarter.days // 5) if is_open[5 * week : 5 * week + 5].all()]
    for eighth in (1, 4, 7):
        first = 5 * weeks[len(weeks) * eighth // 8]
        yield "a week away", _away(quarter, first, first + 5)
    day = int(np.flatnonzero(is_open)[len(weeks) * 2])
    yield "a day away", _away(quarter, day, day + 1)
    yield "a longer visit", _a_longer_visit(quarter)


def _away(quarter: Quarter, first: int, until: int) -> Quarter:
    is_open = quarter.data["day_open"].copy()
    is_open[first:until] = 0
    return replace(quarter, data=quarter.data | {"day_open": is_open})


def _a_longer_visit(quarter: Quarter) -> Quarter:
    often = Counter({a: -quarter.of("cadence", a) for a in quarter.accounts}).most_common(1)[0][0]
    service = quarter.data["service"].copy()
    service[often] *= 2
    return replace(quarter, data=quarter.data | {"service": np.asarray(service)})


if __name__ == "__main__":
    main()
