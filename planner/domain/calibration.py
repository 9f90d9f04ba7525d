"""Speeds and visit lengths that learn from the arrived and left taps.

A ratio is seconds it took ÷ seconds planned. A short drive that took far longer than long ones of its
hours was a pause as well, and is left out (Hampel's identifier: three deviations, read off the median).
Factors are medians of the logarithms of ratios: one forgotten tap moves a mean, not a median (Huber, Robust
Statistics, 1981). They are shrunk towards what stands by n ÷ (n + k), the weight of n observations against a
belief worth k of them (Efron and Morris, Data Analysis Using Stein's Estimator, 1975), so that few legs
change little.
"""

from __future__ import annotations

import math
from collections.abc import Mapping, Sequence
from dataclasses import dataclass, field
from statistics import median

from planner.domain.class_factors import SIGMA_OF_MAD, ClassFactors, MixedLeg, Triple, alike, fit_classes

LEGS_OF_BELIEF = 12
"""What the present speed is worth, in legs; the same for an hour of the day against the whole day."""

VISITS_OF_BELIEF = 3
FEWEST_VISITS = 3
SHOWN_LEGS = 200
LENGTH_STEP_SECONDS = 5 * 60

SHORTEST_PLANNED_SECONDS = 120
"""Shorter drives say more about parking than about the road."""

LEAST_RATIO, MOST_RATIO = 1 / 4, 4.0
"""Beyond these nobody drove straight there: an errand, a meal, a tap forgotten."""

SHORT_PLANNED_SECONDS = 240
"""After a drive this short or shorter a pause shows: two places in one car park and an hour between them."""

PAUSE_DEVIATIONS = 3
PAUSE_SECONDS = 120
LEAST_PAUSE = math.log(1.3)
"""Where everybody drives much alike, so much longer is still driving."""

FEWEST_MIXED_LEGS = 60
"""Of so many the classes of their roads must be known before they get factors of their own."""

SLOTS: tuple[tuple[int, int], ...] = ((0, 9), (9, 12), (12, 15), (15, 18), (18, 24))
"""Hours of the day that share a factor."""

HOUR = 3600
TRAINING_SHARE = 0.7


@dataclass(frozen=True, slots=True)
class DrivenLeg:
    """``departs`` in seconds after local midnight; ``planned_seconds`` at the speed that stands today, in
    rush hours or calm ones as who asks wants it, and ``shares`` of them on main, middle and small roads, None
    where that is not known."""

    departs: int
    planned_seconds: int
    taken_seconds: int
    shares: Triple | None = None

    @property
    def ratio(self) -> float:
        return self.taken_seconds / self.planned_seconds

    @property
    def counts(self) -> bool:
        return self.planned_seconds >= SHORTEST_PLANNED_SECONDS and LEAST_RATIO <= self.ratio <= MOST_RATIO


@dataclass(frozen=True, slots=True)
class Factors:
    """How much longer drives take than planned: ``overall``, by slot of the day where that differs, and by
    slot and class of road (``classes``) where enough legs know theirs."""

    overall: float
    slots: Mapping[tuple[int, int], float]
    legs: int
    classes: Mapping[tuple[int, int], ClassFactors] = field(default_factory=dict)

    def of(self, departs: int, shares: Triple | None = None) -> float:
        slot = slot_of(departs)
        if shares is not None and slot in self.classes:
            return self.classes[slot].over(shares)
        return self.slots.get(slot, self.overall)


UNCHANGED = Factors(1.0, {}, 0)


@dataclass(frozen=True, slots=True)
class Errors:
    """Of the last legs: shares by which they took longer than planned (negative: shorter). ``typical`` is the
    median of the absolute ones."""

    legs: int
    median: float
    p90: float
    typical: float


@dataclass(frozen=True, slots=True)
class HeldOut:
    """Legs the factors were not fitted to: their errors as planned, and as the factors would have it."""

    before: Errors
    after: Errors

    @property
    def improves(self) -> bool:
        return self.after.typical < self.before.typical


def slot_of(departs: int) -> tuple[int, int]:
    hour = min(23, max(0, departs // HOUR))
    return next(slot for slot in SLOTS if slot[0] <= hour < slot[1])


def counted(legs: Sequence[DrivenLeg]) -> list[DrivenLeg]:
    """Those that count, in their order, without the short ones that were a pause as well."""
    found = [leg for leg in legs if leg.counts]
    long = [leg for leg in found if leg.planned_seconds > SHORT_PLANNED_SECONDS] or found
    limits = {}
    for slot in SLOTS:
        logs = [math.log(leg.ratio) for leg in long if slot_of(leg.departs) == slot]
        limits[slot] = _longest([math.log(leg.ratio) for leg in long] if len(logs) < LEGS_OF_BELIEF else logs)
    return [leg for leg in found if not _is_pause(leg, limits[slot_of(leg.departs)])]


def fit(legs: Sequence[DrivenLeg]) -> Factors:
    """Factors of the legs that count; ``UNCHANGED`` where none does."""
    driven = counted(legs)
    if not driven:
        return UNCHANGED
    overall = _shrunk([math.log(leg.ratio) for leg in driven], 0.0, LEGS_OF_BELIEF)
    slots = {}
    for slot in SLOTS:
        logs = [math.log(leg.ratio) for leg in driven if slot_of(leg.departs) == slot]
        if logs:
            slots[slot] = math.exp(_shrunk(logs, overall, LEGS_OF_BELIEF))
    return Factors(math.exp(overall), slots, len(driven), _classes(driven, math.exp(overall), slots))


def _classes(
    driven: Sequence[DrivenLeg], overall: float, slots: Mapping[tuple[int, int], float]
) -> dict[tuple[int, int], ClassFactors]:
    """Of the whole day first; then of each slot, drawn towards those and the slot's own factor."""
    mixed = [
        (slot_of(leg.departs), MixedLeg(leg.shares, leg.ratio)) for leg in driven if leg.shares is not None
    ]
    if len(mixed) < FEWEST_MIXED_LEGS:
        return {}
    # The hour's own part is taken out, or the classes driven most at that hour would be given it.
    level = [MixedLeg(leg.shares, leg.ratio * overall / slots[slot]) for slot, leg in mixed]
    whole = fit_classes(level, alike(overall), LEGS_OF_BELIEF)
    return {
        slot: fit_classes(
            [leg for own, leg in mixed if own == slot], whole.times(factor / overall), LEGS_OF_BELIEF
        )
        for slot, factor in slots.items()
    }


def errors(legs: Sequence[DrivenLeg], factors: Factors = UNCHANGED) -> Errors | None:
    """Of the newest ``SHOWN_LEGS`` that count, planned with the factors; None where none does."""
    shown = counted(legs)[-SHOWN_LEGS:]
    return _errors(shown, factors) if shown else None


def _errors(legs: Sequence[DrivenLeg], factors: Factors) -> Errors:
    off = sorted(leg.ratio / factors.of(leg.departs, leg.shares) - 1 for leg in legs)
    return Errors(
        legs=len(off),
        median=median(off),
        p90=off[math.ceil(0.9 * len(off)) - 1],
        typical=median(abs(one) for one in off),
    )


def held_out(legs: Sequence[DrivenLeg], planned: Sequence[DrivenLeg] | None = None) -> HeldOut | None:
    """Fitted to the older legs, judged by the newer ones; None where there are too few to say. ``planned``:
    the same legs as they are planned today, where that is not what is fitted to."""
    known = [leg for leg in legs if leg.counts]
    cut = int(len(known) * TRAINING_SHARE)
    newer = counted(known[cut:])[-SHOWN_LEGS:]
    if not newer or cut < LEGS_OF_BELIEF:
        return None
    today = {id(leg): plan for leg, plan in zip(legs, planned or legs, strict=True)}
    before = _errors([today[id(leg)] for leg in newer], UNCHANGED)
    return HeldOut(before, _errors(newer, fit(known[:cut])))


def visit_length(planned_seconds: int, taken: Sequence[int]) -> int | None:
    """A visit's length in steps of five minutes, from how long the last ones took; None for too few of them,
    or where the planned one is as good."""
    likely = [seconds for seconds in taken if LEAST_RATIO <= seconds / planned_seconds <= MOST_RATIO]
    if len(likely) < FEWEST_VISITS:
        return None
    logs = [math.log(seconds / planned_seconds) for seconds in likely]
    found = planned_seconds * math.exp(_shrunk(logs, 0.0, VISITS_OF_BELIEF))
    rounded = max(1, round(found / LENGTH_STEP_SECONDS)) * LENGTH_STEP_SECONDS
    return rounded if abs(rounded - planned_seconds) >= LENGTH_STEP_SECONDS else None


def _shrunk(logs: Sequence[float], belief: float, worth: int) -> float:
    return belief + (median(logs) - belief) * len(logs) / (len(logs) + worth)


def _longest(logs: Sequence[float]) -> float:
    """The greatest ratio that is driving alone; 0 of nothing."""
    if not logs:
        return 0.0
    middle = median(logs)
    deviation = SIGMA_OF_MAD * median(abs(log - middle) for log in logs)
    return math.exp(middle + max(LEAST_PAUSE, PAUSE_DEVIATIONS * deviation))


def _is_pause(leg: DrivenLeg, longest: float) -> bool:
    is_short = leg.planned_seconds <= SHORT_PLANNED_SECONDS
    return is_short and leg.taken_seconds > leg.planned_seconds * longest + PAUSE_SECONDS
