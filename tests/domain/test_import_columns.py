"""Which column of a file is which."""

from __future__ import annotations

import pytest

from planner.domain.errors import Invalid
from planner.domain.import_columns import HEADINGS, SYNONYMS, Column, check_mapping, recognised


@pytest.mark.parametrize(
    "headings",
    [
        ["Customer No.", "Customer name", "Street address", "City", "Lat", "Lng", "Visit frequency"],
        ["Código cliente", "Razón social", "Dirección", "Comuna", "Latitud", "Longitud", "Frecuencia"],
        ["Kunden-Nr.", "Firma", "Straße", "Ort", "Breitengrad", "Längengrad", "Besuchsrhythmus"],
    ],
)
def test_headings_are_recognised_in_three_languages(headings: list[str]) -> None:
    mapping = recognised(headings)

    assert [mapping[column] for column in WANTED] == list(range(7))


WANTED = (
    Column.EXTERNAL_ID,
    Column.NAME,
    Column.ADDRESS,
    Column.CITY,
    Column.LAT,
    Column.LON,
    Column.CADENCE,
)


def test_no_heading_means_two_columns() -> None:
    written = [heading.strip() for headings in SYNONYMS.values() for heading in headings.split(",")]

    assert len(written) == len(set(written))
    assert {HEADINGS[column.value.replace("_", " ")] for column in Column} == set(Column)


def test_of_two_equal_headings_the_first_counts_and_others_are_ignored() -> None:
    assert recognised(["Colour", "Name", "name"]) == {Column.NAME: 1}


@pytest.mark.parametrize(
    ("mapping", "code"),
    [
        ({Column.CITY: 0}, "import_name_unmapped"),
        ({Column.NAME: 0, Column.LAT: 1}, "coordinates_half"),
        ({Column.NAME: 0, Column.CITY: 0}, "import_column_twice"),
        ({Column.NAME: 5}, "import_column_missing"),
    ],
)
def test_a_mapping_that_cannot_be_imported_is_refused(mapping: dict[Column, int], code: str) -> None:
    with pytest.raises(Invalid) as refused:
        check_mapping(mapping, width=3)

    assert refused.value.code == code
