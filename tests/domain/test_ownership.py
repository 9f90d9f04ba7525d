"""One owner at any date, whatever is assigned in which order."""

from __future__ import annotations

from datetime import date, timedelta

from hypothesis import given
from hypothesis import strategies as st

from planner.domain.ownership import Held, assigned, overlapping, owner_on

FIRST = date(2026, 1, 1)

changes = st.builds(
    Held,
    territory_id=st.integers(1, 2),
    rep_id=st.none() | st.integers(1, 3),
    from_on=st.integers(0, 60).map(lambda days: FIRST + timedelta(days=days)),
)


@given(st.lists(changes, min_size=1, max_size=12))
def test_any_run_of_changes_leaves_one_owner_at_every_date_from_the_first(run: list[Held]) -> None:
    ranges: tuple[Held, ...] = ()
    for change in run:
        ranges = assigned(ranges, change)

    assert overlapping(ranges) == []
    assert [held.until_on for held in ranges][-1] is None
    for days in range(70):
        on = FIRST + timedelta(days=days)
        owners = [held for held in ranges if held.counts_on(on)]
        assert len(owners) == (1 if on >= min(change.from_on for change in run) else 0)


@given(st.lists(changes, min_size=1, max_size=12))
def test_the_last_change_holds_from_its_date_and_leaves_the_days_before_alone(run: list[Held]) -> None:
    *before, last = run
    ranges: tuple[Held, ...] = ()
    for change in before:
        ranges = assigned(ranges, change)
    after = assigned(ranges, last)

    for days in range(70):
        on = FIRST + timedelta(days=days)
        now, then = owner_on(after, on), owner_on(ranges, on)
        if on >= last.from_on:
            assert now is not None
            assert now.is_same_owner(last)
        else:
            assert (now and (now.territory_id, now.rep_id)) == (then and (then.territory_id, then.rep_id))


def test_assigning_the_present_owner_again_changes_nothing() -> None:
    ranges = assigned((), Held(1, 7, FIRST))

    assert assigned(ranges, Held(1, 7, FIRST + timedelta(days=9))) == ranges


def test_a_change_on_the_day_a_range_begins_replaces_it() -> None:
    ranges = assigned((), Held(1, 7, FIRST))

    assert assigned(ranges, Held(1, 8, FIRST)) == (Held(1, 8, FIRST),)
