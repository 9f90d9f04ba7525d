"""Public holidays of a country, in half-open ranges."""

from __future__ import annotations

from datetime import date

import pytest

from planner.domain.errors import Invalid
from planner.services.calendars import holidays_between, holidays_on, name_in


def test_chile_keeps_good_friday_and_holy_saturday() -> None:
    found = holidays_between("CL", None, date(2026, 4, 1), date(2026, 4, 10))

    assert list(found) == [date(2026, 4, 3), date(2026, 4, 4)]
    assert found[date(2026, 4, 3)] == "Good Friday"


def test_a_range_ends_before_its_last_date_and_may_cross_a_year() -> None:
    assert date(2026, 12, 25) not in holidays_between("CL", None, date(2026, 12, 20), date(2026, 12, 25))
    assert date(2027, 1, 1) in holidays_between("CL", None, date(2026, 12, 20), date(2027, 1, 2))


def test_an_empty_range_has_no_holidays() -> None:
    assert holidays_between("CL", None, date(2026, 1, 1), date(2026, 1, 1)) == {}


def test_a_part_of_a_country_has_its_own_holidays() -> None:
    assumption = date(2026, 8, 15)

    assert holidays_on("DE", "SL", assumption)
    assert not holidays_on("DE", "BE", assumption)


def test_an_unknown_part_of_a_country_gets_the_holidays_of_the_whole() -> None:
    assert holidays_on("CL", "XX", date(2026, 1, 1))


def test_an_unknown_country_is_refused_with_its_code() -> None:
    with pytest.raises(Invalid) as refused:
        holidays_between("ZZ", None, date(2026, 1, 1), date(2026, 2, 1))

    assert (refused.value.field, refused.value.code) == ("country", "country_unknown")


def test_a_holiday_is_named_in_the_language_asked_for_where_it_has_a_name_in_it() -> None:
    on = date(2026, 12, 25)

    assert name_in("es", "CL", on, "Christmas Day") == "Navidad"
    assert name_in("en", "CL", on, "Christmas Day") == "Christmas Day"
    assert name_in("es", "US", on, "Christmas Day") == "Christmas Day"
    assert name_in("es", "ZZ", on, "Christmas Day") == "Christmas Day"
    assert name_in("es", "CL", on, "Feast of the Depot") == "Feast of the Depot"


def test_a_holiday_of_a_part_of_a_country_has_its_name_too() -> None:
    on = date(2026, 8, 20)
    name = holidays_on("CL", "NB", on)[on]

    assert name_in("es", "CL", on, name) != name
