"""Fixtures every room shares: an application on a fresh database, and people signed in to it."""

from __future__ import annotations

import os
import shutil
from collections.abc import Callable, Iterator
from datetime import UTC, date, datetime
from pathlib import Path

import pytest
from flask import Flask, g
from flask.testing import FlaskClient
from flask_babel import refresh
from sqlalchemy import URL, create_engine
from sqlalchemy.orm import Session, object_session

from app import create_app
from planner import clock, database
from planner.database import Base, db, transaction
from planner.models.people import Person
from planner.services.company.logins import open_session
from tests import compiled_once, postgres

CACHE = Path(__file__).resolve().parent.parent / ".pytest_cache"

# Compiled once for all tests, not once for every instance folder they make.
os.environ.setdefault("NUMBA_CACHE_DIR", str(CACHE / "compiled"))

NOW = datetime(2026, 3, 4, 12, 0, tzinfo=UTC)
"""A Wednesday noon; tests pass it where a use case asks for the time."""

DURABLE = database.SYNCHRONOUS
"""What the tests do without: every commit waits for the disk."""

BEGAN = datetime.now(UTC)


def ticking() -> datetime:
    """It was noon when the tests began: their day does not depend on when they run. Runs of half a day are
    not foreseen."""
    return NOW + (datetime.now(UTC) - BEGAN)


TODAY = date(2026, 3, 4)


BOTH = ("sqlite", "postgresql")


def pytest_generate_tests(metafunc: pytest.Metafunc) -> None:
    """A test marked ``both_databases`` runs once on each."""
    if "database_kind" in metafunc.fixturenames and metafunc.definition.get_closest_marker("both_databases"):
        metafunc.parametrize("database_kind", BOTH, indirect=True)


@pytest.fixture
def database_kind(request: pytest.FixtureRequest) -> str:
    """``ROUNDS_TEST_DATABASE=postgresql`` runs every test on PostgreSQL."""
    return str(getattr(request, "param", os.environ.get("ROUNDS_TEST_DATABASE", "sqlite")))


@pytest.fixture(scope="session")
def postgres_server() -> Iterator[URL]:
    try:
        with postgres.server() as url:
            yield url
    except postgres.Absent as absent:
        pytest.skip(str(absent))


@pytest.fixture
def database_url(database_kind: str, tmp_path: Path, request: pytest.FixtureRequest) -> Iterator[str]:
    """The address of an empty database."""
    if database_kind == "sqlite":
        yield f"sqlite:///{tmp_path / 'test.sqlite'}"
        return
    with postgres.database(request.getfixturevalue("postgres_server")) as url:
        yield url


STATEMENTS = compiled_once.Statements()


@pytest.fixture(scope="session", autouse=True)
def one_for_all_tests() -> Iterator[None]:
    """A clock that began at noon, no waiting for the disk, and what is compiled once."""
    with pytest.MonkeyPatch.context() as patch:
        patch.setattr(database, "SYNCHRONOUS", "OFF")
        patch.setattr(clock, "machine_time", ticking)
        compiled_once.remember_rules(patch)
        yield


@pytest.fixture
def bare_app(tmp_path: Path, database_url: str, monkeypatch: pytest.MonkeyPatch) -> Iterator[Flask]:
    """The application on a database without tables."""
    monkeypatch.setenv("ROUNDS_TODAY", TODAY.isoformat())
    application = create_app(
        {
            "TESTING": True,
            "INSTANCE_FOLDER": str(tmp_path),
            "SQLALCHEMY_DATABASE_URI": database_url,
            "WTF_CSRF_ENABLED": False,
        }
    )
    compiled_once.remember_templates(application, CACHE / "templates")
    with application.app_context():
        STATEMENTS.share(db.engine)
    application.before_request_funcs.setdefault(None, []).insert(0, _begin_afresh)
    yield application
    with application.app_context():
        db.session.remove()
        db.engine.dispose()


@pytest.fixture(scope="session")
def tables(tmp_path_factory: pytest.TempPathFactory) -> Path:
    """An SQLite file with all tables and guards: copying it takes a hundredth of the time of making it."""
    path = tmp_path_factory.mktemp("tables") / "tables.sqlite"
    engine = create_engine(f"sqlite:///{path}")
    Base.metadata.create_all(engine)
    engine.dispose()
    return path


@pytest.fixture(scope="session")
def postgres_tables(postgres_server: URL) -> Iterator[str]:
    """The name of a database with all tables and guards, to make others after."""
    with postgres.database(postgres_server) as address:
        engine = create_engine(address)
        Base.metadata.create_all(engine)
        engine.dispose()
        yield str(engine.url.database)


@pytest.fixture
def app(bare_app: Flask, request: pytest.FixtureRequest) -> Flask:
    with bare_app.app_context():
        url = db.engine.url
    if url.get_dialect().name == "sqlite":
        shutil.copyfile(request.getfixturevalue("tables"), str(url.database))
    else:
        template = request.getfixturevalue("postgres_tables")
        postgres.make_after(request.getfixturevalue("postgres_server"), template, str(url.database))
    return bare_app


def _begin_afresh() -> None:
    """Requests inside a test's own application context share its ``g`` and its session: make each one
    look at who asks, in which language, and at what is stored, for itself. What the test has added is
    stored by this."""
    g.pop("_login_user", None)
    refresh()
    db.session.commit()


@pytest.fixture
def session(app: Flask) -> Iterator[Session]:
    """A database session inside an application context, for use cases without the web."""
    with app.app_context():
        yield db.session  # type: ignore[misc]


@pytest.fixture
def sign_in(app: Flask) -> Callable[[Person], FlaskClient]:
    """A test client that is signed in as the given (committed) person, by a real session row."""

    def client_of(person: Person) -> FlaskClient:
        person_id = person.id
        with app.app_context(), transaction() as session:
            token = open_session(session, person_id, "test", clock.now())
        reader = object_session(person)
        if reader is not None:
            reader.commit()  # what it has read so far lies before the new session row
        client = app.test_client()
        with client.session_transaction() as cookie:
            cookie["_user_id"] = token
            cookie["_fresh"] = True
            cookie.permanent = True
        return client

    return client_of
