"""What is particular to SQLite: durable, patient, with foreign keys, and writers that queue."""

from __future__ import annotations

from collections.abc import Callable

import pytest
from flask import Flask
from flask.testing import FlaskClient
from sqlalchemy import event, select
from sqlalchemy.orm import Session

from planner import database
from planner.database import db, reading, transaction
from planner.models.people import Person
from planner.models.settings import Setting
from tests.conftest import DURABLE
from tests.world import World


@pytest.fixture
def database_kind() -> str:
    return "sqlite"


def test_connections_are_durable_patient_and_keep_foreign_keys(
    app: Flask, session: Session, monkeypatch: pytest.MonkeyPatch
) -> None:
    monkeypatch.setattr(database, "SYNCHRONOUS", DURABLE)
    db.engine.dispose()
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


def test_a_full_disk_is_said_reading_goes_on_and_it_heals(
    app: Flask, session: Session, sign_in: Callable[[Person], FlaskClient]
) -> None:
    world = World(session)
    session.commit()
    client = sign_in(world.admin)
    pages = session.connection().exec_driver_sql("PRAGMA page_count").scalar()
    room = [pages]
    # The limit is each connection's own, and whichever is free is taken.
    event.listen(
        db.engine, "checkout", lambda connection, *_: connection.execute(f"PRAGMA max_page_count={room[0]}")
    )
    session.rollback()
    form = {"name": "Much", "email": "much@example.org", "role": "rep", "distance_unit": "km"}
    full = [
        client.post("/admin/people/new", data={**form, "email": f"{n}{'x' * 200}@e.org"}) for n in range(40)
    ]
    assert full[-1].status_code == 503
    assert "Nothing can be stored just now" in full[-1].text
    assert client.get("/admin/people").status_code == 200
    room[0] = 1_000_000
    assert client.post("/admin/people/new", data=form).status_code == 302
