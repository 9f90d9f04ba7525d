"""Follow-ups of Ana's accounts, from reports and by hand."""

from __future__ import annotations

from datetime import date, timedelta
from uuid import uuid4

import pytest
from sqlalchemy import func, select
from sqlalchemy.orm import Session

from planner.domain.access import Actor, Role
from planner.domain.capture import Captured, at_once
from planner.domain.errors import Conflict, Invalid, NotFound
from planner.domain.follow_ups import FollowUpState, Urgency
from planner.domain.quick_dates import Quick
from planner.domain.visits import Outcome
from planner.models.follow_ups import FollowUp
from planner.models.people import Absence
from planner.models.visits import Visit
from planner.services.days import follow_up_lists, follow_ups, visits
from planner.services.days.follow_up_lists import Filter, FollowUpPage
from planner.services.days.follow_ups import NewFollowUp
from planner.services.days.visits import Report
from tests.conftest import NOW, TODAY
from tests.world import World

AT_ONCE, TOMORROW = at_once(NOW, TODAY), TODAY + timedelta(days=1)
DAY = timedelta(days=1)


@pytest.fixture
def world(session: Session) -> World:
    return World(session)


@pytest.fixture
def ana(world: World) -> Actor:
    return Actor(world.ana.id, Role.REP)


@pytest.fixture
def visit(world: World) -> Visit:
    account = world.account(world.ana)
    row = Visit(uid=str(uuid4()), account_id=account.id, rep_id=world.ana.id, on=TODAY, service_seconds=1800)
    world.session.add(row)
    world.session.flush()
    return row


def said(**more: object) -> Report:
    return Report(uid=str(uuid4()), outcome=Outcome.AGREED, **more)  # type: ignore[arg-type]


def listed(session: Session, actor: Actor, today: date) -> FollowUpPage:
    return follow_up_lists.page(session, actor, today, Filter())


def how_many(session: Session) -> int:
    return session.scalar(select(func.count(FollowUp.id))) or 0


def test_a_next_step_is_followed_up_once_and_reads_as_the_report_says(
    session: Session, ana: Actor, visit: Visit
) -> None:
    visits.finish(session, ana, AT_ONCE, visit.id, said(next_step="Send the qoute", next_by=TOMORROW))
    visits.finish(session, ana, AT_ONCE, visit.id, said(next_step="Send the quote", next_by=TOMORROW))
    (shown,) = listed(session, ana, TODAY).groups[Urgency.SOON]
    assert (shown.text, shown.due_on, how_many(session)) == ("Send the quote", TOMORROW, 1)


def test_without_a_next_step_and_without_the_report_there_is_nothing_to_follow_up(
    session: Session, ana: Actor, visit: Visit
) -> None:
    visits.finish(session, ana, AT_ONCE, visit.id, said(next_step="Call"))
    visits.finish(session, ana, AT_ONCE, visit.id, said())
    assert how_many(session) == 0
    visits.finish(session, ana, AT_ONCE, visit.id, said(next_step="Call"))
    visits.undo(session, ana, AT_ONCE, visit.id)
    session.flush()
    assert how_many(session) == 0


def test_a_date_is_judged_by_the_day_the_report_was_written(
    session: Session, ana: Actor, visit: Visit
) -> None:
    late = Captured(NOW, TODAY, NOW + 2 * DAY, TODAY + 2 * DAY)
    visits.finish(session, ana, late, visit.id, said(next_step="Call", next_by=TOMORROW))
    assert list(listed(session, ana, late.today).groups) == [Urgency.OVERDUE]
    with pytest.raises(Invalid):
        visits.finish(session, ana, late, visit.id, said(next_step="Call", next_by=TODAY - DAY))


def test_one_made_by_hand_is_stored_once_ends_once_and_opens_again(
    session: Session, world: World, ana: Actor
) -> None:
    new = NewFollowUp(str(uuid4()), world.account(world.ana).id, " Bring samples ", None)
    for _ in range(2):
        follow_ups.add(session, ana, NOW, TODAY, new)
    (shown,) = listed(session, ana, TODAY).groups[Urgency.UNDATED]
    assert (shown.text, how_many(session)) == ("Bring samples", 1)
    for at in (NOW, NOW + DAY):
        follow_ups.move(session, ana, at, TODAY, shown.follow_up_id, FollowUpState.DONE)
    assert [one.ended_at for one in listed(session, ana, TODAY).ended] == [NOW]
    with pytest.raises(Conflict):
        follow_ups.move(session, ana, NOW, TODAY, shown.follow_up_id, FollowUpState.DROPPED)
    follow_ups.move(session, ana, NOW, TODAY, shown.follow_up_id, FollowUpState.OPEN)
    assert listed(session, ana, TODAY).groups
    assert not listed(session, ana, TODAY).ended


def test_it_is_for_whoever_owns_the_account(session: Session, world: World, ana: Actor) -> None:
    bruno = Actor(world.bruno.id, Role.REP)
    theirs = NewFollowUp(str(uuid4()), world.account(world.bruno).id, "Call", TODAY)
    with pytest.raises(NotFound):
        follow_ups.add(session, ana, NOW, TODAY, theirs)
    follow_ups.add(session, bruno, NOW, TODAY, theirs)
    (row,) = session.scalars(select(FollowUp))
    assert list(listed(session, bruno, TODAY).groups) == [Urgency.TODAY]
    assert listed(session, ana, TODAY).groups == {}
    with pytest.raises(NotFound):
        follow_ups.move(session, ana, NOW, TODAY, row.id, FollowUpState.DONE)


def test_what_is_open_at_an_account_leaves_out_what_the_visit_itself_asks_for(
    session: Session, ana: Actor, visit: Visit
) -> None:
    by_hand = [("Later", TODAY + 3 * DAY), ("Some day", None), ("Soon", TOMORROW)]
    for text, due_on in by_hand:
        new = NewFollowUp(str(uuid4()), visit.account_id, text, due_on)
        follow_ups.add(session, ana, NOW, TODAY, new)
    visits.finish(session, ana, AT_ONCE, visit.id, said(next_step="Own", next_by=TOMORROW))
    found = follow_up_lists.still_open(session, ana, TODAY, visit.account_id, visit.id)
    assert [entry.text for entry in found] == ["Soon", "Later", "Some day"]
    follow_ups.move(session, ana, NOW, TODAY, found[0].follow_up_id, FollowUpState.DONE)
    again = follow_up_lists.still_open(session, ana, TODAY, visit.account_id, visit.id)
    assert [entry.text for entry in again] == ["Later", "Some day"]


def by_hand(session: Session, actor: Actor, account_id: int, **more: object) -> FollowUp:
    uid = str(uuid4())
    follow_ups.add(session, actor, NOW, TODAY, NewFollowUp(uid, account_id, "Call", None, **more))  # type: ignore[arg-type]
    return session.scalars(select(FollowUp).where(FollowUp.uid == uid)).one()


def test_it_is_put_off_from_the_day_of_the_tap_and_back_to_a_date_that_is_over(
    session: Session, world: World, ana: Actor
) -> None:
    row = by_hand(session, ana, world.account(world.ana).id)
    row.due_on = TODAY - DAY
    follow_ups.put_off(session, ana, TODAY - DAY, TODAY, row.id, Quick.TOMORROW)
    assert row.due_on == TODAY
    follow_ups.put_off(session, ana, TODAY + 2 * DAY, TODAY, row.id, Quick.TOMORROW)
    assert row.due_on == TODAY + 5 * DAY, "from Friday to Monday"
    follow_ups.put_back(session, ana, TODAY, row.id, TODAY - DAY)
    assert row.due_on == TODAY - DAY


def test_what_has_ended_is_not_put_off_and_what_is_somebody_elses_is_not_there(
    session: Session, world: World, ana: Actor
) -> None:
    row = by_hand(session, ana, world.account(world.ana).id)
    bruno = Actor(world.bruno.id, Role.REP)
    for act in (follow_ups.put_off, follow_ups.put_back):
        with pytest.raises(NotFound):
            act(session, bruno, TODAY, *([TODAY] if act is follow_ups.put_off else []), row.id, Quick.WEEK)  # type: ignore[operator]
    follow_ups.move(session, ana, NOW, TODAY, row.id, FollowUpState.DONE)
    with pytest.raises(Conflict):
        follow_ups.put_off(session, ana, TODAY, TODAY, row.id, Quick.WEEK)
    with pytest.raises(Conflict):
        follow_ups.put_back(session, ana, TODAY, row.id, TOMORROW)


def test_a_manager_puts_off_by_the_working_days_of_the_rep(session: Session, world: World) -> None:
    marta = Actor(world.marta.id, Role.MANAGER)
    row = by_hand(session, marta, world.account(world.ana).id)
    session.add(Absence(rep_id=world.ana.id, from_on=TOMORROW, until_on=TODAY + 5 * DAY, kind="leave"))
    session.flush()
    follow_ups.put_off(session, marta, TODAY, TODAY, row.id, Quick.TOMORROW)
    assert row.due_on == TODAY + 5 * DAY


def test_a_date_in_one_word_counts_where_none_is_given(
    session: Session, world: World, ana: Actor, visit: Visit
) -> None:
    row = by_hand(session, ana, world.account(world.ana).id, due_in=Quick.WEEK)
    assert row.due_on == TODAY + 7 * DAY
    yesterday = Captured(NOW - DAY, TODAY - DAY, NOW, TODAY)
    visits.finish(session, ana, AT_ONCE, visit.id, said(next_step="Call", next_in=Quick.TODAY))
    of_visit = follow_ups.of_visit(session, visit.id)
    assert of_visit is not None
    assert of_visit.due_on == TODAY
    visit.on = TODAY - DAY
    visits.finish(session, ana, yesterday, visit.id, said(next_step="Call", next_in=Quick.TOMORROW))
    assert of_visit.due_on == TODAY, "as it was meant when it was written"
    both = said(next_step="Call", next_by=TOMORROW, next_in=Quick.MONTH)
    visits.finish(session, ana, AT_ONCE, visit.id, both)
    assert of_visit.due_on == TOMORROW


def test_what_is_due_later_still_is_not_brought_forward(session: Session, world: World, ana: Actor) -> None:
    row = by_hand(session, ana, world.account(world.ana).id)
    row.due_on = in_a_month = TODAY + 30 * DAY
    for quick in (Quick.TOMORROW, Quick.WEEK):
        follow_ups.put_off(session, ana, TODAY, TODAY, row.id, quick)
        assert row.due_on == in_a_month
