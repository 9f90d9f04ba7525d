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


@pytest.mark.parametrize(
    ("paid_minor", "paid_exponent", "rate", "exponent", "minor"),
    [
        (1250, 2, "945.37", 0, 11_817),  # 12.50 USD × 945.37 = 11 817.125 CLP
        (12_345, 0, "0.0061", 2, 7530),  # 12 345 JPY × 0.0061 = 75.3045 EUR
        (1000, 2, "0.8765", 2, 877),  # 10.00 USD × 0.8765 = 8.765: half up
        (1, 0, "0.0000551", 2, 0),  # one rupiah is nothing in cents
        (5000, 3, "3.2508", 2, 1625),  # 5.000 KWD × 3.2508 = 16.254 USD
    ],
)
def test_another_currency_is_rounded_half_up_once(
    paid_minor: int, paid_exponent: int, rate: str, exponent: int, minor: int
) -> None:
    assert money.converted(paid_minor, paid_exponent, Decimal(rate), exponent) == minor


@pytest.mark.parametrize(
    ("gross_minor", "percent", "minor"),
    [
        (11_900, "19", 1900),  # 119.00 holds 19.00
        (1000, "7", 65),  # 10.00 × 7 ÷ 107 = 0.654…
        (999, "8.1", 75),  # 9.99 × 8.1 ÷ 108.1 = 0.7485…
        (1500, "0", 0),
    ],
)
def test_the_tax_inside_an_amount(gross_minor: int, percent: str, minor: int) -> None:
    assert money.tax_inside(gross_minor, Decimal(percent)) == minor


@given(st.integers(1, 10**9), st.decimals(0, 60, places=3))
def test_a_tax_is_always_less_than_what_holds_it(gross_minor: int, percent: Decimal) -> None:
    assert 0 <= money.tax_inside(gross_minor, percent) < gross_minor
