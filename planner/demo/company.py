"""The demo's company as rows: territories, people with homes and shifts, class rules, a mileage rate."""

from __future__ import annotations

from collections.abc import Mapping
from dataclasses import dataclass
from datetime import date, datetime, timedelta
from decimal import Decimal

from sqlalchemy.orm import Session

from planner.demo.days import Calendar, instant
from planner.demo.places import Address, addresses
from planner.demo.staff import (
    ADMIN,
    COUNTRY,
    CURRENCY,
    HOUR,
    MANAGER,
    NETWORK,
    REPS,
    ROOT_TERRITORY,
    SUBDIVISION,
    TERRITORIES,
    ZONE,
    DemoPerson,
    DemoRep,
    email,
)
from planner.domain.access import MembershipKind, Role
from planner.domain.working_week import AbsenceKind
from planner.models.accounts import AccountClass, ClassRule
from planner.models.ledger import MileageRate
from planner.models.people import Absence, DistanceUnit, Person, Rep, Shift
from planner.models.territories import Membership, ModelState, Territory, TerritoryModel
from routing.network import RoadNetwork

CLASS_RULES = (
    (AccountClass.A, 14, 60, 480),
    (AccountClass.B, 28, 45, 240),
    (AccountClass.C, 56, 30, 120),
)
"""Class, cadence in days, visit length in minutes, price of a missed visit in minutes."""

PESOS_PER_KM = Decimal("220")
LUNCH = (int(12.5 * HOUR), 14 * HOUR)


@dataclass(frozen=True, slots=True)
class Company:
    """The rows everything else hangs on, flushed. ``reps`` by login, in the order of ``REPS``."""

    manager: Person
    admin: Person
    reps: Mapping[str, Rep]
    territories: Mapping[str, Territory]
    started_on: date


def found(
    session: Session, calendar: Calendar, network: RoadNetwork, password_hashes: Mapping[str, str]
) -> Company:
    """Write the company. ``password_hashes`` by login."""
    started_on = calendar.today.replace(month=1, day=1) - timedelta(days=365)
    created_at = instant(started_on, 9 * HOUR)
    territories = _territories(session)
    people = _People(session, password_hashes, created_at, started_on)
    manager = people.add(MANAGER)
    people.join(manager, territories[ROOT_TERRITORY], MembershipKind.MANAGER)
    admin = people.add(ADMIN)
    people.join(admin, territories[ROOT_TERRITORY], MembershipKind.MEMBER)
    reps = {}
    for spec in REPS:
        home = next(addresses(network, spec.town, f"home {spec.login}"))
        person = people.add(DemoPerson(spec.login, spec.name, Role.REP))
        people.join(person, territories[spec.territory], MembershipKind.MEMBER)
        reps[spec.login] = _rep(session, spec, person, home, calendar)
    _rules(session, started_on)
    session.flush()
    return Company(manager, admin, reps, territories, started_on)


@dataclass(frozen=True, slots=True)
class _People:
    session: Session
    password_hashes: Mapping[str, str]
    created_at: datetime
    since: date

    def add(self, spec: DemoPerson) -> Person:
        row = Person(
            email=email(spec.login),
            name=spec.name,
            role=spec.role,
            password_hash=self.password_hashes[spec.login],
            created_at=self.created_at,
        )
        self.session.add(row)
        self.session.flush()
        return row

    def join(self, person: Person, territory: Territory, kind: MembershipKind) -> None:
        self.session.add(
            Membership(person_id=person.id, territory_id=territory.id, kind=kind, from_on=self.since)
        )


def _territories(session: Session) -> dict[str, Territory]:
    model = TerritoryModel(name="Present structure", state=ModelState.ACTIVE)
    session.add(model)
    session.flush()
    rows: dict[str, Territory] = {}
    for name in (ROOT_TERRITORY, *TERRITORIES):
        parent = rows.get(ROOT_TERRITORY)
        rows[name] = Territory(
            model_id=model.id,
            parent_id=parent.id if parent else None,
            name=name,
            zone=ZONE,
            country=COUNTRY,
            subdivision=SUBDIVISION,
            currency=CURRENCY,
            network_name=NETWORK,
        )
        session.add(rows[name])
        session.flush()
    return rows


def _rep(session: Session, spec: DemoRep, person: Person, home: Address, calendar: Calendar) -> Rep:
    row = Rep(
        person=person,
        home_address=f"{home.line}, {spec.town.name}",
        home_lat=home.lat,
        home_lon=home.lon,
        vehicle=spec.vehicle,
    )
    row.shifts = [
        Shift(
            weekday=weekday,
            starts_seconds=int(day.starts * HOUR),
            ends_seconds=int(day.ends * HOUR),
            lunch_from_seconds=LUNCH[0],
            lunch_to_seconds=LUNCH[1],
            lunch_seconds=day.lunch_minutes * 60,
        )
        for day in spec.week
        for weekday in day.weekdays
    ]
    row.absences = _absences(spec.login, calendar)
    session.add(row)
    session.flush()
    return row


def _absences(login: str, calendar: Calendar) -> list[Absence]:
    """A week of leave ahead for one rep, a day of illness behind for another."""
    monday = calendar.today - timedelta(days=calendar.today.weekday())
    if login == "diego":
        from_on = monday + timedelta(days=14)
        return [Absence(from_on=from_on, until_on=from_on + timedelta(days=5), kind=AbsenceKind.LEAVE)]
    if login == "camila":
        from_on = monday - timedelta(days=19)
        return [Absence(from_on=from_on, until_on=from_on + timedelta(days=1), kind=AbsenceKind.ILLNESS)]
    return []


def _rules(session: Session, since: date) -> None:
    for letter, days, minutes, price in CLASS_RULES:
        session.add(
            ClassRule(
                account_class=letter,
                cadence_days=days,
                visit_seconds=minutes * 60,
                missed_price_minutes=price,
            )
        )
    session.add(
        MileageRate(
            country=COUNTRY,
            effective_from_on=since,
            per_unit=PESOS_PER_KM,
            unit=DistanceUnit.KM,
            currency=CURRENCY,
            source="Company rate of the demo",
        )
    )
