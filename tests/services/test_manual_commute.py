"""Trips by hand from home and back home: the way to work counts there as it does on a day."""

from __future__ import annotations

from datetime import timedelta

import pytest
from sqlalchemy import select
from sqlalchemy.orm import Session

from planner.domain.commuting import Commute
from planner.domain.errors import Invalid
from planner.domain.review import Flag
from planner.models.accounts import Account
from planner.models.ledger import Trip
from planner.models.nights import PlannedNight
from planner.services.installation import settings
from planner.services.ledger import chain, claim_check, corrections, manual_trips
from planner.services.ledger.manual_ends import HOME, ManualEnd
from planner.services.ledger.manual_trips import ManualTrip
from planner.services.ledger.trip_changes import TripChange
from tests.conftest import NOW, TODAY
from tests.services.ledger_world import LedgerWorld, rep, troubles, uid

AT_HOME, PORT = ManualEnd(HOME), ManualEnd(label="Port of Coquimbo")


@pytest.fixture
def world(session: Session) -> LedgerWorld:
    made = LedgerWorld(session)
    choose(made, Commute.NOT_COUNTED)
    return made


def choose(world: LedgerWorld, commute: Commute, beyond: int = 0) -> None:
    values = {"commute": commute.value, "commute_beyond_metres": beyond}
    settings.change(world.session, rep(world.ana), NOW, values)


def shop(world: LedgerWorld) -> Account:
    return world.company.account(world.ana)


def at(account: Account) -> ManualEnd:
    return ManualEnd(str(account.id))


def entered(
    world: LedgerWorld, start: ManualEnd, goal: ManualEnd, metres: int = 12_000, is_private: bool = False
) -> Trip:
    new = ManualTrip(uid(), TODAY, start, goal, "Samples", metres, is_private)
    return manual_trips.add(world.session, rep(world.ana), NOW, TODAY, world.networks, new)


def told(row: Trip) -> tuple[int, int, int]:
    return row.metres, row.commute_metres, row.amount_minor


@pytest.mark.parametrize(
    ("commute", "beyond", "expected"),
    [
        (Commute.COUNTED, 0, (12_000, 0, 2_160)),  # 12 km × 180 CLP
        (Commute.NOT_COUNTED, 0, (0, 12_000, 0)),
        (Commute.BEYOND, 10_000, (2_000, 10_000, 360)),
        (Commute.BEYOND, 15_000, (0, 12_000, 0)),
    ],
)
def test_from_and_to_home_a_trip_by_hand_counts_as_a_leg_of_a_day_does(
    world: LedgerWorld, commute: Commute, beyond: int, expected: tuple[int, int, int]
) -> None:
    choose(world, commute, beyond)
    there, elsewhere = entered(world, AT_HOME, at(shop(world))), entered(world, PORT, AT_HOME)
    assert (told(there), told(elsewhere)) == (expected, expected)
    assert troubles(world.session) == []


def test_between_accounts_and_private_every_metre_stays(world: LedgerWorld) -> None:
    assert told(entered(world, at(shop(world)), PORT)) == (12_000, 0, 2_160)
    assert told(entered(world, AT_HOME, PORT, is_private=True)) == (12_000, 0, 0)


def test_home_in_words_is_home(world: LedgerWorld) -> None:
    assert world.ana.rep is not None
    world.ana.rep.home_address = "Calle Larga 4, Ovalle"
    for words in ("Home", "calle larga 4, ovalle"):
        row = entered(world, ManualEnd(label=words), PORT)
        assert told(row) == (0, 12_000, 0)
        assert (row.from_label, row.from_lat) == ("", world.ana.rep.home_lat)
    world.ana.rep.home_lat = world.ana.rep.home_lon = None
    row = entered(world, PORT, ManualEnd(label="Casa"))
    assert (told(row), row.to_label) == ((0, 12_000, 0), "Casa")


def test_of_a_round_from_home_nobody_knows_what_the_way_to_work_is(world: LedgerWorld) -> None:
    with pytest.raises(Invalid) as refused:
        entered(world, AT_HOME, AT_HOME)
    assert (refused.value.field, refused.value.code) == ("goal", "home_and_back")
    entered(world, AT_HOME, AT_HOME, is_private=True)
    choose(world, Commute.COUNTED)
    assert entered(world, AT_HOME, AT_HOME).metres == 12_000


def test_from_where_a_night_was_spent_the_way_home_is_no_way_to_work(world: LedgerWorld) -> None:
    near, other = shop(world), shop(world)
    night = PlannedNight(
        rep_id=world.ana.id,
        on=TODAY - timedelta(days=1),
        account_id=near.id,
        name=near.name,
        lat=-30.6,
        lon=-71.2,
    )
    world.session.add(night)
    world.session.flush()
    assert told(entered(world, at(near), AT_HOME)) == (12_000, 0, 2_160)
    assert told(entered(world, AT_HOME, at(near))) == (0, 12_000, 0)  # out again, after the night
    assert told(entered(world, at(other), AT_HOME)) == (0, 12_000, 0)


def test_a_correction_takes_off_what_the_trip_was_entered_with(world: LedgerWorld) -> None:
    choose(world, Commute.BEYOND, 10_000)
    row = entered(world, AT_HOME, PORT)
    change = TripChange(uid(), 15_000, "Samples", "Typed wrong")
    again = corrections.correct_trip(world.session, rep(world.ana), NOW, TODAY, row.id, change)
    assert told(again) == (5_000, 10_000, 900)
    assert chain.verify(world.session) == []


def flagged(world: LedgerWorld) -> list[int | None]:
    (checked,) = claim_check.check(world.session, [world.claim()])
    trips = [trip for day in checked.days for trip in day.trips]
    assert all((trip.same_way_metres is not None) == (Flag.COMMUTE in trip.flags) for trip in trips)
    return [trip.same_way_metres for trip in trips if trip.row.origin == "manual"]


def test_words_as_far_from_the_days_first_account_as_home_is_are_asked_about(world: LedgerWorld) -> None:
    first = shop(world)
    world.visit(9, account=first)
    world.close()
    leg = world.trips()[0].commute_metres
    assert leg > 0
    lane = ManualEnd(label="Mill Lane")
    entered(world, lane, at(first), leg)
    entered(world, at(first), lane, leg)
    assert flagged(world) == [leg, leg]


def test_words_elsewhere_and_where_every_metre_counts_are_not_asked_about(world: LedgerWorld) -> None:
    first, other = shop(world), shop(world)
    world.visit(9, account=first)
    world.close()
    leg = world.trips()[0].commute_metres
    for start, goal, metres in (
        (PORT, at(other), leg),
        (PORT, at(first), leg + 30_000),
        (PORT, PORT, leg),
        (AT_HOME, at(first), leg),
    ):
        entered(world, start, goal, metres)
    assert flagged(world) == [None] * 4


def test_where_the_way_to_work_counts_nothing_is_asked(world: LedgerWorld) -> None:
    choose(world, Commute.COUNTED)
    first = shop(world)
    world.visit(9, account=first)
    world.close()
    leg = world.session.scalars(select(Trip.metres).where(Trip.to_account_id == first.id)).one()
    entered(world, PORT, at(first), leg)
    assert flagged(world) == [None]
