"""How much longer drives take on each class of road, from whole legs that mix them.

A leg's ratio (seconds it took ÷ planned) is the mean of its classes' factors, weighted by their shares of the
planned time; what is left of it, turns and lights and ferries, takes as long as planned. Fitted on logarithms
by Gauss and Newton's steps with Huber's weights (Robust Statistics, 1981), and drawn towards a belief that is
worth some legs, so that a class few legs drove on stays as believed.
"""

from __future__ import annotations

import math
from collections.abc import Sequence
from dataclasses import dataclass
from statistics import median

CLASS_COUNT = 3
STEPS = 25
STILL = 1e-6

HUBER_DEVIATIONS = 1.5
SIGMA_OF_MAD = 1.4826
LEAST_DEVIATION = 0.02

Triple = tuple[float, float, float]


@dataclass(frozen=True, slots=True)
class ClassFactors:
    """Of main roads (motorway to primary), middle ones (secondary, tertiary) and small ones."""

    main: float
    middle: float
    small: float

    @property
    def values(self) -> Triple:
        return self.main, self.middle, self.small

    def over(self, shares: Triple) -> float:
        """The factor of a leg with these shares of its planned time on the classes."""
        return _mean(shares, self.values)

    def times(self, factor: float) -> ClassFactors:
        return ClassFactors(self.main * factor, self.middle * factor, self.small * factor)


@dataclass(frozen=True, slots=True)
class MixedLeg:
    shares: Triple
    ratio: float


def alike(factor: float) -> ClassFactors:
    return ClassFactors(factor, factor, factor)


def fit_classes(legs: Sequence[MixedLeg], belief: ClassFactors, worth: int) -> ClassFactors:
    """``worth``: what the belief counts against, in legs driven on one class alone."""
    believed = [math.log(value) for value in belief.values]
    found = list(believed)
    for _ in range(STEPS if legs else 0):
        step = _step(legs, found, believed, worth)
        found = [value + by for value, by in zip(found, step, strict=True)]
        if max(map(abs, step)) < STILL:
            break
    main, middle, small = (math.exp(value) for value in found)
    return ClassFactors(main, middle, small)


def _step(
    legs: Sequence[MixedLeg], logs: Sequence[float], believed: Sequence[float], worth: int
) -> list[float]:
    factors = [math.exp(value) for value in logs]
    means = [_mean(leg.shares, factors) for leg in legs]
    off = [math.log(leg.ratio / mean) for leg, mean in zip(legs, means, strict=True)]
    limit = HUBER_DEVIATIONS * max(LEAST_DEVIATION, SIGMA_OF_MAD * median(map(abs, off)))
    matrix = [
        [float(worth) if row == column else 0.0 for column in range(CLASS_COUNT)]
        for row in range(CLASS_COUNT)
    ]
    right = [worth * (belief - value) for belief, value in zip(believed, logs, strict=True)]
    for leg, mean, error in zip(legs, means, off, strict=True):
        weight = min(1.0, limit / abs(error)) if error else 1.0
        slope = [share * factor / mean for share, factor in zip(leg.shares, factors, strict=True)]
        for row in range(CLASS_COUNT):
            right[row] += weight * slope[row] * error
            for column in range(CLASS_COUNT):
                matrix[row][column] += weight * slope[row] * slope[column]
    return _solved(matrix, right)


def _mean(shares: Sequence[float], factors: Sequence[float]) -> float:
    return 1.0 - sum(shares) + sum(share * factor for share, factor in zip(shares, factors, strict=True))


def _solved(matrix: list[list[float]], right: list[float]) -> list[float]:
    """By elimination; the belief on the diagonal keeps every pivot above nothing."""
    size = len(right)
    for pivot in range(size):
        for row in range(pivot + 1, size):
            times = matrix[row][pivot] / matrix[pivot][pivot]
            right[row] -= times * right[pivot]
            for column in range(pivot, size):
                matrix[row][column] -= times * matrix[pivot][column]
    found = [0.0] * size
    for row in reversed(range(size)):
        known = sum(matrix[row][column] * found[column] for column in range(row + 1, size))
        found[row] = (right[row] - known) / matrix[row][row]
    return found
