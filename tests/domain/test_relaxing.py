"""What a longer cadence frees: the share of the hours planned, the least loss for an hour first."""

from __future__ import annotations

from planner.domain.cadence import Wishes
from planner.domain.relaxing import Group, needed, next_cadence, relaxations, slowed, slower_cadences

HOUR = 3600


def group(letter: str, days: int, visits: int, seconds: int, price: int) -> Group:
    return Group(letter, days, accounts=10, visits=visits, seconds=seconds, days=91, price_seconds=price)


def test_a_cadence_is_relaxed_to_the_next_one_people_think_in() -> None:
    assert [next_cadence(days) for days in (7, 10, 28, 42, 56, 364)] == [14, 14, 42, 56, 70, None]


def test_a_quarter_of_the_hours_is_freed_by_eight_weeks_instead_of_six() -> None:
    (found,) = relaxations([group("C", 42, 26, 26 * HOUR, 4 * HOUR)])
    # 26 hours in 13 weeks are 8 in four; 1 − 6 ÷ 8 of them are 2, and 2 of 8 visits go.
    assert (found.to_days, found.freed_seconds, found.lost_seconds) == (56, 2 * HOUR, 8 * HOUR)
    assert found.loss_an_hour == 4 * HOUR


def test_the_least_loss_for_an_hour_comes_first() -> None:
    cheap, dear = group("C", 42, 26, 26 * HOUR, HOUR), group("A", 14, 26, 26 * HOUR, 8 * HOUR)
    assert [one.group.account_class for one in relaxations([dear, cheap])] == ["C", "A"]
    assert relaxations([group("B", 364, 9, HOUR, HOUR), group("B", 28, 0, 0, HOUR)]) == ()


def test_as_many_are_relaxed_as_it_takes() -> None:
    two = relaxations([group("C", 42, 26, 26 * HOUR, HOUR), group("B", 42, 26, 26 * HOUR, 2 * HOUR)])
    assert [needed(two, short, 28) for short in (HOUR, 2 * HOUR, 3 * HOUR, 5 * HOUR)] == [1, 1, 2, None]
    assert needed(two, HOUR, 7) == 2


def test_slower_cadences_are_steps_of_the_ladder_up_to_half_as_long_again() -> None:
    assert slower_cadences(28) == (42,)
    assert slower_cadences(56) == (70, 84)
    assert slower_cadences(7) == ()
    assert slower_cadences(30) == (42,)


def test_an_accounts_own_gaps_grow_with_its_cadence_and_inherited_ones_stay_unsaid() -> None:
    assert slowed(Wishes(28, 20, 30), 28, 42) == Wishes(42, 30, 45)
    assert slowed(Wishes(None, None, None), 28, 42) == Wishes(42, None, None)
    assert slowed(Wishes(3, 1, 4), 3, 4) == Wishes(4, 1, 6)
