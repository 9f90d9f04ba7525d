"""The best order of a day: good orders first, then labels that prove one or find a better one.

Cheap means come first, and most days need no others: single moves from an empty day, labels in little room;
then ruin and recreate, labels in more room; then labels in much room and ruin and recreate from several fresh
starts, which come first where the labels branch too much to prove anything. OR-Tools besides.
"""

from __future__ import annotations

from collections.abc import Callable, Iterator, Sequence
from dataclasses import dataclass, replace
from functools import partial
from time import thread_time

from routing.day.apart import search_apart
from routing.day.label_bound import simple_bound
from routing.day.label_tables import tabled
from routing.day.labels import FIRST_ROUNDS, LAST_ROUNDS, MOST_BITS, NEXT_ROUNDS, Proof, Proofs, Rounds
from routing.day.measure import cost_of, prices_of
from routing.day.mend import bettered
from routing.day.ruin import ruined_order
from routing.day.search import Question
from routing.day.watch import Watch
from routing.slots import over_the_day
from routing.types import DayProblem, Objective, SearchBudget

FEW_TRIALS = 2_000
"""Of ruin and recreate: 20 milliseconds. The seed depends on how many."""

FRESH_STARTS = (12_000, 12_001, 12_002, 12_003, 40_000, 40_001)
"""Trials of the long runs, a sixth of a second and half a second. One that has settled in a valley hardly
leaves it however long it runs, so several short ones find more; some valleys only a slower one finds."""

FEW_STOPS = 20
"""So many are put into an empty day by single moves in some milliseconds, and a proof is to be hoped for."""

SECONDS = 7.5
"""The cap where the budget names none."""

PROOF_SHARE, ORTOOLS_SHARE = 0.4, 0.2
"""Of the seconds: for the proof at most, and set aside for OR-Tools, which comes last and in a process of its
own; it takes what the others leave besides, no more than the proof may. The long ruins share the rest."""


@dataclass(frozen=True, slots=True)
class Found:
    """An order of stops (indices), its cost, and what no order costs less than."""

    order: list[int]
    cost: int
    bound: int

    @property
    def is_proven(self) -> bool:
        return self.bound >= self.cost


class DaySearch:
    """``best`` is the best order met so far; every step may better it, or its bound. ``known`` is an order of
    stops (indices) that may be good."""

    def __init__(
        self, problem: DayProblem, objective: Objective, budget: SearchBudget, known: Sequence[int] = ()
    ) -> None:
        self._problem, self._objective, self._known = problem, objective, known
        self._budget = budget
        self._seconds = SECONDS if budget.seconds is None else budget.seconds
        self._watch = Watch(None if budget.quick else thread_time, self._seconds)
        self._aside = ORTOOLS_SHARE * self._seconds if budget.iterations and not budget.quick else 0.0
        self._prices = prices_of(problem, objective)
        self._day = tabled(problem, self._prices, objective is Objective.EARLIEST_HOME)
        # What mending an order took the last time is left for it the next.
        self._mending = 0.0
        self._proofs = self._begun() if len(problem.stops) <= MOST_BITS else None
        cost = cost_of(problem, [], objective)
        assert cost is not None, "the way home was looked at before"
        self.best = Found([], cost[0], simple_bound(self._day))

    def run(self) -> Found:
        for step in self._steps():
            if self.best.is_proven:
                break
            step()
        return self.best

    def _steps(self) -> Iterator[Callable[[], None]]:
        yield self._begin
        yield partial(self._prove, FIRST_ROUNDS)
        yield partial(self._ruin, FEW_TRIALS)
        yield partial(self._prove, NEXT_ROUNDS)
        prove = partial(self._prove, LAST_ROUNDS)
        if self._budget.quick:
            yield prove
            return
        shares = range(len(FRESH_STARTS), 0, -1)
        ruins = [partial(self._ruin, n, 1 / left) for n, left in zip(FRESH_STARTS, shares, strict=True)]
        # Where a proof is not to be hoped for, the seconds are for better orders first.
        is_long = len(self._problem.stops) > FEW_STOPS
        is_hopeless = is_long and (self._proofs is None or self._proofs.is_wide)
        yield from (*ruins, prove) if is_hopeless else (prove, *ruins)
        yield self._ask_ortools

    def _begin(self) -> None:
        """By single moves from what is known. Filling an empty long day by them would take a second."""
        if self._known or len(self._problem.stops) <= FEW_STOPS:
            self._take(bettered(self._day, self._known))
        else:
            self._ruin(FEW_TRIALS + 1)

    def _begun(self) -> Proofs:
        if self._budget.quick:
            return Proofs(self._day, self._seconds, self._budget.most_labels)
        return Proofs(self._day, PROOF_SHARE * self._seconds, self._budget.most_labels, thread_time)

    def _take(self, order: Sequence[int]) -> None:
        """Keep an order if it is better."""
        cost = cost_of(self._problem, order, self._objective)
        if cost is not None and cost[0] < self.best.cost:
            self.best = Found(list(order), cost[0], min(self.best.bound, cost[0]))

    def _prove(self, rounds: Rounds) -> None:
        if self._proofs is None or (not self._left() and self.best.order):
            return
        proof: Proof = self._proofs.go_on(self.best.cost, rounds, self._left())
        if proof.stops is not None:
            self._take(proof.stops)
        bound = self.best.cost if proof.is_proven else max(self.best.bound, proof.bound)
        self.best = replace(self.best, bound=min(bound, self.best.cost))

    def _ruin(self, trials: int, share: float = 1.0) -> None:
        """So many trials, in at most a share of the seconds left, which its runs divide among them."""
        if not self._left() and self.best.order:
            return
        ends = self._watch.spent() + share * self._left()
        budget = replace(self._budget, iterations=trials, seed=self._budget.seed + trials, paced=True)
        wishes = [self._objective]
        if self._objective is Objective.EARLIEST_HOME:
            # Less driving is often what brings one home, and the search is better at it.
            wishes.append(Objective.LEAST_DRIVING)
        for done, wish in enumerate(wishes):
            self._take_ruined(wish, self._until(ends, budget, len(wishes) - done + self._lacks_musts()))
        if self._lacks_musts():
            self._take_musts_first(self._until(ends, budget, 1))

    def _left(self) -> float:
        """Seconds for the proof and the ruins."""
        return max(0.0, self._watch.left() - self._aside)

    def _until(self, ends: float, budget: SearchBudget, runs: int) -> SearchBudget:
        """For the first of so many runs."""
        if self._budget.quick:
            return replace(budget, seconds=None)
        return replace(budget, seconds=max(0.0, (ends - self._watch.spent()) / runs - self._mending))

    def _lacks_musts(self) -> bool:
        within = set(self.best.order)
        return any(stop.price is None and i not in within for i, stop in enumerate(self._problem.stops))

    def _take_musts_first(self, budget: SearchBudget) -> None:
        """An order of the musts alone, into which the others are put: a day full of others leaves no room to
        find one."""
        musts = [i for i, stop in enumerate(self._problem.stops) if stop.price is None]
        alone = replace(self._problem, stops=tuple(self._problem.stops[i] for i in musts))
        order = ruined_order(alone, prices_of(alone, self._objective), self._objective, budget)
        self._take_mended([musts[i] for i in order])

    def _take_ruined(self, objective: Objective, budget: SearchBudget) -> None:
        order = ruined_order(self._problem, prices_of(self._problem, objective), objective, budget)
        self._take_mended(order)

    def _take_mended(self, order: Sequence[int]) -> None:
        began = self._watch.spent()
        self._take(bettered(self._day, order))
        self._mending = self._watch.spent() - began

    def _ask_ortools(self) -> None:
        if not self._budget.iterations:
            return
        shift, stops = self._problem.shift, self._problem.stops
        seconds = over_the_day(self._problem.travel, [(shift.starts, shift.ends)]).seconds
        prices = tuple(self._prices)
        left = max(self._aside, self._watch.left())
        budget = replace(self._budget, seconds=min(PROOF_SHARE * self._seconds, left))
        asked = Question((shift,), stops, prices, tuple((0,) for _ in stops), seconds, budget)
        self._take(bettered(self._day, search_apart(asked)[0]))
