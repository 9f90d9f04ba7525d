"""A company at noon in UTC, Ana with a visit today and her phone."""

from __future__ import annotations

from collections.abc import Callable
from typing import Any

import pytest
from flask.testing import FlaskClient
from sqlalchemy import func, select
from sqlalchemy.orm import Session

from planner import clock
from planner.models.people import Person
from planner.models.visits import Visit
from tests.conftest import NOW
from tests.days import planned_visit
from tests.phones import Phone
from tests.world import World


@pytest.fixture(autouse=True)
def noon(monkeypatch: pytest.MonkeyPatch) -> None:
    monkeypatch.setattr(clock, "now", lambda: NOW)


@pytest.fixture
def world(session: Session) -> World:
    return World(session)


@pytest.fixture
def visit(world: World) -> Visit:
    return planned_visit(world, world.ana)


@pytest.fixture
def phone(world: World, visit: Visit, sign_in: Callable[[Person], FlaskClient]) -> Phone:
    world.session.commit()
    return Phone(sign_in(world.ana))


@pytest.fixture
def seen(session: Session, visit: Visit) -> Callable[[], Visit]:
    """The visit as it is stored now."""
    visit_id = visit.id

    def look() -> Visit:
        session.expire_all()
        return session.get_one(Visit, visit_id)

    return look


@pytest.fixture
def count(session: Session) -> Callable[[type[Any]], int]:
    def counted(table: type[Any]) -> int:
        session.expire_all()
        return session.scalar(select(func.count()).select_from(table)) or 0

    return counted
