"""What somebody typed, as words with their places in the text; commas part it.

A door inside the house (``Apt 5``, ``piso 3``) is left out: no map knows it. ``No.`` before a number
says nothing further.
"""

from __future__ import annotations

import re
from collections.abc import Iterator
from dataclasses import dataclass

from routing.geocode.words import HOUSE_MARKS, UNIT_MARKS, is_number, words

LONGEST_TEXT = 300
MOST_WORDS = 16


@dataclass(frozen=True, slots=True)
class Asked:
    """``parts[i]``: behind how many commas ``words[i]`` stands."""

    words: tuple[str, ...]
    parts: tuple[int, ...]

    @property
    def numbers(self) -> tuple[int, ...]:
        """Where something stands that may be a house number."""
        return tuple(i for i, word in enumerate(self.words) if is_number(word))

    @property
    def street_part(self) -> int:
        """The part where the street must be: that of the first number, else the first."""
        return next((self.parts[position] for position in self.numbers), 0)

    def number_texts(self, position: int) -> Iterator[str]:
        """The number there: with the letter behind it, where one stands apart, and without."""
        letter = self.words[position + 1 : position + 2]
        if letter and len(letter[0]) == 1 and self.words[position].isdigit():
            yield self.words[position] + letter[0]
        yield self.words[position]

    def joined(self, position: int) -> Asked:
        """With the word there and the next one written as one."""
        both = self.words[position] + self.words[position + 1]
        kept = (*self.words[:position], both, *self.words[position + 2 :])
        return Asked(kept, (*self.parts[: position + 1], *self.parts[position + 2 :]))

    def split(self, position: int, at: int) -> Asked:
        """With the word there written as two."""
        word, part = self.words[position], self.parts[position]
        kept = (*self.words[:position], word[:at], word[at:], *self.words[position + 1 :])
        return Asked(kept, (*self.parts[:position], part, part, *self.parts[position + 1 :]))


def read_asked(text: str) -> Asked:
    found: list[tuple[str, int]] = []
    for part, piece in enumerate(re.split(r"[,;\n|]", text[:LONGEST_TEXT])):
        found += [(word, part) for word in _without_doors(words(piece))]
    return Asked(tuple(word for word, _ in found[:MOST_WORDS]), tuple(part for _, part in found[:MOST_WORDS]))


def _without_doors(piece: list[str]) -> Iterator[str]:
    left = iter(enumerate(piece))
    for position, word in left:
        is_before_number = position + 1 < len(piece) and is_number(piece[position + 1])
        if is_before_number and word in UNIT_MARKS and position > 0:
            next(left)
        elif not (is_before_number and word in HOUSE_MARKS):
            yield word
