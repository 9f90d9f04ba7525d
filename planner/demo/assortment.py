"""The demo's accounts as rows: about 220 with trades, classes, hours and contacts, and 25 prospects.

The same network gives the same accounts, whatever the date; only blocks hang on the calendar.
"""

from __future__ import annotations

import random
from collections.abc import Iterator
from dataclasses import dataclass
from datetime import timedelta
from itertools import count

from sqlalchemy.orm import Session

from planner.demo.company import Company
from planner.demo.days import Calendar, instant
from planner.demo.places import Address, addresses
from planner.demo.staff import HOUR, REPS, DemoRep
from planner.demo.trades import Trade, signs
from planner.models.accounts import (
    Account,
    AccountClass,
    AccountKind,
    Block,
    Contact,
    OpeningWindow,
)
from planner.models.territories import Ownership
from routing.network import RoadNetwork

CLASS_SHARES = {AccountClass.A: 0.22, AccountClass.B: 0.44, AccountClass.C: 0.34}
CLASS_VALUES = {AccountClass.A: 2.6, AccountClass.B: 1.0, AccountClass.C: 0.35}
"""Yearly value against that of a class B account of the trade."""

WEEKLY, FORTNIGHTLY, QUARTERLY = 7, 14, 84
FORTNIGHTLY_RULES = ("FREQ=WEEKLY;INTERVAL=2;BYDAY=TU", "FREQ=WEEKLY;INTERVAL=2;BYDAY=TH")
BLOCK_REASONS = ("Stock-taking", "Owner on holiday", "Shop is being rebuilt")
FIRST_NAMES = (
    "Patricia", "Claudio", "Marisol", "Jorge", "Paola", "Cristián", "Verónica", "Luis", "Ximena", "Hugo",
    "Lorena", "Rodrigo", "Gladys", "Sergio", "Andrea", "Nelson", "Pilar", "Mauricio", "Teresa", "Felipe",
)  # fmt: skip
LAST_NAMES = (
    "Álvarez", "Barraza", "Carvajal", "Díaz", "Espinoza", "Flores", "Godoy", "Honores", "Jofré", "Leyton",
    "Muñoz", "Núñez", "Olivares", "Pizarro", "Quiroga", "Ramos", "Santander", "Tirado", "Urqueta", "Varas",
)  # fmt: skip
POSITIONS = ("Owner", "Owner", "Buyer", "Manager", "Shop assistant")


@dataclass(frozen=True, slots=True)
class Size:
    """How many accounts and prospects each rep has."""

    accounts: int = 73
    prospects: int = 10


FULL = Size()


def open_shops(
    session: Session, calendar: Calendar, company: Company, network: RoadNetwork, size: Size = FULL
) -> dict[str, list[Account]]:
    """Write every rep's accounts and prospects; returns them by the rep's login."""
    names, numbers = signs("signs"), count(1001)
    shops = {}
    for spec in REPS:
        maker = _Maker(spec, calendar, company, random.Random(f"accounts {spec.login}"), names, numbers)
        places = addresses(network, spec.town, f"accounts {spec.login}")
        kinds = [AccountKind.ACCOUNT] * size.accounts + [AccountKind.PROSPECT] * size.prospects
        shops[spec.login] = [maker.make(kind, next(places)) for kind in kinds]
        _own_rhythms(shops[spec.login])
        session.add_all(shops[spec.login])
    session.flush()
    return shops


@dataclass(frozen=True, slots=True)
class _Maker:
    spec: DemoRep
    calendar: Calendar
    company: Company
    rng: random.Random
    names: Iterator[tuple[Trade, str]]
    numbers: Iterator[int]

    def make(self, kind: AccountKind, at: Address) -> Account:
        trade, name = next(self.names)
        letter = self.rng.choices(list(CLASS_SHARES), weights=list(CLASS_SHARES.values()))[0]
        value = int(trade.value * CLASS_VALUES[letter] * self.rng.uniform(0.7, 1.4)) // 10_000 * 10_000
        is_account = kind is AccountKind.ACCOUNT
        opened_at = instant(self.company.started_on, 9 * HOUR)
        row = Account(
            external_id=f"LS-{next(self.numbers)}",
            name=name,
            kind=kind,
            account_class=letter if is_account else AccountClass.C,
            industry=trade.industry,
            tags=self._tags(trade),
            address=at.line,
            city=at.town.name,
            postcode=at.town.postcode,
            lat=at.lat,
            lon=at.lon,
            phone=self._phone(),
            value_minor=value if is_account else None,
            potential_minor=int(value * self.rng.uniform(1.1, 1.9)) // 10_000 * 10_000,
            parking_hint=self.rng.choice(trade.parking) if trade.parking and self.rng.random() < 0.5 else "",
            created_at=opened_at,
            updated_at=opened_at,
        )
        row.windows = _windows(trade)
        row.contacts = self._contacts()
        row.blocks = self._blocks()
        row.ownerships = [self._ownership()]
        return row

    def _tags(self, trade: Trade) -> list[str]:
        return [need for need in trade.needs if self.rng.random() < 0.6]

    def _phone(self) -> str:
        """Chilean mobile numbers have nine digits; the block 9 0000 is not given out."""
        return f"+56 9 0000 {self.rng.randrange(10_000):04d}"

    def _contacts(self) -> list[Contact]:
        people = self.rng.choices((0, 1, 2), weights=(1, 6, 2))[0]
        return [
            Contact(
                name=f"{self.rng.choice(FIRST_NAMES)} {self.rng.choice(LAST_NAMES)}",
                position=self.rng.choice(POSITIONS),
                phone=self._phone(),
            )
            for _ in range(people)
        ]

    def _blocks(self) -> list[Block]:
        if self.rng.random() > 0.06:
            return []
        from_on = self.calendar.today + timedelta(days=self.rng.randrange(3, 40))
        until_on = from_on + timedelta(days=self.rng.randrange(2, 10))
        return [Block(from_on=from_on, until_on=until_on, reason=self.rng.choice(BLOCK_REASONS))]

    def _ownership(self) -> Ownership:
        return Ownership(
            territory=self.company.territories[self.spec.territory],
            rep_id=self.company.reps[self.spec.login].person_id,
            from_on=self.company.started_on,
        )


def _windows(trade: Trade) -> list[OpeningWindow]:
    rows = [
        OpeningWindow(weekday=weekday, opens_seconds=int(opens * HOUR), closes_seconds=int(closes * HOUR))
        for weekdays, opens, closes in trade.hours
        for weekday in weekdays
    ]
    return sorted(rows, key=lambda row: (row.weekday, row.opens_seconds))


def _own_rhythms(shops: list[Account]) -> None:
    """Some accounts have a cadence of their own; two follow a fixed cycle."""
    accounts = [row for row in shops if row.kind is AccountKind.ACCOUNT]
    for letter, days, every in ((AccountClass.A, WEEKLY, 2), (AccountClass.B, FORTNIGHTLY, 2)):
        for row in [row for row in accounts if row.account_class is letter][::every]:
            row.cadence_days = days
    for row in [row for row in accounts if row.account_class is AccountClass.C][::3]:
        row.cadence_days = QUARTERLY
    fixed = [row for row in accounts if row.account_class is AccountClass.B and row.cadence_days is None]
    for row, rule in zip(fixed[1:], FORTNIGHTLY_RULES, strict=False):
        row.cycle_rule = rule
