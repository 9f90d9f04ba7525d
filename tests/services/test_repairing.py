"""What would help: what is offered is applied in one step, makes the visit stand, and is taken back whole."""

from __future__ import annotations

from datetime import date, timedelta

import pytest
from sqlalchemy import select
from sqlalchemy.orm import Session

from planner.domain.access import Actor, Role
from planner.domain.errors import Conflict
from planner.domain.visits import VisitKind, VisitState
from planner.models.accounts import Account, OpeningWindow
from planner.models.people import Overtime, Rep
from planner.models.schedule import AppliedRepair
from planner.models.visits import Visit
from planner.services import roads
from planner.services.days import day_routes, day_solve
from planner.services.schedule import horizon, overtime, repairing
from planner.services.schedule.offers import Offer
from planner.services.schedule.repairing import Applied
from planner.services.schedule.what_helps import WhatHelps, what_helps
from tests.conftest import NOW, TODAY
from tests.roads import networks_folder
from tests.services.test_planning import visit
from tests.world import World

MONDAY, TUESDAY = date(2026, 3, 9), date(2026, 3, 10)
HOUR = 3600


@pytest.fixture
def world(session: Session) -> World:
    """Ana works on Mondays and Tuesdays only, from eight to eleven."""
    made = World(session)
    rep = session.get_one(Rep, made.ana.id)
    rep.shifts = [shift for shift in rep.shifts if shift.weekday < 2]
    for shift in rep.shifts:
        shift.ends_seconds, shift.lunch_seconds = 11 * HOUR, 0
    session.flush()
    return made


def account(world: World, name: str, minutes: int = 60) -> Account:
    made = world.account(world.ana, name=name, letter="B")
    made.visit_seconds = minutes * 60
    world.session.flush()
    return made


def crowded(world: World) -> tuple[Account, dict[str, Visit]]:
    """The week's two days are full; the account was promised a visit until Wednesday."""
    late = account(world, "Late")
    late.cadence_days, late.latest_gap_days = 28, 28
    visit(world, late, date(2026, 3, 11) - timedelta(days=28), VisitState.DONE)
    rows = {}
    for number, on in enumerate([MONDAY, MONDAY, TUESDAY, TUESDAY]):
        other = account(world, f"Other {number}")
        rows[other.name] = visit(world, other, on, is_pinned=number > 0)
    world.session.flush()
    return late, rows


def asked(world: World, account: Account) -> WhatHelps:
    world.session.flush()
    world.session.expire_all()
    return what_helps(world.session, ana(world), networks_folder(), account.id, TODAY)


def ana(world: World) -> Actor:
    return Actor(world.ana.id, Role.REP)


def offered(world: World, account: Account, kind: str) -> Offer:
    found = asked(world, account)
    return next(offer for offer in found.offers if offer.kind == kind)


def applied(world: World, account: Account, offer: Offer) -> Applied:
    return repairing.apply(world.session, ana(world), NOW, TODAY, account.id, offer)


def rows(world: World) -> list[tuple[object, ...]]:
    """Everything a repair may touch."""
    world.session.flush()
    world.session.expire_all()
    visits = world.session.scalars(
        select(Visit).where(Visit.state != VisitState.CANCELLED).order_by(Visit.id)
    )
    kept: list[tuple[object, ...]] = [(v.id, v.on, v.kind, v.is_pinned, v.service_seconds) for v in visits]
    accounts = world.session.scalars(select(Account).order_by(Account.id))
    kept += [
        (a.id, a.visit_seconds, a.cadence_days, a.earliest_gap_days, a.latest_gap_days) for a in accounts
    ]
    return [*kept, *((o.on, o.seconds) for o in world.session.scalars(select(Overtime)))]


def test_the_rules_in_conflict_are_named(world: World) -> None:
    late, _ = crowded(world)
    found = asked(world, late)
    assert found.promised_to == date(2026, 3, 11)
    # From tomorrow, a Thursday, to Wednesday: two days are full, nobody works on the others.
    assert dict(found.rules) == {"day_off": 5, "full": 2}
    assert found.is_certain


@pytest.mark.parametrize("kind", ["move", "overtime", "shorter", "later", "latest_gap", "cadence"])
def test_what_is_offered_is_applied_fits_and_is_taken_back_whole(world: World, kind: str) -> None:
    late, _ = crowded(world)
    before = rows(world)
    offer = offered(world, late, kind)
    done = applied(world, late, offer)
    made = world.session.scalars(select(Visit).where(Visit.account_id == late.id, Visit.on == offer.on)).one()
    assert (made.kind, made.is_pinned) == (VisitKind.MUST_VISIT, True)
    after = asked(world, late)
    assert after.next_on == offer.on if kind == "later" else after.promised_from != date(2026, 3, 4)
    assert fits(world, offer.on)
    assert rows(world) != before
    world.session.expire_all()
    taken_back = repairing.undo(world.session, ana(world), NOW, TODAY, done.repair_id)
    assert taken_back.is_undone
    assert rows(world) == before


def fits(world: World, on: date) -> bool:
    """Whether the day's own solver leaves nobody out."""
    world.session.expire_all()
    facts = day_routes.gather(world.session, world.ana.id, on)
    travel = roads.travel(networks_folder(), facts.network_name, facts.driving, facts.engine)
    return day_solve.solve(facts, travel).left_out == ()


def test_moving_another_visit_pins_it_where_it_goes(world: World) -> None:
    late, others = crowded(world)
    offer = offered(world, late, "move")
    assert offer.other_name == "Other 0"
    applied(world, late, offer)
    assert (others["Other 0"].on, others["Other 0"].is_pinned) == (offer.to_on, True)


def test_overtime_lengthens_that_date_alone_for_plans_and_routes(world: World) -> None:
    late, _ = crowded(world)
    offer = offered(world, late, "overtime")
    applied(world, late, offer)
    world.session.expire_all()
    days = horizon.gather(world.session, world.ana.id, TODAY, TODAY).days
    ends = {day.on: day.shift.ends for day in days if day.shift}
    assert ends.pop(offer.on) == 11 * HOUR + offer.amount
    assert set(ends.values()) == {11 * HOUR}
    assert day_routes.gather(world.session, world.ana.id, offer.on).ends == 11 * HOUR + offer.amount


def test_a_changed_gap_is_the_account_s_own_from_then_on(world: World) -> None:
    late, _ = crowded(world)
    offer = offered(world, late, "latest_gap")
    applied(world, late, offer)
    assert late.latest_gap_days == (offer.on - date(2026, 2, 11)).days == offer.gap_days


def test_another_weekday_is_a_hint_not_a_button(world: World) -> None:
    late, _ = crowded(world)
    late.windows = [OpeningWindow(weekday=4, opens_seconds=8 * HOUR, closes_seconds=12 * HOUR)]
    for row in world.session.scalars(select(Visit).where(Visit.on == MONDAY)):
        row.state = VisitState.CANCELLED
    found = asked(world, late)
    assert [(hint.kind, hint.on) for hint in found.hints] == [("weekday", MONDAY)]
    with pytest.raises(Conflict, match="repair_gone"):
        repairing.chosen(found, found.hints[0].code)


def test_what_was_changed_since_is_not_overwritten(world: World) -> None:
    late, others = crowded(world)
    done = applied(world, late, offered(world, late, "move"))
    others["Other 0"].rev += 1
    world.session.flush()
    with pytest.raises(Conflict, match="repair_changed"):
        repairing.undo(world.session, ana(world), NOW, TODAY, done.repair_id)


def test_it_is_taken_back_once(world: World) -> None:
    late, _ = crowded(world)
    done = applied(world, late, offered(world, late, "overtime"))
    repairing.undo(world.session, ana(world), NOW, TODAY, done.repair_id)
    with pytest.raises(Conflict, match="repair_undone"):
        repairing.undo(world.session, ana(world), NOW, TODAY, done.repair_id)


def test_overtime_twice_on_a_day_adds_up_and_each_goes_by_itself(world: World) -> None:
    late, _ = crowded(world)
    offer = offered(world, late, "overtime")
    world.session.add(Overtime(rep_id=world.ana.id, on=offer.on, seconds=600))
    done = applied(world, late, offer)
    row = world.session.get_one(Overtime, (world.ana.id, offer.on))
    assert row.seconds == 600 + offer.amount
    repairing.undo(world.session, ana(world), NOW, TODAY, done.repair_id)
    assert row.seconds == 600


def test_taking_overtime_back_leaves_what_was_added_since(world: World) -> None:
    late, _ = crowded(world)
    done = applied(world, late, offered(world, late, "overtime"))
    row = world.session.get_one(Overtime, (world.ana.id, done.offer.on))
    row.seconds += 600
    world.session.flush()
    repairing.undo(world.session, ana(world), NOW, TODAY, done.repair_id)
    assert world.session.get_one(Overtime, (world.ana.id, done.offer.on)).seconds == 600


def taken_back_and_agreed_anew(world: World, on: date, seconds: int) -> None:
    overtime.take_back(world.session, ana(world), NOW, TODAY, world.ana.id, on)
    overtime.add(world.session, ana(world), NOW, world.ana.id, on, seconds)


def test_undo_leaves_overtime_agreed_anew_after_its_own_was_taken_back(world: World) -> None:
    late, _ = crowded(world)
    done = applied(world, late, offered(world, late, "overtime"))
    taken_back_and_agreed_anew(world, done.offer.on, 900)
    (line,) = overtime.to_come(world.session, ana(world), world.ana.id, TODAY)
    assert (line.seconds, line.repair_id) == (900, None)
    repairing.undo(world.session, ana(world), NOW, TODAY, done.repair_id)
    assert world.session.get_one(Overtime, (world.ana.id, done.offer.on)).seconds == 900


def test_overtime_put_back_is_the_repair_s_own_again(world: World) -> None:
    late, _ = crowded(world)
    done = applied(world, late, offered(world, late, "overtime"))
    on, who = done.offer.on, ana(world)
    seconds = overtime.take_back(world.session, who, NOW, TODAY, world.ana.id, on)
    overtime.put_back(world.session, who, NOW, TODAY, world.ana.id, on, seconds)
    repairing.undo(world.session, who, NOW, TODAY, done.repair_id)
    assert world.session.get(Overtime, (world.ana.id, on)) is None


def test_less_frequent_visits_take_the_accounts_own_gaps_along(world: World) -> None:
    late, _ = crowded(world)
    late.earliest_gap_days = 21
    offer = offered(world, late, "cadence")
    # Four weeks become six, and with them the latest gap of 28 days 42; the first free day is a Monday.
    assert (offer.amount, offer.gap_days, offer.is_standing) == (42, 28, False)
    done = applied(world, late, offer)
    assert (late.cadence_days, late.earliest_gap_days, late.latest_gap_days) == (42, 31, 42)
    assert done.offer == offer
    repairing.undo(world.session, ana(world), NOW, TODAY, done.repair_id)
    assert (late.cadence_days, late.earliest_gap_days, late.latest_gap_days) == (28, 21, 28)


def test_a_visit_that_stands_is_in_time_by_a_longer_cadence_and_stays_as_it_is(world: World) -> None:
    late, _ = crowded(world)
    standing = visit(world, late, date(2026, 3, 17))
    offer = offered(world, late, "cadence")
    assert (offer.on, offer.is_standing, offer.seconds) == (standing.on, True, 0)
    before = rows(world)
    done = applied(world, late, offer)
    assert (standing.kind, standing.is_pinned) == (VisitKind.CADENCE, False)
    missing = asked(world, late).promised_from
    assert missing is not None
    assert missing > standing.on
    repairing.undo(world.session, ana(world), NOW, TODAY, done.repair_id)
    assert rows(world) == before


def test_no_longer_cadence_is_offered_where_the_next_step_is_too_long_or_dates_are_fixed(
    world: World,
) -> None:
    late, _ = crowded(world)
    late.cadence_days = late.latest_gap_days = 7
    assert "cadence" not in {offer.kind for offer in asked(world, late).offers}
    late.cadence_days, late.latest_gap_days, late.cycle_rule = 28, 28, "FREQ=WEEKLY;BYDAY=TU"
    assert "cadence" not in asked(world, late).tried


def test_a_repair_kept_in_the_former_way_can_still_be_taken_back(world: World) -> None:
    late, _ = crowded(world)
    before = rows(world)
    done = applied(world, late, offered(world, late, "shorter"))
    row = world.session.get_one(AppliedRepair, done.repair_id)
    ((field, value),) = row.before["account"]["fields"].items()
    kept = {"field": field, "value": value, "rev": row.before["account"]["rev"]}
    row.before = row.before | {"account": kept}
    repairing.undo(world.session, ana(world), NOW, TODAY, done.repair_id)
    assert rows(world) == before


def test_it_says_when_the_plan_it_judges_was_published(world: World) -> None:
    late, _ = crowded(world)
    assert asked(world, late).published_at is None
