"""House numbers: ``12``, ``12a``, ``12-14``, ``12/3``, several in one tag.

Compared by their first figures and their letter; a range holds every second number in it.
"""

from __future__ import annotations

import re
from collections.abc import Iterator
from typing import NamedTuple

from routing.geocode.words import folded

NUMBER = re.compile(r"(\d{1,9})([a-z]{0,2})(?:-(\d{1,9})[a-z]?)?")
WIDEST_RANGE = 60
MOST_IN_A_TAG = 20


class Number(NamedTuple):
    """``text`` as it is compared; ``first`` and ``last`` of a range, the same for a single one."""

    text: str
    first: int
    last: int

    def holds(self, other: Number) -> bool:
        """Whether the other is this very number, or one of this range."""
        if self.text == other.text:
            return True
        if self.first == self.last or other.first != other.last or other.text != str(other.first):
            return False
        return self.first <= other.first <= self.last and (other.first - self.first) % 2 == 0


def read_number(text: str) -> Number | None:
    """The number in a text such as ``12 a``; None where there is none."""
    plain = re.sub(r"\s", "", folded(text)).replace("–", "-")
    match = NUMBER.match(plain)
    if match is None:
        return None
    first = int(match[1])
    last = int(match[3]) if match[3] else first
    if match.end() == len(plain) and first < last <= first + WIDEST_RANGE:
        return Number(plain, first, last)
    return Number(plain, first, first)


def numbers_of_tag(text: str) -> Iterator[tuple[str, Number]]:
    """Each house number of ``addr:housenumber`` as written, and as compared: ``7;9`` are two."""
    for part in re.split(r"[;,]", text)[:MOST_IN_A_TAG]:
        number = read_number(part)
        if number is not None:
            yield part.strip()[:20], number
