"""Looking up a typed address in an address file: address, else street, else place, saying which.

First by the words as they are; only where that finds nothing that fits well, by words that are alike.
"""

from __future__ import annotations

import sqlite3
from collections.abc import Iterable, Iterator, Sequence
from dataclasses import dataclass
from functools import lru_cache
from pathlib import Path
from types import TracebackType
from typing import NamedTuple

from routing.distance import metres_apart
from routing.errors import AddressesUnreadable
from routing.geocode import judge
from routing.geocode.asked import Asked, read_asked
from routing.geocode.doors import Door, beside, doors_around, very_doors
from routing.geocode.judge import Fit, Likeness
from routing.geocode.numbers import Number, read_number
from routing.geocode.spelling import likeness
from routing.geocode.store import connected
from routing.geocode.values import Counts, Exactness, Found, FoundKind, Point
from routing.geocode.words import is_number, weight, words

MOST_NAMES = 80
MOST_STREETS = 12
MOST_SPELLINGS = 60
FITS_WELL = 0.9
"""From here on no other spelling is tried."""

SHORTEST_HALF = 3
LEAST_SCORE = 0.55
SAME_SPOT_METRES = 40

NAMES = """
SELECT name.words, thing.id, thing.kind, thing.name, thing.town, thing.hint, thing.lon, thing.lat
FROM (SELECT rowid FROM name_index WHERE name_index MATCH ? ORDER BY rank LIMIT ?) AS hit
JOIN name ON name.id = hit.rowid JOIN thing ON thing.id = name.thing_id
"""
SPELLINGS = "SELECT letters FROM word WHERE letters MATCH ? ORDER BY rank LIMIT ?"

alike = lru_cache(maxsize=50_000)(likeness)


class Named(NamedTuple):
    """A street or place under one of its names."""

    words: str
    thing_id: int
    kind: str
    name: str
    town: str
    hint: str
    lon: float
    lat: float


@dataclass(frozen=True, slots=True)
class Match:
    """A name that fits, with the question as it fits it."""

    named: Named
    asked: Asked
    fitted: Fit
    score: float


class Addresses:
    """An open address file; close it, or use it in a ``with``. May be shared by threads.

    Raises ``AddressesMissing``, ``AddressesFormat``, ``AddressesUnreadable``.
    """

    def __init__(self, path: Path) -> None:
        self._path = path
        self._connection = connected(path)
        try:
            self._about: dict[str, str] = dict(
                self._connection.execute("SELECT key, value FROM about").fetchall()
            )
            self._towns = dict(self._connection.execute("SELECT words, name FROM town").fetchall())
            self._postcodes = frozenset(
                row[0] for row in self._connection.execute("SELECT words FROM postcode")
            )
            self.counts = Counts(*(int(self._about[key]) for key in ("addresses", "streets", "places")))
        except (sqlite3.DatabaseError, KeyError, ValueError) as error:
            self.close()
            raise self._damaged() from error

    def __enter__(self) -> Addresses:
        return self

    def __exit__(
        self, kind: type[BaseException] | None, error: BaseException | None, trace: TracebackType | None
    ) -> None:
        self.close()

    def close(self) -> None:
        self._connection.close()

    @property
    def source(self) -> str:
        return self._about["source"]

    @property
    def source_date(self) -> str:
        return self._about["source_date"]

    @property
    def attribution(self) -> str:
        return self._about["attribution"]

    def find(self, text: str, limit: int = 5) -> tuple[Found, ...]:
        """What was asked for, the best first; nothing where nothing fits half-way."""
        asked = read_asked(text)
        if not asked.words or limit < 1:
            return ()
        try:
            found = self._answers([asked], self._terms(asked), judge.exact)
            if not found or found[0].score < FITS_WELL:
                ways = [asked, *self._joined(asked), *self._split(asked)]
                terms = [term for way in ways for term in self._spellings(way)]
                found = _in_order([*found, *self._answers(ways, terms, alike)])
        except sqlite3.DatabaseError as error:
            raise self._damaged() from error
        return tuple(found[:limit])

    def _damaged(self) -> AddressesUnreadable:
        return AddressesUnreadable(path=self._path.name, why="it is damaged or not an address file")

    def _terms(self, asked: Asked) -> list[str]:
        """The words worth looking for: those that tell something, or all where none does but of a town."""
        telling = [word for word in asked.words if weight(word) >= 1 and not is_number(word)]
        numbers = [word for word in asked.words if is_number(word)]
        wanted = asked.words if self._towns.keys() >= set(telling) else [*telling, *numbers]
        return [f'"{word}"' for word in wanted if word.isalnum()]

    def _spellings(self, asked: Asked) -> Iterator[str]:
        """The words of the index that are like those asked for, and all that begin with them."""
        yield from self._terms(asked)
        for word in asked.words:
            if len(word) < 3 or is_number(word) or weight(word) < 1:
                continue
            if len(word) > 3:
                yield f'"{word}"*'
            edged = f"_{word}_"
            trios = " OR ".join(f'"{edged[i : i + 3]}"' for i in range(len(edged) - 2))
            for (letters,) in self._connection.execute(SPELLINGS, (trios, MOST_SPELLINGS)):
                known = letters.strip("_")
                if known != word and alike(word, known) > 0:
                    yield f'"{known}"'

    def _joined(self, asked: Asked) -> Iterator[Asked]:
        """The question with two words written as one, where the index knows such a word."""
        for position in range(len(asked.words) - 1):
            way = asked.joined(position)
            if way.words[position].isalpha() and self._knows(way.words[position]):
                yield way

    def _split(self, asked: Asked) -> Iterator[Asked]:
        """The question with a word written as two, where the index knows both and not the whole."""
        for position, word in enumerate(asked.words):
            if len(word) >= 2 * SHORTEST_HALF and word.isalpha() and not self._knows(word):
                for at in range(SHORTEST_HALF, len(word) - SHORTEST_HALF + 1):
                    if self._knows(word[:at]) and self._knows(word[at:]):
                        yield asked.split(position, at)

    def _knows(self, word: str) -> bool:
        return bool(self._names([f'"{word}"'], 1))

    def _names(self, terms: Sequence[str], most: int) -> list[Named]:
        if not terms:
            return []
        query = " OR ".join(dict.fromkeys(terms))
        return [Named(*row) for row in self._connection.execute(NAMES, (query, most))]

    def _answers(self, ways: Sequence[Asked], terms: Sequence[str], like: Likeness) -> list[Found]:
        best: dict[int, Match] = {}
        for named in self._names(terms, MOST_NAMES):
            for asked in ways:
                match = self._match(asked, named, like)
                if match and match.score > getattr(best.get(named.thing_id), "score", LEAST_SCORE):
                    best[named.thing_id] = match
        matches = sorted(best.values(), key=lambda match: -match.score)[:MOST_STREETS]
        return _in_order(found for match in matches for found in self._found(match, like))

    def _match(self, asked: Asked, named: Named, like: Likeness) -> Match | None:
        fitted = judge.fit(asked, named.words.split(), like)
        if fitted is None:
            return None
        score = self._score(asked, fitted, fitted.left, named.town, "", like)
        if named.kind == FoundKind.PLACE:
            score = fitted.cover - judge.cost_of_no_street(asked, fitted.left)
        return Match(named, asked, fitted, score)

    def _score(
        self, asked: Asked, fitted: Fit, left: Sequence[int], town: str, postcode: str, like: Likeness
    ) -> float:
        """How well name, town and postcode account for the question but the words not in ``left``."""
        in_town = judge.explained(asked, left, words(town), like)
        in_code = judge.explained(asked, left, words(postcode), judge.exact)
        others = [position for position in left if position not in in_town and position not in in_code]
        elsewhere, name = judge.town_named(asked, others, self._towns)
        if name == " ".join(words(town)):
            others, elsewhere = [position for position in others if position not in elsewhere], ()
        cost = judge.cost_of_words(asked, fitted, others)
        cost += judge.COST_OTHER_TOWN if elsewhere else 0.0
        if postcode:
            cost += judge.cost_of_numbers(asked, others, self._postcodes)
        return max(0.0, fitted.cover - cost)

    def _found(self, match: Match, like: Likeness) -> Iterator[Found]:
        """The houses of the asked number on a street; without any, the street."""
        numbers = list(self._numbers(match))
        nearby: tuple[Number, list[Door]] | None = None
        for positions, number in numbers:
            doors = doors_around(self._connection, match.named.thing_id, number)
            very = very_doors(doors, number)
            if very:
                left = [position for position in match.fitted.left if position not in positions]
                yield from (self._house(match, door, left, like) for door in very)
                return
            if nearby is None and doors and match.asked.words[positions[0]] not in self._postcodes:
                nearby = number, doors
        yield self._street(match, nearby)

    def _numbers(self, match: Match) -> Iterator[tuple[tuple[int, ...], Number]]:
        """What may be the house number, the likeliest first: no postcode, and beside the street."""
        asked, fitted = match.asked, match.fitted
        parts = {asked.parts[position] for position in fitted.used}

        def unlikely(position: int) -> tuple[bool, bool, int]:
            away = min(abs(position - used) for used in fitted.used)
            return asked.words[position] in self._postcodes, asked.parts[position] not in parts, away

        for position in sorted((i for i in asked.numbers if i in fitted.left), key=unlikely):
            for text in asked.number_texts(position):
                number = read_number(text)
                if number is not None:
                    letter = () if text == asked.words[position] else (position + 1,)
                    yield (position, *letter), number

    def _house(self, match: Match, door: Door, left: Sequence[int], like: Likeness) -> Found:
        score = self._score(match.asked, match.fitted, left, door.town, door.postcode or "-", like)
        label = _joined_label(self._line(match.named.name, door.shown), f"{door.postcode} {door.town}")
        return Found(FoundKind.ADDRESS, Exactness.HOUSE, label, *door.point, round(score, 3))

    def _street(self, match: Match, nearby: tuple[Number, list[Door]] | None) -> Found:
        named = match.named
        label = _joined_label(named.name, named.town) + (f" ({named.hint})" if named.hint else "")
        kind, score = FoundKind(named.kind), round(match.score, 3)
        spot = beside(nearby[1], nearby[0]) if nearby else None
        if spot:
            return Found(kind, spot.exactness, label, *spot.point, score, spot.near)
        return Found(kind, Exactness.MIDDLE, label, named.lon, named.lat, score)

    def _line(self, street: str, number: str) -> str:
        return f"{number} {street}" if self._about.get("number_first") == "1" else f"{street} {number}"


def _joined_label(*parts: str) -> str:
    return ", ".join(dict.fromkeys(part.strip() for part in parts if part.strip()))


def _in_order(found: Iterable[Found]) -> list[Found]:
    """The best first; of equals an address, then a street, then a place. Each spot once."""
    kinds = list(FoundKind)
    kept: list[Found] = []
    for answer in sorted(found, key=lambda one: (-one.score, kinds.index(one.kind), one.label)):
        if not any(_is_same(answer, other) for other in kept):
            kept.append(answer)
    return kept


def _is_same(one: Found, other: Found) -> bool:
    here: Point = (one.lon, one.lat)
    is_near = metres_apart(here, (other.lon, other.lat)) <= SAME_SPOT_METRES
    return is_near and (one.label == other.label or other.kind is one.kind is FoundKind.ADDRESS)
