"""Pages of a long list."""

from __future__ import annotations

import pytest
from hypothesis import given
from hypothesis import strategies as st

from planner.domain.paging import paged


@pytest.mark.parametrize(
    ("total", "asked", "expected"),
    [
        (0, 1, (1, 1, 0, 0)),
        (1, 1, (1, 1, 1, 1)),
        (10, 2, (1, 1, 1, 10)),
        (11, 2, (2, 2, 11, 11)),
        (25, 9, (3, 3, 21, 25)),
        (25, -3, (1, 3, 1, 10)),
    ],
)
def test_a_page_says_which_of_how_many_and_beyond_the_last_is_the_last(
    total: int, asked: int, expected: tuple[int, ...]
) -> None:
    page = paged(total, asked, 10)
    assert (page.number, page.pages, page.first, page.last) == expected


@given(st.integers(0, 500), st.integers(1, 60))
def test_the_pages_together_are_the_list(total: int, size: int) -> None:
    lines = list(range(total))
    pages = [paged(total, number, size) for number in range(1, paged(total, 1, size).pages + 1)]
    assert [line for page in pages for line in lines[page.before : page.before + size]] == lines
    assert all(page.last - page.first < size for page in pages)
