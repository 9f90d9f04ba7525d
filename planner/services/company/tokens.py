"""Links that work once: for the first admin, and for people to choose their password.

There is no e-mail server to count on: the link is shown once, to the admin or on the console.
"""

from __future__ import annotations

import secrets
from dataclasses import dataclass
from datetime import datetime, timedelta

from sqlalchemy import func, select, update
from sqlalchemy.orm import Session

from planner.domain.access import Actor, Role
from planner.domain.errors import Conflict, NotFound
from planner.models.logins import OneTimeToken, TokenPurpose
from planner.models.people import Person
from planner.services.company import logins
from planner.services.digests import sha256
from planner.services.installation import audit

INVITATION_LASTS = timedelta(days=7)
FIRST_ADMIN_LASTS = timedelta(days=1)


@dataclass(frozen=True, slots=True)
class Invited:
    """The person a link is for."""

    person_id: int
    name: str
    email: str


def invite(session: Session, actor: Actor, now: datetime, person_id: int) -> str:
    """A fresh token with which a person chooses a password; earlier ones stop working."""
    person = session.get(Person, person_id)
    if person is None or not person.is_active:
        raise NotFound("person", id=person_id)
    _spend(session, TokenPurpose.SET_PASSWORD, person_id, now)
    audit.record(session, actor, now, "person.invited", "person", person_id)
    return _issue(session, TokenPurpose.SET_PASSWORD, person_id, now + INVITATION_LASTS)


def first_admin(session: Session, now: datetime) -> str:
    """A fresh token for the page that makes the first admin.

    Raises Conflict("admin_exists") when there is somebody to ask for an invitation instead.
    """
    check_no_admin(session)
    _spend(session, TokenPurpose.FIRST_ADMIN, None, now)
    return _issue(session, TokenPurpose.FIRST_ADMIN, None, now + FIRST_ADMIN_LASTS)


def check_no_admin(session: Session) -> None:
    admins = select(func.count(Person.id)).where(Person.role == Role.ADMIN, Person.is_active)
    if session.scalar(admins):
        raise Conflict("admin_exists")


def invited(session: Session, token: str, now: datetime) -> Invited:
    """Whom an invitation is for. Raises NotFound("link") for one unknown, used or expired."""
    row = _live(session, TokenPurpose.SET_PASSWORD, token, now)
    person = session.get(Person, row.person_id)
    if person is None or not person.is_active:
        raise NotFound("link")
    return Invited(person.id, person.name, person.email)


def check_first_admin(session: Session, token: str, now: datetime) -> None:
    """Raises NotFound("link") unless the token may make the first admin."""
    _live(session, TokenPurpose.FIRST_ADMIN, token, now)


def accept(session: Session, token: str, password_hash: str, now: datetime) -> int:
    """Set the invited person's password, sign them out everywhere; returns their id. Works once."""
    person_id = invited(session, token, now).person_id
    session.get_one(Person, person_id).password_hash = password_hash
    _spend(session, TokenPurpose.SET_PASSWORD, person_id, now)
    logins.revoke_all(session, person_id, now)
    own = Actor(person_id, session.get_one(Person, person_id).role)
    audit.record(session, own, now, "password.chosen", "person", person_id)
    return person_id


def make_first_admin(
    session: Session, token: str, name: str, email: str, password_hash: str, now: datetime
) -> int:
    """Make the first admin; returns their id. Works once, and only while there is no admin."""
    check_first_admin(session, token, now)
    check_no_admin(session)
    person = Person(name=name, email=email.strip().lower(), role=Role.ADMIN, created_at=now)
    person.password_hash = password_hash
    session.add(person)
    session.flush()
    _spend(session, TokenPurpose.FIRST_ADMIN, None, now)
    audit.record(session, None, now, "person.created", "person", person.id, {}, {"role": Role.ADMIN})
    return person.id


def _issue(session: Session, purpose: TokenPurpose, person_id: int | None, expires_at: datetime) -> str:
    token = secrets.token_urlsafe(32)
    row = OneTimeToken(token_sha256=sha256(token), purpose=purpose, expires_at=expires_at)
    row.person_id = person_id
    session.add(row)
    session.flush()
    return token


def _live(session: Session, purpose: TokenPurpose, token: str, now: datetime) -> OneTimeToken:
    row = session.scalar(
        select(OneTimeToken).where(
            OneTimeToken.token_sha256 == sha256(token),
            OneTimeToken.purpose == purpose,
            OneTimeToken.used_at.is_(None),
            OneTimeToken.expires_at > now,
        )
    )
    if row is None:
        raise NotFound("link")
    return row


def _spend(session: Session, purpose: TokenPurpose, person_id: int | None, now: datetime) -> None:
    """Mark every open token of a purpose and person as used."""
    whose = OneTimeToken.person_id.is_(None) if person_id is None else OneTimeToken.person_id == person_id
    session.execute(
        update(OneTimeToken)
        .where(OneTimeToken.purpose == purpose, whose, OneTimeToken.used_at.is_(None))
        .values(used_at=now)
    )
