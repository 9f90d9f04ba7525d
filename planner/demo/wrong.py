"""What is wrong in the demo on purpose, so that the pages that find it have something to find.

Each account here loses something a rep would notice sooner or later; none has trips in the ledger
that could not be driven, as they are taken out of the history before.
"""

from __future__ import annotations

from collections.abc import Mapping, Sequence
from dataclasses import dataclass
from datetime import date, timedelta

from sqlalchemy.orm import Session

from planner.demo.days import Calendar
from planner.demo.staff import HOUR
from planner.models.accounts import Account, AccountClass, AccountKind, OpeningWindow
from planner.models.territories import Ownership

SEA = (-29.9, -71.33)
"""Latitude and longitude of a point in the bay, kilometres from any road."""

FIELD = (-29.862, -71.225)
"""A point in the fields north of town, some hundred metres from a road."""

SUNDAY = 6
LAST_SEEN_DAYS = 14
"""The account nobody can place was seen for the last time this long into the history."""


@dataclass(frozen=True, slots=True)
class Misfits:
    """What is wrong: accounts without any history, and those only seen until a date, by account id."""

    never_visited: Sequence[Account]
    seldom: Mapping[int, date]


def choose(shops: Mapping[str, list[Account]], calendar: Calendar) -> Misfits:
    """Which accounts: always the same, as they are taken by their place in the list."""
    until_on = calendar.from_on + timedelta(days=LAST_SEEN_DAYS)
    camila, diego, valentina = shops.values()
    return Misfits(
        never_visited=(camila[-1], diego[-1], valentina[-1], camila[-2], diego[-2], diego[-3]),
        seldom={_first(valentina, AccountClass.A).id: until_on, _first(camila, AccountClass.B).id: until_on},
    )


def spoil(session: Session, shops: Mapping[str, list[Account]], misfits: Misfits) -> None:
    """Make the chosen accounts wrong, after the history was written."""
    _, diego, valentina = shops.values()
    in_the_sea, swapped, without_pin, nobodys, far_off, double = misfits.never_visited
    in_the_sea.lat, in_the_sea.lon = SEA
    swapped.lat, swapped.lon = swapped.lon, swapped.lat
    without_pin.lat = without_pin.lon = None
    _disown(nobodys)
    far_off.lat, far_off.lon = FIELD
    for row in misfits.never_visited:
        row.kind = AccountKind.ACCOUNT
    sunday_only = _first(valentina, AccountClass.A)
    sunday_only.windows = [OpeningWindow(weekday=SUNDAY, opens_seconds=10 * HOUR, closes_seconds=13 * HOUR)]
    diego[3].windows = []
    _copy(diego[5], double)
    session.flush()


def _first(shops: Sequence[Account], letter: AccountClass) -> Account:
    return next(
        row for row in shops if row.account_class is letter and not row.cadence_days and not row.cycle_rule
    )


def _disown(account: Account) -> None:
    account.ownerships[0].rep_id = None


def _copy(original: Account, copy: Account) -> None:
    """The same shop twice, a few doors apart: a duplicate somebody typed in."""
    copy.name, copy.address = original.name, original.address
    copy.lat = None if original.lat is None else round(original.lat + 0.0001, 6)
    copy.lon = original.lon


def hand_over(account: Account, former_rep_id: int, on: date) -> None:
    """An account that changed its owner on a date: its history shows both."""
    present = account.ownerships[0]
    account.ownerships.append(
        Ownership(territory=present.territory, rep_id=former_rep_id, from_on=present.from_on, until_on=on)
    )
    present.from_on = on
