"""The database's habits: writers queue instead of failing, pragmas, instants, constraint to Conflict."""

from __future__ import annotations

from collections.abc import Callable
from concurrent.futures import ThreadPoolExecutor
from datetime import UTC, datetime, timedelta, timezone

import pytest
from flask import Flask
from sqlalchemy import func, select
from sqlalchemy.exc import StatementError
from sqlalchemy.orm import Session

from planner.database import Base, reading, transaction
from planner.domain.access import Role
from planner.domain.errors import Conflict
from planner.models.people import Person
from planner.models.settings import AuditEntry, Setting
from planner.services.installation import audit
from tests.conftest import NOW
from tests.world import World

THREADS, WRITES = 12, 20

pytestmark = pytest.mark.both_databases


def write_in_a_thread(app: Flask, thread: int) -> int:
    """Read first, as every request does, then write; with a hash-chained entry each time."""
    for number in range(WRITES):
        with app.app_context():
            reading().scalar(select(func.count(Setting.key)))
            with transaction() as session:
                session.add(Setting(key=f"{thread}-{number}", value=number))
                audit.record(session, None, NOW, "setting.changed", "setting", thread)
    return WRITES


def test_twelve_threads_of_twenty_writes_after_a_read_lose_nothing(app: Flask, session: Session) -> None:
    with ThreadPoolExecutor(THREADS) as pool:
        done = list(pool.map(lambda thread: write_in_a_thread(app, thread), range(THREADS)))
    assert sum(done) == THREADS * WRITES
    assert session.scalar(select(func.count(Setting.key))) == THREADS * WRITES
    chain = audit.verify(session)
    assert (chain.holds, chain.entries) == (True, THREADS * WRITES)


def write(*rows: Base, then: Callable[[], object] = lambda: None) -> None:
    with transaction() as session:
        session.add_all(rows)
        session.flush()
        then()


def test_a_refused_write_becomes_a_conflict_and_leaves_nothing(session: Session) -> None:
    World(session)
    session.commit()
    twin = Person(email="ana@example.org", name="Twin", role=Role.REP, created_at=NOW)
    with pytest.raises(Conflict) as refused:
        write(Setting(key="beside", value=1), twin)
    assert refused.value.code == "constraint"
    assert session.get(Setting, "beside") is None


def test_any_error_rolls_back(session: Session) -> None:
    with pytest.raises(ZeroDivisionError):
        write(Setting(key="half", value=1), then=lambda: 1 / 0)
    assert session.get(Setting, "half") is None


def test_an_instant_comes_back_in_utc_and_needs_a_zone(session: Session) -> None:
    evening = datetime(2026, 3, 4, 21, 30, 15, 123456, tzinfo=timezone(timedelta(hours=-3)))
    audit.record(session, None, evening, "x", "y", None)
    session.commit()
    found = session.scalars(select(AuditEntry.happened_at)).one()
    assert found == evening
    assert found.tzinfo is UTC
    session.add(Person(email="a@b.c", name="A", role=Role.REP, created_at=datetime(2026, 3, 4)))  # noqa: DTZ001
    with pytest.raises(StatementError, match="an instant without a zone"):
        session.flush()
