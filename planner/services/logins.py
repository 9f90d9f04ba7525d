"""Signing in and out: passwords with argon2id, sessions as rows that can be revoked."""

from __future__ import annotations

import hashlib
import secrets
from dataclasses import dataclass
from datetime import datetime, timedelta

from sqlalchemy import select
from sqlalchemy.orm import Session

from planner.domain.access import Actor, Role
from planner.models.logins import LoginSession
from planner.models.people import Person
from planner.services import scope

SESSION_LASTS = timedelta(days=30)


@dataclass(frozen=True, slots=True)
class SignedIn:
    """What the edge needs to know about the person behind a request."""

    session_id: int
    person_id: int
    name: str
    role: Role
    locale: str | None
    distance_unit: str
    zone: str
    currency: str

    @property
    def actor(self) -> Actor:
        return Actor(self.person_id, self.role)


def sha256(text: str) -> str:
    return hashlib.sha256(text.encode()).hexdigest()


def open_session(session: Session, person: Person, device: str, now: datetime) -> str:
    """Make a session row for a person; returns the token the cookie carries. Only its hash is kept."""
    token = secrets.token_urlsafe(32)
    session.add(
        LoginSession(
            token_sha256=sha256(token),
            person_id=person.id,
            device=device[:200],
            created_at=now,
            last_seen_at=now,
            expires_at=now + SESSION_LASTS,
        )
    )
    session.flush()
    return token


def find_session(session: Session, token: str, now: datetime) -> SignedIn | None:
    """The person of a live session: not revoked, not expired, account active. Reads only."""
    row = session.execute(
        select(LoginSession.id, Person)
        .join(Person, Person.id == LoginSession.person_id)
        .where(
            LoginSession.token_sha256 == sha256(token),
            LoginSession.revoked_at.is_(None),
            LoginSession.expires_at > now,
            Person.is_active,
        )
    ).one_or_none()
    if row is None:
        return None
    session_id, person = row
    territory = scope.home_territory(session, person.id, now.date())
    return SignedIn(
        session_id=session_id,
        person_id=person.id,
        name=person.name,
        role=person.role,
        locale=person.locale,
        distance_unit=person.distance_unit.value,
        zone=territory.zone if territory else "UTC",
        currency=territory.currency if territory else "USD",
    )


def revoke_session(session: Session, session_id: int, now: datetime) -> None:
    row = session.get(LoginSession, session_id)
    if row is not None and row.revoked_at is None:
        row.revoked_at = now
        session.flush()
