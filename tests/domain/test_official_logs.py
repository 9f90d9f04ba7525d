"""Forms, periods and odometers of official logs, by hand."""

from __future__ import annotations

from datetime import date, timedelta

import pytest
from hypothesis import given
from hypothesis import strategies as st

from planner.domain.claims import ClaimState
from planner.domain.log_forms import LogForm, PeriodKind, form_for, needs_reason, period, postcode_in
from planner.domain.logged_trips import LoggedTrip, MonthState, Where, months, running
from planner.domain.mileage_rates import VehicleKind, tax_year
from planner.domain.odometer import Occasion, Reading
from planner.domain.odometer_log import Mark, OdometerGap, along

MAY = date(2026, 5, 4)


def trip(
    number: int, on: date = MAY, metres: int = 10_000, state: ClaimState | None = None, **more: object
) -> LoggedTrip:
    given_ = {
        "entry_id": number,
        "on": on,
        "start": Where("Leeds"),
        "goal": Where("York"),
        "purpose": "Visit",
        "vehicle": "Polo",
        "kind": VehicleKind.CAR,
        "metres": metres,
        "commute_metres": 0,
        "private_metres": 0,
        "road_metres": metres,
        "reason": "",
        "recorded_on": on,
        "is_late": False,
        "shares": (),
        "amount_minor": 0,
        "currency": "GBP",
        "state": state,
    }
    return LoggedTrip(**{**given_, **more})  # type: ignore[arg-type]


def read(on: date, metres: int, car: int = 0) -> Reading:
    return Reading(car, on, metres, Occasion.DAY)


@pytest.mark.parametrize(
    ("kind", "country", "dates"),
    [
        (PeriodKind.MONTH, "GB", (date(2026, 5, 1), date(2026, 6, 1))),
        (PeriodKind.QUARTER, "GB", (date(2026, 4, 1), date(2026, 7, 1))),
        (PeriodKind.TAX_YEAR, "GB", (date(2026, 4, 6), date(2027, 4, 6))),
        (PeriodKind.TAX_YEAR, "US", (date(2026, 1, 1), date(2027, 1, 1))),
        (PeriodKind.CALENDAR_YEAR, "GB", (date(2026, 1, 1), date(2027, 1, 1))),
    ],
    ids=["month", "quarter", "uk-tax-year", "us-tax-year", "calendar-year"],
)
def test_a_period_is_the_one_a_day_lies_in(kind: PeriodKind, country: str, dates: tuple[date, date]) -> None:
    assert period(kind, MAY, country) == dates


def test_dates_count_both_and_a_year_at_most() -> None:
    dates = PeriodKind.DATES
    assert period(dates, MAY, "US", MAY, date(2026, 5, 5)) == (MAY, date(2026, 5, 6))
    assert period(dates, MAY, "US", MAY, date(2030, 1, 1)) == (MAY, date(2027, 5, 4))
    assert period(dates, MAY, "US", MAY, date(2026, 1, 1)) == (MAY, date(2026, 5, 5))


def test_where_no_law_is_known_the_strictest_form_is_taken() -> None:
    assert [form_for(country) for country in ("US", "GB", "DE", "CL")] == [
        LogForm.US,
        LogForm.UK,
        LogForm.DE,
        LogForm.DE,
    ]


def test_a_uk_log_owes_a_reason_from_over_a_tenth_and_two_miles() -> None:
    # 2 miles are 3 218.688 m; a tenth of 30 km is 3 000 m, of 40 km 4 000 m.
    assert needs_reason(33_219, 30_000)
    assert not needs_reason(33_218, 30_000)
    assert not needs_reason(44_000, 40_000)
    assert needs_reason(44_001, 40_000)
    assert not needs_reason(20_000, 40_000)


@pytest.mark.parametrize(
    ("address", "found"),
    [
        ("12 High Street, Leeds LS1 4AP", "LS1 4AP"),
        ("Downing Street, London, sw1a 2aa", "SW1A 2AA"),
        ("Calle 5 1234, La Serena", ""),
    ],
    ids=["leeds", "lower-case", "none"],
)
def test_a_postcode_is_read_out_of_an_address(address: str, found: str) -> None:
    assert postcode_in(address) == found


def test_the_counter_begins_anew_with_the_tax_year() -> None:
    drives = [trip(1, date(2026, 4, 5)), trip(2, date(2026, 4, 6)), trip(3, date(2026, 4, 7))]
    begins = tax_year("GB", date(2026, 4, 5))[0]
    found = running(drives, lambda on: tax_year("GB", on)[0], {(begins, VehicleKind.CAR): 500_000})
    assert list(found) == [510_000, 10_000, 20_000]


def test_a_month_is_approved_when_all_that_counts_of_it_is() -> None:
    june, july = date(2026, 6, 1), date(2026, 7, 1)
    drives = [
        trip(1, state=ClaimState.APPROVED),
        trip(2, state=None, metres=0, private_metres=5_000),
        trip(3, june, state=ClaimState.PAID),
        trip(4, june, state=ClaimState.DRAFT),
        trip(5, july, state=ClaimState.SUBMITTED),
    ]
    found = dict(months(drives, date(2026, 4, 20), date(2026, 8, 1)))
    assert found == {
        date(2026, 4, 1): MonthState.EMPTY,
        date(2026, 5, 1): MonthState.APPROVED,
        june: MonthState.PARTLY,
        july: MonthState.OPEN,
    }


def test_the_odometer_is_reckoned_between_readings_and_a_gap_stands() -> None:
    # Read 1 000 km on the 3rd, 1 022 km on the 4th: 12 + 10 km were noted. On the 5th it reads 1 036 km,
    # but only 8 km were noted: 1 036 − (1 022 + 8) = 6 km nobody noted.
    later = MAY + timedelta(days=1)
    drives = [(0, trip(1, metres=12_000)), (0, trip(2)), (0, trip(3, later, metres=8_000))]
    readings = [read(MAY - timedelta(days=1), 1_000_000), read(MAY, 1_022_000), read(later, 1_036_000)]
    marks, gaps = along(readings, drives)
    assert marks == {
        1: Mark(1_000_000, 1_012_000, is_start_read=True),
        2: Mark(1_012_000, 1_022_000, is_start_read=False, is_end_read=True),
        3: Mark(1_022_000, 1_030_000, is_start_read=True),
    }
    assert gaps == [OdometerGap(0, MAY, later, 6_000)]


def test_before_the_first_reading_of_a_vehicle_nothing_is_reckoned() -> None:
    drives = [(0, trip(1)), (1, trip(2, MAY + timedelta(days=2)))]
    marks, gaps = along([read(MAY, 500_000)], drives)
    assert (marks, gaps) == ({}, [])


@given(st.lists(st.tuples(st.integers(0, 9), st.integers(1, 50_000)), min_size=1, max_size=20), st.data())
def test_gaps_and_drives_add_up_to_what_the_odometer_went(
    days: list[tuple[int, int]], data: st.DataObject
) -> None:
    drives = [(0, trip(n, MAY + timedelta(days=d), m)) for n, (d, m) in enumerate(sorted(days), start=1)]
    steps = data.draw(st.lists(st.integers(0, 90_000), min_size=11, max_size=11))
    readings = [read(MAY + timedelta(days=day - 1), sum(steps[: day + 1])) for day in range(11)]
    _, gaps = along(readings, drives)
    noted = sum(each.driven_metres for _, each in drives)
    assert sum(gap.metres for gap in gaps) + noted == sum(steps[1:])
