"""An update of roads: whose spot on the roads is another one now, by the territory's network only."""

from __future__ import annotations

from dataclasses import replace

import numpy as np
import pytest
from sqlalchemy.orm import Session

from planner.services.accounts import moved_pins
from planner.services.accounts.moved_pins import Change
from routing.network import RoadNetwork
from routing.network.assemble import assemble
from tests.conftest import TODAY
from tests.routing.roads_by_hand import CROSSINGS, ORIGIN, TOWN_ROADS, road, town
from tests.world import World

HIGH_STREET, RING = (10.0005, 51.0003), (10.0004, 50.9992)


@pytest.fixture
def world(session: Session) -> World:
    world = World(session)
    world.norte.network_name = "town"
    for name, (lon, lat) in (("Shop", HIGH_STREET), ("Yard", RING)):
        world.account(world.ana, name, lat=lat, lon=lon)
    return world


def changes(world: World, before: RoadNetwork, now: RoadNetwork) -> dict[str, Change]:
    update = moved_pins.compare(world.session, TODAY, before, now)
    assert update.accounts == 2
    return {pin.name: pin.change for pin in update.moved}


def test_on_the_same_roads_nobody_moved(world: World) -> None:
    assert changes(world, town(), town()) == {}


def test_a_new_street_beside_a_pin_takes_it_over(world: World) -> None:
    crossings = {**CROSSINGS, 6: (10.000, 51.0003), 7: (10.001, 51.0003)}
    lane = [
        replace(
            road(1, 2, 70, 9, "New Lane"),
            tail=tail,
            head=head,
            points=np.array([crossings[tail], crossings[head]]),
        )
        for tail, head in ((6, 7), (7, 6), (6, 1), (1, 6))
    ]
    now = assemble(crossings, [*TOWN_ROADS, *lane], ORIGIN)
    update = moved_pins.compare(world.session, TODAY, town(), now)
    (pin,) = update.moved
    assert (pin.name, pin.change, pin.metres) == ("Shop", Change.MOVED, 33)
    assert (pin.street_before, pin.street_now) == ("High Street", "New Lane")


def test_roads_that_end_sooner_lose_who_lived_there_and_longer_ones_find_them(world: World) -> None:
    far = world.account(world.ana, "Far", lat=51.05, lon=10.0)
    crossings = {**CROSSINGS, 6: (10.000, 51.05)}
    there = [
        replace(
            road(1, 2, 5560, 300, "Long Road"), tail=a, head=b, points=np.array([crossings[a], crossings[b]])
        )
        for a, b in ((1, 6), (6, 1))
    ]
    longer = assemble(crossings, [*TOWN_ROADS, *there], ORIGIN)
    lost = moved_pins.compare(world.session, TODAY, longer, town()).moved
    found = moved_pins.compare(world.session, TODAY, town(), longer).moved
    assert [(pin.account_id, pin.change, pin.street_before) for pin in lost] == [
        (far.id, Change.LOST, "Long Road")
    ]
    assert [(pin.account_id, pin.change, pin.street_now) for pin in found] == [
        (far.id, Change.FOUND, "Long Road")
    ]


def test_accounts_on_other_roads_are_not_asked(world: World) -> None:
    world.norte.network_name = "elsewhere"
    world.session.flush()
    assert moved_pins.compare(world.session, TODAY, town(), town()).accounts == 0
