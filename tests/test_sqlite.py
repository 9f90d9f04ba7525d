"""What is particular to SQLite: durable, patient, with foreign keys, and writers that queue."""

from __future__ import annotations

import pytest
from flask import Flask
from sqlalchemy import event, select
from sqlalchemy.orm import Session

from planner.database import db, reading, transaction
from planner.models.settings import Setting


@pytest.fixture
def database_kind() -> str:
    return "sqlite"


def test_connections_are_durable_patient_and_keep_foreign_keys(session: Session) -> None:
    names = ("journal_mode", "synchronous", "busy_timeout", "foreign_keys")
    pragmas = [session.connection().exec_driver_sql(f"PRAGMA {name}").scalar() for name in names]
    assert pragmas == ["wal", 2, 15000, 1]


def test_writing_begins_with_the_lock_even_after_reading(app: Flask) -> None:
    said: list[str] = []
    with app.app_context():
        event.listen(db.engine, "before_cursor_execute", lambda *args: said.append(args[2]))
        reading().scalar(select(Setting.value))
        with transaction() as session:
            session.add(Setting(key="x", value=1))
    begins = [statement for statement in said if statement.startswith("BEGIN")]
    assert begins == ["BEGIN", "BEGIN IMMEDIATE"]
