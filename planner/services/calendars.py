"""Public holidays by country, from the ``holidays`` library.

Dates as everywhere: ``from_on`` counts, ``until_on`` does not. A country the library does not know
raises Invalid, a place within it that has no holidays of its own gets those of the whole country.
"""

from __future__ import annotations

from collections.abc import Mapping
from datetime import date, timedelta
from functools import lru_cache
from types import MappingProxyType

import holidays

from planner.domain.errors import Invalid

YEARS_KEPT = 256


def holidays_between(country: str, subdivision: str | None, from_on: date, until_on: date) -> dict[date, str]:
    """Holidays in a range by date, with their English names where there are any.

    ``country`` is ISO 3166-1 alpha-2, ``subdivision`` an ISO 3166-2 code without the country.
    Raises Invalid("country", "country_unknown").
    """
    last = until_on - timedelta(days=1)
    found: dict[date, str] = {}
    for year in range(from_on.year, last.year + 1):
        for on, name in _of_year(country.upper(), subdivision or "", year).items():
            if from_on <= on < until_on:
                found[on] = name
    return found


def holidays_on(country: str, subdivision: str | None, on: date) -> dict[date, str]:
    """The holiday of one date, as ``holidays_between`` gives it; empty on other days."""
    return holidays_between(country, subdivision, on, on + timedelta(days=1))


def name_in(language: str, country: str, on: date, name: str) -> str:
    """``name``, as ``holidays_between`` gives it, in a language; as it is where the library lacks that."""
    return _spoken(language, country.upper(), on.year).get((on, name), name)


def is_country(country: str) -> bool:
    """Whether the holidays of a country are known."""
    return country.upper() in _supported()


@lru_cache(maxsize=1)
def _supported() -> Mapping[str, tuple[str, ...]]:
    return MappingProxyType(
        {code: tuple(parts) for code, parts in holidays.list_supported_countries().items()}
    )


@lru_cache(maxsize=YEARS_KEPT)
def _of_year(country: str, subdivision: str, year: int) -> Mapping[date, str]:
    if not is_country(country):
        raise Invalid("country", "country_unknown", country=country)
    place = subdivision if subdivision in _supported()[country] else None
    return MappingProxyType(dict(sorted(_named(country, place, year, "en_US").items())))


@lru_cache(maxsize=YEARS_KEPT)
def _spoken(language: str, country: str, year: int) -> Mapping[tuple[date, str], str]:
    """A year's holidays by date and English name, those of every part of the country."""
    if not is_country(country):
        return {}
    known = holidays.country_holidays(country, years=year).supported_languages
    asked = next((code for code in known if code.split("_")[0] == language), None)
    if asked is None:
        return {}
    found: dict[tuple[date, str], str] = {}
    for place in (None, *_supported()[country]):
        spoken = _named(country, place, year, asked)
        for on, english in _named(country, place, year, "en_US").items():
            found[on, english] = spoken[on]
    return MappingProxyType(found)


def _named(country: str, place: str | None, year: int, language: str) -> holidays.HolidayBase:
    return holidays.country_holidays(country, subdiv=place, years=year, language=language)
