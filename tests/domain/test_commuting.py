"""What the first and the last leg of a day count, by the firm's rule."""

from __future__ import annotations

import pytest

from planner.domain.commuting import Commute, CommutePolicy, Leg, is_same_way, names_home, uncounted_metres


@pytest.mark.parametrize(
    ("policy", "metres", "uncounted"),
    [
        (CommutePolicy(), 12_000, 0),
        (CommutePolicy(Commute.NOT_COUNTED), 12_000, 12_000),
        (CommutePolicy(Commute.BEYOND, 10_000), 12_000, 10_000),
        (CommutePolicy(Commute.BEYOND, 10_000), 8_000, 8_000),
        (CommutePolicy(Commute.BEYOND, 0), 8_000, 0),
    ],
)
def test_a_leg_from_home_counts_as_the_firm_has_it(
    policy: CommutePolicy, metres: int, uncounted: int
) -> None:
    assert uncounted_metres(metres, policy) == uncounted


@pytest.mark.parametrize(
    ("text", "is_home"),
    [
        ("Home", True),
        (" casa ", True),
        ("Zu  Hause!", True),
        ("12 Mill Lane, York", True),
        ("12 mill lane york", True),
        ("12 Mill Lane", False),  # there is one in Leeds too
        ("Home depot", False),
        ("", False),
        ("-", False),
    ],
)
def test_words_that_name_home_are_home(text: str, is_home: bool) -> None:
    assert names_home(text, "12 Mill Lane, York") is is_home


def test_without_an_address_no_words_are_the_address() -> None:
    assert not names_home("", "")
    assert not names_home("Leeds", "")


HOME_LEG = Leg(None, 7, 20_000)


@pytest.mark.parametrize(
    ("drive", "is_same"),
    [
        (Leg(None, 7, 20_000), True),
        (Leg(7, None, 23_200), True),  # back, and 3.2 km more: within the limits
        (Leg(7, None, 23_201), False),
        (Leg(None, 8, 20_000), False),
        (Leg(7, 8, 20_000), False),
        (Leg(7, 7, 20_000), False),
        (Leg(None, None, 20_000), False),
    ],
)
def test_a_drive_is_perhaps_the_way_to_work_that_has_the_same_account_and_is_as_long(
    drive: Leg, is_same: bool
) -> None:
    assert is_same_way(drive, HOME_LEG) is is_same


def test_a_drive_between_two_accounts_is_no_way_to_work() -> None:
    assert not is_same_way(HOME_LEG, Leg(7, 8, 20_000))
