"""The fixed date of a demo and of tests."""

from __future__ import annotations

from datetime import UTC, date, datetime

import pytest

from planner import clock

NIGHT = datetime(2026, 11, 22, 1, 30, tzinfo=UTC)
"""Half past one on a Sunday in Greenwich, half past ten on Saturday evening in Chile."""

CHILE = "America/Santiago"


@pytest.fixture(autouse=True)
def night(monkeypatch):
    monkeypatch.setattr(clock, "machine_time", lambda: NIGHT)


def test_the_date_is_the_one_of_the_place_asked_for(monkeypatch):
    monkeypatch.delenv("ROUNDS_TODAY", raising=False)
    assert clock.now() == NIGHT
    assert clock.today(CHILE) == date(2026, 11, 21)
    assert clock.today("UTC") == date(2026, 11, 22)


def test_a_date_fixed_somewhere_keeps_the_time_of_day_there(monkeypatch):
    monkeypatch.setenv("ROUNDS_TODAY", f"2026-11-23 {CHILE}")
    # 22:30 on Monday in Chile (three hours behind in summer) is 01:30 on Tuesday in Greenwich.
    assert clock.now() == datetime(2026, 11, 24, 1, 30, tzinfo=UTC)
    assert clock.today(CHILE) == clock.fixed_today() == date(2026, 11, 23)


def test_a_date_fixed_nowhere_keeps_the_time_of_day_in_greenwich(monkeypatch):
    monkeypatch.setenv("ROUNDS_TODAY", "2026-11-23")
    assert clock.now() == datetime(2026, 11, 23, 1, 30, tzinfo=UTC)
    assert clock.fixed_today() == date(2026, 11, 23)


@pytest.mark.parametrize(
    ("text", "said"),
    [
        ("Monday", "Invalid isoformat string"),
        ("2026-11-31", "day is out of range"),
        ("2026-11-23 America/Atlantis", "no such time zone: America/Atlantis"),
    ],
)
def test_what_is_no_date_or_no_zone_is_refused(monkeypatch, text, said):
    monkeypatch.setenv("ROUNDS_TODAY", text)
    with pytest.raises(ValueError, match=said):
        clock.now()
