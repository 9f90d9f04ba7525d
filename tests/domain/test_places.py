"""Coordinates as people give them."""

from __future__ import annotations

import pytest
from hypothesis import given
from hypothesis import strategies as st

from planner.domain.errors import Invalid
from planner.domain.places import check_place, read_degrees


@pytest.mark.parametrize(
    ("text", "degrees"),
    [
        ("-29.9045", -29.9045),
        ("-29,9045", -29.9045),
        ("29.9045 S", -29.9045),
        ("71°W", -71.0),
        ("−71,25", -71.25),
    ],
)
def test_degrees_are_read_with_point_comma_or_letter(text: str, degrees: float) -> None:
    assert read_degrees(text, "lat") == degrees


def test_an_empty_text_is_no_coordinate() -> None:
    assert read_degrees("  ", "lat") is None


@pytest.mark.parametrize("text", ["north", "29.9.1", "29 54 16", "nan", "1e3"])
def test_what_is_no_number_is_refused_at_its_field(text: str) -> None:
    with pytest.raises(Invalid) as refused:
        read_degrees(text, "lon")

    assert (refused.value.field, refused.value.code) == ("lon", "degrees_unreadable")


@given(st.floats(-90, 90), st.floats(-180, 180))
def test_written_degrees_read_back(lat: float, lon: float) -> None:
    assert read_degrees(f"{lat:.6f}", "lat") == float(f"{lat:.6f}")
    assert read_degrees(f"{lon:.6f}".replace(".", ","), "lon") == float(f"{lon:.6f}")


@pytest.mark.parametrize(
    ("lat", "lon", "field", "code"),
    [
        (None, -71.2, "lat", "coordinates_half"),
        (-29.9, None, "lon", "coordinates_half"),
        (-110.5, 45.0, "lat", "coordinates_swapped"),
        (-110.5, 120.0, "lat", "lat_range"),
        (-29.9, 271.0, "lon", "lon_range"),
        (0.0, 0.0, "lat", "coordinates_zero"),
        (float("nan"), 1.0, "lat", "degrees_unreadable"),
    ],
)
def test_coordinates_that_are_no_place_are_refused(
    lat: float | None, lon: float | None, field: str, code: str
) -> None:
    with pytest.raises(Invalid) as refused:
        check_place(lat, lon)

    assert (refused.value.field, refused.value.code) == (field, code)


def test_no_coordinates_at_all_are_fine() -> None:
    check_place(None, None)
    check_place(-29.9045, -71.2489)
