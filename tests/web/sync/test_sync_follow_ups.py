"""Follow-ups from the outbox: a report brings its own along, once; done, dropped and opened again there."""

from __future__ import annotations

from collections.abc import Callable
from datetime import date, timedelta
from typing import Any

import pytest
from sqlalchemy import select
from sqlalchemy.orm import Session

from planner.domain.follow_ups import FollowUpState
from planner.models.follow_ups import FollowUp
from planner.models.people import Person
from planner.models.visits import Visit
from tests.conftest import NOW, TODAY
from tests.phones import Phone, report
from tests.world import World

TOMORROW = TODAY + timedelta(days=1)


def test_a_report_sent_twice_makes_one_follow_up(
    session: Session, visit: Visit, phone: Phone, count: Callable[[type[Any]], int]
) -> None:
    fields = report(next_step="Deliver", next_by=TOMORROW.isoformat())
    item = phone.item("done", visit=visit, base_rev=1, payload=fields)
    assert [phone.one(item)["answer"] for _ in range(2)] == ["created", "duplicate"]
    assert count(FollowUp) == 1
    assert session.scalars(select(FollowUp.due_on)).all() == [TOMORROW]


def test_a_date_that_is_over_is_sent_back(
    visit: Visit, phone: Phone, count: Callable[[type[Any]], int]
) -> None:
    fields = report(next_step="Deliver", next_by="2020-01-01")
    answer = phone.one(phone.item("done", visit=visit, base_rev=1, payload=fields))
    assert (answer["answer"], "is over" in answer["message"]) == ("rejected", True)
    assert count(FollowUp) == 0


@pytest.fixture
def follow_up(world: World, visit: Visit) -> Callable[[Person], FollowUp]:
    """One made by hand, at the visit's account where it is Ana's."""

    def made(owner: Person) -> FollowUp:
        account_id = visit.account_id if owner is world.ana else world.account(owner).id
        uid = f"00000000-0000-4000-8000-{account_id:012d}"
        row = FollowUp(uid=uid, account_id=account_id, author_id=owner.id, text="Samples", made_at=NOW)
        world.session.add(row)
        world.session.commit()
        return row

    return made


def ending(phone: Phone, follow_up_id: object, state: str = "done", **more: Any) -> dict[str, Any]:
    payload = {"follow_up": str(follow_up_id), "state": state}
    return phone.item("follow_up", payload=payload, **more)


@pytest.mark.both_databases
def test_it_is_done_on_the_phone_at_the_time_it_was_tapped(
    session: Session, world: World, phone: Phone, follow_up: Callable[[Person], FollowUp]
) -> None:
    row = follow_up(world.ana)
    tapped = NOW - timedelta(hours=2)
    item = ending(phone, row.id, at=tapped)
    assert [phone.one(item)["answer"] for _ in range(2)] == ["created", "duplicate"]
    session.refresh(row)
    assert (row.state, row.ended_at, row.ended_by) == (FollowUpState.DONE, tapped, world.ana.id)


def test_done_and_taken_back_without_a_network_it_is_open(
    session: Session, world: World, phone: Phone, follow_up: Callable[[Person], FollowUp]
) -> None:
    row = follow_up(world.ana)
    answers = phone.send(*(ending(phone, row.id, state) for state in ("done", "open")))
    assert [one["answer"] for one in answers] == ["created", "created"]
    session.refresh(row)
    assert (row.state, row.ended_at, row.ended_by) == (FollowUpState.OPEN, None, None)


def test_one_that_ended_in_another_way_meanwhile_is_sent_back_with_a_sentence(
    session: Session, world: World, phone: Phone, follow_up: Callable[[Person], FollowUp]
) -> None:
    row = follow_up(world.ana)
    row.state, row.ended_at, row.ended_by = FollowUpState.DROPPED, NOW, world.marta.id
    session.commit()
    answer = phone.one(ending(phone, row.id))
    assert answer["answer"] == "rejected"
    assert "ended" in answer["message"]
    session.refresh(row)
    assert row.state is FollowUpState.DROPPED


def test_somebody_elses_is_not_found(
    session: Session, world: World, phone: Phone, follow_up: Callable[[Person], FollowUp]
) -> None:
    row = follow_up(world.bruno)
    assert phone.one(ending(phone, row.id))["answer"] == "rejected"
    session.refresh(row)
    assert row.state is FollowUpState.OPEN


@pytest.mark.parametrize(
    ("follow_up_id", "state"),
    [
        *((wrong, "done") for wrong in ("", "x", "-1", "99999999999999", "4294967296")),
        *(("1", wrong) for wrong in ("paid", "")),
    ],
)
def test_a_damaged_one_is_sent_back(
    world: World,
    phone: Phone,
    follow_up: Callable[[Person], FollowUp],
    session: Session,
    follow_up_id: str,
    state: str,
) -> None:
    row = follow_up(world.ana)
    assert row.id == 1
    answer = phone.one(ending(phone, follow_up_id, state))
    assert answer["answer"] == "rejected"
    assert "went wrong" not in answer["message"]
    session.refresh(row)
    assert row.state is FollowUpState.OPEN


def saying(phone: Phone, row: FollowUp, **said: str) -> dict[str, Any]:
    return phone.item("follow_up", payload={"follow_up": str(row.id), **said})


@pytest.mark.both_databases
def test_it_is_put_off_from_the_day_it_was_tapped_and_back(
    session: Session, world: World, phone: Phone, follow_up: Callable[[Person], FollowUp]
) -> None:
    row = follow_up(world.ana)
    item = phone.item(
        "follow_up", payload={"follow_up": str(row.id), "later": "tomorrow"}, at=NOW - timedelta(days=2)
    )
    assert [phone.one(item)["answer"] for _ in range(2)] == ["created", "duplicate"]
    session.refresh(row)
    assert row.due_on == TODAY - timedelta(days=1)
    assert phone.one(saying(phone, row, due_on="2026-02-27"))["answer"] == "created"
    session.refresh(row)
    assert row.due_on == date(2026, 2, 27)
    assert phone.one(saying(phone, row, due_on=""))["answer"] == "created"
    session.refresh(row)
    assert row.due_on is None


@pytest.mark.parametrize("said", [{"later": "year"}, {"later": "month"}, {"later": ""}, {"due_on": "soon"}])
def test_a_damaged_date_is_sent_back(
    session: Session,
    world: World,
    phone: Phone,
    follow_up: Callable[[Person], FollowUp],
    said: dict[str, str],
) -> None:
    row = follow_up(world.ana)
    answer = phone.one(saying(phone, row, **said))
    assert answer["answer"] == "rejected"
    assert "went wrong" not in answer["message"]
    session.refresh(row)
    assert row.due_on is None


def test_what_has_ended_meanwhile_is_not_put_off(
    session: Session, world: World, phone: Phone, follow_up: Callable[[Person], FollowUp]
) -> None:
    row = follow_up(world.ana)
    row.state, row.ended_at, row.ended_by = FollowUpState.DONE, NOW, world.marta.id
    session.commit()
    answers = phone.send(
        saying(phone, row, later="week"), saying(phone, follow_up(world.bruno), later="week")
    )
    assert [one["answer"] for one in answers] == ["rejected", "rejected"]
    assert "ended" in answers[0]["message"]


def test_a_report_says_its_date_in_one_word_from_the_day_it_was_written(
    session: Session, visit: Visit, phone: Phone
) -> None:
    fields = report(next_step="Deliver", next_by="", next_in="tomorrow")
    assert phone.one(phone.item("done", visit=visit, base_rev=1, payload=fields))["answer"] == "created"
    assert session.scalars(select(FollowUp.due_on)).all() == [TOMORROW]
