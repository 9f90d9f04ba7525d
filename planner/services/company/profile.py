"""What a person may change about themselves."""

from __future__ import annotations

from dataclasses import asdict, dataclass
from datetime import datetime

from sqlalchemy.orm import Session

from planner.domain.access import Actor
from planner.domain.errors import Invalid
from planner.domain.languages import Language
from planner.models.people import DistanceUnit, Person
from planner.services.installation import audit


@dataclass(frozen=True, slots=True)
class Profile:
    """``email`` is for reading: an admin changes it. ``locale`` None: as the browser asks.
    ``distance_unit`` is km or mi."""

    email: str
    name: str
    locale: str | None
    distance_unit: str


def read(session: Session, actor: Actor) -> Profile:
    person = session.get_one(Person, actor.user_id)
    return Profile(person.email, person.name, person.locale, person.distance_unit.value)


def change(session: Session, actor: Actor, now: datetime, profile: Profile) -> None:
    """Store it. Raises Invalid("name") when the name is empty, Invalid("locale") for a language we lack."""
    if not profile.name.strip():
        raise Invalid("name", "name_missing")
    if profile.locale and profile.locale not in set(Language):
        raise Invalid("locale", "setting_range", allowed=", ".join(Language))
    before = read(session, actor)
    person = session.get_one(Person, actor.user_id)
    person.name, person.locale = profile.name.strip(), profile.locale or None
    person.distance_unit = DistanceUnit(profile.distance_unit)
    session.flush()
    if before != profile:
        audit.record(
            session, actor, now, "profile.changed", "person", person.id, asdict(before), asdict(profile)
        )
