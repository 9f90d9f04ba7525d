"""How well a name fits what was asked: 1 where every word of both is accounted for.

Words of the name that are missing take away by their weight; words of the question that stand for
nothing cost by where they stand: much beside the name, little behind it.
"""

from __future__ import annotations

from collections.abc import Callable, Collection, Iterable, Mapping, Sequence
from dataclasses import dataclass

from routing.geocode.asked import Asked
from routing.geocode.words import KINDS_OF_STREET, is_number, weight

Likeness = Callable[[str, str], float]
"""Of an asked word to a known one: 1 the same, 0 another."""

LEAST_COVER = 0.55
COST_BESIDE = 0.12
COST_APART = 0.04
COST_SMALL = 0.01
COST_ELSEWHERE = 0.2
"""Where a name was read across a comma, or from the town's end while the beginning says something else."""
COST_NO_STREET = 0.2
MOST_COST_OF_PLACE = 0.45
COST_OTHER_TOWN = 0.25
COST_OTHER_POSTCODE = 0.08
COST_STRAY_NUMBER = 0.03
LIKE_ENOUGH = 0.7


@dataclass(frozen=True, slots=True)
class Fit:
    """``cover``: how much of the name was asked for; ``used``: by which words; ``left``: the others."""

    cover: float
    used: tuple[int, ...]
    left: tuple[int, ...]


def exact(asked: str, known: str) -> float:
    return float(asked == known)


def fit(asked: Asked, name: Sequence[str], like: Likeness) -> Fit | None:
    """None where the name was not asked for."""
    used: list[int] = []
    cover = whole = 0.0
    has_content = False
    for word in name:
        share = weight(word)
        whole += share
        position, likeness = _best(asked, word, used, like)
        if likeness > 0:
            used.append(position)
            cover += share * likeness
            has_content = has_content or share >= 1
    if not used or cover < LEAST_COVER * whole or (whole >= 1 and not has_content):
        return None
    left = tuple(position for position in range(len(asked.words)) if position not in used)
    return Fit(cover / whole, tuple(used), left)


def explained(asked: Asked, left: Collection[int], text: Sequence[str], like: Likeness) -> tuple[int, ...]:
    """The left words that say this town or postcode, all of it; none where a word of it is missing."""
    found: list[int] = []
    for word in text:
        if weight(word) < 1 and len(text) > 1 and word not in (asked.words[i] for i in left):
            continue
        position, likeness = _best(asked, word, [i for i in range(len(asked.words)) if i not in left], like)
        if likeness < LIKE_ENOUGH or position in found:
            return ()
        found.append(position)
    return tuple(found)


def cost_of_words(asked: Asked, fitted: Fit, left: Collection[int]) -> float:
    """What the words cost that stand neither for the name nor for a town; numbers are not counted."""
    stray = [position for position in left if not _is_of_number(asked, position)]
    cost = sum(_cost_of_word(asked, fitted, position) for position in stray)
    street = asked.street_part
    is_elsewhere = all(asked.parts[position] != street for position in fitted.used)
    says_more = any(asked.parts[i] == street and weight(asked.words[i]) >= 1 for i in stray)
    is_torn = len({asked.parts[position] for position in fitted.used}) > 1
    return cost + (COST_ELSEWHERE if is_torn or (is_elsewhere and says_more) else 0.0)


def _is_of_number(asked: Asked, position: int) -> bool:
    """Whether this is a number, or its letter standing apart."""
    word = asked.words[position]
    is_letter = len(word) == 1 and position > 0 and asked.words[position - 1].isdigit()
    return is_letter or is_number(word)


def _cost_of_word(asked: Asked, fitted: Fit, position: int) -> float:
    """Behind the street a town may follow without a comma, or a country; before it only more of its name."""
    first, last = min(fitted.used), max(fitted.used)
    parts = {asked.parts[used] for used in fitted.used}
    share = weight(asked.words[position])
    if asked.words[position] in KINDS_OF_STREET:
        is_beside = asked.parts[position] in parts and first - 1 <= position <= last + 1
        return COST_BESIDE if is_beside else COST_SMALL
    if share < 1:
        return COST_SMALL
    is_before = asked.parts[position] in parts and position < last
    is_street = asked.parts[position] == asked.street_part and asked.street_part not in parts
    return COST_BESIDE if is_before or is_street else COST_APART


def cost_of_no_street(asked: Asked, left: Iterable[int]) -> float:
    """What it costs a place that something else was asked for: the street it cannot tell."""
    words = [asked.words[position] for position in left if weight(asked.words[position]) >= 1]
    return min(MOST_COST_OF_PLACE, sum(COST_BESIDE if is_number(word) else COST_NO_STREET for word in words))


def town_named(asked: Asked, left: Iterable[int], towns: Mapping[str, str]) -> tuple[tuple[int, ...], str]:
    """The first known town among the left words: where it stands, and the name its addresses state."""
    for run in _runs(left):
        for start in range(len(run)):
            for end in range(len(run), start, -1):
                name = towns.get(" ".join(asked.words[i] for i in run[start:end]))
                if name is not None:
                    return tuple(run[start:end]), name
    return (), ""


def cost_of_numbers(asked: Asked, left: Iterable[int], postcodes: Collection[str]) -> float:
    """What numbers cost that are neither the house nor its postcode."""
    numbers = [asked.words[position] for position in left if is_number(asked.words[position])]
    return sum(COST_OTHER_POSTCODE if number in postcodes else COST_STRAY_NUMBER for number in numbers)


def _best(asked: Asked, word: str, used: Collection[int], like: Likeness) -> tuple[int, float]:
    """The position most like a word; of equals the one nearest behind what is used already."""
    best, likeness = -1, 0.0
    behind = max(used, default=-1)
    for position, own in enumerate(asked.words):
        if position in used:
            continue
        found = like(own, word)
        is_better = found > likeness or (found == likeness > 0 and best <= behind < position)
        if is_better:
            best, likeness = position, found
    return best, likeness


def _runs(positions: Iterable[int]) -> list[list[int]]:
    """Neighbouring positions together."""
    runs: list[list[int]] = []
    for position in sorted(positions):
        if runs and runs[-1][-1] == position - 1:
            runs[-1].append(position)
        else:
            runs.append([position])
    return runs
