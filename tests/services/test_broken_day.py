"""A day that broke: ways that differ, visits that come back on real days, one tap to apply, one to undo."""

from __future__ import annotations

from collections.abc import Sequence
from dataclasses import replace
from datetime import datetime, timedelta
from typing import Any

import pytest
from sqlalchemy import select
from sqlalchemy.orm import Session

from planner.domain.day_goals import DayGoal, Proof
from planner.domain.errors import Conflict, NotFound
from planner.domain.visits import NotHeldReason, VisitKind, VisitState
from planner.models.accounts import Account, OpeningWindow
from planner.models.people import Overtime
from planner.models.visits import Visit
from planner.services.days import broken_day, day_changes, day_routes, day_solve, mending, outlines
from planner.services.days.day_posing import RestOfDay
from planner.services.days.mended import BrokenDay, Mended, Trouble, Way
from planner.services.schedule import agreements, overtime
from routing.rotation import other_days as rotation_days
from routing.types import DayRoute, SearchBudget
from tests.conftest import NOW, TODAY
from tests.roads import networks_folder
from tests.services.test_day_routes import at, plan, seconds, solved
from tests.services.test_replanning import ana, order, route_of
from tests.world import World

LONG = 2 * 3600
LATE = Trouble()


@pytest.fixture
def world(session: Session) -> World:
    return World(session)


def ways(world: World, now: datetime, trouble: Trouble = LATE) -> BrokenDay:
    return broken_day.ways(world.session, ana(world), networks_folder(), now, TODAY, TODAY, trouble)


def named(day: BrokenDay) -> dict[Way, Mended]:
    return {way.way: way for way in day.ways}


def apply(world: World, day: BrokenDay, way: Way, now: datetime) -> int:
    return mending.apply(world.session, ana(world), now, TODAY, day, named(day)[way])


def undo(world: World, change_id: int, now: datetime = NOW) -> None:
    day_changes.undo(world.session, ana(world), now, TODAY, change_id)


def full_day(world: World, count: int = 4) -> list[Visit]:
    """Visits of two hours each; four of them and lunch just fill the shift from 8:00 to 18:00."""
    visits = [plan(world, service_seconds=LONG) for _ in range(count)]
    solved(world, at(7, 0))
    return visits


def ids(mended: Mended) -> set[int]:
    return {gone.visit_id for gone in mended.given_up}


def test_a_day_too_late_to_hold_everything_has_ways_that_differ(world: World) -> None:
    full_day(world)
    day = ways(world, at(10, 0))
    found = named(day)
    assert {Way.KEEP, Way.FEWEST, Way.ONE} == set(found)
    assert found[Way.KEEP].overtime_seconds > 0
    assert found[Way.KEEP].home <= day.ends + found[Way.KEEP].overtime_seconds
    assert found[Way.KEEP].given_up == ()
    assert len(ids(found[Way.FEWEST])) == len(ids(found[Way.ONE])) == 1
    assert ids(found[Way.FEWEST]) != ids(found[Way.ONE])
    assert all(way.home <= day.ends for way in (found[Way.FEWEST], found[Way.ONE]))


def test_every_way_says_what_is_known_of_its_order(world: World, monkeypatch: pytest.MonkeyPatch) -> None:
    full_day(world)
    assert [way.proof and way.proof.is_proven for way in ways(world, at(10, 0)).ways] == [True] * 3
    original = day_solve.solve_day
    known = {"cost_seconds": 1031, "bound_seconds": 1000, "proven": False}
    monkeypatch.setattr(day_solve, "solve_day", lambda *args: replace(original(*args), **known))
    keep, fewest, one = (way.proof for way in ways(world, at(10, 0)).ways)
    assert keep == one == Proof(DayGoal.LEAST_DRIVING, 4, has_left_out=False)
    assert fewest == Proof(DayGoal.LEAST_DRIVING, 4, has_left_out=True)


def test_no_day_is_put_in_order_twice_to_find_the_ways(world: World, monkeypatch: pytest.MonkeyPatch) -> None:
    full_day(world)
    original, asked = day_solve.best_route, []

    def noted(rest: RestOfDay, budget: SearchBudget, known: Sequence[int] = ()) -> DayRoute:
        asked.append((rest.problem.shift, rest.problem.stops, budget))
        return original(rest, budget, known)

    monkeypatch.setattr(day_solve, "best_route", noted)
    assert len(ways(world, at(10, 0)).ways) == 3
    assert len(asked) == len(set(asked))
    assert sum(budget == outlines.OFFER for *_, budget in asked) <= 4


def test_days_of_the_next_fortnight_are_asked_first(world: World, monkeypatch: pytest.MonkeyPatch) -> None:
    full_day(world)
    original, asked = rotation_days.other_days, set()

    def noted(problem: Any, standing: Any, key: int, moving: int, days: Sequence[int]) -> Any:
        asked.update(days)
        return original(problem, standing, key, moving, days)

    monkeypatch.setattr(rotation_days, "other_days", noted)
    given_up = [gone for way in ways(world, at(10, 0)).ways for gone in way.given_up]
    assert all(gone.back.on is not None for gone in given_up)
    assert asked == set(range(1, 15))


def test_what_is_given_up_comes_back_on_a_day_that_holds_it(world: World) -> None:
    full_day(world)
    (gone,) = named(ways(world, at(10, 0)))[Way.FEWEST].given_up
    assert gone.back.on is not None
    assert TODAY < gone.back.on <= TODAY + timedelta(days=14)
    assert gone.back.on.weekday() < 5
    assert gone.back.seconds is not None


def test_a_day_that_still_holds_everything_offers_home_as_planned_besides(world: World) -> None:
    for _ in range(3):
        plan(world, service_seconds=3600)
    home = solved(world, at(7, 0)).home_seconds
    found = named(ways(world, at(11, 0)))
    assert found[Way.KEEP].overtime_seconds == 0
    assert found[Way.KEEP].home > home
    assert found[Way.FEWEST].home <= home


def test_a_day_with_only_agreed_visits_has_one_way(world: World) -> None:
    for _ in range(2):
        plan(world, kind=VisitKind.MUST_VISIT, is_pinned=True)
    solved(world, at(7, 0))
    assert [way.way for way in ways(world, at(8, 0)).ways] == [Way.KEEP]


def test_what_is_agreed_is_never_given_up_to_be_home_as_planned(world: World) -> None:
    _, other = plan(world, kind=VisitKind.MUST_VISIT, is_pinned=True), plan(world)
    solved(world, at(7, 0))
    found = ways(world, at(10, 0)).ways
    assert all(way.left_over == () for way in found)
    assert {gone.visit_id for way in found for gone in way.given_up} == {other.id}


def test_who_is_away_and_has_a_time_is_looked_in_on_at_that_time(world: World) -> None:
    away, _ = plan(world), plan(world)
    away.from_seconds = away.until_seconds = seconds(14)
    solved(world, at(7, 0))
    day = ways(world, at(9, 0), Trouble(visit_id=away.id))
    change_id = apply(world, day, Way.LATER, at(9, 0))
    assert {stop.visit_id: stop.begins_seconds for stop in route_of(world).stops}[away.id] == seconds(14)
    assert (away.from_seconds, away.until_seconds) == (seconds(14), seconds(14))
    undo(world, change_id)
    assert (away.from_seconds, away.until_seconds) == (seconds(14), seconds(14))


def test_overtime_that_keeps_nobody_more_is_not_offered(world: World) -> None:
    for visit in full_day(world):
        visit.account.windows = [
            OpeningWindow(weekday=2, opens_seconds=seconds(8), closes_seconds=seconds(17))
        ]
    late = ways(world, at(17, 30))
    assert [way.way for way in late.ways] == [Way.FEWEST]
    assert len(late.ways[0].given_up) == 4


def test_keeping_all_adds_overtime_and_undo_takes_it_back(world: World) -> None:
    full_day(world)
    before = order(world)
    day = ways(world, at(10, 0))
    change_id = apply(world, day, Way.KEEP, at(10, 0))
    assert len(route_of(world).stops) == 4
    assert route_of(world).left_out == []
    overtime = world.session.get_one(Overtime, (world.ana.id, TODAY))
    assert overtime.seconds == named(day)[Way.KEEP].overtime_seconds
    undo(world, change_id)
    assert world.session.get(Overtime, (world.ana.id, TODAY)) is None
    assert order(world) == before


def test_undo_leaves_overtime_agreed_anew_after_its_own_was_taken_back(world: World) -> None:
    full_day(world)
    change_id = apply(world, ways(world, at(10, 0)), Way.KEEP, at(10, 0))
    taken_back = overtime.take_back(world.session, ana(world), NOW, TODAY, world.ana.id, TODAY)
    overtime.add(world.session, ana(world), NOW, world.ana.id, TODAY, taken_back)
    undo(world, change_id)
    assert world.session.get_one(Overtime, (world.ana.id, TODAY)).seconds == taken_back


def test_what_is_given_up_stands_on_its_new_day_and_comes_back_by_undo(world: World) -> None:
    full_day(world)
    before = order(world)
    day = ways(world, at(10, 0))
    (gone,) = named(day)[Way.FEWEST].given_up
    change_id = apply(world, day, Way.FEWEST, at(10, 0))
    visit = world.session.get_one(Visit, gone.visit_id)
    assert (visit.on, visit.is_pinned) == (gone.back.on, True)
    assert not route_of(world).is_stale
    assert gone.visit_id not in {stop.visit_id for stop in route_of(world).stops}
    undo(world, change_id)
    assert (visit.on, visit.is_pinned) == (TODAY, False)
    assert order(world) == before
    assert not route_of(world).is_stale


def test_undo_never_overwrites_what_somebody_moved_since(world: World) -> None:
    full_day(world)
    day = ways(world, at(10, 0))
    (gone,) = named(day)[Way.FEWEST].given_up
    change_id = apply(world, day, Way.FEWEST, at(10, 0))
    agreements.move(world.session, ana(world), NOW, TODAY, gone.visit_id, TODAY + timedelta(days=20))
    with pytest.raises(Conflict, match="day_changed_since"):
        undo(world, change_id)


def test_a_day_that_changed_since_it_was_looked_at_is_not_mended_blindly(world: World) -> None:
    full_day(world)
    day = ways(world, at(10, 0))
    plan(world)
    with pytest.raises(Conflict, match="day_changed"):
        apply(world, day, Way.KEEP, at(10, 0))


def test_a_way_that_is_gone_says_so(world: World) -> None:
    full_day(world)
    with pytest.raises(Conflict, match="repair_gone"):
        ways(world, at(10, 0)).chosen("fewest:999@2026-03-05")


def test_nobody_takes_more_overtime_than_was_read(world: World) -> None:
    full_day(world)
    read = named(ways(world, at(16, 0)))[Way.KEEP]
    later = ways(world, at(16, 30))
    assert named(later)[Way.KEEP].overtime_seconds > read.overtime_seconds > 0
    with pytest.raises(Conflict, match="repair_gone"):
        later.chosen(read.code)


def away(visit: Visit, at_door: bool = False) -> Trouble:
    return Trouble(visit_id=visit.id, at_door=at_door)


def three(world: World) -> list[Visit]:
    visits = [plan(world) for _ in range(3)]
    solved(world, at(7, 0))
    return visits


def test_who_is_away_is_looked_in_on_later_moved_or_left_until_next_time(world: World) -> None:
    visit = three(world)[0]
    found = named(ways(world, at(9, 0), away(visit)))
    assert set(found) == {Way.LATER, Way.MOVE, Way.NEXT_TIME}
    later = {stop.visit_id: stop.times.begins for stop in found[Way.LATER].solved.stops}
    assert later[visit.id] >= seconds(10)
    assert found[Way.NEXT_TIME].given_up[0].back.on is None


def test_who_closes_before_one_could_come_again_is_not_offered_later(world: World) -> None:
    visit = three(world)[0]
    visit.account.windows = [
        OpeningWindow(weekday=2, opens_seconds=seconds(8), closes_seconds=seconds(9, 30))
    ]
    world.session.flush()
    assert Way.LATER not in named(ways(world, at(9, 0), away(visit)))


def test_an_agreed_time_is_not_offered_later(world: World) -> None:
    visit = three(world)[0]
    visit.kind, visit.is_pinned = VisitKind.APPOINTMENT, True
    visit.appointment_seconds, visit.leeway_seconds = seconds(10), 3600
    world.session.flush()
    assert Way.LATER not in named(ways(world, at(9, 0), away(visit)))


def test_looking_in_later_holds_when_the_day_is_put_in_order_again(world: World) -> None:
    visit = three(world)[0]
    change_id = apply(world, ways(world, at(9, 0), away(visit)), Way.LATER, at(9, 0))
    again = solved(world, at(9, 10))
    assert {stop.visit_id: stop.begins_seconds for stop in again.stops}[visit.id] >= seconds(10)
    with pytest.raises(Conflict, match="day_changed_since"):
        undo(world, change_id)


def test_undo_forgets_that_one_looks_in_later(world: World) -> None:
    visit = three(world)[0]
    change_id = apply(world, ways(world, at(9, 0), away(visit)), Way.LATER, at(9, 0))
    assert visit.from_seconds == seconds(10)
    undo(world, change_id)
    assert visit.from_seconds is None


def test_who_was_at_the_door_in_vain_has_driven_there(world: World) -> None:
    visit = three(world)[0]
    day = ways(world, at(9, 0), away(visit, at_door=True))
    change_id = apply(world, day, Way.MOVE, at(9, 0))
    assert (visit.state, visit.not_held_reason) == (VisitState.MISSED, NotHeldReason.CONTACT_AWAY)
    assert route_of(world).stops[0].visit_id == visit.id
    (agreed,) = made(world, visit.account, visit)
    assert agreed.on == named(day)[Way.MOVE].given_up[0].back.on
    undo(world, change_id)
    assert visit.state is VisitState.PLANNED
    assert agreed.state is VisitState.CANCELLED


def test_next_time_skips_the_visit_and_undo_brings_it_back(world: World) -> None:
    visit = three(world)[0]
    change_id = apply(world, ways(world, at(9, 0), away(visit)), Way.NEXT_TIME, at(9, 0))
    assert (visit.state, visit.not_held_reason) == (VisitState.SKIPPED, NotHeldReason.CONTACT_AWAY)
    assert not route_of(world).is_stale
    undo(world, change_id)
    assert visit.state is VisitState.PLANNED


def made(world: World, account: Account, but: Visit | None = None) -> list[Visit]:
    rows = world.session.scalars(select(Visit).where(Visit.account_id == account.id))
    return [row for row in rows if row is not but]


def test_one_more_visit_that_fits_is_added_or_put_on_another_day(world: World) -> None:
    three(world)
    account = world.account(world.ana)
    day = ways(world, at(8, 30), Trouble(account_id=account.id))
    assert named(day)[Way.KEEP].adds_visit
    assert not named(day)[Way.MOVE].adds_visit
    change_id = apply(world, day, Way.KEEP, at(8, 30))
    (visit,) = made(world, account)
    assert (visit.on, visit.kind) == (TODAY, VisitKind.MUST_VISIT)
    assert visit.id in {stop.visit_id for stop in route_of(world).stops}
    assert not route_of(world).is_stale
    undo(world, change_id)
    assert visit.state is VisitState.CANCELLED
    assert len(route_of(world).stops) == 3


def test_one_more_visit_on_another_day_is_agreed_there(world: World) -> None:
    three(world)
    account = world.account(world.ana)
    day = ways(world, at(8, 30), Trouble(account_id=account.id))
    apply(world, day, Way.MOVE, at(8, 30))
    (visit,) = made(world, account)
    assert visit.on == named(day)[Way.MOVE].given_up[0].back.on


def test_one_more_visit_in_a_full_day_pushes_out_what_is_least_dear(world: World) -> None:
    full_day(world)
    account = world.account(world.ana)
    account.visit_seconds = LONG
    world.session.flush()
    found = named(ways(world, at(7, 30), Trouble(account_id=account.id)))
    assert found[Way.FEWEST].adds_visit
    assert len(found[Way.FEWEST].given_up) == 1
    assert found[Way.KEEP].overtime_seconds > 0


def refusals() -> list[Any]:
    return [
        (lambda w: Trouble(account_id=w.account(w.bruno).id), NotFound),
        (lambda w: Trouble(account_id=route_of(w).stops[0].visit.account_id), Conflict),
        (lambda w: Trouble(visit_id=999), NotFound),
        (lambda w: Trouble(account_id=999), NotFound),
    ]


@pytest.mark.parametrize(("trouble", "error"), refusals())
def test_what_is_not_one_s_own_or_stands_already_is_refused(world: World, trouble: Any, error: Any) -> None:
    three(world)
    with pytest.raises(error):
        ways(world, at(9, 0), trouble(world))


def test_a_visit_that_has_begun_is_not_away(world: World) -> None:
    visit = three(world)[0]
    visit.state, visit.arrived_at = VisitState.ARRIVED, at(9, 0)
    world.session.flush()
    with pytest.raises(Conflict, match="visit_state"):
        ways(world, at(9, 5), away(visit))


def test_only_today_can_break(world: World) -> None:
    with pytest.raises(Conflict, match="day_not_today"):
        broken_day.ways(
            world.session, ana(world), networks_folder(), NOW, TODAY, TODAY + timedelta(days=1), LATE
        )
    assert day_routes.row_of(world.session, world.ana.id, TODAY) is None


def test_one_more_visit_may_be_agreed_sooner_than_its_account_is_due(world: World) -> None:
    three(world)
    account = world.account(world.ana)
    last = plan(world, account, on=TODAY - timedelta(days=2), state=VisitState.DONE)
    assert last.account is account
    found = named(ways(world, at(8, 30), Trouble(account_id=account.id)))
    assert found[Way.MOVE].given_up[0].back.on is not None


def test_the_driving_told_for_the_new_day_is_that_of_the_day_put_in_order(world: World) -> None:
    full_day(world)
    day = ways(world, at(10, 0))
    (gone,) = named(day)[Way.FEWEST].given_up
    apply(world, day, Way.FEWEST, at(10, 0))
    on = gone.back.on
    assert on is not None
    assert day_routes.solve(world.session, at(10, 0), networks_folder(), world.ana.id, on)
    route = day_routes.row_of(world.session, world.ana.id, on)
    assert route is not None
    assert [stop.visit_id for stop in route.stops] == [gone.visit_id]
    assert sum(stop.leg_seconds for stop in route.stops) + route.home_leg_seconds == gone.back.seconds
