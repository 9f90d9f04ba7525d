"""Days in the order their rep wants: some visits at the place they were given, however late."""

from __future__ import annotations

from itertools import permutations

import numpy as np
from hypothesis import given, settings
from hypothesis import strategies as st

from planner.domain.day_goals import DayGoal
from planner.services.days.as_wanted import as_wanted, tolerant
from planner.services.days.best_places import best_place
from planner.services.days.kept_places import best_with_places, cost, with_places
from routing.day import place_moves, route_of
from routing.day.label_tables import tabled
from routing.types import DayProblem, Lunch, Shift, Stop, TimeWindow, TravelMatrix

HOUR = 3600


def test_places_go_to_the_nearest_free_one() -> None:
    assert with_places([1, 2, 3, 4], {4: 0}) == [4, 1, 2, 3]
    assert with_places([1, 2, 3, 4], {1: 9, 2: 9}) == [3, 4, 2, 1]
    assert with_places([1, 2, 3], {7: 0}) == [1, 2, 3]


@st.composite
def problems(draw: st.DrawFn) -> DayProblem:
    """Up to five stops on a line, some with a window, with lunch or without."""
    spots = [0, *draw(st.lists(st.integers(-40, 40), min_size=1, max_size=5))]
    minutes = np.abs(np.subtract.outer(spots, spots)).astype(np.int64) * 60
    stops = []
    for index in range(1, len(spots)):
        opens = draw(st.integers(0, 8)) * HOUR
        windows = (TimeWindow(opens, opens + draw(st.integers(0, 4)) * HOUR),) if draw(st.booleans()) else ()
        stops.append(Stop(index, index, draw(st.integers(1, 90)) * 60, windows))
    lunch = Lunch(4 * HOUR, 5 * HOUR, HOUR // 2) if draw(st.booleans()) else None
    return DayProblem(Shift(0, 9 * HOUR, lunch=lunch), tuple(stops), TravelMatrix(minutes, minutes, "line"))


@settings(max_examples=60, deadline=None)
@given(problems())
def test_an_order_that_fits_is_as_it_is_and_one_that_does_not_is_lived_all_the_same(case: DayProblem) -> None:
    for order_ in permutations(range(len(case.stops))):
        found, fits = as_wanted(case, order_), route_of(case, order_)
        assert [stop.key for stop in found.route.stops] == [case.stops[index].key for index in order_]
        if fits is not None:
            assert (found.late, found.overtime_seconds) == ({}, 0)
        assert route_of(tolerant(case, found), order_) is not None


@settings(max_examples=30, deadline=None)
@given(problems(), st.integers(0, 4))
def test_who_keeps_a_place_has_it_and_the_others_are_no_worse_off_than_as_they_stood(
    case: DayProblem, place: int
) -> None:
    count = len(case.stops)
    place = min(place, count - 1)
    stood = with_places(list(range(count)), {0: place})
    found = best_with_places(case, list(range(count)), {0: place})
    assert found.route.stops[place].key == case.stops[0].key
    assert cost(found) <= cost(as_wanted(case, stood))
    best = min(cost(as_wanted(case, one)) for one in permutations(range(count)) if one[place] == 0)
    assert cost(found) >= best
    if case.shift.lunch is None:
        assert cost(found) == best


def test_a_day_of_sixty_visits_is_looked_at_for_as_many_stops_as_it_may_be_and_no_more() -> None:
    count, steps = 60, 50_000
    spots = [0, *(37 * number % 101 for number in range(count))]
    drives = np.abs(np.subtract.outer(spots, spots)).astype(np.int64) * 60
    stops = tuple(Stop(n, n, 300, (TimeWindow(0, 60 * n),)) for n in range(1, count + 1))
    shift = Shift(0, 9 * HOUR, lunch=Lunch(4 * HOUR, 5 * HOUR, HOUR // 2))
    day = tabled(DayProblem(shift, stops, TravelMatrix(drives, drives, "line")), [0] * count)
    order = np.arange(count, dtype=np.int64)
    figures = np.array([0, steps, 1], dtype=np.int64)
    placed = place_moves.Placed(order[1:].copy(), order.copy(), order.copy(), order.copy(), figures)
    before = place_moves.lived(day, order)
    place_moves.better_placed(day, placed)
    assert -count < figures[place_moves.STEPS] <= 0
    assert (placed.best[0], sorted(placed.best)) == (0, list(range(count)))
    assert place_moves.lived(day, placed.best) == figures[place_moves.COST] < before


def test_a_lunch_that_is_late_anyway_is_no_reason_to_refuse_one_more_visit() -> None:
    """Lunch may begin from 3 to 4. The visit begins at 2, at the end of ten minutes' drive, and lasts two
    and a half hours: lunch is at 4:30. The other visit is ten minutes on, and home as far again."""
    drives = np.full((3, 3), 600, dtype=np.int64)
    np.fill_diagonal(drives, 0)
    stops = (Stop(1, 1, 9000, (TimeWindow(2 * HOUR, 2 * HOUR),)), Stop(2, 2, 600))
    shift = Shift(2 * HOUR - 600, 9 * HOUR, lunch=Lunch(3 * HOUR, 4 * HOUR, HOUR // 2))
    case = DayProblem(shift, stops, TravelMatrix(drives, drives, "fork"))
    present = as_wanted(case, [0])
    assert (present.late, present.lunch_late_seconds, present.overtime_seconds) == ({}, HOUR // 2, 0)
    found = best_place(case, [0], 1, DayGoal.LEAST_DRIVING)
    assert found is not None
    assert (found.at, found.detour_seconds) == (1, 600)
