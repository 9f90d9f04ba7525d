"""Money as people type it, and as it is stored."""

from __future__ import annotations

from decimal import Decimal

import pytest
from hypothesis import given
from hypothesis import strategies as st

from planner.domain import money
from planner.domain.errors import Invalid


@pytest.mark.parametrize(
    ("text", "exponent", "minor"),
    [
        ("12500", 0, 12500),
        ("12.500", 0, 12500),
        ("12,500", 0, 12500),
        ("1.234.567", 0, 1234567),
        ("12.5", 2, 1250),
        ("12,50", 2, 1250),
        ("1.250", 2, 125000),
        ("1,250.75", 2, 125075),
        ("1 250,75", 2, 125075),
        ("1.250", 3, 1250),
    ],
)
def test_an_amount_is_read_the_way_its_currency_is_written(text: str, exponent: int, minor: int) -> None:
    assert money.parse_amount(text, exponent) == minor


@pytest.mark.parametrize(
    ("text", "exponent", "code"),
    [
        ("12.5", 0, "amount_whole"),
        ("twelve", 2, "amount_format"),
        ("-5", 2, "amount_format"),
        ("", 2, "amount_format"),
        ("12.50.7", 2, "amount_format"),
        ("1e9", 0, "amount_whole"),
        ("0", 2, "amount_range"),
        ("9" * 20, 0, "amount_range"),
    ],
)
def test_what_is_not_an_amount_is_refused_at_its_field(text: str, exponent: int, code: str) -> None:
    with pytest.raises(Invalid) as refused:
        money.parse_amount(text, exponent)
    assert (refused.value.field, refused.value.code) == ("amount", code)


@given(st.integers(1, money.LARGEST_MINOR), st.sampled_from([0, 2, 3]))
def test_what_is_shown_reads_back_as_the_same_amount(minor: int, exponent: int) -> None:
    assert money.parse_amount(f"{money.major(minor, exponent):f}", exponent) == minor


def test_half_a_unit_is_rounded_up() -> None:
    assert [money.rounded(Decimal(text)) for text in ("2.5", "3.5", "2.49999")] == [3, 4, 2]
