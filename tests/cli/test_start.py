"""What starting does with the database it finds."""

from __future__ import annotations

from datetime import date
from zoneinfo import ZoneInfo

import pytest
from sqlalchemy import select

from app import create_app
from planner.cli import start
from planner.config import BadConfiguration
from planner.database import db, reading
from planner.demo import state
from planner.models.people import Person
from tests.demo.small import TODAY, small_demo


@pytest.fixture
def empty(tmp_path, monkeypatch):
    """An application whose database does not exist yet."""
    monkeypatch.setenv("ROUNDS_TODAY", TODAY.isoformat())
    app = create_app({"TESTING": True, "INSTANCE_FOLDER": str(tmp_path)})
    with app.app_context():
        yield app
        db.session.remove()
        db.engine.dispose()


def test_without_the_demo_the_way_in_for_the_first_admin_is_printed(empty, monkeypatch, capsys):
    monkeypatch.setenv("ROUNDS_DEMO", "0")
    start.prepare()
    assert "/first-admin/" in capsys.readouterr().out
    assert reading().scalars(select(Person)).all() == []
    assert state.read(reading()) is None


def test_the_demo_is_not_loaded_over_data_of_ones_own(empty, monkeypatch):
    monkeypatch.setenv("ROUNDS_DEMO", "0")
    start.prepare()
    session = reading()
    session.add(Person(email="a@example.org", name="A", role="admin", created_at=start.clock.now()))
    session.commit()
    result = empty.test_cli_runner().invoke(args=["demo", "--reset"])
    assert result.exit_code == 1
    assert "data of your own" in result.output
    assert [person.email for person in reading().scalars(select(Person))] == ["a@example.org"]


def test_a_bad_setting_stops_the_start_with_one_sentence(monkeypatch):
    def refuse():
        raise BadConfiguration("The secret key is too short.")

    monkeypatch.setenv("PORT", "5000")
    monkeypatch.setattr(start, "check_free", lambda: None)
    with pytest.raises(SystemExit, match=r"Rounds cannot start: The secret key is too short\."):
        start.run(refuse)


def test_the_demos_logins_are_printed_again_at_each_start(tmp_path_factory, tmp_path, capsys):
    with small_demo(tmp_path_factory, tmp_path / "instance") as demo, demo.app.app_context():
        start._print_logins()
        first = capsys.readouterr().out
        start._print_logins()
        assert capsys.readouterr().out == first
        assert "camila@rounds.example" in first


def test_on_a_weekend_the_demo_takes_it_for_monday(monkeypatch, capsys):
    monkeypatch.setenv("ROUNDS_TODAY", "2026-11-21")
    calendar = start.days.calendar(date(2026, 11, 21))
    start._pretend(calendar)
    assert start.clock.fixed_today() == date(2026, 11, 23)
    assert start.clock.now().astimezone(ZoneInfo(start.ZONE)).date() == date(2026, 11, 23)
    assert "Monday, 23 November 2026" in capsys.readouterr().out
