"""People: who may sign in, as what. Nobody is ever deleted: their past visits and entries stay theirs."""

from __future__ import annotations

import re
from collections import defaultdict
from dataclasses import asdict, dataclass
from datetime import date, datetime

from sqlalchemy import func, select
from sqlalchemy.orm import Session, selectinload

from planner.database import name_order
from planner.domain.access import Actor, Role
from planner.domain.errors import Conflict, Invalid, NotFound
from planner.models.people import DistanceUnit, Person, Rep
from planner.models.territories import Membership, Ownership, Territory
from planner.services import scope
from planner.services.company import logins
from planner.services.installation import audit

EMAIL = re.compile(r"[^@\s]+@[^@\s]+\.[^@\s]+")


@dataclass(frozen=True, slots=True)
class PersonData:
    """What an admin says about a person. ``email`` is what they sign in with; ``distance_unit`` km or mi."""

    name: str
    email: str
    role: Role
    distance_unit: str = "km"


@dataclass(frozen=True, slots=True)
class PersonLine:
    """A line of the list. ``troubles`` are codes of what keeps a rep from being planned."""

    person_id: int
    name: str
    email: str
    role: Role
    is_active: bool
    has_password: bool
    territories: tuple[str, ...]
    troubles: tuple[str, ...]


@dataclass(frozen=True, slots=True)
class PersonDetail:
    person_id: int
    data: PersonData
    is_active: bool
    has_password: bool
    owned_accounts: int
    erase_on: date | None
    erased_at: datetime | None


def lines(session: Session, on: date) -> list[PersonLine]:
    """Everybody, active ones first, by name; territories as they are on ``on``. Three queries."""
    people = session.scalars(
        select(Person)
        .options(selectinload(Person.rep).selectinload(Rep.shifts))
        .order_by(Person.is_active.desc(), name_order(Person.name), Person.id)
    ).all()
    names = _territories(session, on)
    return [_line(person, tuple(names.get(person.id, ()))) for person in people]


def detail(session: Session, person_id: int, on: date) -> PersonDetail:
    """One person. Raises NotFound."""
    person = find(session, person_id)
    owned = select(func.count(Ownership.id)).where(Ownership.rep_id == person_id, scope.held(Ownership, on))
    return PersonDetail(
        person.id,
        _data(person),
        person.is_active,
        bool(person.password_hash),
        session.scalar(owned) or 0,
        person.erase_on,
        person.erased_at,
    )


def find(session: Session, person_id: int) -> Person:
    """The row. Raises NotFound."""
    person = session.get(Person, person_id)
    if person is None:
        raise NotFound("person", id=person_id)
    return person


def create(session: Session, actor: Actor, now: datetime, data: PersonData) -> int:
    """Add a person, who cannot sign in before accepting an invitation; returns their id."""
    data = _checked(session, data, but=None)
    person = Person(created_at=now, is_active=True)
    _apply(person, data)
    session.add(person)
    session.flush()
    _keep_rep(session, person)
    audit.record(session, actor, now, "person.created", "person", person.id, {}, asdict(data))
    return person.id


def change(session: Session, actor: Actor, now: datetime, person_id: int, data: PersonData) -> None:
    """Change a person. Raises Conflict("last_admin") where nobody could administer afterwards."""
    person = find(session, person_id)
    if person.erased_at is not None:
        raise Conflict("guard_erased")
    before, data = _data(person), _checked(session, data, but=person_id)
    if before.role is Role.ADMIN and data.role is not Role.ADMIN:
        _check_other_admin(session, person_id)
    _apply(person, data)
    session.flush()
    _keep_rep(session, person)
    if before != data:
        audit.record(session, actor, now, "person.changed", "person", person_id, asdict(before), asdict(data))


def set_active(session: Session, actor: Actor, now: datetime, person_id: int, is_active: bool) -> None:
    """Let a person in, or shut them out at once, on every device.

    Raises Conflict("own_person") for oneself, Conflict("last_admin") for the last admin.
    """
    person = find(session, person_id)
    if person_id == actor.user_id:
        raise Conflict("own_person")
    if person.role is Role.ADMIN and not is_active:
        _check_other_admin(session, person_id)
    if person.erased_at is not None:
        raise Conflict("guard_erased")
    if person.is_active is is_active:
        return
    person.is_active, person.erase_on = is_active, None
    if not is_active:
        logins.revoke_all(session, person_id, now)
    session.flush()
    action = "person.activated" if is_active else "person.deactivated"
    audit.record(session, actor, now, action, "person", person_id)


def _line(person: Person, territories: tuple[str, ...]) -> PersonLine:
    return PersonLine(
        person.id,
        person.name,
        person.email,
        person.role,
        person.is_active,
        bool(person.password_hash),
        territories,
        _troubles(person, territories) if person.is_active else (),
    )


def _troubles(person: Person, territories: tuple[str, ...]) -> tuple[str, ...]:
    if person.role is Role.ADMIN:
        return ()
    found = [] if territories else ["no_territory"]
    if person.role is Role.REP:
        if person.rep is None or person.rep.home_lat is None:
            found.append("no_home")
        if person.rep is None or not person.rep.shifts:
            found.append("no_week")
    return tuple(found)


def _territories(session: Session, on: date) -> dict[int, list[str]]:
    names: dict[int, list[str]] = defaultdict(list)
    query = (
        select(Membership.person_id, Territory.name)
        .join(Territory, Territory.id == Membership.territory_id)
        .where(scope.held(Membership, on))
        .order_by(Territory.name)
    )
    for person_id, name in session.execute(query):
        names[person_id].append(name)
    return names


def _data(person: Person) -> PersonData:
    return PersonData(person.name, person.email, person.role, person.distance_unit.value)


def _apply(person: Person, data: PersonData) -> None:
    person.name, person.email, person.role = data.name, data.email, data.role
    person.distance_unit = DistanceUnit(data.distance_unit)


def _checked(session: Session, data: PersonData, but: int | None) -> PersonData:
    name, email = data.name.strip(), data.email.strip().lower()
    if not name:
        raise Invalid("name", "name_missing")
    if not EMAIL.fullmatch(email):
        raise Invalid("email", "email_bad")
    other = session.scalar(select(Person.id).where(Person.email == email, Person.id != (but or 0)))
    if other is not None:
        raise Invalid("email", "email_taken")
    return PersonData(name, email, data.role, data.distance_unit)


def _keep_rep(session: Session, person: Person) -> None:
    """A rep has a row for the road side; somebody who was a rep once keeps theirs with its past."""
    if person.role is Role.REP and session.get(Rep, person.id) is None:
        session.add(Rep(person_id=person.id))
        session.flush()


def _check_other_admin(session: Session, person_id: int) -> None:
    others = select(func.count(Person.id)).where(
        Person.role == Role.ADMIN, Person.is_active, Person.id != person_id
    )
    if not session.scalar(others):
        raise Conflict("last_admin")
