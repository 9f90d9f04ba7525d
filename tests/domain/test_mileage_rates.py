"""Yearly bands: the tax year of a day, a drive that crosses a band, and how a year of drives adds up."""

from __future__ import annotations

from collections.abc import Iterator
from datetime import date, timedelta
from decimal import ROUND_HALF_UP, Decimal
from fractions import Fraction
from random import Random

import pytest
from hypothesis import given, settings
from hypothesis import strategies as st

from planner.domain.mileage import Rate
from planner.domain.mileage_rates import Band, Driven, Part, band_metres, parts, priced, tax_year

MILE = Fraction(1609344, 1000)
FIRST, BEYOND = 1, 2
UK = (
    Band(FIRST, 0, Rate(Decimal("0.45"), "mi", 2)),
    Band(BEYOND, band_metres(10_000, "mi"), Rate(Decimal("0.25"), "mi", 2)),
)
UK_FROM_2026 = (Band(3, 0, Rate(Decimal("0.55"), "mi", 2)), UK[1])


def miles(count: float | Decimal) -> int:
    return round(Decimal(count) * Decimal("1609.344"))


def test_the_uk_tax_year_begins_on_the_sixth_of_april() -> None:
    assert tax_year("GB", date(2026, 4, 5)) == (date(2025, 4, 6), date(2026, 4, 6))
    assert tax_year("GB", date(2026, 4, 6)) == (date(2026, 4, 6), date(2027, 4, 6))


@pytest.mark.parametrize("country", ["US", "DE", "AT", "CL"])
def test_elsewhere_the_tax_year_is_the_calendar_year(country: str) -> None:
    assert tax_year(country, date(2026, 12, 31)) == (date(2026, 1, 1), date(2027, 1, 1))
    assert tax_year(country, date(2027, 1, 1))[0] == date(2027, 1, 1)


def test_ten_thousand_miles_are_a_whole_number_of_metres() -> None:
    assert band_metres(10_000, "mi") == 16_093_440
    assert band_metres(30_000, "km") == 30_000_000
    assert band_metres(100, "mi") == 160_934  # 160 934.4


def test_a_drive_of_60_miles_at_9970_is_half_in_each_band() -> None:
    # 9,970 mi = 16 045 159.68, so 16 045 160 m; 60 mi = 96 560.64, so 96 561 m.
    # The band begins at 16 093 440 m: 48 280 m lie before it and 48 281 m beyond.
    # 48 280 m = 29.9998 mi × 45 p = 1349.99, so £13.50; 48 281 m = 30.0004 mi × 25 p = 750.01, so £7.50.
    assert parts(miles(9_970), miles(60), UK) == (Part(FIRST, 48_280, 1350), Part(BEYOND, 48_281, 750))


def test_a_drive_that_ends_where_a_band_begins_is_not_split() -> None:
    at = UK[1].from_metres
    assert parts(at - 1_000, 1_000, UK) == (Part(FIRST, 1_000, 28),)  # 0.62137 mi × 45 p = 27.96
    assert parts(at, 1_000, UK) == (Part(BEYOND, 1_000, 16),)  # 0.62137 mi × 25 p = 15.53


def test_a_drive_may_cross_several_bands() -> None:
    def band(key: int, kilometres: int, rate: str) -> Band:
        return Band(key, kilometres * 1000, Rate(Decimal(rate), "km", 2))

    three = (band(3, 30, "0"), band(1, 0, "0.50"), band(2, 20, "0.30"))
    # 15 km before it: 5 km at 0.50, 10 km at 0.30, 10 km at nothing.
    assert parts(15_000, 25_000, three) == (Part(1, 5_000, 250), Part(2, 10_000, 300), Part(3, 10_000, 0))


def test_a_drive_of_no_metres_stands_in_the_band_it_would_be_in() -> None:
    assert parts(0, 0, UK) == (Part(FIRST, 0, 0),)
    assert parts(UK[1].from_metres, 0, UK) == (Part(BEYOND, 0, 0),)


def test_without_a_rate_a_drive_is_worth_nothing_and_keeps_its_metres() -> None:
    assert parts(5_000, 12_000, ()) == (Part(None, 12_000, 0),)
    assert parts(16_093_000, 1_000, UK[1:]) == (Part(None, 440, 0), Part(BEYOND, 560, 9))


def test_the_us_rate_changes_between_30_june_and_1_july_2026() -> None:
    # 10 mi = 16 093.44, so 16 093 m = 9.99973 mi: × 72.5 c = 724.98, so $7.25; × 76 c = 759.98, so $7.60.
    def bands_of(drive: Driven) -> tuple[Band, ...]:
        cents = "0.725" if drive.on < date(2026, 7, 1) else "0.76"
        return (Band(drive.on.month, 0, Rate(Decimal(cents), "mi", 2)),)

    drives = [Driven(1, date(2026, 6, 30), miles(10)), Driven(2, date(2026, 7, 1), miles(10))]
    found = dict(priced(drives, lambda on: tax_year("US", on)[0], bands_of))
    assert found == {1: (Part(6, 16_093, 725),), 2: (Part(7, 16_093, 760),)}


def test_the_uk_rate_announced_in_may_holds_from_april() -> None:
    # 20 mi = 32 186.88, so 32 187 m = 20.00007 mi: × 45 p = 900.003, so £9.00; × 55 p = 1100.004, so £11.00.
    before = dict(priced([Driven(1, date(2026, 4, 20), miles(20))], uk_year, lambda drive: UK))
    after = dict(priced([Driven(1, date(2026, 4, 20), miles(20))], uk_year, lambda drive: UK_FROM_2026))
    assert (before[1][0].amount_minor, after[1][0].amount_minor) == (900, 1100)


def test_the_counter_begins_anew_with_the_tax_year() -> None:
    drives = [
        Driven(1, date(2026, 4, 5), UK[1].from_metres),
        Driven(2, date(2026, 4, 5), 1_000),
        Driven(3, date(2026, 4, 6), 1_000),
    ]
    found = dict(priced(drives, uk_year, lambda drive: UK))
    assert [found[key][0].key for key in (1, 2, 3)] == [FIRST, BEYOND, FIRST]


def test_drives_out_of_order_are_refused() -> None:
    with pytest.raises(ValueError, match="order"):
        list(
            priced(
                [Driven(1, date(2026, 4, 6), 1), Driven(2, date(2026, 4, 5), 1)], uk_year, lambda drive: UK
            )
        )


def uk_year(on: date) -> date:
    return tax_year("GB", on)[0]


def formula(metres: int) -> Fraction:
    """What a whole UK year is worth in pence before any rounding, by the words of the law."""
    first = min(Fraction(metres), 10_000 * MILE)
    return (first * 45 + (metres - first) * 25) / MILE


drives_of_a_year = st.lists(st.tuples(st.integers(0, 364), st.integers(0, 2_000_000)), max_size=60)


@given(drives_of_a_year)
def test_the_parts_of_a_year_add_up_to_the_formula_of_its_bands(rows: list[tuple[int, int]]) -> None:
    begin = date(2025, 4, 6)
    drives = [
        Driven(key, begin + timedelta(days=day), metres)
        for key, (day, metres) in enumerate(sorted(rows, key=lambda row: row[0]))
    ]
    found = dict(priced(drives, uk_year, lambda drive: UK))
    every = [part for shared in found.values() for part in shared]
    exact = sum((part.metres * (45 if part.key == FIRST else 25) / MILE for part in every), Fraction(0))
    assert exact == formula(sum(drive.metres for drive in drives))
    # Each line is rounded once: the sum is off by half a penny a line at most.
    assert abs(sum(part.amount_minor for part in every) - exact) <= Fraction(len(every), 2)


def pence(metres: int, rate: str) -> int:
    """By hand: metres as miles at so many pence, half up."""
    worth = Decimal(metres) / Decimal("1609.344") * Decimal(rate)
    return int(worth.quantize(Decimal(1), rounding=ROUND_HALF_UP))


def by_hand(drives: list[Driven]) -> Iterator[tuple[int, list[int]]]:
    """What each drive's parts are worth in pence: of each year the first 16,093,440 m at 45 p, then 25 p."""
    so_far: dict[int, int] = {}
    for drive in drives:
        year = drive.on.year - ((drive.on.month, drive.on.day) < (4, 6))
        before = so_far.get(year, 0)
        so_far[year] = before + drive.metres
        first = min(drive.metres, max(16_093_440 - before, 0))
        shares = [(first, "45"), (drive.metres - first, "25")]
        yield drive.key, [pence(metres, rate) for metres, rate in shares if metres] or [0]


@given(st.integers(0, 1_000_000))
@settings(max_examples=5, deadline=None)
def test_ten_thousand_drives_add_up_to_the_formula_of_their_bands(seed: int) -> None:
    chance, begin = Random(seed), date(2023, 1, 1)
    days = sorted(begin + timedelta(days=chance.randrange(4 * 365)) for _ in range(10_000))
    drives = [Driven(key, on, chance.randrange(24_000)) for key, on in enumerate(days)]
    found = {
        key: [part.amount_minor for part in shared] for key, shared in priced(drives, uk_year, lambda _: UK)
    }
    assert found == dict(by_hand(drives))

    years: dict[date, int] = {}
    for drive in drives:
        years[uk_year(drive.on)] = years.get(uk_year(drive.on), 0) + drive.metres
    assert len(years) == 5
    assert sum(metres > UK[1].from_metres for metres in years.values()) >= 3  # the higher band is reached
    amounts = [amount for shared in found.values() for amount in shared]
    # Each part is rounded once: the sum is off by half a penny a part at most.
    assert abs(sum(amounts) - sum(map(formula, years.values()))) <= Fraction(len(amounts), 2)


@given(drives_of_a_year)
def test_a_drive_keeps_its_metres_whatever_bands_it_crosses(rows: list[tuple[int, int]]) -> None:
    before = 0
    for _, metres in rows:
        found = parts(before, metres, UK)
        assert sum(part.metres for part in found) == metres
        assert all(part.metres > 0 for part in found) or metres == 0
        before += metres


@given(st.integers(0, 20_000_000), st.lists(st.integers(1, 500_000), min_size=1, max_size=8))
def test_bands_take_the_same_metres_however_a_way_is_cut(before: int, pieces: list[int]) -> None:
    whole: dict[int | None, int] = {}
    for part in parts(before, sum(pieces), UK):
        whole[part.key] = part.metres
    cut: dict[int | None, int] = {}
    at = before
    for piece in pieces:
        for part in parts(at, piece, UK):
            cut[part.key] = cut.get(part.key, 0) + part.metres
        at += piece
    assert cut == whole
