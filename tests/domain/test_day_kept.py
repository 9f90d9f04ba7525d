"""How a day that is over differs from its plan."""

from __future__ import annotations

from hypothesis import given
from hypothesis import strategies as st

from planner.domain.day_kept import Kept, Planned, kept

ROUTE = Planned((1, 2, 3, 4))


def test_a_day_driven_by_its_route_is_as_planned() -> None:
    assert kept(ROUTE, [1, 2, 3, 4], []).is_as_planned


def test_stops_changed_about_are_another_order() -> None:
    assert kept(ROUTE, [1, 3, 2, 4], []) == Kept(True, is_other_order=True)


def test_a_stop_skipped_or_added_is_no_other_order() -> None:
    assert kept(ROUTE, [1, 9, 2, 4], [3]) == Kept(True, skipped=1, added=1)


def test_a_stop_that_is_no_longer_on_the_day_was_taken_off() -> None:
    assert kept(ROUTE, [1, 2, 4], []) == Kept(True, taken_off=1)


def test_what_the_route_left_out_and_nobody_drove_to_is_as_planned() -> None:
    route = Planned((1, 2), frozenset({3, 4}))
    assert kept(route, [1, 2], [3]).is_as_planned
    assert kept(route, [1, 2, 3], [4]) == Kept(True, added=1)


def test_without_a_route_only_what_was_skipped_is_known() -> None:
    found = kept(None, [2, 1], [3])
    assert found == Kept(False, skipped=1)
    assert not found.is_as_planned
    assert not kept(None, [], []).is_as_planned


@given(st.permutations(range(6)), st.sets(st.integers(0, 5)), st.sets(st.integers(0, 5)))
def test_every_stop_is_driven_to_skipped_or_taken_off(
    order: list[int], stops: set[int], there: set[int]
) -> None:
    driven = [key for key in order if key in there]
    skipped = {key for key in range(6) if key not in there and key % 2}
    found = kept(Planned(tuple(sorted(stops))), driven, skipped)
    assert found.added == len(there - stops)
    assert found.taken_off == len(stops - there - skipped)
    assert found.skipped == len(skipped)
