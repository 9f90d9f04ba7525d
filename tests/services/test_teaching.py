"""Teach it: what is found at the door changes the account and its coming visits, and can be taken back."""

from __future__ import annotations

from datetime import timedelta

import pytest
from sqlalchemy import select
from sqlalchemy.orm import Session

from planner.domain.errors import Conflict, Invalid, NotFound
from planner.domain.hours import Window, closed_between, hours_text
from planner.models.accounts import Account, OpeningWindow
from planner.models.settings import AuditEntry
from planner.models.visits import Visit
from planner.services.accounts import account_edit
from planner.services.days import teaching
from tests.conftest import NOW, TODAY
from tests.roads import networks_folder
from tests.services.test_broken_day import undo
from tests.services.test_day_routes import at, plan, seconds, solved
from tests.services.test_replanning import ana, replan, route_of
from tests.world import LA_SERENA, World

AT_SEA = (-29.85, -71.60)


@pytest.fixture
def world(session: Session) -> World:
    return World(session)


@pytest.fixture
def visit(world: World) -> Visit:
    row = plan(world)
    row.account.windows = [OpeningWindow(weekday=2, opens_seconds=seconds(9), closes_seconds=seconds(18))]
    world.session.flush()
    solved(world, at(7, 0))
    return row


def hours(account: Account) -> str:
    return hours_text(account_edit.draft_of(account).windows)


def closed(world: World, visit: Visit, *times: int, every: bool = False) -> int:
    return teaching.closed(world.session, ana(world), NOW, TODAY, visit.id, *times, is_every_day=every)


def move(world: World, visit: Visit, place: tuple[float, float], hint: str = "") -> int:
    return teaching.moved(
        world.session, ana(world), NOW, TODAY, networks_folder(), visit.id, *place, hint=hint
    )


def test_an_order_taken_back_after_a_lesson_is_stale(world: World, visit: Visit) -> None:
    change_id = replan(world, at(8, 0))
    teaching.longer(world.session, ana(world), NOW, TODAY, visit.id, 90)
    undo(world, change_id)
    assert route_of(world).is_stale


def test_closed_at_this_hour_becomes_an_opening_hour_and_goes_back(world: World, visit: Visit) -> None:
    change_id = closed(world, visit, seconds(13), seconds(15))
    assert hours(visit.account) == "We 09:00-13:00, 15:00-18:00"
    assert route_of(world).is_stale
    undo(world, change_id)
    assert hours(visit.account) == "We 09:00-18:00"


def test_every_change_stands_in_the_audit_log_like_any_other_of_the_account(
    world: World, visit: Visit
) -> None:
    undo(world, closed(world, visit, seconds(13), seconds(15)))
    query = select(AuditEntry).where(AuditEntry.subject_kind == "account").order_by(AuditEntry.id)
    first, second = world.session.scalars(query)
    assert (first.action, first.after["hours"]) == ("account.changed", "We 09:00-13:00, 15:00-18:00")
    assert second.after["hours"] == "We 09:00-18:00"


def test_a_longer_visit_changes_the_account_and_what_is_planned(world: World, visit: Visit) -> None:
    later = plan(world, visit.account, on=TODAY + timedelta(days=14), uid="later")
    change_id = teaching.longer(world.session, ana(world), NOW, TODAY, visit.id, 50)
    assert (visit.account.visit_seconds, visit.service_seconds, later.service_seconds) == (3000,) * 3
    undo(world, change_id)
    assert (visit.account.visit_seconds, visit.service_seconds, later.service_seconds) == (None, 1800, 1800)


def test_the_pin_moves_to_the_gate_and_back(world: World, visit: Visit) -> None:
    before = (visit.account.lat, visit.account.lon)
    there = (round(LA_SERENA[0] - 0.004, 6), LA_SERENA[1])
    change_id = move(world, visit, there, "Gate at the back")
    assert (visit.account.lat, visit.account.lon) == there
    assert visit.account.parking_hint == "Gate at the back"
    undo(world, change_id)
    assert (visit.account.lat, visit.account.lon, visit.account.parking_hint) == (*before, "")


def test_a_pin_off_the_roads_is_refused(world: World, visit: Visit) -> None:
    with pytest.raises(Invalid):
        move(world, visit, AT_SEA)


def test_what_was_learnt_goes_back_even_after_the_day_was_put_in_order(world: World, visit: Visit) -> None:
    change_id = closed(world, visit, seconds(13), seconds(15))
    again = replan(world, at(9, 0))
    undo(world, change_id)
    assert hours(visit.account) == "We 09:00-18:00"
    undo(world, again)


def test_what_somebody_else_has_saved_since_is_not_overwritten(world: World, visit: Visit) -> None:
    change_id = closed(world, visit, seconds(13), seconds(15))
    visit.account.rev += 1
    world.session.flush()
    with pytest.raises(Conflict, match="day_changed_since"):
        undo(world, change_id)


@pytest.mark.parametrize("minutes", [0, 4, 481])
def test_a_length_beyond_belief_is_refused(world: World, visit: Visit, minutes: int) -> None:
    with pytest.raises(Invalid):
        teaching.longer(world.session, ana(world), NOW, TODAY, visit.id, minutes)


def test_nobody_learns_from_a_day_to_come_or_another_s_visit(world: World, visit: Visit) -> None:
    ahead = plan(world, on=TODAY + timedelta(days=1))
    with pytest.raises(Conflict, match="visit_in_future"):
        closed(world, ahead, seconds(13), seconds(15))
    with pytest.raises(NotFound):
        teaching.longer(world.session, ana(world), NOW, TODAY, 999, 30)


def test_who_kept_no_hours_was_open_at_any_time() -> None:
    found = closed_between((), [2], seconds(13), seconds(15))
    assert hours_text(found) == "Mo-Tu 00:00-24:00; We 00:00-13:00, 15:00-24:00; Th-Su 00:00-24:00"


def test_hours_are_cut_on_their_weekdays_only() -> None:
    windows = (Window(1, seconds(9), seconds(18)), Window(2, seconds(9), seconds(18)))
    assert closed_between(windows, [2], seconds(8), seconds(11)) == (
        windows[0],
        Window(2, seconds(11), seconds(18)),
    )
    assert closed_between(windows, [2], 0, seconds(24)) == (windows[0],)


@pytest.mark.parametrize(
    ("times", "code"), [((15, 13), "hours_reversed"), ((13, 25), "hours_reversed"), ((0, 24), "never_open")]
)
def test_hours_that_cannot_be_are_refused(times: tuple[int, int], code: str) -> None:
    with pytest.raises(Invalid) as refused:
        closed_between((Window(2, seconds(9), seconds(18)),), [2], seconds(times[0]), seconds(times[1]))
    assert refused.value.code == code
