"""Calibration from taps: what would be learnt, applied by choice, taken back."""

from __future__ import annotations

from dataclasses import asdict
from datetime import date, timedelta

import pytest
from sqlalchemy.orm import Session

from planner.domain.access import Actor
from planner.domain.errors import Conflict
from planner.domain.rush_hours import read_rush_hours
from planner.models.visits import DayRoute, Stop, Visit
from planner.services.days import calibration
from planner.services.installation import settings
from tests.conftest import NOW, TODAY
from tests.driven import LEG_SECONDS, driven_day, season
from tests.world import World


@pytest.fixture
def world(session: Session) -> World:
    return World(session)


def admin(world: World) -> Actor:
    return Actor(world.admin.id, world.admin.role)


def apply(world: World, *account_ids: int, with_speed: bool = True) -> int:
    return calibration.apply(world.session, admin(world), NOW, TODAY, with_speed, account_ids)


def test_the_error_of_the_last_legs_is_told(world: World) -> None:
    season(world, 1.25)
    found = calibration.look(world.session, TODAY)
    assert found.errors is not None
    assert (found.errors.legs, round(found.errors.median, 2)) == (48, 0.25)
    assert found.held_out is not None
    assert found.held_out.improves


def test_what_is_applied_makes_plans_as_slow_as_the_roads_and_goes_back(world: World) -> None:
    season(world, 1.25)
    assert apply(world) == 1
    now = settings.read(world.session)
    assert 0.64 < now.speed_factor < 0.70
    again = calibration.look(world.session, TODAY)
    assert again.errors is not None
    assert abs(again.errors.median) < 0.06
    calibration.undo(world.session, admin(world), NOW, TODAY)
    assert settings.read(world.session).speed_factor == 0.8


def test_rush_hours_entered_by_hand_stay(world: World) -> None:
    season(world, 1.25)
    settings.change(world.session, admin(world), NOW, {"rush_hours": "07:00-09:00 70"})
    apply(world)
    for number in range(21, 60):
        driven_day(world, TODAY - timedelta(days=number), 2.0)
    assert calibration.look(world.session, TODAY).keeps_hours
    apply(world)
    assert settings.read(world.session).rush_hours == "07:00-09:00 70"


def test_lengths_are_learnt_for_the_accounts_chosen_only(world: World) -> None:
    first, second = driven_day(world, TODAY - timedelta(days=1), 1.0, minutes=60)[:2]
    for number in range(2, 8):
        for visit, one in zip(
            driven_day(world, TODAY - timedelta(days=number), 1.0, minutes=60), (first, second), strict=False
        ):
            visit.account_id = one.account_id
    world.session.flush()
    found = {length.account_id: length for length in calibration.look(world.session, TODAY).lengths}
    assert (found[first.account_id].planned_seconds, found[first.account_id].visits) == (1800, 7)
    assert apply(world, first.account_id, with_speed=False) == 1
    assert first.account.visit_seconds == found[first.account_id].learnt_seconds == 3000
    assert second.account.visit_seconds is None
    calibration.undo(world.session, admin(world), NOW, TODAY)
    assert first.account.visit_seconds is None


def test_what_was_changed_since_is_not_overwritten(world: World) -> None:
    season(world, 1.25)
    apply(world)
    settings.change(world.session, admin(world), NOW, {"speed_factor": 0.9})
    assert not calibration.look(world.session, TODAY).can_be_undone
    with pytest.raises(Conflict, match="calibration_changed"):
        calibration.undo(world.session, admin(world), NOW, TODAY)


def test_undo_works_once(world: World) -> None:
    season(world, 1.25)
    apply(world)
    calibration.undo(world.session, admin(world), NOW, TODAY)
    with pytest.raises(Conflict):
        calibration.undo(world.session, admin(world), NOW, TODAY)


def test_without_taps_there_is_nothing_to_learn(world: World) -> None:
    found = calibration.look(world.session, TODAY)
    assert (found.errors, found.held_out, found.lengths, found.changes_speed) == (None, None, (), False)


def by_road(world: World) -> None:
    """Main roads take twice as long as small ones; every other leg leads over each of them."""
    season(world, 1.5, days=10)
    for number in range(11, 21):
        driven_day(world, TODAY - timedelta(days=number), 0.75)
    for stop in world.session.query(Stop):
        took_long = world.session.get_one(Visit, stop.visit_id).on > TODAY - timedelta(days=11)
        stop.leg_class_seconds = [600, 0, 0] if took_long else [0, 0, 600]
    world.session.flush()


def test_each_class_of_road_gets_its_speed_where_legs_know_their_roads(world: World) -> None:
    by_road(world)
    apply(world)
    (rush,) = read_rush_hours(settings.read(world.session).rush_hours)
    assert rush.main < 0.85 < 1.1 < rush.small
    calibration.undo(world.session, admin(world), NOW, TODAY)
    assert settings.read(world.session).rush_hours == ""


def test_what_was_learnt_is_not_asked_again(world: World) -> None:
    by_road(world)
    assert calibration.look(world.session, TODAY).changes_speed
    for _ in range(2):
        apply(world)
    found = calibration.look(world.session, TODAY)
    assert not found.changes_speed
    assert apply(world) == 0
    assert found.errors is not None
    assert abs(found.errors.median) < 0.1


def planned_now(world: World, on: date, road: str, ratio: float) -> None:
    """A day driven on one class of road that was planned with the settings of now."""
    now = settings.read(world.session)
    (rush,) = read_rush_hours(now.rush_hours)
    driven_day(world, on, ratio)
    route = world.session.query(DayRoute).filter_by(on=on).one()
    route.driving = {"speed_factor": now.speed_factor, "rush_hours": [asdict(rush)]}
    for stop in route.stops:
        stop.leg_seconds = round(LEG_SECONDS * 0.8 / now.speed_factor / getattr(rush, road))
        stop.leg_class_seconds = [stop.leg_seconds * (road == one) for one in ("main", "middle", "small")]
    world.session.flush()


def test_hours_learnt_are_learnt_anew_from_what_was_driven_in_them(world: World) -> None:
    """Roads are as they were; as the plan knows that now, its times are met. Were the hours forgotten, these
    legs would say that main roads are as fast as any."""
    by_road(world)
    apply(world)
    now = settings.read(world.session)
    (first,) = read_rush_hours(now.rush_hours)
    for number in range(21, 41, 2):
        planned_now(world, TODAY - timedelta(days=number), "main", 1.5)
        planned_now(world, TODAY - timedelta(days=number + 1), "small", 0.75)
    found = calibration.look(world.session, TODAY)
    assert not found.keeps_hours
    assert found.errors is not None
    assert abs(found.errors.median) < 0.06
    (again,) = read_rush_hours(found.rush_hours)
    assert again.main == pytest.approx(first.main, abs=0.06)
    assert again.small == pytest.approx(first.small, abs=0.06)


def test_hours_learnt_go_where_they_no_longer_hold(world: World) -> None:
    by_road(world)
    apply(world)
    for number in range(21, 121, 2):
        planned_now(world, TODAY - timedelta(days=number), "main", 1.0)
        planned_now(world, TODAY - timedelta(days=number + 1), "small", 1.0)
    found = calibration.look(world.session, TODAY)
    assert found.changes_speed
    assert all(abs(share - 1) < 0.12 for hour in read_rush_hours(found.rush_hours) for share in hour.shares)
    apply(world)
    calibration.undo(world.session, admin(world), NOW, TODAY)
    (rush,) = read_rush_hours(settings.read(world.session).rush_hours)
    assert rush.main < 0.85
