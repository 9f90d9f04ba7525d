"""The words of notes, ready to be searched; made from the notes and kept in step by the database itself.

SQLite has an FTS5 table that triggers fill, PostgreSQL an index over an expression. Both take words whole or
by their beginning, without regard to capitals and accents. Nothing is lost with them: they are no part of the
tables that migrations change, but lifted before and put again after.
"""

from __future__ import annotations

import re
import unicodedata
from typing import Any

from sqlalchemy import ColumnElement, Connection, event, func, literal, literal_column, select, text
from sqlalchemy.sql.expression import FunctionElement

from planner.database import Base
from planner.models.visits import Note

NAME = "note_search"
"""Of the table or index; those of its parts begin with it."""

MOST_WORDS = 8
WORD = re.compile(r"\w+")


def _accents() -> tuple[str, str]:
    """Latin letters with an accent, and those they stand for: PostgreSQL's own extension may be missing."""
    found = {}
    for point in range(0xC0, 0x250):
        letter = chr(point).lower()
        plain = unicodedata.normalize("NFD", letter)[0]
        if plain != letter and plain.isascii():
            found[letter] = plain
    return "".join(found), "".join(found.values())


ACCENTED, PLAIN = _accents()

SQLITE = (
    f"CREATE VIRTUAL TABLE {NAME} USING fts5(text, content='note', content_rowid='id',"
    " tokenize='unicode61 remove_diacritics 2')",
    f"CREATE TRIGGER {NAME}_new AFTER INSERT ON note BEGIN"
    f" INSERT INTO {NAME}(rowid, text) VALUES (new.id, new.text); END",
    f"CREATE TRIGGER {NAME}_gone AFTER DELETE ON note BEGIN"
    f" INSERT INTO {NAME}({NAME}, rowid, text) VALUES ('delete', old.id, old.text); END",
    f"CREATE TRIGGER {NAME}_changed AFTER UPDATE OF id, text ON note BEGIN"
    f" INSERT INTO {NAME}({NAME}, rowid, text) VALUES ('delete', old.id, old.text);"
    f" INSERT INTO {NAME}(rowid, text) VALUES (new.id, new.text); END",
    f"INSERT INTO {NAME}({NAME}) VALUES ('rebuild')",
)
POSTGRESQL = (
    f"CREATE INDEX {NAME} ON note USING gin"
    f" (to_tsvector('simple'::regconfig, translate(lower(text), '{ACCENTED}', '{PLAIN}')))",
)


def words(search: str) -> list[str]:
    """The words somebody searches for, the first ``MOST_WORDS`` of them."""
    return WORD.findall(search)[:MOST_WORDS]


def has_word(dialect: str, word: str) -> ColumnElement[bool]:
    """The condition on ``Note`` that one of its words begins so. ``word`` as ``words`` gives it."""
    if dialect == "sqlite":
        found = select(literal_column("rowid")).select_from(text(NAME))
        return Note.id.in_(found.where(literal_column(NAME).op("MATCH")(f'"{word}"*')))
    simple = literal_column("'simple'::regconfig")
    return func.to_tsvector(simple, _plain(Note.text)).op("@@")(
        func.to_tsquery(simple, _plain(literal(f"{word}:*")))
    )


def _plain(written: Any) -> FunctionElement[str]:
    # Written out, not bound: an index is used only for the very expression it was made of.
    return func.translate(func.lower(written), literal_column(f"'{ACCENTED}'"), literal_column(f"'{PLAIN}'"))


def is_part(name: str | None) -> bool:
    """Whether a table or index of the database belongs to the search: migrations leave it alone."""
    return name is not None and name.startswith(NAME)


def lift(connection: Connection) -> None:
    """Take it away: for a migration, which may make the table of notes anew."""
    if connection.dialect.name == "sqlite":
        for part in ("new", "gone", "changed"):
            connection.exec_driver_sql(f"DROP TRIGGER IF EXISTS {NAME}_{part}")
        connection.exec_driver_sql(f"DROP TABLE IF EXISTS {NAME}")
    else:
        connection.exec_driver_sql(f"DROP INDEX IF EXISTS {NAME}")


def put(connection: Connection) -> None:
    """Make it of the notes there are, unless it is there."""
    is_sqlite = connection.dialect.name == "sqlite"
    found = "SELECT 1 FROM sqlite_master WHERE name = :name" if is_sqlite else "SELECT to_regclass(:name)"
    if connection.scalar(text(found), {"name": NAME}) is None:
        for statement in SQLITE if is_sqlite else POSTGRESQL:
            connection.exec_driver_sql(statement)


@event.listens_for(Base.metadata, "after_create")
def _with_the_tables(_target: object, connection: Connection, **_: Any) -> None:
    put(connection)
