"""The order by hand: every stop in its turn with its lateness told, wishes that hold, one tap back."""

from __future__ import annotations

from datetime import datetime, timedelta

import pytest
from sqlalchemy.orm import Session

from planner.domain.errors import Conflict, Invalid
from planner.domain.visits import VisitKind
from planner.models.accounts import Block, OpeningWindow
from planner.models.visits import Visit
from planner.services.days import reordering
from planner.services.days.wanted_order import Tried, Wish, moved
from tests.conftest import NOW, TODAY
from tests.roads import networks_folder
from tests.services.test_broken_day import undo
from tests.services.test_day_routes import at, plan, seconds, solved
from tests.services.test_replanning import ana, order, replan
from tests.services.test_replanning import route_of as stored_route
from tests.world import World

HOUR = 3600


@pytest.fixture
def world(session: Session) -> World:
    return World(session)


def look(world: World, wish: Wish, now: datetime = NOW) -> Tried:
    return reordering.look(world.session, ana(world), networks_folder(), now, TODAY, TODAY, wish)


def keep(world: World, wish: Wish, now: datetime = NOW) -> int:
    return reordering.keep(world.session, ana(world), now, look(world, wish, now))


def day(world: World, count: int = 4) -> list[int]:
    """Ids in the order that is best."""
    for _ in range(count):
        plan(world)
    return [stop.visit_id for stop in solved(world, at(7, 0)).stops]


def hours(visit: Visit, opens: int, closes: int) -> None:
    visit.account.windows = [OpeningWindow(weekday=2, opens_seconds=opens, closes_seconds=closes)]


def test_the_order_is_the_rep_s_and_one_tap_takes_it_back(world: World) -> None:
    ids = day(world)
    before = order(world)
    wanted = tuple(reversed(ids))
    change_id = keep(world, Wish(wanted), at(8, 0))
    assert [visit_id for visit_id, *_ in order(world)] == list(wanted)
    assert not stored_route(world).is_stale
    undo(world, change_id)
    assert order(world) == before


def test_who_had_no_place_in_the_route_yet_comes_last(world: World) -> None:
    ids = day(world)
    new = plan(world)
    assert [turn.visit_id for turn in look(world, Wish(())).turns] == [*ids, new.id]


def test_looking_writes_nothing(world: World) -> None:
    ids = day(world)
    before = order(world)
    tried = look(world, Wish(tuple(reversed(ids))), at(8, 0))
    assert tried.now_seconds is not None
    assert tried.driving_seconds >= tried.now_seconds
    assert order(world) == before


def test_a_window_that_breaks_is_told_with_the_minutes_and_stays_in_its_turn(world: World) -> None:
    ids = day(world)
    early = world.session.get_one(Visit, ids[0])
    hours(early, seconds(8), seconds(9))
    world.session.flush()
    tried = look(world, Wish((*ids[1:], ids[0])), at(8, 0))
    assert [turn.visit_id for turn in tried.late] == [early.id]
    assert tried.turns[-1].visit_id == early.id
    assert tried.late[0].late_seconds == tried.turns[-1].begins - seconds(9) > 0


def test_a_lunch_that_comes_late_is_told_with_the_minutes(world: World) -> None:
    """Lunch may begin until 14:00. The visit begins at 11:29 and lasts three hours; lunch before would make
    it an hour and a half late."""
    visit = plan(world, service_seconds=3 * HOUR)
    hours(visit, seconds(11, 29), seconds(11, 30))
    world.session.flush()
    tried = look(world, Wish((visit.id,)), at(8, 0))
    assert (tried.late, tried.solved.lunch_begins, tried.lunch_late_seconds) == ((), seconds(14, 29), 29 * 60)


def test_who_is_late_by_the_rep_s_wish_is_told_on_the_day_s_page_too(world: World) -> None:
    from planner.services.days import today

    ids = day(world)
    hours(world.session.get_one(Visit, ids[0]), seconds(8), seconds(9))
    world.session.flush()
    keep(world, Wish((*ids[1:], ids[0])), at(8, 0))
    shown = today.day(world.session, ana(world), at(8, 1), TODAY, TODAY)
    assert [visit.visit_id for visit in shown.too_late] == [ids[0]]


def test_a_visit_kept_in_its_place_has_it_after_the_best_order_again(world: World) -> None:
    ids = day(world, 5)
    wanted = (ids[-1], *ids[:-1])
    keep(world, Wish(wanted, keep=frozenset({ids[-1]})), at(8, 0))
    replan(world, at(8, 5))
    assert order(world)[0][0] == ids[-1]
    assert len(order(world)) == 5


def test_a_visit_let_go_again_finds_its_best_place(world: World) -> None:
    ids = day(world, 5)
    wanted = (ids[-1], *ids[:-1])
    keep(world, Wish(wanted, keep=frozenset({ids[-1]})), at(8, 0))
    keep(world, Wish(wanted), at(8, 1))
    assert world.session.get_one(Visit, ids[-1]).kept_place is None


def test_a_time_to_begin_holds_when_the_day_is_put_in_order_again(world: World) -> None:
    ids = day(world)
    keep(world, Wish(tuple(ids), begin_at={ids[0]: seconds(15)}), at(8, 0))
    begins = {stop.visit_id: stop.begins_seconds for stop in stored_route(world).stops}
    assert begins[ids[0]] == seconds(15)
    replan(world, at(8, 30))
    begins = {stop.visit_id: stop.begins_seconds for stop in stored_route(world).stops}
    assert begins[ids[0]] == seconds(15)


def test_undo_forgets_the_wishes(world: World) -> None:
    ids = day(world)
    wish = Wish(tuple(ids), keep=frozenset({ids[1]}), begin_at={ids[0]: seconds(15)})
    change_id = keep(world, wish, at(8, 0))
    undo(world, change_id)
    rows = [world.session.get_one(Visit, one) for one in ids]
    assert [(row.kept_place, row.from_seconds, row.until_seconds) for row in rows] == [(None,) * 3] * 4


def test_the_wishes_that_stand_are_those_of_the_next_look(world: World) -> None:
    ids = day(world)
    keep(world, Wish(tuple(ids), keep=frozenset({ids[1]}), begin_at={ids[0]: seconds(15)}), at(8, 0))
    wish = reordering.standing_wish(world.session, ana(world), TODAY)
    assert wish == Wish(tuple(ids), frozenset({ids[1]}), {ids[0]: seconds(15)})


def test_a_visit_left_out_of_the_draft_keeps_its_wishes(world: World) -> None:
    ids = day(world)
    wish = Wish(tuple(ids), keep=frozenset({ids[1]}), begin_at={ids[1]: seconds(15)})
    keep(world, wish, at(8, 0))
    block = Block(from_on=TODAY, until_on=TODAY + timedelta(days=1), reason="stock-taking")
    world.session.get_one(Visit, ids[1]).account.blocks = [block]
    world.session.flush()
    replan(world, at(8, 5))
    assert [out.visit_id for out in stored_route(world).left_out] == [ids[1]]
    shown = [visit_id for visit_id in ids if visit_id != ids[1]]
    assert [turn.visit_id for turn in look(world, Wish(tuple(shown))).turns] == shown
    keep(world, Wish(tuple(reversed(shown))), at(8, 10))
    row = world.session.get_one(Visit, ids[1])
    assert (row.kept_place, row.from_seconds, row.until_seconds) == (2, seconds(15), seconds(15))
    assert [out.visit_id for out in stored_route(world).left_out] == [ids[1]]


@pytest.mark.parametrize(("begin", "code"), [(19 * HOUR, "closed_then"), (25 * HOUR, "time_of_day")])
def test_a_time_at_which_nobody_is_there_is_refused(world: World, begin: int, code: str) -> None:
    ids = day(world)
    hours(world.session.get_one(Visit, ids[0]), seconds(8), seconds(18))
    world.session.flush()
    with pytest.raises(Invalid) as refused:
        look(world, Wish(tuple(ids), begin_at={ids[0]: begin}))
    assert refused.value.code == code


def test_an_appointment_keeps_its_own_time(world: World) -> None:
    ids = day(world)
    visit = world.session.get_one(Visit, ids[-1])
    visit.kind, visit.is_pinned, visit.appointment_seconds = VisitKind.APPOINTMENT, True, seconds(9)
    world.session.flush()
    tried = look(world, Wish((*ids,)), at(8, 0))
    assert tried.turns[-1].is_appointment
    assert tried.late[0].visit_id == visit.id


def test_strange_ids_and_doubles_change_nothing(world: World) -> None:
    ids = day(world)
    tried = look(world, Wish((999, ids[1], ids[1], ids[0])), at(8, 0))
    assert [turn.visit_id for turn in tried.turns] == [ids[1], ids[0], *ids[2:]]


def test_a_day_changed_meanwhile_is_not_overwritten(world: World) -> None:
    ids = day(world)
    tried = look(world, Wish(tuple(reversed(ids))), at(8, 0))
    plan(world)
    with pytest.raises(Conflict, match="day_changed"):
        reordering.keep(world.session, ana(world), at(8, 0), tried)


def test_sixty_stops_in_the_rep_s_order_are_all_in_their_turn(world: World) -> None:
    for _ in range(60):
        plan(world, service_seconds=300)
    ids = [visit.id for visit in world.session.query(Visit)]
    tried = look(world, Wish(tuple(ids)), at(8, 0))
    assert [turn.visit_id for turn in tried.turns] == ids


@pytest.mark.parametrize(("by", "wanted"), [(1, (2, 1, 3)), (-1, (1, 2, 3)), (9, (2, 3, 1))])
def test_a_visit_moves_as_far_as_there_is_room(by: int, wanted: tuple[int, ...]) -> None:
    assert moved((1, 2, 3), 1, by) == wanted


def test_a_day_to_come_can_be_ordered_too(world: World) -> None:
    on = TODAY + timedelta(days=1)
    ids = [plan(world, on=on).id for _ in range(3)]
    tried = reordering.look(
        world.session, ana(world), networks_folder(), NOW, TODAY, on, Wish(tuple(reversed(ids)))
    )
    assert [turn.visit_id for turn in tried.turns] == ids[::-1]
