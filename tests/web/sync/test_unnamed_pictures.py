"""Pictures that nothing names go after a while; what a visit or an expense names stays, and its files."""

from __future__ import annotations

import hashlib
import os
from collections.abc import Callable
from datetime import datetime, timedelta
from pathlib import Path
from typing import Any

import pytest
from flask import Flask
from flask.testing import FlaskClient
from sqlalchemy import select
from sqlalchemy.orm import Session

from planner import clock
from planner.models.ledger import Receipt
from planner.models.people import Person
from planner.models.visits import Visit
from planner.services.ledger import unnamed_pictures
from tests.conftest import NOW, TODAY
from tests.phones import Phone, jpeg, report, spending
from tests.world import World

pytestmark = pytest.mark.both_databases

Count = Callable[[type[Any]], int]


def put(phone: Phone, colour: str) -> str:
    data = jpeg(colour)
    sha256 = hashlib.sha256(data).hexdigest()
    answer = phone.client.put(f"/api/photos/{sha256}", data=data, content_type="image/jpeg")
    assert answer.status_code in (200, 201)
    return sha256


def files(app: Flask) -> set[str]:
    return {path.name.split(".")[0] for path in Path(app.config["RECEIPTS_FOLDER"]).glob("*/*")}


@pytest.fixture
def after(app: Flask, monkeypatch: pytest.MonkeyPatch) -> Callable[[timedelta], str]:
    """Cleans so much later, with files as old as that; says what the command says."""

    def run(passed: timedelta) -> str:
        monkeypatch.setattr(clock, "now", lambda: NOW + passed)
        for path in Path(app.config["RECEIPTS_FOLDER"]).glob("*/*"):
            os.utime(path, (NOW.timestamp(), NOW.timestamp()))
        result = app.test_cli_runner().invoke(args=["clean-pictures"])
        assert result.exit_code == 0, result.output
        return result.output

    return run


def test_what_nothing_has_named_for_ninety_days_goes_with_its_files(
    app: Flask, session: Session, visit: Visit, phone: Phone, after: Callable[[timedelta], str]
) -> None:
    orphan, of_visit, receipt = (put(phone, colour) for colour in ("red", "blue", "green"))
    phone.one(phone.item("done", visit=visit, payload=report(), photos=[of_visit]))
    phone.one(phone.item("expense", on=TODAY, payload=spending(), photos=[receipt]))
    session.rollback()
    assert "removed: 0" in after(timedelta(days=89))
    assert files(app) == {orphan, of_visit, receipt}
    assert "removed: 1" in after(timedelta(days=91))
    session.expire_all()
    assert set(session.scalars(select(Receipt.sha256))) == files(app) == {of_visit, receipt}


def test_a_picture_still_on_the_phone_stays_expected(
    visit: Visit, phone: Phone, after: Callable[[timedelta], str], count: Count
) -> None:
    phone.one(phone.item("done", visit=visit, payload=report(), photos=["a" * 64]))
    after(timedelta(days=400))
    assert count(Receipt) == 1


def test_one_that_was_removed_may_come_again(
    app: Flask,
    world: World,
    phone: Phone,
    sign_in: Callable[[Person], FlaskClient],
    after: Callable[[timedelta], str],
    count: Count,
) -> None:
    sha256 = put(phone, "red")
    world.session.rollback()
    after(timedelta(days=91))
    assert (count(Receipt), files(app)) == (0, set())
    assert put(Phone(sign_in(world.ana)), "red") == sha256
    assert (count(Receipt), files(app)) == (1, {sha256})


def test_files_that_no_row_knows_go_once_they_are_old(app: Flask, session: Session, phone: Phone) -> None:
    sha256, now = put(phone, "red"), NOW + timedelta(days=3)
    folder = Path(app.config["RECEIPTS_FOLDER"])
    lost, cut = folder / "ab" / f"{'ab' * 32}.jpg", folder / "ab" / f".{'ab' * 32}.jpg.0123.part"
    young = folder / "ab" / f"{'ac' * 32}.jpg"
    lost.parent.mkdir()
    for path, at in ((lost, NOW), (cut, NOW), (young, now)):
        path.write_bytes(b"x")
        _date(path, at)
    for path in folder.glob(f"*/{sha256}*"):
        _date(path, NOW)
    assert unnamed_pictures.files_left(session, now, folder) == sorted([lost, cut])


def _date(path: Path, at: datetime) -> None:
    os.utime(path, (at.timestamp(), at.timestamp()))
