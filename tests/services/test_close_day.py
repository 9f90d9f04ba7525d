"""Closing a day: trips along the roads, in the order done, home to home, once."""

from __future__ import annotations

from datetime import date, timedelta

import pytest
from sqlalchemy import delete, select
from sqlalchemy.orm import Session

from planner.domain.capture import at_once
from planner.domain.errors import Conflict, Invalid, Locked, NotAllowed, NotFound
from planner.domain.visits import VisitState
from planner.models.ledger import MileageRate, Trip
from planner.models.visits import DayRoute, Stop, Visit
from planner.services.days import visits
from planner.services.ledger import chain, trips
from planner.services.ledger.trips import HOME_LEG, Closing
from tests.conftest import NOW, TODAY
from tests.services.ledger_world import LedgerWorld, manager, rep

pytestmark = pytest.mark.both_databases


@pytest.fixture
def world(session: Session) -> LedgerWorld:
    return LedgerWorld(session)


def test_trips_lead_from_home_through_the_visits_in_the_order_done_and_home(world: LedgerWorld) -> None:
    later, earlier = world.visit(hour=14), world.visit(hour=9)
    world.close()
    made = world.trips()
    assert [trip.visit_id for trip in made] == [earlier.id, later.id, None]
    assert [trip.from_account_id for trip in made] == [None, earlier.account_id, later.account_id]
    assert [trip.to_account_id for trip in made] == [earlier.account_id, later.account_id, None]
    assert [trip.purpose for trip in made] == ["cadence.order", "cadence.order", "home"]
    assert all(trip.metres == trip.road_metres > 0 for trip in made)


def test_the_preview_is_what_closing_makes(world: LedgerWorld) -> None:
    world.visit(hour=9), world.visit(hour=11)
    draft = trips.preview(world.session, rep(world.ana), world.networks, world.ana.id, TODAY)
    world.close()
    assert [trip.metres for trip in draft.trips] == [trip.road_metres for trip in world.trips()]
    assert draft.metres == sum(trip.metres for trip in world.trips())


def test_each_trip_is_worth_its_own_rounded_amount(world: LedgerWorld) -> None:
    world.visit(hour=9)
    world.close()
    for trip in world.trips():
        # metres × 180 CLP ÷ 1000, half up
        assert trip.amount_minor == (trip.metres * 180 + 500) // 1000


def test_a_missed_visit_was_driven_to_and_a_skipped_one_was_not(world: LedgerWorld) -> None:
    missed = world.visit(hour=9, state=VisitState.MISSED)
    world.visit(hour=None, state=VisitState.SKIPPED)
    world.close()
    assert [trip.visit_id for trip in world.trips()] == [missed.id, None]
    assert world.trips()[0].purpose == "cadence.missed"


def routed(world: LedgerWorld, *visits: Visit) -> None:
    """A route through the visits: 555 m to the first, 666 m to the second, 777 m home."""
    route = DayRoute(rep_id=world.ana.id, on=TODAY, leaves_seconds=0, home_seconds=0, solved_at=NOW)
    route.network_name, route.network_version = "la-serena-coquimbo", "0" * 64
    route.home_leg_seconds, route.home_leg_metres = 60, 777
    route.stops = [
        Stop(visit_id=visit.id, position=at, arrives_seconds=0, begins_seconds=0, leaves_seconds=0)
        for at, visit in enumerate(visits)
    ]
    for stop, metres in zip(route.stops, (555, 666), strict=True):
        stop.leg_seconds, stop.leg_metres = 60, metres
    world.session.add(route)
    world.session.flush()


def test_a_leg_that_was_planned_keeps_its_planned_metres(world: LedgerWorld) -> None:
    first, second = world.visit(hour=9), world.visit(hour=10)
    routed(world, first, second)
    world.close()
    assert [trip.planned_metres for trip in world.trips()] == [555, 666, 777]


def test_of_a_day_with_a_visit_between_only_the_legs_that_were_planned_keep_theirs(
    world: LedgerWorld,
) -> None:
    first, _between, second = world.visit(hour=9), world.visit(hour=10), world.visit(hour=11)
    routed(world, first, second)
    world.close()
    assert [trip.planned_metres for trip in world.trips()] == [555, None, None, 777]


def test_a_day_driven_the_other_way_round_has_no_leg_that_was_planned(world: LedgerWorld) -> None:
    first, second = world.visit(hour=9), world.visit(hour=10)
    routed(world, second, first)
    world.close()
    # Planned home → second → first → home, driven home → first → second → home.
    assert [trip.planned_metres for trip in world.trips()] == [None, None, None]


def test_a_day_is_closed_once(world: LedgerWorld) -> None:
    world.visit(hour=9)
    world.close()
    with pytest.raises(Conflict) as refused:
        world.close()
    assert refused.value.code == "day_closed_already"
    assert len(world.trips()) == 2


def test_a_visit_read_before_is_left_alone_once_its_day_is_closed(world: LedgerWorld) -> None:
    visit, when = world.visit(hour=9), at_once(NOW, TODAY)
    assert visit.closed_day is None
    world.close()
    with pytest.raises(Locked, match="day_closed"):
        visits.undo(world.session, rep(world.ana), when, visit.id)


def test_a_visit_nobody_decided_about_keeps_the_day_open(world: LedgerWorld) -> None:
    world.visit(hour=None, state=VisitState.PLANNED)
    with pytest.raises(Conflict) as refused:
        world.close()
    assert refused.value.code == "visits_undecided"


def test_a_day_to_come_cannot_be_closed(world: LedgerWorld) -> None:
    with pytest.raises(Conflict):
        world.close(on=TODAY + timedelta(days=1))


def test_a_changed_distance_needs_a_reason_and_keeps_what_the_road_says(world: LedgerWorld) -> None:
    visit = world.visit(hour=9)
    with pytest.raises(Invalid) as refused:
        world.close(as_planned=False, changes={visit.id: 9_000})
    assert refused.value.field == "reason"
    world.close(as_planned=False, changes={visit.id: 9_000}, reason="Bridge closed")
    there, home = world.trips()
    assert (there.metres, there.change_reason) == (9_000, "Bridge closed")
    assert there.road_metres < 9_000
    assert (home.metres, home.change_reason) == (home.road_metres, "")
    assert there.amount_minor == 1620  # 9 km × 180


def test_the_way_home_can_be_changed_too(world: LedgerWorld) -> None:
    world.visit(hour=9)
    world.close(as_planned=False, changes={HOME_LEG: 12_345}, reason="Took the coast road")
    assert world.trips()[-1].metres == 12_345


def test_a_day_closed_after_a_week_is_marked_late(world: LedgerWorld) -> None:
    on = TODAY - timedelta(days=8)
    world.visit(hour=9, on=on)
    world.close(on=on)
    assert {trip.is_late for trip in world.session.scalars(select(Trip))} == {True}


def test_without_a_rate_a_trip_is_worth_nothing_and_that_is_no_error(world: LedgerWorld) -> None:
    world.session.execute(delete(MileageRate))
    world.visit(hour=9)
    world.close()
    assert {(trip.rate_id, trip.amount_minor) for trip in world.trips()} == {(None, 0)}


def test_a_visit_off_the_roads_is_named_and_the_rest_is_measured(world: LedgerWorld) -> None:
    at_sea = world.visit(hour=9, account=world.company.account(world.ana, lat=-29.9, lon=-71.6))
    no_pin = world.company.account(world.ana)
    no_pin.lat = no_pin.lon = None
    unpinned, near = world.visit(hour=10, account=no_pin), world.visit(hour=11)
    draft = trips.preview(world.session, rep(world.ana), world.networks, world.ana.id, TODAY)
    assert [(out.visit_id, out.reason) for out in draft.left_out] == [
        (at_sea.id, "off_road"),
        (unpinned.id, "no_place"),
    ]
    assert [trip.visit_id for trip in draft.trips] == [near.id, None]


def test_a_day_without_visits_closes_without_trips(world: LedgerWorld) -> None:
    world.close(odometer_metres=48_000_000)
    assert world.trips() == []


def test_an_odometer_never_runs_backwards(world: LedgerWorld) -> None:
    world.close(on=date(2026, 3, 3), odometer_metres=48_000_000)
    with pytest.raises(Invalid) as refused:
        world.close(odometer_metres=47_999_000)
    assert refused.value.code == "odometer_backwards"


def test_a_manager_sees_the_day_but_does_not_close_it(world: LedgerWorld) -> None:
    marta, sergio = manager(world.company.marta), manager(world.company.sergio)
    assert trips.preview(world.session, marta, world.networks, world.ana.id, TODAY).trips == ()
    closing = Closing(as_planned=True)
    with pytest.raises(NotAllowed):
        trips.close_day(world.session, marta, NOW, TODAY, world.networks, world.ana.id, TODAY, closing)
    with pytest.raises(NotFound):
        trips.preview(world.session, sergio, world.networks, world.ana.id, TODAY)


def test_measuring_again_on_the_stored_roads_gives_the_same_metre(world: LedgerWorld) -> None:
    for hour in (9, 11, 13):
        world.visit(hour=hour)
    world.close()
    moved = world.company.account(world.ana)
    moved.lat, moved.lon = -29.95, -71.30
    for trip in world.trips():
        assert trips.recompute(world.networks, trip) == trip.road_metres


def test_closing_extends_a_chain_that_holds(world: LedgerWorld) -> None:
    world.visit(hour=9)
    world.close()
    assert chain.verify(world.session) == []
    assert chain.head(world.session, world.ana.id) != "0" * 64
