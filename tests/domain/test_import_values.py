"""One cell of an import file to one value."""

from __future__ import annotations

from contextlib import suppress

import pytest
from hypothesis import given
from hypothesis import strategies as st

from planner.domain.errors import Invalid
from planner.domain.hours import Window
from planner.domain.import_columns import Column
from planner.domain.import_values import (
    read_cadence,
    read_cell,
    read_class,
    read_kind,
    read_minutes,
    read_tags,
)


@pytest.mark.parametrize(
    ("text", "days"),
    [
        ("28", 28),
        ("28.0", 28),
        ("4 weeks", 28),
        ("every 4 weeks", 28),
        ("cada 2 semanas", 14),
        ("alle 6 Wochen", 42),
        ("Every week", 7),
        ("monthly", 28),
        ("Wöchentlich", 7),
        ("14-tägig", 14),
        ("quincenal", 14),
        ("3 months", 91),
        ("quarterly", 91),
    ],
)
def test_cadences_are_read_as_people_write_them(text: str, days: int) -> None:
    assert read_cadence(text) == days


@pytest.mark.parametrize(
    ("text", "code"),
    [
        ("0", "days_out_of_range"),
        ("0 weeks", "days_out_of_range"),
        ("9999", "days_out_of_range"),
        ("often", "cadence_unreadable"),
    ],
)
def test_a_cadence_that_is_none_is_refused(text: str, code: str) -> None:
    with pytest.raises(Invalid) as refused:
        read_cadence(text)

    assert (refused.value.field, refused.value.code) == ("cadence", code)


def test_leads_of_other_programs_become_prospects() -> None:
    assert read_kind("Lead") == read_kind("Interessent") == "prospect"
    assert read_kind("Cliente") == "account"


def test_classes_are_letters_however_they_are_written() -> None:
    assert [read_class(text) for text in ("a", "Class B", "klasse c")] == ["A", "B", "C"]


def test_a_visit_takes_minutes_with_or_without_saying_so() -> None:
    assert [read_minutes(text) for text in ("30", "45 min", "0:45", "1:30")] == [1800, 2700, 2700, 5400]


def test_tags_are_split_and_kept_once() -> None:
    assert read_tags("cold chain; wine, wine | keys ") == ["cold chain", "wine", "keys"]


def test_values_are_money_of_the_territory() -> None:
    assert read_cell(Column.VALUE, "1.250.000", 0) == 1_250_000
    assert read_cell(Column.VALUE, "$ 1,250.50", 2) == 125_050
    assert read_cell(Column.POTENTIAL, "0", 0) == 0


def test_hours_and_coordinates_become_values() -> None:
    assert read_cell(Column.HOURS, "Mo 9-13", 0) == (Window(0, 9 * 3600, 13 * 3600),)
    assert read_cell(Column.LAT, "-29,9045", 0) == -29.9045


@pytest.mark.parametrize(
    ("column", "text", "code"),
    [
        (Column.NAME, "=A1&B1", "formula"),
        (Column.LAT, "=1/0", "formula"),
        (Column.NAME, "x" * 161, "too_long"),
        (Column.KIND, "friend", "kind_unknown"),
        (Column.ACCOUNT_CLASS, "D", "class_unknown"),
        (Column.VISIT_MINUTES, "0", "visit_length"),
        (Column.OWNER, "Ana", "email_unreadable"),
        (Column.LON, "west", "degrees_unreadable"),
        (Column.VALUE, "plenty", "amount_whole"),
    ],
)
def test_a_cell_that_cannot_be_read_names_its_column_and_why(column: Column, text: str, code: str) -> None:
    with pytest.raises(Invalid) as refused:
        read_cell(column, text, 0)

    assert (refused.value.field, refused.value.code) == (column, code)


@given(st.sampled_from(Column), st.text(min_size=1, max_size=300), st.sampled_from([0, 2]))
def test_no_cell_breaks_the_reading(column: Column, text: str, exponent: int) -> None:
    with suppress(Invalid):
        read_cell(column, text, exponent)
