"""The audit log: what goes in, and what tampering it shows."""

from __future__ import annotations

from datetime import date

import pytest
from sqlalchemy import select, text
from sqlalchemy.orm import Session

from planner.domain.access import Actor, Role
from planner.models.settings import AuditEntry
from planner.services.installation import audit
from tests.conftest import NOW
from tests.tampering import unguarded
from tests.world import World

pytestmark = pytest.mark.both_databases


def entries(session: Session) -> list[AuditEntry]:
    return list(session.scalars(select(AuditEntry).order_by(AuditEntry.id)))


def test_an_entry_holds_only_the_fields_that_changed(session: Session) -> None:
    world = World(session)
    before = {"name": "Ana", "role": Role.REP, "since": date(2026, 1, 1)}
    after = {"name": "Ana María", "role": Role.REP, "since": date(2026, 2, 1)}
    actor = Actor(world.admin.id, Role.ADMIN)
    audit.record(session, actor, NOW, "person.changed", "person", world.ana.id, before, after)
    (entry,) = entries(session)
    assert entry.before == {"name": "Ana", "since": "2026-01-01"}
    assert entry.after == {"name": "Ana María", "since": "2026-02-01"}
    assert entry.actor_id == world.admin.id


def test_what_the_command_line_does_has_no_actor(session: Session) -> None:
    audit.record(session, None, NOW, "backup.made", "installation", None)
    audit.record(session, Actor(0, Role.ADMIN), NOW, "backup.made", "installation", None)
    assert [entry.actor_id for entry in entries(session)] == [None, None]


def test_the_chain_holds_after_reading_back(session: Session) -> None:
    for number in range(5):
        audit.record(session, None, NOW, "setting.changed", "setting", number, {"á": 1.5}, {"á": [number]})
    session.commit()
    session.expire_all()
    chain = audit.verify(session)
    assert (chain.holds, chain.entries) == (True, 5)
    assert chain.head_sha256 == entries(session)[-1].entry_sha256


def test_an_edited_entry_breaks_the_chain_at_that_entry(session: Session) -> None:
    for number in range(4):
        audit.record(session, None, NOW, "setting.changed", "setting", number)
    with unguarded(session):
        session.execute(text("UPDATE audit_entry SET action = 'nothing' WHERE subject_id = 2"))
    session.expire_all()
    chain = audit.verify(session)
    assert (chain.holds, chain.entries) == (False, 2)
    assert chain.broken_id == entries(session)[2].id


def test_a_removed_entry_breaks_the_chain_at_the_next(session: Session) -> None:
    for number in range(4):
        audit.record(session, None, NOW, "setting.changed", "setting", number)
    with unguarded(session):
        session.execute(text("DELETE FROM audit_entry WHERE subject_id = 1"))
    session.expire_all()
    assert not audit.verify(session).holds


def test_an_empty_log_holds(session: Session) -> None:
    assert audit.verify(session) == audit.Chain(0, audit.GENESIS, None)
