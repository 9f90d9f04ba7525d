"""A report from the outbox brings its follow-up along, once."""

from __future__ import annotations

from collections.abc import Callable
from datetime import timedelta
from typing import Any

from sqlalchemy import select
from sqlalchemy.orm import Session

from planner.models.follow_ups import FollowUp
from planner.models.visits import Visit
from tests.conftest import TODAY
from tests.phones import Phone, report

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
