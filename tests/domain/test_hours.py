"""Opening hours as people write them."""

from __future__ import annotations

from contextlib import suppress

import pytest
from hypothesis import given
from hypothesis import strategies as st

from planner.domain.errors import Invalid
from planner.domain.hours import DAY_SECONDS, Window, checked, hours_text, read_hours, read_times

HOUR = 3600


@st.composite
def weeks(draw: st.DrawFn) -> tuple[Window, ...]:
    """Windows to the minute that do not overlap."""
    windows = []
    for weekday in draw(st.sets(st.integers(0, 6))):
        marks = draw(st.lists(st.integers(0, 1440), min_size=2, max_size=6, unique=True).map(sorted))
        pairs = zip(marks[::2], marks[1::2], strict=False)
        windows += [Window(weekday, opens * 60, closes * 60) for opens, closes in pairs]
    return tuple(sorted(windows))


@given(weeks())
def test_written_hours_read_back_as_the_same_windows(windows: tuple[Window, ...]) -> None:
    assert read_hours(hours_text(windows)) == windows


@given(st.text(max_size=40))
def test_any_text_is_read_or_refused_but_never_breaks(text: str) -> None:
    windows: tuple[Window, ...] = ()
    with suppress(Invalid):
        windows = read_hours(text)

    assert checked(windows) == windows


@pytest.mark.parametrize(
    ("text", "same_as"),
    [
        ("Mo-Fr 09:00-13:00,15:00-18:00; Sa 10:00-13:00", "Mo-Fr 09:00-13:00, 15:00-18:00; Sa 10:00-13:00"),
        ("lunes a viernes de 9 a 18", "Mo-Fr 09:00-18:00"),
        ("Montag bis Donnerstag 8.30 – 17 Uhr", "Mo-Th 08:30-17:00"),
        ("Mo, We, Fr 9-12; Tu closed", "Mo 09:00-12:00; We 09:00-12:00; Fr 09:00-12:00"),
        ("Mo-Fr 9-13, Sa 10-13", "Mo-Fr 09:00-13:00; Sa 10:00-13:00"),
        ("9am-5:30pm", "Mo-Su 09:00-17:30"),
        ("Sa-Mo 10-12", "Mo 10:00-12:00; Sa-Su 10:00-12:00"),
        ("24/7", "Mo-Su 00:00-24:00"),
        ("Do 9-12", "Th 09:00-12:00"),
        ("Dom 9-12", "Su 09:00-12:00"),
    ],
)
def test_hours_are_read_in_english_spanish_and_german(text: str, same_as: str) -> None:
    assert hours_text(read_hours(text)) == same_as


@pytest.mark.parametrize(
    ("text", "code"),
    [
        ("Mo 18:00-09:00", "hours_reversed"),
        ("Mo 09:00-09:00", "hours_reversed"),
        ("Mo 09:00-12:00, 11:00-13:00", "hours_overlap"),
        ("by appointment", "hours_unreadable"),
        ("Mo-Fr", "hours_unreadable"),
        ("Mo 25:00-26:00", "hours_unreadable"),
        ("Mo 09:75-12:00", "hours_unreadable"),
        ("closed Sunday; Mo 9-12", "hours_unreadable"),
        ("closed", "hours_unreadable"),
    ],
)
def test_hours_that_cannot_be_right_are_refused_with_their_reason(text: str, code: str) -> None:
    with pytest.raises(Invalid) as refused:
        read_hours(text)

    assert refused.value.code == code


def test_the_times_of_one_weekday_are_read_without_naming_it() -> None:
    assert read_times("9-13, 15:00–18:00", 2, "wednesday") == (
        Window(2, 9 * HOUR, 13 * HOUR),
        Window(2, 15 * HOUR, 18 * HOUR),
    )
    assert read_times("", 2, "wednesday") == () == read_times("closed", 2, "wednesday")
    assert read_times("00:00-24:00", 6, "sunday") == (Window(6, 0, DAY_SECONDS),)


def test_a_day_name_among_the_times_of_a_weekday_is_refused_at_its_field() -> None:
    with pytest.raises(Invalid) as refused:
        read_times("Tu 9-13", 2, "wednesday")

    assert refused.value.field == "wednesday"
