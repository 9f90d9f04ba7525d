"""An address file: SQLite with a full-text index, written aside and renamed into place.

``thing`` holds streets and places, ``house`` the numbers on them, ``name`` every name with its words;
``word`` indexes the words themselves by three letters each, to find misspelled ones. The file's own
header carries format and kind, so that a foreign file is told at once.
"""

from __future__ import annotations

import os
import sqlite3
from collections.abc import Iterable, Iterator, Sequence
from contextlib import closing
from pathlib import Path

from routing.distance import metres_apart
from routing.errors import AddressesFormat, AddressesMissing, AddressesUnreadable
from routing.geocode.gather import Thing
from routing.geocode.numbers import numbers_of_tag
from routing.geocode.values import Counts, FoundKind, House, Origin
from routing.geocode.words import KINDS_OF_STREET, is_number, words

FORMAT = 1
"""Raised when a table or the way of comparing text changes; older files are then refused."""

KIND = 0x52414444
"""SQLite's ``application_id`` of an address file."""

FILE = "addresses.sqlite"

SCHEMA = """
CREATE TABLE about (key TEXT PRIMARY KEY, value TEXT NOT NULL);
CREATE TABLE thing (id INTEGER PRIMARY KEY, kind TEXT NOT NULL, name TEXT NOT NULL, town TEXT NOT NULL,
    hint TEXT NOT NULL, lon REAL NOT NULL, lat REAL NOT NULL);
CREATE TABLE house (id INTEGER PRIMARY KEY, thing_id INTEGER NOT NULL, number TEXT NOT NULL,
    first INTEGER NOT NULL, last INTEGER NOT NULL, shown TEXT NOT NULL, town TEXT NOT NULL,
    postcode TEXT NOT NULL, lon REAL NOT NULL, lat REAL NOT NULL);
CREATE TABLE name (id INTEGER PRIMARY KEY, thing_id INTEGER NOT NULL, words TEXT NOT NULL);
CREATE TABLE town (words TEXT PRIMARY KEY, name TEXT NOT NULL);
CREATE TABLE postcode (words TEXT PRIMARY KEY);
CREATE VIRTUAL TABLE name_index USING fts5(words, content='', tokenize='unicode61');
CREATE VIRTUAL TABLE word USING fts5(letters, tokenize='trigram');
"""

INDEXES = """
CREATE INDEX house_number ON house (thing_id, first);
INSERT INTO name_index(name_index) VALUES ('optimize');
INSERT INTO word(word) VALUES ('optimize');
ANALYZE;
"""

SAME_HOUSE_METRES = 100
"""Shops in one building repeat its address; nearer than this they are one entry."""


def address_file(networks_folder: Path, name: str) -> Path:
    """Where the addresses of a road network lie: beside it."""
    return networks_folder / name / FILE


def store(things: Sequence[Thing], target: Path, origin: Origin) -> Counts:
    """Write an address file; readers see the whole new file or the old one."""
    target.parent.mkdir(parents=True, exist_ok=True)
    aside = target.with_name(f".{target.name}.{os.getpid()}.part")
    aside.unlink(missing_ok=True)
    try:
        with closing(sqlite3.connect(aside, isolation_level=None)) as connection:
            counts = _fill(connection, things, origin)
        with aside.open("rb") as file:
            os.fsync(file.fileno())
        aside.replace(target)
    finally:
        aside.unlink(missing_ok=True)
    return counts


def connected(path: Path) -> sqlite3.Connection:
    """A reading connection. Raises ``AddressesMissing``, ``AddressesFormat``, ``AddressesUnreadable``."""
    try:
        size = path.stat().st_size
    except OSError as error:
        raise AddressesMissing(name=path.parent.name) from error
    # Immutable: the file is replaced as a whole, never changed, so it needs no locks and no side files.
    address = f"{path.resolve().as_uri()}?mode=ro&immutable=1"
    connection = sqlite3.connect(address, uri=True, check_same_thread=False)
    try:
        _check(connection, path, size)
    except sqlite3.DatabaseError as error:
        connection.close()
        raise AddressesUnreadable(path=path.name, why="it is damaged or not an address file") from error
    except AddressesUnreadable:
        connection.close()
        raise
    return connection


def _check(connection: sqlite3.Connection, path: Path, size: int) -> None:
    kind, found, page = (
        int(connection.execute(f"PRAGMA {name}").fetchone()[0])
        for name in ("application_id", "user_version", "page_size")
    )
    # SQLite itself notices missing pages, but not the end of the last one.
    if kind != KIND or size % page:
        raise AddressesUnreadable(path=path.name, why="it is damaged or not an address file")
    if found != FORMAT:
        raise AddressesFormat(path=path.name, found=found, wanted=FORMAT)


def _fill(connection: sqlite3.Connection, things: Sequence[Thing], origin: Origin) -> Counts:
    connection.executescript(
        "PRAGMA journal_mode=OFF; PRAGMA synchronous=OFF; PRAGMA locking_mode=EXCLUSIVE;"
    )
    connection.executescript(f"PRAGMA application_id={KIND}; PRAGMA user_version={FORMAT}; {SCHEMA} BEGIN;")
    connection.executemany("INSERT INTO thing VALUES (?,?,?,?,?,?,?)", _thing_rows(things))
    houses = list(_house_rows(things))
    connection.executemany(
        "INSERT INTO house (thing_id, number, first, last, shown, town, postcode, lon, lat) "
        "VALUES (?,?,?,?,?,?,?,?,?)",
        houses,
    )
    _fill_names(connection, things)
    streets = sum(thing.kind is FoundKind.STREET for thing in things)
    counts = Counts(len(houses), streets, len(things) - streets)
    connection.executemany("INSERT INTO about VALUES (?,?)", _about(things, origin, counts))
    connection.execute("COMMIT")
    connection.executescript(INDEXES)
    return counts


def _thing_rows(things: Sequence[Thing]) -> Iterator[tuple[object, ...]]:
    for number, thing in enumerate(things, start=1):
        yield number, thing.kind.value, thing.names[0], thing.town, thing.hint, *thing.point


def _house_rows(things: Sequence[Thing]) -> Iterator[tuple[object, ...]]:
    for thing_id, thing in enumerate(things, start=1):
        seen: dict[str, list[House]] = {}
        # What says most of itself first: entries of the same house that say less are left out.
        for house in sorted(thing.houses, key=lambda house: (not house.town) + (not house.postcode)):
            for shown, number in numbers_of_tag(house.number):
                same = seen.setdefault(number.text, [])
                if not any(_is_same(house, other) for other in same):
                    same.append(house)
                    yield thing_id, *number, shown, house.town or thing.town, house.postcode, *house.point


def _is_same(house: House, other: House) -> bool:
    said = ((house.town, other.town), (house.postcode, other.postcode))
    if any(one and two and one != two for one, two in said):
        return False
    return metres_apart(house.point, other.point) <= SAME_HOUSE_METRES


def _fill_names(connection: sqlite3.Connection, things: Sequence[Thing]) -> None:
    names: dict[tuple[int, str], None] = {}
    for thing_id, thing in enumerate(things, start=1):
        names |= {(thing_id, text): None for name in thing.names if (text := " ".join(words(name)))}
    connection.executemany("INSERT INTO name (thing_id, words) VALUES (?,?)", names)
    connection.execute("INSERT INTO name_index (rowid, words) SELECT id, words FROM name")
    spelled = {word for _, text in names for word in text.split() if len(word) > 2 and not is_number(word)}
    # Edges count as letters, so that short words have enough to be found by.
    connection.executemany("INSERT INTO word VALUES (?)", ((f"_{word}_",) for word in sorted(spelled)))
    connection.executemany("INSERT INTO town VALUES (?,?)", sorted(_towns(things).items()))
    codes = {" ".join(words(house.postcode)) for thing in things for house in thing.houses}
    connection.executemany("INSERT INTO postcode VALUES (?)", ((code,) for code in sorted(codes) if code))


def _towns(things: Sequence[Thing]) -> dict[str, str]:
    """Every name of a town, with the one its addresses state, both as words."""
    found: dict[str, str] = {}
    for thing in things:
        if thing.kind is FoundKind.PLACE:
            own = " ".join(words(thing.names[0]))
            found |= {" ".join(words(name)): own for name in thing.names}
    for thing in things:
        for town in (thing.town, *(house.town for house in thing.houses)):
            found.setdefault(" ".join(words(town)), " ".join(words(town)))
    found.pop("", None)
    return found


def _about(things: Sequence[Thing], origin: Origin, counts: Counts) -> Iterable[tuple[str, str]]:
    return (
        ("source", origin.source),
        ("source_date", origin.source_date),
        ("attribution", origin.attribution),
        ("addresses", str(counts.addresses)),
        ("streets", str(counts.streets)),
        ("places", str(counts.places)),
        ("number_first", str(int(_is_number_first(things)))),
    )


NUMBER_FIRST = frozenset(("US", "CA", "GB", "IE", "AU", "NZ", "FR", "LU", "ZA", "IN", "MY", "SG", "PH"))
"""Countries that write the house number before the street."""


def _is_number_first(things: Sequence[Thing]) -> bool:
    """As most houses' country does; where none is stated, as streets that end in their kind suggest."""
    houses: list[House] = [house for thing in things for house in thing.houses if house.country]
    if houses:
        return 2 * sum(house.country in NUMBER_FIRST for house in houses) > len(houses)
    streets = [words(thing.names[0]) for thing in things if thing.kind is FoundKind.STREET]
    english = KINDS_OF_STREET - {"strasse", "weg", "gasse", "gata", "gade", "place", "allee", "steig"}
    return 2 * sum(not english.isdisjoint(name[-1:]) for name in streets) > len(streets)
