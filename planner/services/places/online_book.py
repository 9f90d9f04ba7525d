"""What the online search has answered, for good, and when it was last asked: one file for the whole
installation, shared by its processes and threads.

A turn is taken under the file's lock, so that two questions never leave within a second of each other.
"""

from __future__ import annotations

import sqlite3
from collections.abc import Callable
from contextlib import closing, suppress
from datetime import datetime, timedelta
from pathlib import Path

from planner.domain.errors import Conflict

BETWEEN = timedelta(seconds=1.1)
"""The service allows one question a second; the rest is for the way there."""

LONGEST_QUEUE_SECONDS = 6.0
NOTHING_KEPT = timedelta(days=30)
"""How long "nothing found" counts: the map may have learned the place since."""

SCHEMA = """
CREATE TABLE IF NOT EXISTS answer (question TEXT PRIMARY KEY, text TEXT NOT NULL, is_empty INTEGER NOT NULL,
    answered_at TEXT NOT NULL);
CREATE TABLE IF NOT EXISTS turn (id INTEGER PRIMARY KEY CHECK (id = 1), taken_at TEXT NOT NULL);
"""

Clock = Callable[[], datetime]


def kept(book: Path, question: str, now: datetime) -> str | None:
    """The answer that was kept, or None."""
    with closing(_opened(book)) as connection:
        query = "SELECT text, is_empty, answered_at FROM answer WHERE question = ?"
        row = connection.execute(query, (question,)).fetchone()
    if row is None or (row[1] and datetime.fromisoformat(row[2]) < now - NOTHING_KEPT):
        return None
    return str(row[0])


def keep(book: Path, question: str, text: str, is_empty: bool, now: datetime) -> None:
    row = (question, text, is_empty, now.isoformat())
    # An answer that cannot be kept, for a full disk or a long queue, is an answer all the same.
    with suppress(sqlite3.OperationalError), closing(_opened(book)) as connection:
        connection.execute("INSERT OR REPLACE INTO answer VALUES (?,?,?,?)", row)


def take_turn(book: Path, clock: Clock, sleep: Callable[[float], None]) -> None:
    """Wait until a question may be sent. Raises Conflict("online_busy") where too many are waiting."""
    try:
        connection = _opened(book)
    except sqlite3.OperationalError as error:
        raise Conflict("online_busy") from error
    with closing(connection):
        try:
            connection.execute("BEGIN IMMEDIATE")
        except sqlite3.OperationalError as error:
            raise Conflict("online_busy") from error
        row = connection.execute("SELECT taken_at FROM turn").fetchone()
        wait = _seconds_left(datetime.fromisoformat(row[0]), clock()) if row else 0.0
        if wait > 0:
            sleep(wait)
        connection.execute("INSERT OR REPLACE INTO turn VALUES (1, ?)", (clock().isoformat(),))
        connection.execute("COMMIT")


def _seconds_left(taken_at: datetime, now: datetime) -> float:
    """A clock that was set back must not shut the search for long: then a whole turn is waited, once."""
    since = now - taken_at
    return (BETWEEN if since < timedelta() else BETWEEN - since).total_seconds()


def _opened(book: Path) -> sqlite3.Connection:
    book.parent.mkdir(parents=True, exist_ok=True)
    connection = sqlite3.connect(book, timeout=LONGEST_QUEUE_SECONDS, isolation_level=None)
    connection.executescript(f"PRAGMA journal_mode=WAL; {SCHEMA}")
    return connection
