"""Opening hours on a date, looked up in one place only."""

from __future__ import annotations

from datetime import date, timedelta
from pathlib import Path

import planner.services
from planner.models.accounts import Account, Block, OpeningWindow
from planner.services.accounts import opening_hours

MONDAY = date(2026, 3, 9)
TUESDAY = MONDAY + timedelta(days=1)


def account(*windows: OpeningWindow) -> Account:
    return Account(windows=list(windows), blocks=[Block(from_on=MONDAY, until_on=TUESDAY)])


def test_the_hours_of_a_date_are_those_of_its_weekday() -> None:
    shop = account(*(OpeningWindow(weekday=1, opens_seconds=at, closes_seconds=at + 60) for at in (0, 600)))
    assert opening_hours.hours_on(shop, TUESDAY) == ((0, 60), (600, 660))
    assert opening_hours.hours_on(shop, MONDAY) == ()


def test_without_hours_it_is_open_but_where_blocked() -> None:
    shop = account()
    assert [opening_hours.is_closed_on(shop, on) for on in (MONDAY, TUESDAY)] == [True, False]
    assert not opening_hours.is_closed_weekday(shop, MONDAY)


def test_with_hours_a_weekday_without_any_is_closed() -> None:
    shop = account(OpeningWindow(weekday=1, opens_seconds=0, closes_seconds=60))
    wednesday = TUESDAY + timedelta(days=1)
    assert [opening_hours.is_closed_weekday(shop, on) for on in (TUESDAY, wednesday)] == [False, True]
    assert [opening_hours.is_closed_on(shop, on) for on in (MONDAY, TUESDAY, wednesday)] == [
        True,
        False,
        True,
    ]


def test_nobody_else_asks_whether_a_block_holds() -> None:
    folder = Path(planner.services.__file__).parent
    asking = [path.name for path in folder.rglob("*.py") if "block.from_on <= " in path.read_text("utf-8")]
    assert asking == ["opening_hours.py"]
