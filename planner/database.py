"""The database handle and ``transaction()``, the only commit.

SQLite: WAL, synchronous FULL (phones delete their copy once we acknowledge), foreign keys on, and
writing transactions that begin with BEGIN IMMEDIATE so that they queue instead of failing with
"database is locked". Reading transactions use a plain BEGIN.
"""

from __future__ import annotations

import re
from collections.abc import Iterator
from contextlib import contextmanager
from datetime import UTC, datetime
from typing import Any

from flask_sqlalchemy import SQLAlchemy
from sqlalchemy import DateTime, Engine, MetaData, String, event
from sqlalchemy.engine.interfaces import Dialect
from sqlalchemy.exc import IntegrityError
from sqlalchemy.ext.compiler import compiles
from sqlalchemy.orm import DeclarativeBase, Session
from sqlalchemy.sql.functions import FunctionElement
from sqlalchemy.types import TypeDecorator

from planner.domain.errors import Conflict
from planner.domain.names import sort_key

NAMING = {
    "ix": "ix_%(table_name)s_%(column_0_N_name)s",
    "uq": "uq_%(table_name)s_%(column_0_N_name)s",
    "ck": "ck_%(table_name)s_%(constraint_name)s",
    "fk": "fk_%(table_name)s_%(column_0_N_name)s_%(referred_table_name)s",
    "pk": "pk_%(table_name)s",
}

GUARD = "refused: "
"""How a trigger's message begins; the code of its sentence follows."""


CONSTRAINT = "constraint"
"""The code of a refusal that no trigger gave."""


class Base(DeclarativeBase):
    metadata = MetaData(naming_convention=NAMING)


class UtcDateTime(TypeDecorator[datetime]):
    """An instant: aware in Python, stored in UTC. SQLite keeps no zone, so it is put back on reading."""

    impl = DateTime(timezone=True)
    cache_ok = True

    def process_bind_param(self, value: datetime | None, dialect: Dialect) -> datetime | None:
        if value is None:
            return None
        if value.tzinfo is None:
            raise ValueError("an instant without a zone")
        return value.astimezone(UTC)

    def process_result_value(self, value: datetime | None, dialect: Dialect) -> datetime | None:
        if value is None:
            return None
        return value.replace(tzinfo=UTC) if value.tzinfo is None else value.astimezone(UTC)


class name_order(FunctionElement[str]):
    """To order by: names as people look for them. PostgreSQL has the rules of its own collation for it,
    SQLite knows no letter beyond ASCII."""

    name = "name_order"
    type = String()
    inherit_cache = True


@compiles(name_order)
def _lower(element: name_order, compiler: Any, **options: Any) -> str:
    return f"lower({compiler.process(element.clauses, **options)})"


@compiles(name_order, "sqlite")
def _sort_key(element: name_order, compiler: Any, **options: Any) -> str:
    return f"name_order({compiler.process(element.clauses, **options)})"


db = SQLAlchemy(model_class=Base)


def reading() -> Session:
    """The request's session, for reading. What is written through it without ``transaction()`` is lost."""
    return db.session  # type: ignore[return-value]


@contextmanager
def transaction() -> Iterator[Session]:
    """One writing transaction: commit at the end, roll back on any error.

    What the request has read before is rolled back first: the option that makes SQLite begin
    IMMEDIATE is ignored on a connection already in use. Raises ``Conflict`` where the database refused the
    write: with the code of the trigger that did, or ``"constraint"``.
    """
    session: Session = db.session  # type: ignore[assignment]
    session.rollback()
    session.connection(execution_options={"writes": True})
    try:
        yield session
        session.commit()
    except IntegrityError as error:
        session.rollback()
        raise refusal(error) from error
    except BaseException:
        session.rollback()
        raise


def refusal(error: IntegrityError) -> Conflict:
    """Why the database refused: the code of the trigger that did, or ``"constraint"``."""
    said = str(error.orig)
    by_guard = re.search(rf"{GUARD}(\w+)", said)
    return Conflict(by_guard[1]) if by_guard else Conflict(CONSTRAINT, detail=said)


def configure(engine: Engine) -> None:
    """Install the SQLite habits on an engine; nothing to do for other databases."""
    if engine.dialect.name == "sqlite":
        event.listen(engine, "connect", _prepare_sqlite)
        event.listen(engine, "begin", _begin_sqlite)


SYNCHRONOUS = "FULL"

PRAGMAS = (
    *("journal_mode=WAL", "busy_timeout=15000", "foreign_keys=ON"),
    # REPLACE deletes what stands in its way; without this no trigger would be asked.
    "recursive_triggers=ON",
)


def _prepare_sqlite(connection: Any, _record: object) -> None:
    connection.isolation_level = None
    cursor = connection.cursor()
    for pragma in (*PRAGMAS, f"synchronous={SYNCHRONOUS}"):
        cursor.execute(f"PRAGMA {pragma}")
    cursor.close()
    connection.create_function("name_order", 1, sort_key, deterministic=True)


def _begin_sqlite(connection: Any) -> None:
    writes = connection.get_execution_options().get("writes", False)
    connection.exec_driver_sql("BEGIN IMMEDIATE" if writes else "BEGIN")
