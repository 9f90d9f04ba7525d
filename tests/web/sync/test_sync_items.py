"""What a phone sends over POST /api/sync: each kind of item, and each answer. The day is TODAY."""

from __future__ import annotations

from collections.abc import Callable
from datetime import datetime, timedelta
from typing import Any
from uuid import uuid4

import pytest
from flask import Flask
from sqlalchemy import select, text, update
from sqlalchemy.orm import Session

from planner import clock
from planner.domain.expenses import ExpenseCategory
from planner.domain.outbox import MOST_BYTES, MOST_ITEMS
from planner.domain.visits import NotHeldReason, Outcome, VisitState
from planner.models.ledger import ClosedDay, Expense, Trip
from planner.models.sync import SyncItem
from planner.models.visits import DayRoute, Note, Visit
from planner.services.ledger import chain
from planner.web.sentences import SENTENCES
from tests.conftest import NOW, TODAY
from tests.days import planned_visit, routed_day
from tests.phones import Phone, report, spending
from tests.queries import counted
from tests.roads import install_into
from tests.world import World

pytestmark = pytest.mark.both_databases

Seen = Callable[[], Visit]
Count = Callable[[type[Any]], int]


def test_a_visit_is_kept_at_the_times_it_was_made_on_the_phone(
    visit: Visit, phone: Phone, seen: Seen
) -> None:
    came, went = NOW - timedelta(hours=2), NOW - timedelta(hours=1)
    answers = phone.send(
        phone.item("arrived", came, visit, base_rev=1),
        phone.item("left", went, visit, base_rev=1),
        phone.item("done", NOW, visit, base_rev=1, payload=report(note="Wants a quote")),
    )
    assert [one["answer"] for one in answers] == ["created"] * 3
    row = seen()
    assert (row.state, row.arrived_at, row.left_at) == (VisitState.DONE, came, went)
    assert row.outcome is Outcome.AGREED
    assert [(n.text, n.captured_at, n.received_at) for n in row.notes] == [("Wants a quote", NOW, NOW)]


def test_a_batch_takes_as_many_statements_however_many_visits_it_is_about(
    app: Flask, world: World, phone: Phone
) -> None:
    visits = [planned_visit(world, world.ana) for _ in range(9)]
    world.session.commit()
    asked = []
    for batch in (visits[:1], visits[1:]):
        steps = [("arrived", {}), ("left", {}), ("done", report(note="Wants a quote"))]
        items = [phone.item(kind, NOW, visit, payload=said) for visit in batch for kind, said in steps]
        with app.app_context(), counted() as sent:
            answers = phone.send(*items)
        assert {one["answer"] for one in answers} == {"created"}
        asked.append(len(sent))
    assert asked[0] == asked[1]


@pytest.mark.parametrize(("kind", "state"), [("missed", VisitState.MISSED), ("skipped", VisitState.SKIPPED)])
def test_a_visit_that_was_not_held_says_why(
    visit: Visit, phone: Phone, seen: Seen, kind: str, state: VisitState
) -> None:
    answer = phone.one(phone.item(kind, visit=visit, payload={"reason": "closed"}))
    row = seen()
    assert (answer["answer"], row.state, row.not_held_reason) == ("created", state, NotHeldReason.CLOSED)


def test_undo_takes_a_step_back(visit: Visit, phone: Phone, seen: Seen) -> None:
    came = NOW - timedelta(minutes=30)
    phone.send(
        phone.item("arrived", came, visit, base_rev=1),
        phone.item("left", visit=visit, base_rev=1),
        phone.item("undo", visit=visit, base_rev=1),
    )
    assert (seen().state, seen().arrived_at, seen().left_at) == (VisitState.ARRIVED, came, None)
    phone.send(phone.item("undo", visit=visit, base_rev=1))
    assert (seen().state, seen().arrived_at, seen().left_at) == (VisitState.PLANNED, None, None)


def test_who_has_not_arrived_cannot_leave(visit: Visit, phone: Phone, count: Count) -> None:
    answer = phone.one(phone.item("left", visit=visit))
    assert (answer["answer"], count(SyncItem)) == ("rejected", 0)
    assert "planned" in answer["message"]


def test_a_note_is_kept_with_the_visit_at_the_time_it_was_written(
    session: Session, visit: Visit, phone: Phone
) -> None:
    at = NOW - timedelta(minutes=7)
    answer = phone.one(phone.item("note", at, visit, payload={"text": " Asks for Marta. "}))
    row = session.scalars(select(Note)).one()
    assert (answer["answer"], answer["message"]) == ("created", "")
    assert (row.text, row.captured_at, row.visit_id) == ("Asks for Marta.", at, visit.id)


def test_a_note_may_be_written_about_an_account_without_a_visit(
    session: Session, visit: Visit, phone: Phone
) -> None:
    answer = phone.one(phone.item("note", account=visit.account_id, payload={"text": "New owner"}))
    row = session.scalars(select(Note)).one()
    assert (answer["answer"], row.account_id, row.visit_id) == ("created", visit.account_id, None)


def test_an_expense_is_entered_once_and_linked_to_the_chain(
    session: Session, visit: Visit, phone: Phone, count: Count
) -> None:
    phone.one(phone.item("arrived", visit=visit))
    item = phone.item("expense", on=TODAY, payload=spending(visit=str(visit.id), merchant="Parking"))
    assert [phone.one(item)["answer"] for _ in range(2)] == ["created", "duplicate"]
    row = session.scalars(select(Expense)).one()
    assert (row.uid, row.amount_minor, row.currency) == (item["uid"], 1500, "CLP")
    assert (row.category, row.visit_id, row.merchant) == (ExpenseCategory.PARKING, visit.id, "Parking")
    assert chain.verify(session) == []


def test_the_same_kept_page_may_enter_two_expenses(phone: Phone, count: Count) -> None:
    fields = spending(uid=str(uuid4()))
    first = phone.item("expense", payload=fields)
    second = phone.item("expense", payload=fields | {"amount": "900"})
    assert [one["answer"] for one in phone.send(first, second)] == ["created", "created"]
    assert count(Expense) == 2


def test_an_expense_of_a_visit_of_somebody_else_is_rejected(world: World, phone: Phone, count: Count) -> None:
    foreign = planned_visit(world, world.bruno)
    world.session.commit()
    answer = phone.one(phone.item("expense", payload=spending(visit=str(foreign.id))))
    assert (answer["answer"], count(Expense)) == ("rejected", 0)


def test_what_a_form_refuses_is_rejected_with_the_sentence_of_the_form(
    visit: Visit, phone: Phone, count: Count
) -> None:
    wrong = [
        phone.item("done", visit=visit, payload={"note": "No outcome"}),
        phone.item("missed", visit=visit, payload={"reason": "boredom"}),
        phone.item("note", visit=visit, payload={"text": "  "}),
        phone.item("expense", payload=spending(amount="much")),
        phone.item("expense", payload=spending(visit="other")),
    ]
    answers = phone.send(*wrong)
    assert [one["answer"] for one in answers] == ["rejected"] * 5
    assert all(one["message"] for one in answers)
    assert "Choose what came of the visit." in answers[0]["message"]
    assert count(SyncItem) == 0


def test_what_was_rejected_may_come_again_mended(visit: Visit, phone: Phone, seen: Seen) -> None:
    item = phone.item("done", visit=visit, payload={"note": "No outcome"})
    mended = {**item, "payload": report()}
    assert [phone.one(item)["answer"], phone.one(mended)["answer"]] == ["rejected", "created"]
    assert seen().state is VisitState.DONE


def test_the_order_of_the_rest_of_the_day_is_kept_and_the_day_closed_after_it(
    world: World, phone: Phone, session: Session, count: Count
) -> None:
    install_into(phone.client.application.config["NETWORKS_FOLDER"])
    on = TODAY
    visits = routed_day(world, world.ana, 2, on)
    ids = [visit.id for visit in visits]
    world.session.commit()
    answers = phone.send(
        phone.item("order", on=on, base_rev=1, payload={"order": [str(ids[1]), str(ids[0])]}),
        *(phone.item("skipped", visit=key, base_rev=1, payload={"reason": "no_time"}) for key in ids),
        phone.item("skipped", visit=session.scalars(select(Visit.id)).first(), payload={"reason": "no_time"}),
        phone.item("close", on=on, base_rev=1, payload={"reason": ""}),
    )
    assert [one["answer"] for one in answers] == ["created"] * 5, answers
    session.expire_all()
    route = session.scalars(select(DayRoute)).one()
    assert [stop.visit_id for stop in route.stops][:2] == [ids[1], ids[0]]
    assert (count(ClosedDay), count(Trip)) == (1, 0)


def test_an_order_sent_again_is_a_duplicate_even_when_the_day_is_closed(
    world: World, visit: Visit, phone: Phone, count: Count
) -> None:
    install_into(phone.client.application.config["NETWORKS_FOLDER"])
    order = phone.item("order", on=TODAY, payload={"order": str(visit.id)})
    close = phone.item("close", on=TODAY)
    skip = phone.item("skipped", visit=visit, payload={"reason": "no_time"})
    first = phone.send(order, skip, close)
    assert [one["answer"] for one in first] == ["created"] * 3, first
    assert [one["answer"] for one in phone.send(close, order, skip)] == ["duplicate"] * 3


def test_what_was_noted_in_time_and_sent_weeks_later_is_not_late(
    world: World, phone: Phone, session: Session
) -> None:
    install_into(phone.client.application.config["NETWORKS_FOLDER"])
    then, on = NOW - timedelta(days=12), TODAY - timedelta(days=12)
    visit = planned_visit(world, world.ana, on)
    world.session.commit()
    answers = phone.send(
        phone.item("done", then, visit, payload=report()),
        phone.item("close", then + timedelta(hours=1), on=on),
        phone.item("expense", then, payload=spending(on=on.isoformat())),
        phone.item("expense", NOW, payload=spending(on=on.isoformat(), amount="900")),
    )
    assert [one["answer"] for one in answers] == ["created"] * 4, answers
    trips = session.scalars(select(Trip)).all()
    noted = {(trip.captured_at, trip.entered_at, trip.is_late) for trip in trips}
    assert noted == {(then + timedelta(hours=1), NOW, False)}
    first, late = session.scalars(select(Expense).order_by(Expense.id))
    assert (first.captured_at, first.entered_at, first.is_late) == (then, NOW, False)
    assert (late.captured_at, late.is_late) == (NOW, True)
    assert chain.verify(session) == []
    session.execute(update(Expense).where(Expense.id == late.id).values(captured_at=then))
    session.expire_all()
    assert [one.broken.subject for one in chain.verify(session)] == [f"expense {late.id}"]


def test_a_distance_left_as_its_page_showed_it_is_no_change(
    world: World, visit: Visit, phone: Phone, session: Session
) -> None:
    install_into(phone.client.application.config["NETWORKS_FOLDER"])
    shown = {
        "shown-0": "99.9",
        "distance-0": "99.9",
        f"shown-{visit.id}": "7.7",
        f"distance-{visit.id}": "7.7",
    }
    answers = phone.send(
        phone.item("done", visit=visit, payload=report()),
        phone.item("close", on=TODAY, payload=shown),
    )
    assert [one["answer"] for one in answers] == ["created"] * 2, answers
    assert session.scalars(select(ClosedDay)).one().as_planned
    assert all(trip.metres == trip.road_metres for trip in session.scalars(select(Trip)))


def test_a_closed_day_leaves_its_visits_alone(world: World, visit: Visit, phone: Phone, seen: Seen) -> None:
    world.session.add(ClosedDay(rep_id=world.ana.id, on=TODAY, as_planned=True, closed_at=NOW))
    world.session.commit()
    answer = phone.one(phone.item("done", visit=visit, payload=report()))
    assert (answer["answer"], seen().state) == ("rejected", VisitState.PLANNED)
    assert "closed" in answer["message"]


def test_the_same_item_again_is_a_duplicate_and_changes_nothing(
    visit: Visit, phone: Phone, seen: Seen, count: Count
) -> None:
    item = phone.item("done", visit=visit, payload=report(note="Once"))
    first, second = phone.one(item), phone.one(item)
    assert (first["answer"], second["answer"]) == ("created", "duplicate")
    assert first["rev"] == second["rev"] == seen().rev
    assert (count(SyncItem), count(Note)) == (1, 1)


def test_the_same_item_twice_in_one_batch_counts_once(visit: Visit, phone: Phone, count: Count) -> None:
    item = phone.item("note", visit=visit, payload={"text": "Once"})
    assert [one["answer"] for one in phone.send(item, item)] == ["created", "duplicate"]
    assert count(Note) == 1


def test_a_rejected_uid_may_be_mended_within_the_same_batch(visit: Visit, phone: Phone, count: Count) -> None:
    item = phone.item("note", visit=visit, payload={"text": ""})
    mended = {**item, "payload": {"text": "Now with words"}}
    assert [one["answer"] for one in phone.send(item, mended)] == ["rejected", "created"]
    assert count(Note) == 1


def test_the_order_of_names_and_the_way_of_writing_an_instant_are_no_other_content(
    visit: Visit, phone: Phone
) -> None:
    item = phone.item("done", visit=visit, payload=report())
    phone.one(item)
    item["payload"] = {name: [item["payload"][name]] for name in reversed(list(item["payload"]))}
    item["client_at"] = "2026-03-04T09:00:00-03:00"
    assert phone.one(item)["answer"] == "duplicate"


def test_the_same_uid_with_other_content_is_a_conflict(session: Session, visit: Visit, phone: Phone) -> None:
    item = phone.item("note", visit=visit, payload={"text": "One"})
    phone.one(item)
    answer = phone.one({**item, "payload": {"text": "Other"}})
    assert (answer["answer"], bool(answer["message"])) == ("conflict", True)
    assert session.scalars(select(Note.text)).all() == ["One"]


def test_two_people_may_use_the_same_uid(
    world: World, visit: Visit, phone: Phone, sign_in: Callable[..., Any], count: Count
) -> None:
    other = planned_visit(world, world.bruno)
    world.session.commit()
    bruno = Phone(sign_in(world.bruno))
    item = phone.item("note", visit=visit, payload={"text": "Hello"})
    theirs = {**item, "visit": other.id}
    assert [phone.one(item)["answer"], bruno.one(theirs)["answer"]] == ["created", "created"]
    assert count(Note) == 2


def test_a_visit_of_somebody_else_is_not_found(world: World, phone: Phone, session: Session) -> None:
    foreign = planned_visit(world, world.bruno)
    world.session.commit()
    foreign_id, account_id = foreign.id, foreign.account_id
    items = [
        phone.item(kind, visit=foreign_id, account=account_id, payload=fields)
        for kind, fields in (
            ("arrived", {}),
            ("left", {}),
            ("undo", {}),
            ("done", report(note="Let me in")),
            ("missed", {"reason": "closed"}),
            ("skipped", {"reason": "closed"}),
            ("note", {"text": "Let me in"}),
        )
    ]
    answers = phone.send(*items)
    assert [one["answer"] for one in answers] == ["rejected"] * len(items)
    assert {one["message"] for one in answers} == {"This does not exist, or it is not yours to see."}
    session.expire_all()
    assert session.get_one(Visit, foreign_id).state is VisitState.PLANNED
    assert session.scalars(select(Note)).all() == []


def test_fields_that_no_form_has_are_ignored(world: World, visit: Visit, phone: Phone, seen: Seen) -> None:
    fields = report(rep_id=str(world.bruno.id), state="cancelled", rev="99", arrived_at="2020-01-01")
    item = phone.item("done", visit=visit, payload=fields, rep_id=world.bruno.id, state="cancelled")
    assert phone.one(item)["answer"] == "created"
    assert (seen().rep_id, seen().state, seen().rev) == (world.ana.id, VisitState.DONE, 2)


DAMAGED: list[Any] = [
    None,
    7,
    {},
    {"uid": "no uuid"},
    {"uid": 7},
    {"kind": "steal"},
    {"kind": ["done"]},
    {"client_at": "yesterday"},
    {"client_at": "2026-03-04T12:00:00"},
    {"client_at": 1772625600},
    {"visit": "1 OR 1=1"},
    {"visit": 10**30},
    {"visit": True},
    {"visit": None},
    {"base_rev": -1},
    {"on": "tomorrow"},
    {"payload": "outcome=agreed"},
    {"payload": {"outcome": 7}},
    {"payload": {"note": "\ud800", "outcome": "agreed"}},
    {"payload": {"note": "a\0b", "outcome": "agreed"}},
    {"payload": {"outcome": {"$ne": ""}}},
    {"photos": ["../../etc/passwd"]},
    {"photos": "0" * 64},
]


@pytest.mark.parametrize("change", DAMAGED, ids=repr)
def test_a_damaged_item_is_rejected_and_does_not_keep_the_others(
    visit: Visit, phone: Phone, seen: Seen, count: Count, change: Any
) -> None:
    good = phone.item("note", visit=visit, payload={"text": "Before"})
    late = phone.item("arrived", visit=visit)
    is_whole = isinstance(change, dict) and change
    bad = phone.item("done", visit=visit, payload=report()) | change if is_whole else change
    answers = phone.send(good, bad, late)
    assert [one["answer"] for one in answers] == ["created", "rejected", "created"]
    assert answers[1]["message"]
    assert (count(Note), seen().state) == (1, VisitState.ARRIVED)


def test_an_item_that_breaks_the_server_does_not_keep_the_others(
    visit: Visit, phone: Phone, seen: Seen, count: Count, monkeypatch: pytest.MonkeyPatch
) -> None:
    def broken(*_: object, **__: object) -> None:
        raise ZeroDivisionError

    monkeypatch.setattr("planner.services.days.visits.leave", broken)
    answers = phone.send(
        phone.item("arrived", visit=visit),
        phone.item("left", visit=visit),
        phone.item("done", visit=visit, payload=report()),
    )
    assert [one["answer"] for one in answers] == ["created", "rejected", "created"]
    assert "our side" in answers[1]["message"]
    assert (count(SyncItem), seen().state) == (2, VisitState.DONE)


def test_an_item_that_a_guard_refuses_is_answered_with_its_sentence(
    world: World, visit: Visit, phone: Phone, monkeypatch: pytest.MonkeyPatch
) -> None:
    paid = (
        "INSERT INTO claim (rep_id, from_on, until_on, state, currency, trips_metres,"
        " trips_minor, expenses_minor, rev) VALUES"
        f" ({world.ana.id}, '2026-03-01', '2026-04-01', 'paid', 'CLP', 0, 0, 0, 1)"
    )

    def refused(session: Session, *_: object, **__: object) -> None:
        session.execute(text(paid))

    monkeypatch.setattr("planner.services.days.visits.leave", refused)
    answers = phone.send(phone.item("arrived", visit=visit), phone.item("left", visit=visit))
    assert [one["answer"] for one in answers] == ["created", "rejected"]
    assert answers[1]["message"] == str(SENTENCES["guard_claim"])


def test_an_item_that_cannot_be_read_for_a_fault_of_ours_does_not_keep_the_others(
    visit: Visit, phone: Phone, seen: Seen, monkeypatch: pytest.MonkeyPatch
) -> None:
    def broken(*_: object, **__: object) -> None:
        raise ZeroDivisionError

    monkeypatch.setattr("planner.web.forms.visits.ReportForm.report", broken)
    answers = phone.send(
        phone.item("done", visit=visit, payload=report()), phone.item("arrived", visit=visit)
    )
    assert [one["answer"] for one in answers] == ["rejected", "created"]
    assert "our side" in answers[0]["message"]
    assert seen().state is VisitState.ARRIVED


def test_the_answer_is_later_than_what_it_stored(
    visit: Visit, phone: Phone, session: Session, monkeypatch: pytest.MonkeyPatch
) -> None:
    """A page made in between does not know it yet, and the phone compares the two instants."""
    ticks = (NOW + timedelta(seconds=second) for second in range(1000))
    monkeypatch.setattr(clock, "now", lambda: next(ticks))
    body = {"sent_at": NOW.isoformat(), "items": [phone.item("arrived", visit=visit)]}
    answer = phone.client.post("/api/sync", json=body).json
    assert answer is not None
    session.expire_all()
    stored_at = session.scalars(select(SyncItem.received_at)).one()
    assert datetime.fromisoformat(answer["received_at"]) > stored_at


def test_an_endless_amount_is_no_amount(phone: Phone) -> None:
    answer = phone.one(phone.item("expense", on=TODAY, payload=spending(amount="9" * 5000)))
    assert (answer["answer"], "amount" in answer["message"]) == ("rejected", True)


def test_what_is_no_batch_is_400_with_a_sentence(phone: Phone) -> None:
    bodies: list[Any] = [
        {"items": []},
        [],
        {"sent_at": "yesterday", "items": []},
        {"sent_at": NOW.isoformat()},
    ]
    answers = [phone.client.post("/api/sync", json=body) for body in bodies]
    answers += [phone.client.post("/api/sync", data=text) for text in ("", "[" * 100_000, "\xff{}")]
    assert {(one.status_code, one.json["error"]) for one in answers} == {(400, "sync_body")}
    assert all(one.json["message"] for one in answers)


def test_a_batch_holds_so_many_items_and_so_many_bytes(phone: Phone) -> None:
    many = {"sent_at": NOW.isoformat(), "items": [{}] * (MOST_ITEMS + 1)}
    answer = phone.client.post("/api/sync", json=many)
    assert (answer.status_code, answer.json["error"]) == (400, "sync_many")
    answer = phone.client.post("/api/sync", data=" " * (MOST_BYTES + 1))
    assert (answer.status_code, answer.json["error"]) == (413, "too_large")


def test_an_answer_lost_after_the_commit_leaves_one_row(
    visit: Visit, phone: Phone, count: Count, seen: Seen, monkeypatch: pytest.MonkeyPatch
) -> None:
    item = phone.item("done", visit=visit, payload=report(note="Once"))

    def lost(*_: object) -> None:
        raise ConnectionResetError

    with monkeypatch.context() as patch:
        patch.setattr("planner.web.api.sending.answered", lost)
        with pytest.raises(ConnectionResetError):
            phone.one(item)
    assert phone.one(item)["answer"] == "duplicate"
    assert (count(SyncItem), count(Note), seen().rev) == (1, 1, 2)
