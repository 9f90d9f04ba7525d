"""The order of names."""

from __future__ import annotations

import unicodedata

import pytest

from planner.domain.names import sort_key


def test_accents_and_case_make_no_difference() -> None:
    names = ["Olmo", "Élite", "zapatería", "Ñuble", "alamo", "Nuble", "Bravo", "Ánimas", "estrella"]
    ordered = ["alamo", "Ánimas", "Bravo", "Élite", "estrella", "Nuble", "Ñuble", "Olmo", "zapatería"]
    assert sorted(names, key=sort_key) == ordered


@pytest.mark.parametrize("name", ["Ñuñoa", "Árbol", "Über", "Peña"])
def test_an_accent_written_as_its_own_mark_is_the_same_letter(name: str) -> None:
    assert sort_key(unicodedata.normalize("NFD", name)) == sort_key(name)
