"""The demo's streets, shops and days: believable, and the same whenever they are made."""

from __future__ import annotations

from datetime import date, timedelta
from itertools import islice
from pathlib import Path

import pytest
from hypothesis import given
from hypothesis import strategies as st

from planner.demo import days
from planner.demo.places import APART_METRES, addresses
from planner.demo.staff import NETWORK, REPS
from planner.demo.trades import signs
from routing.network import RoadNetwork, load, snap
from routing.types import Place, Snap


@pytest.fixture(scope="module")
def network() -> RoadNetwork:
    return load(Path(days.__file__).with_name(f"{NETWORK}.npz"))


@pytest.mark.parametrize("rep", REPS, ids=lambda rep: rep.login)
def test_addresses_stand_beside_the_street_they_name(network, rep):
    found = list(islice(addresses(network, rep.town, "test"), 60))
    snaps = snap(network, [Place(address.lon, address.lat) for address in found])
    assert all(isinstance(spot, Snap) and spot.metres_off_road <= 12 for spot in snaps)
    beside = sum(spot.street == address.street for spot, address in zip(snaps, found, strict=True))
    assert beside >= 50, "a few corners are nearer to the other street"


def test_addresses_are_the_same_each_time_and_keep_their_distance(network):
    first = list(islice(addresses(network, REPS[0].town, "test"), 60))
    assert first == list(islice(addresses(network, REPS[0].town, "test"), 60))
    assert len({address.line for address in first}) == 60
    flat = network.plane
    spots = [(a.lon * flat.metres_per_lon, a.lat * flat.metres_per_lat) for a in first]
    nearest = min(
        ((x - u) ** 2 + (y - v) ** 2) ** 0.5 for i, (x, y) in enumerate(spots) for u, v in spots[:i]
    )
    assert nearest >= APART_METRES


def test_no_two_shops_have_the_same_name_and_there_are_enough():
    names = [name for _, name in signs("test")]
    assert len(names) == len(set(names)) > 3 * 100
    assert names == [name for _, name in signs("test")]


def test_a_weekend_becomes_the_next_monday():
    assert days.calendar(date(2026, 11, 21)).today == date(2026, 11, 23)


def test_a_chilean_holiday_becomes_the_next_working_day():
    assert days.calendar(date(2026, 9, 18)).today == date(2026, 9, 21)


@given(st.dates(date(2025, 1, 1), date(2035, 12, 31)))
def test_the_history_reaches_eight_weeks_back_and_into_the_month_before_last(present):
    calendar = days.calendar(present)
    past = list(calendar.past())
    assert present <= calendar.today <= present + timedelta(days=9)
    assert calendar.from_on <= calendar.today - timedelta(weeks=8)
    assert past[-1] < calendar.today
    for month in (calendar.last_month, calendar.month_before_last):
        assert any(on.replace(day=1) == month for on in past)
