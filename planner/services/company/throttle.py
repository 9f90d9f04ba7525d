"""The brake on guessing passwords, kept in the database so that it holds across processes and restarts.

A try is written down as failed *before* the password is looked at, so that tries at the same time
count too; ``succeeded`` takes it back. A success makes earlier failures of that e-mail forgotten.
"""

from __future__ import annotations

from dataclasses import dataclass
from datetime import datetime, timedelta

from sqlalchemy import ColumnElement, func, select
from sqlalchemy.orm import Session

from planner.models.logins import LoginAttempt
from planner.services.digests import sha256

WINDOW = timedelta(minutes=15)
FAILURES_PER_EMAIL = 5
FAILURES_PER_ADDRESS = 20


@dataclass(frozen=True, slots=True)
class Try:
    """``attempt_id`` None: not now, wait ``wait_seconds``."""

    attempt_id: int | None
    wait_seconds: int = 0


def begin(session: Session, email: str, address: str, now: datetime) -> Try:
    """Write down a try, unless too many failed in the last 15 minutes."""
    by_email = LoginAttempt.email_sha256 == sha256(email)
    wait = max(
        _wait(
            session,
            by_email & (LoginAttempt.attempted_at > _last_success(session, by_email, now)),
            FAILURES_PER_EMAIL,
            now,
        ),
        _wait(session, LoginAttempt.address == address, FAILURES_PER_ADDRESS, now),
    )
    if wait:
        return Try(None, wait)
    attempt = LoginAttempt(
        email_sha256=sha256(email), address=address[:64], attempted_at=now, succeeded=False
    )
    session.add(attempt)
    session.flush()
    return Try(attempt.id)


def succeeded(session: Session, attempt_id: int) -> None:
    """Take a try back as a success. Old ones go by the table of terms, at night."""
    session.get_one(LoginAttempt, attempt_id).succeeded = True


def _wait(session: Session, whose: ColumnElement[bool], limit: int, now: datetime) -> int:
    """Seconds until fewer than ``limit`` failures lie in the window; 0 when a try is free."""
    times = session.scalars(
        select(LoginAttempt.attempted_at)
        .where(whose, LoginAttempt.succeeded.is_(False), LoginAttempt.attempted_at > now - WINDOW)
        .order_by(LoginAttempt.attempted_at.desc())
        .limit(limit)
    ).all()
    if len(times) < limit:
        return 0
    return max(1, round((times[-1] + WINDOW - now).total_seconds()))


def _last_success(session: Session, by_email: ColumnElement[bool], now: datetime) -> datetime:
    query = select(func.max(LoginAttempt.attempted_at)).where(by_email, LoginAttempt.succeeded)
    return session.scalar(query) or now - WINDOW
