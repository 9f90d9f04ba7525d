"""A small demo, loaded once for the whole test run; each test that wants one gets a copy of its folder."""

from __future__ import annotations

import shutil
from collections.abc import Iterator
from contextlib import contextmanager
from dataclasses import dataclass
from datetime import date
from pathlib import Path

import pytest
from flask import Flask
from flask.testing import FlaskClient
from sqlalchemy import select

from app import create_app
from planner import clock
from planner.database import Base, db, reading, transaction
from planner.demo import days
from planner.demo.assortment import Size
from planner.demo.folders import Folders
from planner.demo.load import load
from planner.demo.logins import fresh, save
from planner.demo.staff import email
from planner.jobs import work
from planner.models.people import Person
from planner.services.company.logins import open_session

TODAY = date(2026, 3, 31)
"""A Tuesday on which every rep has visits; the claims of two whole months lie before it."""

SMALL = Size(accounts=32, prospects=2)
ITERATIONS = 400
"""Of the rotation's search: a plan to look at need not be the best one."""

_loaded: dict[date, Path] = {}


@dataclass(frozen=True)
class Demo:
    """A demo of one's own. ``app`` has the CSRF guard off, as the test client sends plain forms."""

    app: Flask

    @property
    def folder(self) -> Path:
        return Path(self.app.instance_path)

    def person_id(self, login: str) -> int:
        with self.app.app_context():
            found = reading().scalar(select(Person.id).where(Person.email == email(login)))
        assert found is not None
        return found

    def client(self, login: str) -> FlaskClient:
        """A test client signed in as ``camila``, ``diego``, ``valentina``, ``marcela`` or ``admin``."""
        person_id = self.person_id(login)
        with self.app.app_context(), transaction() as session:
            token = open_session(session, person_id, "test", clock.now())
        client = self.app.test_client()
        with client.session_transaction() as cookie:
            cookie["_user_id"] = token
            cookie["_fresh"] = True
        return client


@contextmanager
def opened(folder: Path) -> Iterator[Flask]:
    """An application on an instance folder, its database closed at the end."""
    settings = {"TESTING": True, "INSTANCE_FOLDER": str(folder), "WTF_CSRF_ENABLED": False}
    app = create_app(settings)
    yield app
    with app.app_context():
        db.session.remove()
        db.engine.dispose()


def load_small(folder: Path, today: date, size: Size = SMALL) -> None:
    """Load a small demo for ``today`` into an empty instance folder."""
    with pytest.MonkeyPatch.context() as patch:
        patch.setenv("ROUNDS_TODAY", today.isoformat())
        patch.setattr(work, "ITERATIONS", ITERATIONS)
        with opened(folder) as app, app.app_context():
            Base.metadata.create_all(db.engine)
            logins = fresh()
            save(folder, logins)
            folders = Folders(app.config["NETWORKS_FOLDER"], app.config["RECEIPTS_FOLDER"])
            load(folders, days.calendar(today), logins, lambda doing, percent: None, size)


def template(make_folder: pytest.TempPathFactory, today: date = TODAY) -> Path:
    """The folder of the small demo for ``today``; loaded the first time somebody asks."""
    if today not in _loaded:
        folder = make_folder.mktemp("demo") / "instance"
        folder.mkdir()
        load_small(folder, today)
        _loaded[today] = folder
    return _loaded[today]


@contextmanager
def small_demo(make_folder: pytest.TempPathFactory, folder: Path) -> Iterator[Demo]:
    """A copy of the small demo at ``folder``, open, on its own day."""
    shutil.copytree(template(make_folder), folder)
    with pytest.MonkeyPatch.context() as patch:
        patch.setenv("ROUNDS_TODAY", TODAY.isoformat())
        with opened(folder) as app:
            yield Demo(app)
