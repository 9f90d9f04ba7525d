"""Signing in and out: who it is, and sessions as rows that can be revoked one by one.

The steps of signing in are apart because hashing takes its time: ``throttle.begin`` (a short write),
``recognise`` (reads and hashes, no write open), ``sign_in`` (a short write).
"""

from __future__ import annotations

import secrets
from dataclasses import dataclass
from datetime import datetime, timedelta

from sqlalchemy import select, update
from sqlalchemy.orm import Session

from planner.domain.access import Actor, Role
from planner.domain.errors import Invalid, NotAllowed, NotFound
from planner.models.logins import LoginSession
from planner.models.people import Person
from planner.models.territories import Territory
from planner.services import scope
from planner.services.company import passwords, throttle
from planner.services.digests import sha256
from planner.services.installation import audit, demo_guard, settings

SESSION_LASTS = timedelta(days=30)
SIGNED_IN = (
    *(LoginSession.id, LoginSession.person_id, LoginSession.last_seen_at),
    *(Person.name, Person.role, Person.locale, Person.distance_unit),
    *(Territory.zone, Territory.country, Territory.currency),
)
SEEN_EVERY = timedelta(minutes=10)
"""How stale ``last_seen_at`` may get: a write at every request would be a waste."""


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
    country: str | None
    currency: str
    last_seen_at: datetime

    @property
    def actor(self) -> Actor:
        return Actor(self.person_id, self.role)


@dataclass(frozen=True, slots=True)
class Device:
    """A live session, as the profile page lists it."""

    session_id: int
    label: str
    created_at: datetime
    last_seen_at: datetime
    is_this: bool


def recognise(session: Session, email: str, password: str, address: str, is_forwarded: bool = False) -> int:
    """The id of the active person with these credentials; the same time and error for any that fail.

    Raises Invalid("password", "login_wrong"), and NotAllowed("demo_login_remote") where a demo login,
    whose password lies in a file, comes from another machine and the settings do not allow it.
    """
    person = session.scalar(select(Person).where(Person.email == email.strip().lower(), Person.is_active))
    if not passwords.matches(person.password_hash if person else None, password) or person is None:
        raise Invalid("password", "login_wrong")
    is_allowed = settings.read(session).demo_logins_anywhere
    if demo_guard.refuses(session, person.id, address, is_forwarded, is_allowed):
        raise NotAllowed("demo_login_remote")
    return person.id


def sign_in(session: Session, attempt_id: int, person_id: int, device: str, now: datetime) -> str:
    """Open a session for a recognised person; returns the token for the cookie."""
    throttle.succeeded(session, attempt_id)
    return open_session(session, person_id, device, now)


def open_session(session: Session, person_id: int, device: str, now: datetime) -> str:
    """Make a session row for a person; returns the token the cookie carries. Only its hash is kept."""
    token = secrets.token_urlsafe(32)
    session.add(
        LoginSession(
            token_sha256=sha256(token),
            person_id=person_id,
            device=device[:200],
            created_at=now,
            last_seen_at=now,
            expires_at=now + SESSION_LASTS,
        )
    )
    session.flush()
    return token


def find_session(session: Session, token: str, now: datetime) -> SignedIn | None:
    """The person of a live session: not revoked, not expired, person active. Reads only."""
    home = scope.home_territory_id(Person.id, now.date())
    row = session.execute(
        select(*SIGNED_IN)
        .join(Person, Person.id == LoginSession.person_id)
        .outerjoin(Territory, Territory.id == home)
        .where(
            LoginSession.token_sha256 == sha256(token),
            LoginSession.revoked_at.is_(None),
            LoginSession.expires_at > now,
            Person.is_active,
        )
    ).one_or_none()
    if row is None:
        return None
    return SignedIn(
        session_id=row.id,
        person_id=row.person_id,
        name=row.name,
        role=row.role,
        locale=row.locale,
        distance_unit=row.distance_unit.value,
        zone=row.zone or "UTC",
        country=row.country,
        currency=row.currency or "USD",
        last_seen_at=row.last_seen_at,
    )


def is_seen_stale(signed_in: SignedIn, now: datetime) -> bool:
    return now - signed_in.last_seen_at > SEEN_EVERY


def seen(session: Session, session_id: int, now: datetime) -> None:
    """Note that a session is in use and let it last on."""
    session.execute(
        update(LoginSession)
        .where(LoginSession.id == session_id)
        .values(last_seen_at=now, expires_at=now + SESSION_LASTS)
    )


def devices(session: Session, actor: Actor, this_session_id: int, now: datetime) -> list[Device]:
    """The actor's live sessions, last used first."""
    rows = session.scalars(
        select(LoginSession)
        .where(
            LoginSession.person_id == actor.user_id,
            LoginSession.revoked_at.is_(None),
            LoginSession.expires_at > now,
        )
        .order_by(LoginSession.last_seen_at.desc(), LoginSession.id.desc())
    )
    return [
        Device(row.id, row.device, row.created_at, row.last_seen_at, row.id == this_session_id)
        for row in rows
    ]


def revoke_session(session: Session, session_id: int, now: datetime) -> None:
    """Sign a session out, whatever cookies hold its token."""
    row = session.get(LoginSession, session_id)
    if row is not None and row.revoked_at is None:
        row.revoked_at = now
        session.flush()


def revoke_device(session: Session, actor: Actor, now: datetime, session_id: int) -> None:
    """Sign one of the actor's own devices out. Raises NotFound for another person's."""
    row = session.get(LoginSession, session_id)
    if row is None or row.person_id != actor.user_id:
        raise NotFound("device", id=session_id)
    revoke_session(session, session_id, now)
    audit.record(session, actor, now, "device.signed_out", "person", actor.user_id, {"device": row.device})


def revoke_all(session: Session, person_id: int, now: datetime, but: int | None = None) -> None:
    """Sign a person out everywhere, except for the session ``but``."""
    session.execute(
        update(LoginSession)
        .where(
            LoginSession.person_id == person_id,
            LoginSession.revoked_at.is_(None),
            LoginSession.id != (but or 0),
        )
        .values(revoked_at=now)
    )


def check_password(session: Session, actor: Actor, password: str) -> None:
    """Raises Invalid("current", "password_wrong") unless it is the actor's password."""
    if not passwords.matches(session.get_one(Person, actor.user_id).password_hash, password):
        raise Invalid("current", "password_wrong")


def set_password(
    session: Session, actor: Actor, now: datetime, password_hash: str, this_session_id: int
) -> None:
    """Store the actor's new password and sign their other devices out."""
    session.get_one(Person, actor.user_id).password_hash = password_hash
    revoke_all(session, actor.user_id, now, but=this_session_id)
    audit.record(session, actor, now, "password.changed", "person", actor.user_id)
