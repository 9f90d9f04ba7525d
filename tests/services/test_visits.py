"""A rep's own visits on the way. ``world.ana`` is the rep, the day is TODAY."""

from __future__ import annotations

from collections.abc import Callable
from datetime import date, timedelta
from uuid import uuid4

import pytest
from sqlalchemy import func, select
from sqlalchemy.orm import Session

from planner.domain.access import Actor, Role
from planner.domain.capture import at_once
from planner.domain.errors import Conflict, Invalid, Locked, NotFound
from planner.domain.visits import NotHeldReason, Outcome, VisitState
from planner.models.accounts import Account
from planner.models.ledger import ClosedDay
from planner.models.people import Person
from planner.models.visits import DayRoute, Note, Visit
from planner.services.days import notes, visits
from planner.services.days.notes import NewNote
from planner.services.days.visits import Report
from tests.conftest import NOW, TODAY
from tests.world import World

YESTERDAY, TOMORROW = TODAY - timedelta(days=1), TODAY + timedelta(days=1)
AT_ONCE = at_once(NOW, TODAY)
NOTE_UID = "5b0f6a2e-8a3c-4f57-9d5e-0d1c3f0b7a11"


@pytest.fixture
def world(session: Session) -> World:
    return World(session)


@pytest.fixture
def ana(world: World) -> Actor:
    return Actor(world.ana.id, Role.REP)


@pytest.fixture
def visit(world: World) -> Callable[..., int]:
    """Makes a planned visit of Ana's and returns its id."""

    def make(on: date = TODAY, rep: Person | None = None, account: Account | None = None) -> int:
        owner = rep or world.ana
        place = account or world.account(owner)
        row = Visit(uid=str(uuid4()), account_id=place.id, rep_id=owner.id, on=on, service_seconds=1800)
        world.session.add(row)
        world.session.flush()
        return row.id

    return make


def report(**values: object) -> Report:
    return Report(**({"uid": str(uuid4()), "outcome": Outcome.AGREED} | values))  # type: ignore[arg-type]


def close(session: Session, rep_id: int, on: date) -> None:
    session.add(ClosedDay(rep_id=rep_id, on=on, as_planned=True, closed_at=NOW))
    session.flush()


def test_arriving_keeps_the_first_time_however_often_it_is_tapped(
    session: Session, ana: Actor, visit: Callable[..., int]
) -> None:
    key = visit()
    visits.arrive(session, ana, AT_ONCE, key)
    row = visits.arrive(session, ana, at_once(NOW + timedelta(minutes=3), TODAY), key)
    assert (row.state, row.arrived_at, row.rev) == (VisitState.ARRIVED, NOW, 2)


def test_leaving_keeps_the_first_time_and_the_report_does_not_move_it(
    session: Session, ana: Actor, visit: Callable[..., int]
) -> None:
    key = visit()
    visits.arrive(session, ana, AT_ONCE, key)
    for minutes in (20, 25):
        visits.leave(session, ana, at_once(NOW + timedelta(minutes=minutes), TODAY), key)
    row = visits.arrive(session, ana, at_once(NOW + timedelta(minutes=26), TODAY), key)
    assert (row.state, row.left_at, row.rev) == (VisitState.LEFT, NOW + timedelta(minutes=20), 3)
    row = visits.finish(session, ana, at_once(NOW + timedelta(minutes=90), TODAY), key, report())
    assert (row.state, row.arrived_at, row.left_at) == (VisitState.DONE, NOW, NOW + timedelta(minutes=20))


def test_who_takes_back_that_they_left_is_there_since_they_came(
    session: Session, ana: Actor, visit: Callable[..., int]
) -> None:
    key = visit()
    visits.arrive(session, ana, AT_ONCE, key)
    visits.leave(session, ana, at_once(NOW + timedelta(minutes=20), TODAY), key)
    row = visits.undo(session, ana, at_once(NOW + timedelta(minutes=21), TODAY), key)
    assert (row.state, row.arrived_at, row.left_at) == (VisitState.ARRIVED, NOW, None)


def test_nobody_leaves_on_another_day(session: Session, ana: Actor, visit: Callable[..., int]) -> None:
    with pytest.raises(Conflict, match="visit_not_today"):
        visits.leave(session, ana, AT_ONCE, visit(YESTERDAY))


def test_nobody_arrives_on_another_day(session: Session, ana: Actor, visit: Callable[..., int]) -> None:
    with pytest.raises(Conflict, match="visit_not_today"):
        visits.arrive(session, ana, AT_ONCE, visit(YESTERDAY))


def test_a_report_keeps_what_was_said(session: Session, ana: Actor, visit: Callable[..., int]) -> None:
    said = report(note=" Wants a quote. ", next_step="Send the quote", see_again_days=14)
    row = visits.finish(session, ana, AT_ONCE, visit(), said)
    assert (row.state, row.outcome, row.left_at) == (VisitState.DONE, Outcome.AGREED, NOW)
    assert (row.next_step, row.see_again_days) == ("Send the quote", 14)
    assert [note.text for note in row.notes] == ["Wants a quote."]


def test_a_report_sent_twice_stores_one_note(session: Session, ana: Actor, visit: Callable[..., int]) -> None:
    key, said = visit(), report(note="Once")
    visits.finish(session, ana, AT_ONCE, key, said)
    row = visits.finish(session, ana, at_once(NOW + timedelta(minutes=5), TODAY), key, said)
    assert session.scalar(select(func.count()).select_from(Note)) == 1
    assert row.left_at == NOW


def test_a_report_of_a_past_day_leaves_the_times_open(
    session: Session, ana: Actor, visit: Callable[..., int]
) -> None:
    assert visits.finish(session, ana, AT_ONCE, visit(YESTERDAY), report()).left_at is None


def test_a_visit_ahead_cannot_be_reported(session: Session, ana: Actor, visit: Callable[..., int]) -> None:
    with pytest.raises(Conflict, match="visit_in_future"):
        visits.finish(session, ana, AT_ONCE, visit(TOMORROW), report())


def test_a_closed_day_is_left_as_it_is(session: Session, ana: Actor, visit: Callable[..., int]) -> None:
    key = visit(YESTERDAY)
    close(session, ana.user_id, YESTERDAY)
    with pytest.raises(Locked, match="day_closed"):
        visits.finish(session, ana, AT_ONCE, key, report())
    with pytest.raises(Locked, match="day_closed"):
        visits.undo(session, ana, AT_ONCE, key)


def test_a_missed_visit_says_why_and_when(session: Session, ana: Actor, visit: Callable[..., int]) -> None:
    row = visits.miss(session, ana, AT_ONCE, visit(), NotHeldReason.CLOSED)
    assert (row.state, row.not_held_reason) == (VisitState.MISSED, NotHeldReason.CLOSED)
    assert (row.arrived_at, row.left_at) == (NOW, NOW)


def test_a_skipped_visit_leaves_no_times_and_a_stale_route(
    session: Session, ana: Actor, visit: Callable[..., int]
) -> None:
    route = DayRoute(rep_id=ana.user_id, on=TODAY, network_name="n", network_version="v", solved_at=NOW)
    route.leaves_seconds = route.home_seconds = route.home_leg_seconds = route.home_leg_metres = 0
    session.add(route)
    session.flush()
    row = visits.skip(session, ana, AT_ONCE, visit(), NotHeldReason.NO_TIME)
    session.expire(route)
    assert (row.state, row.arrived_at, route.is_stale) == (VisitState.SKIPPED, None, True)


@pytest.mark.parametrize("state", ["arrived", "done", "missed", "skipped"])
def test_undo_makes_a_visit_as_if_nothing_had_happened(
    session: Session, ana: Actor, visit: Callable[..., int], state: str
) -> None:
    key = visit()
    steps: dict[str, Callable[[], object]] = {
        "arrived": lambda: visits.arrive(session, ana, AT_ONCE, key),
        "done": lambda: visits.finish(session, ana, AT_ONCE, key, report(next_step="x", see_again_days=7)),
        "missed": lambda: visits.miss(session, ana, AT_ONCE, key, NotHeldReason.CLOSED),
        "skipped": lambda: visits.skip(session, ana, AT_ONCE, key, NotHeldReason.NO_TIME),
    }
    steps[state]()
    row = visits.undo(session, ana, AT_ONCE, key)
    assert row.state is VisitState.PLANNED
    assert (row.arrived_at, row.left_at, row.outcome, row.see_again_days, row.not_held_reason) == (None,) * 5
    assert row.next_step == ""


def test_a_note_survives_undo(session: Session, ana: Actor, visit: Callable[..., int]) -> None:
    key = visit()
    visits.finish(session, ana, AT_ONCE, key, report(note="Was written"))
    assert [note.text for note in visits.undo(session, ana, AT_ONCE, key).notes] == ["Was written"]


def test_undo_of_nothing_is_no_trouble(session: Session, ana: Actor, visit: Callable[..., int]) -> None:
    assert visits.undo(session, ana, AT_ONCE, visit()).rev == 1


def test_a_done_visit_cannot_be_missed_as_well(
    session: Session, ana: Actor, visit: Callable[..., int]
) -> None:
    key = visit()
    visits.finish(session, ana, AT_ONCE, key, report())
    with pytest.raises(Conflict, match="visit_state"):
        visits.miss(session, ana, AT_ONCE, key, NotHeldReason.CLOSED)


def test_a_visit_of_somebody_else_does_not_exist(world: World, visit: Callable[..., int]) -> None:
    key = visit()
    for person, role in ((world.bruno, Role.REP), (world.marta, Role.MANAGER), (world.admin, Role.ADMIN)):
        with pytest.raises(NotFound):
            visits.arrive(world.session, Actor(person.id, role), AT_ONCE, key)


@pytest.mark.parametrize(("field", "value"), [("next_step", "x" * 401), ("see_again_days", 0)])
def test_a_report_that_is_not_right_names_the_field(
    session: Session, ana: Actor, visit: Callable[..., int], field: str, value: object
) -> None:
    with pytest.raises(Invalid) as caught:
        visits.finish(session, ana, AT_ONCE, visit(), report(**{field: value}))
    assert caught.value.field == field


def test_two_people_may_use_the_same_uid(session: Session, world: World) -> None:
    account, uid = world.account(world.ana), str(uuid4())
    note = NewNote(uid, account.id, "Hello", NOW)
    for author in (world.ana, world.bruno, world.ana):
        notes.add(session, Actor(author.id, Role.REP), NOW, note)
    stored = session.scalars(select(Note.author_id).where(Note.uid == uid)).all()
    assert sorted(stored) == sorted([world.ana.id, world.bruno.id])


@pytest.mark.parametrize(("uid", "text", "field"), [("x", "Hello", "uid"), (NOTE_UID, "  ", "text")])
def test_a_damaged_or_empty_note_is_refused(
    session: Session, world: World, uid: str, text: str, field: str
) -> None:
    account = world.account(world.ana)
    with pytest.raises(Invalid) as caught:
        notes.add(session, Actor(world.ana.id, Role.REP), NOW, NewNote(uid, account.id, text, NOW))
    assert caught.value.field == field


def test_the_newest_note_of_each_account_is_found(session: Session, world: World) -> None:
    one, other = world.account(world.ana), world.account(world.ana)
    actor = Actor(world.ana.id, Role.REP)
    for account, text, days in ((one, "old", 2), (one, "new", 1), (other, "only", 9)):
        note = NewNote(str(uuid4()), account.id, text, NOW - timedelta(days=days))
        notes.add(session, actor, NOW, note)
    assert notes.latest_by_account(session, [one.id, other.id]) == {one.id: "new", other.id: "only"}
    assert [note.text for note in notes.recent(session, one.id, 3)] == ["new", "old"]
