"""How a day is going. The day of these tests leaves at 9:00:

drive 10 min, A 9:10–9:40, drive 20 min, B 10:00–10:30, drive 30 min, C 11:00–11:30, home 12:00.
"""

from __future__ import annotations

from dataclasses import replace

from hypothesis import given
from hypothesis import strategies as st

from planner.domain.day import (
    DayStop,
    Expected,
    PlannedDay,
    Progress,
    first_opening,
    forecast,
    narrowed,
    progress,
)
from planner.domain.visits import VisitState

MINUTE = 60
HOUR = 3600


def at(hour: int, minute: int = 0) -> int:
    return hour * HOUR + minute * MINUTE


def stop(begins: int, leg_minutes: int, **values: object) -> DayStop:
    planned = DayStop(
        VisitState.PLANNED, begins, begins, begins + 30 * MINUTE, leg_minutes * MINUTE, 30 * MINUTE
    )
    return replace(planned, **values)  # type: ignore[arg-type]


A, B, C = stop(at(9, 10), 10), stop(at(10), 20), stop(at(11), 30)
DAY = PlannedDay((A, B, C), leaves=at(9), home=at(12), home_leg_seconds=30 * MINUTE)


def with_stops(*stops: DayStop) -> PlannedDay:
    return replace(DAY, stops=stops)


def held(planned: DayStop, arrived: int | None, left: int | None) -> DayStop:
    return replace(planned, state=VisitState.DONE, arrived=arrived, left=left)


def test_before_the_day_begins_everything_is_expected_as_planned() -> None:
    found = forecast(DAY, at(7))
    assert [s.begins for s in found.stops if s] == [at(9, 10), at(10), at(11)]
    assert (found.home, found.late_seconds, found.is_late) == (at(12), 0, False)


def test_another_day_is_taken_as_planned() -> None:
    assert forecast(DAY, None).home == at(12)


def test_who_is_driving_to_the_first_stop_is_not_late() -> None:
    assert forecast(DAY, at(9, 5)).late_seconds == 0


def test_who_has_not_reached_the_first_stop_in_time_is_late_by_the_clock() -> None:
    assert forecast(DAY, at(9, 20)).late_seconds == 10 * MINUTE


def test_a_visit_that_took_longer_delays_the_next() -> None:
    found = forecast(with_stops(held(A, at(9, 10), at(9, 52)), B, C), at(9, 53))
    assert found.stops[1] == Expected(at(10, 12), at(10, 12), at(10, 42))
    assert (found.home, found.late_seconds) == (at(12, 12), 12 * MINUTE)


def test_a_short_visit_brings_the_rep_home_early() -> None:
    assert forecast(with_stops(held(A, at(9, 10), at(9, 30)), B, C), at(9, 31)).late_seconds == -10 * MINUTE


def test_who_is_still_driving_when_they_should_be_there_is_late_by_the_clock() -> None:
    found = forecast(with_stops(held(A, at(9, 10), at(9, 40)), B, C), at(10, 25))
    assert found.late_seconds == 25 * MINUTE
    assert found.is_late


def test_a_visit_under_way_beyond_its_length_pushes_the_next() -> None:
    arrived = replace(A, state=VisitState.ARRIVED, arrived=at(9, 10))
    found = forecast(with_stops(arrived, B, C), at(9, 50))
    assert found.stops[1] == Expected(at(10, 10), at(10, 10), at(10, 40))


def test_who_has_left_drives_on_though_the_report_is_still_to_be_written() -> None:
    gone = replace(A, state=VisitState.LEFT, arrived=at(9, 10), left=at(9, 25))
    found = forecast(with_stops(gone, B, C), at(9, 30))
    assert (found.stops[0], found.late_seconds) == (None, -15 * MINUTE)
    assert forecast(with_stops(replace(gone, left=at(9, 55)), B, C), at(10)).late_seconds == 15 * MINUTE
    assert progress([VisitState.LEFT, VisitState.DONE, VisitState.PLANNED]) == Progress(1, 0, 3)


def test_a_skipped_visit_is_not_waited_for() -> None:
    found = forecast(
        with_stops(held(A, at(9, 10), at(9, 40)), replace(B, state=VisitState.SKIPPED), C), at(9, 41)
    )
    assert found.stops[1] is None
    assert found.stops[2] == Expected(at(10, 10), at(10, 10), at(10, 40))


def test_an_early_arrival_waits_for_the_doors_to_open() -> None:
    opens_at_ten = replace(B, windows=((at(10), at(18)),))
    found = forecast(with_stops(held(A, at(9, 10), at(9, 20)), opens_at_ten, C), at(9, 21))
    assert found.stops[1] == Expected(at(9, 40), at(10), at(10, 30))


def test_doors_that_close_before_the_arrival_are_a_warning() -> None:
    closes_early = replace(B, windows=((at(8), at(10, 5)),))
    found = forecast(with_stops(held(A, at(9, 10), at(9, 50)), closes_early, C), at(9, 51))
    assert found.stops[1] is not None
    assert found.stops[1].is_too_late
    assert found.is_late


def test_lunch_is_kept_before_the_drive_it_was_planned_before() -> None:
    # Lunch 10:30 to 11:00 at B, then 30 min to C: planned 11:30, home 12:30. A took 10 minutes longer.
    later = stop(at(11, 30), 30)
    day = PlannedDay(
        (held(A, at(9, 10), at(9, 50)), B, later), at(9), at(12, 30), 30 * MINUTE, at(10, 30), 30 * MINUTE
    )
    found = forecast(day, at(9, 51))
    assert found.stops[2] == Expected(at(11, 40), at(11, 40), at(12, 10), lunch_begins=at(10, 40))
    assert found.home == at(12, 40)


def test_lunch_at_the_stop_delays_the_visit_not_the_arrival() -> None:
    waits = stop(at(11), 20, arrives=at(10), leaves=at(11, 30))
    day = PlannedDay((A, waits), at(9), at(12), 30 * MINUTE, at(10), HOUR)
    assert forecast(day, None).stops[1] == Expected(at(10), at(11), at(11, 30), lunch_begins=at(10))


def test_lunch_after_the_last_visit_delays_the_way_home() -> None:
    found = forecast(replace(DAY, home=at(13), lunch_begins=at(11, 30), lunch_seconds=HOUR), None)
    assert (found.lunch_begins, found.home) == (at(11, 30), at(13))


def test_lunch_that_is_over_is_not_taken_twice() -> None:
    day = replace(
        with_stops(held(A, at(9, 10), at(9, 40)), held(B, at(10), at(10, 30)), C), lunch_begins=at(9, 45)
    )
    assert forecast(replace(day, lunch_seconds=HOUR), at(10, 31)).home == at(12)


def test_with_nothing_left_to_do_late_is_the_way_home() -> None:
    done = with_stops(*(held(s, s.begins, s.leaves + 5 * MINUTE) for s in (A, B, C)))
    found = forecast(done, at(11, 36))
    assert (found.home, found.late_seconds) == (at(12, 5), 5 * MINUTE)


def test_a_day_without_stops_is_home_when_planned() -> None:
    assert forecast(PlannedDay((), at(9), at(9), 0), None).late_seconds == 0


@given(st.lists(st.sampled_from(VisitState)))
def test_every_visit_that_counts_is_done_not_held_or_to_come(states: list[VisitState]) -> None:
    found = progress(states)
    assert (
        0 <= found.done + found.not_held <= found.total == sum(s is not VisitState.CANCELLED for s in states)
    )


def test_progress_leaves_cancelled_visits_out() -> None:
    states = [VisitState.DONE, VisitState.MISSED, VisitState.PLANNED, VisitState.CANCELLED]
    assert progress(states) == Progress(done=1, not_held=1, total=3)


@given(st.integers(at(6), at(15)), st.integers(at(6), at(15)))
def test_while_the_day_is_under_way_nobody_is_expected_earlier_as_the_clock_runs(
    one: int, other: int
) -> None:
    day = with_stops(held(A, at(9, 10), at(9, 40)), B, C)
    earlier, later = sorted((one, other))
    assert forecast(day, earlier).home <= forecast(day, later).home


def test_between_two_windows_the_second_is_waited_for() -> None:
    windows = ((at(9), at(13)), (at(15), at(18)))
    assert first_opening(windows, at(14)) == at(15)
    assert first_opening(windows, at(13)) == at(13)
    assert first_opening(windows, at(18, 1)) is None


def test_hours_after_the_planned_return_nobody_is_late_but_the_day_is_not_written_up() -> None:
    # Planned home at noon: three hours later the day still counts as under way, a minute more and it is over.
    assert forecast(DAY, at(15)).is_late
    over = forecast(DAY, at(15) + 1)
    assert over.is_day_over
    assert not over.is_late
    assert over.home == forecast(DAY, None).home


def test_who_put_the_rest_in_order_has_not_been_driving_since_the_last_visit() -> None:
    stops = (held(A, at(9, 10), at(9, 20)), B, C)
    assert forecast(with_stops(*stops), at(9, 45)).stops[1] == Expected(at(9, 45), at(9, 45), at(10, 15))
    later = replace(with_stops(*stops), put_in_order=at(9, 40))
    assert forecast(later, at(9, 45)).stops[1] == Expected(at(10), at(10), at(10, 30))


def test_a_window_missed_says_by_how_long() -> None:
    shut = replace(B, windows=((at(8), at(9, 30)), (at(9, 40), at(9, 50))))
    found = forecast(with_stops(A, shut, C), at(9, 5)).stops[1]
    assert found is not None
    assert (found.missed_by, found.is_too_late) == (10 * MINUTE, True)


def test_windows_are_narrowed_to_what_is_wanted_on_the_day() -> None:
    hours = ((at(9), at(13)), (at(15), at(18)))
    assert narrowed(hours, None, None) == hours
    assert narrowed(hours, at(12), None) == ((at(12), at(13)), (at(15), at(18)))
    assert narrowed(hours, at(16), at(16)) == ((at(16), at(16)),)
    assert narrowed((), at(16), None) == ((at(16), at(24)),)
    assert narrowed(hours, at(19), None) is None
