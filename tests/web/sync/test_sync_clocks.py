"""The phone's clock: put right by how far it is off, never believed beyond our own, kept beside it."""

from __future__ import annotations

from collections.abc import Callable
from datetime import UTC, datetime, timedelta

import pytest
from flask.testing import FlaskClient
from sqlalchemy import select
from sqlalchemy.orm import Session

from planner import clock
from planner.domain.visits import VisitState
from planner.models.people import Person
from planner.models.sync import SyncItem
from planner.models.visits import Note, Visit
from tests.conftest import NOW, TODAY
from tests.days import planned_visit
from tests.phones import Phone, report
from tests.world import World

pytestmark = pytest.mark.both_databases

Seen = Callable[[], Visit]
HOUR = timedelta(hours=1)


@pytest.mark.parametrize(
    "off",
    [timedelta(days=-1), timedelta(days=365), -HOUR, HOUR, timedelta(days=-20_000)],
    ids=["a day slow", "a year fast", "summer time missed", "summer time too early", "reset to 1971"],
)
def test_a_clock_that_is_off_is_put_right_and_noted(
    session: Session, visit: Visit, phone: Phone, seen: Seen, off: timedelta
) -> None:
    phone.off = off
    came, went = NOW - 2 * HOUR, NOW - HOUR
    phone.send(
        phone.item("arrived", came, visit),
        phone.item("done", went, visit, payload=report(note="Here")),
    )
    assert (seen().arrived_at, seen().left_at) == (came, went)
    assert session.scalars(select(Note.captured_at)).all() == [went]
    rows = session.scalars(select(SyncItem).order_by(SyncItem.id)).all()
    assert [row.client_at for row in rows] == [came + off, went + off]
    assert [row.captured_at for row in rows] == [came, went]
    assert [row.received_at for row in rows] == [NOW, NOW]
    assert {row.skew_seconds for row in rows} == {-round(off.total_seconds())}


def test_a_minute_more_or_less_is_no_skew(session: Session, visit: Visit, phone: Phone) -> None:
    phone.off = timedelta(seconds=-119)
    phone.one(phone.item("arrived", NOW, visit))
    row = session.scalars(select(SyncItem)).one()
    assert (row.skew_seconds, row.captured_at) == (0, NOW - timedelta(seconds=119))


def test_nothing_was_captured_after_it_reached_us(visit: Visit, phone: Phone, seen: Seen) -> None:
    """The clock was put right between the tap and the sending."""
    phone.one(phone.item("arrived", NOW + timedelta(days=365), visit))
    assert seen().arrived_at == NOW


def test_a_fast_clock_does_not_report_a_visit_before_its_day(world: World, phone: Phone) -> None:
    ahead = planned_visit(world, world.ana, TODAY + timedelta(days=1))
    world.session.commit()
    phone.off = timedelta(days=1)
    answer = phone.one(phone.item("done", NOW, ahead, payload=report()))
    assert answer["answer"] == "rejected"


def test_what_was_done_yesterday_without_a_signal_keeps_its_times(
    world: World, phone: Phone, session: Session
) -> None:
    on = TODAY - timedelta(days=1)
    row = planned_visit(world, world.ana, on)
    session.commit()
    came = NOW - timedelta(days=1)
    answers = phone.send(
        phone.item("arrived", came, row), phone.item("done", came + HOUR, row, payload=report())
    )
    session.expire_all()
    assert [one["answer"] for one in answers] == ["created"] * 2
    assert (row.arrived_at, row.left_at, row.state) == (came, came + HOUR, VisitState.DONE)


def test_a_report_of_yesterday_written_today_keeps_no_times(
    world: World, phone: Phone, session: Session
) -> None:
    row = planned_visit(world, world.ana, TODAY - timedelta(days=1))
    session.commit()
    assert phone.one(phone.item("done", NOW, row, payload=report()))["answer"] == "created"
    session.expire_all()
    assert row.left_at is None


def test_the_date_is_that_of_the_reps_zone(
    world: World, phone: Phone, session: Session, monkeypatch: pytest.MonkeyPatch
) -> None:
    """A quarter to midnight in La Serena is the next day in UTC; it reaches us in the morning."""
    row = planned_visit(world, world.ana, TODAY)
    session.commit()
    morning = datetime(2026, 3, 5, 11, 0, tzinfo=UTC)
    monkeypatch.setenv("ROUNDS_TODAY", "2026-03-05")
    monkeypatch.setattr(clock, "now", lambda: morning)
    late = datetime(2026, 3, 5, 2, 45, tzinfo=UTC)
    assert phone.one(phone.item("arrived", late, row), at=morning)["answer"] == "created"
    session.expire_all()
    assert row.arrived_at == late


@pytest.mark.parametrize("minutes", [-30, 30], ids=["before", "after"])
def test_the_hour_that_comes_twice_keeps_its_instants(
    world: World,
    sign_in: Callable[[Person], FlaskClient],
    session: Session,
    monkeypatch: pytest.MonkeyPatch,
    minutes: int,
) -> None:
    """In Chile clocks go back an hour at midnight of 5 April 2026: at 03:00 in UTC."""
    turn = datetime(2026, 4, 5, 3, 0, tzinfo=UTC)
    on = TODAY.replace(month=4, day=4)
    row = planned_visit(world, world.ana, on)
    session.commit()
    morning = turn + timedelta(hours=8)
    monkeypatch.setenv("ROUNDS_TODAY", "2026-04-05")
    monkeypatch.setattr(clock, "now", lambda: morning)
    phone, at = Phone(sign_in(world.ana)), turn + timedelta(minutes=minutes)
    assert phone.one(phone.item("arrived", at, row), at=morning)["answer"] == "created"
    session.expire_all()
    assert row.arrived_at == at


def test_items_are_taken_in_the_order_sent_whatever_their_instants_say(
    visit: Visit, phone: Phone, seen: Seen
) -> None:
    phone.send(
        phone.item("skipped", NOW, visit, payload={"reason": "no_time"}),
        phone.item("undo", NOW - 5 * HOUR, visit),
    )
    assert seen().state is VisitState.PLANNED
