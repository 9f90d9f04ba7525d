"""A small company for tests: two sibling territories under one root, two reps, a manager each, an admin.

``norte`` holds rep Ana and is managed by Marta; ``sur`` holds rep Bruno and is managed by Sergio.
Places lie in La Serena, inside the demo road network.
"""

from __future__ import annotations

from collections.abc import Iterator
from dataclasses import dataclass, field
from datetime import date
from itertools import count

from sqlalchemy.orm import Session

from planner.domain.access import MembershipKind, Role
from planner.models.accounts import Account, AccountClass, ClassRule
from planner.models.people import Person, Rep, Shift
from planner.models.territories import Membership, ModelState, Ownership, Territory, TerritoryModel
from tests.conftest import NOW

LONG_AGO = date(2025, 1, 1)
LA_SERENA = (-29.9045, -71.2489)
"""Latitude and longitude of the Plaza de Armas."""


@dataclass
class World:
    """The rows of the company, flushed; commit before using them through the web."""

    session: Session
    model: TerritoryModel = field(init=False)
    root: Territory = field(init=False)
    norte: Territory = field(init=False)
    sur: Territory = field(init=False)
    admin: Person = field(init=False)
    marta: Person = field(init=False)
    sergio: Person = field(init=False)
    ana: Person = field(init=False)
    bruno: Person = field(init=False)
    _numbers: Iterator[int] = field(init=False, repr=False)

    def __post_init__(self) -> None:
        self._numbers = count(1)
        self.model = TerritoryModel(name="Now", state=ModelState.ACTIVE)
        self.session.add(self.model)
        self.session.flush()
        self.root = self.territory("Chile", None)
        self.norte = self.territory("Norte", self.root)
        self.sur = self.territory("Sur", self.root)
        self.admin = self.person("admin", Role.ADMIN)
        self.marta = self.person("marta", Role.MANAGER, self.norte, MembershipKind.MANAGER)
        self.sergio = self.person("sergio", Role.MANAGER, self.sur, MembershipKind.MANAGER)
        self.ana = self.rep("ana", self.norte)
        self.bruno = self.rep("bruno", self.sur)
        for letter, days in (("A", 14), ("B", 28), ("C", 56)):
            rule = ClassRule(account_class=AccountClass(letter), cadence_days=days)
            rule.visit_seconds, rule.missed_price_minutes = 30 * 60, 240
            self.session.add(rule)
        self.session.flush()

    def territory(self, name: str, parent: Territory | None) -> Territory:
        row = Territory(
            model_id=self.model.id,
            parent_id=parent.id if parent else None,
            name=name,
            zone="America/Santiago",
            country="CL",
            currency="CLP",
            network_name="la-serena-coquimbo",
        )
        self.session.add(row)
        self.session.flush()
        return row

    def person(
        self,
        name: str,
        role: Role,
        territory: Territory | None = None,
        kind: MembershipKind = MembershipKind.MEMBER,
    ) -> Person:
        row = Person(email=f"{name}@example.org", name=name.title(), role=role, created_at=NOW)
        self.session.add(row)
        self.session.flush()
        if territory is not None:
            self.session.add(
                Membership(person_id=row.id, territory_id=territory.id, kind=kind, from_on=LONG_AGO)
            )
            self.session.flush()
        return row

    def rep(self, name: str, territory: Territory) -> Person:
        """A rep at home in the centre, Monday to Friday 8:00 to 18:00, an hour of lunch."""
        person = self.person(name, Role.REP, territory)
        lat, lon = LA_SERENA
        row = Rep(person_id=person.id, home_address="Plaza de Armas", home_lat=lat, home_lon=lon)
        row.shifts = [
            Shift(weekday=day, starts_seconds=8 * 3600, ends_seconds=18 * 3600, lunch_seconds=3600)
            for day in range(5)
        ]
        self.session.add(row)
        self.session.flush()
        return person

    def account(
        self,
        owner: Person | None,
        name: str = "",
        letter: str = "B",
        lat: float | None = None,
        lon: float | None = None,
    ) -> Account:
        """An account owned from long ago; without a place given, a little east of the centre."""
        number = next(self._numbers)
        row = Account(
            name=name or f"Almacén {number}",
            account_class=AccountClass(letter),
            lat=LA_SERENA[0] - 0.001 * (number % 7) if lat is None else lat,
            lon=LA_SERENA[1] + 0.001 * (number % 11) if lon is None else lon,
            created_at=NOW,
            updated_at=NOW,
        )
        territory = self.sur if owner is not None and owner.id == self.bruno.id else self.norte
        row.ownerships = [
            Ownership(territory_id=territory.id, rep_id=owner.id if owner else None, from_on=LONG_AGO)
        ]
        self.session.add(row)
        self.session.flush()
        return row
