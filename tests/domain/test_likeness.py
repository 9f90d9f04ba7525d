"""Which pictures are alike, by their bits: as comparing each with each would say, without doing so."""

from __future__ import annotations

from base64 import b64encode
from itertools import combinations
from random import Random

import pytest
from hypothesis import given
from hypothesis import strategies as st

from planner.domain import likeness
from planner.domain.likeness import (
    BITS_APART,
    MOST_BESIDE,
    SHADES_APART,
    Fields,
    bits_apart,
    fields,
    same_from_far,
    same_from_near,
)

BITS = 256


def written(bits: int) -> str:
    return f"{bits:064x}"


def test_bits_that_differ_are_counted() -> None:
    assert (bits_apart(written(0), written(0)), bits_apart(written(0b1011), written(0b0001))) == (0, 2)
    assert bits_apart(written(0), written(2**BITS - 1)) == BITS


def near(*shades: int) -> Fields:
    return fields(b64encode(bytes(shades)).decode())


def test_nothing_is_the_same_from_near_as_what_has_other_fields_or_none() -> None:
    assert same_from_near(near(0, 255), near(0, 255))
    assert not any(same_from_near(one, other) for one, other in ((near(), near()), (near(0), near(0, 0))))


@given(
    one=st.lists(st.integers(0, 255), min_size=1, max_size=40),
    by=st.lists(st.integers(-SHADES_APART - 1, SHADES_APART + 1), min_size=40, max_size=40),
    jump=st.sampled_from([0, 0, 255, -255]),
)
def test_the_field_that_differs_most_counts(one: list[int], by: list[int], jump: int) -> None:
    by[0] += jump
    other = [min(255, max(0, shade + more)) for shade, more in zip(one, by, strict=False)]
    most = max(abs(first - second) for first, second in zip(one, other, strict=True))
    assert same_from_near(near(*one), near(*other)) is (most <= SHADES_APART)


@given(
    base=st.integers(0, 2**BITS - 1),
    flips=st.lists(st.sets(st.integers(0, BITS - 1), max_size=2 * BITS_APART), max_size=12),
)
def test_the_pairs_are_those_of_comparing_each_with_each(base: int, flips: list[set[int]]) -> None:
    pictures = {}
    for key, places in enumerate(flips):
        pictures[key] = written(base ^ sum(1 << place for place in places))
    expected = [
        (one, other)
        for one, other in combinations(pictures, 2)
        if bits_apart(pictures[one], pictures[other]) <= BITS_APART
    ]
    assert sorted(same_from_far(pictures)) == expected


@pytest.mark.parametrize(("same", "most"), [(False, 100), (True, 2000 * (BITS_APART + 1) * MOST_BESIDE)])
def test_many_pictures_are_not_compared_each_with_each(
    monkeypatch: pytest.MonkeyPatch, same: bool, most: int
) -> None:
    """Of two million pairs; in the second case all are the ticket of one app."""
    rng, compared = Random(1), 0
    pictures = {key: written(0 if same else rng.getrandbits(BITS)) for key in range(2000)}

    def counted(one: str, other: str) -> int:
        nonlocal compared
        compared += 1
        return bits_apart(one, other)

    monkeypatch.setattr(likeness, "bits_apart", counted)
    found = list(same_from_far(pictures))
    assert compared <= most
    assert len(found) == (sum(min(key, MOST_BESIDE) for key in pictures) if same else 0)
