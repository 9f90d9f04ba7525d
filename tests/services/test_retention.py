"""Terms: what is past them goes, in pieces, once; what has none stays."""

from __future__ import annotations

from datetime import timedelta

import pytest
from flask import Flask
from sqlalchemy import select
from sqlalchemy.orm import Session

from planner.domain.access import Actor, Role
from planner.domain.errors import Invalid
from planner.domain.retention import TERMS, Kept
from planner.models.logins import LoginAttempt
from planner.models.settings import AuditEntry
from planner.services.company.logins import open_session
from planner.services.installation import retention, retention_terms
from tests.conftest import NOW, TODAY
from tests.world import World

pytestmark = pytest.mark.both_databases


def tried(session: Session, days: int) -> None:
    at = NOW - timedelta(days=days)
    session.add(LoginAttempt(email_sha256="x", address="::1", attempted_at=at, succeeded=False))
    session.flush()


def test_what_is_past_its_term_goes_in_pieces_and_once(
    session: Session, monkeypatch: pytest.MonkeyPatch
) -> None:
    monkeypatch.setattr(retention, "AT_ONCE", 2)
    for days in (29, 31, 32, 33):
        tried(session, days)
    assert retention.counts(session, NOW, TODAY)[Kept.ATTEMPTS] == 3
    assert [retention.remove(session, NOW, TODAY, Kept.ATTEMPTS) for _ in range(3)] == [2, 1, 0]
    assert len(session.scalars(select(LoginAttempt)).all()) == 1


def test_a_term_is_set_within_its_bounds_and_holds_from_then_on(session: Session) -> None:
    world = World(session)
    me = Actor(world.admin.id, Role.ADMIN)
    tried(session, 10)
    with pytest.raises(Invalid):
        retention_terms.change(session, me, NOW, {Kept.ATTEMPTS: 5, Kept.SYNC_ITEMS: 399})
    assert retention_terms.days(session)[Kept.ATTEMPTS] == 30
    retention_terms.change(session, me, NOW, {Kept.ATTEMPTS: 9})
    entry = session.scalars(select(AuditEntry)).one()
    assert (entry.action, entry.before, entry.after) == (
        "retention.changed",
        {"attempts": 30},
        {"attempts": 9},
    )
    assert retention.counts(session, NOW, TODAY)[Kept.ATTEMPTS] == 1


def test_devices_go_after_their_end_and_not_before(session: Session) -> None:
    world = World(session)
    open_session(session, world.ana.id, "phone", NOW)
    after = NOW + timedelta(days=61)
    assert retention.remove(session, NOW, TODAY, Kept.SESSIONS) == 0
    assert retention.remove(session, after, after.date(), Kept.SESSIONS) == 1


def test_every_kind_with_a_term_can_be_counted_and_removed(session: Session) -> None:
    assert retention.counts(session, NOW, TODAY) == dict.fromkeys(TERMS, 0)
    assert {kind: retention.remove(session, NOW, TODAY, kind) for kind in TERMS} == dict.fromkeys(TERMS, 0)
    assert all(term.least <= term.usual <= term.most for term in TERMS.values())


def test_the_night_notes_what_it_removed(session: Session, app: Flask) -> None:
    tried(session, 40)
    session.commit()
    app.test_cli_runner().invoke(args=["nightly"])
    session.expire_all()
    assert [(entry.action, entry.after) for entry in session.scalars(select(AuditEntry))] == [
        ("retention.applied", {"attempts": 1})
    ]
    app.test_cli_runner().invoke(args=["nightly"])
    assert len(session.scalars(select(AuditEntry)).all()) == 1
