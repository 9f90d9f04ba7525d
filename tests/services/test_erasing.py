"""Erasing a person: their name and places go, the books hold, and what is changed afterwards still shows."""

from __future__ import annotations

from datetime import timedelta

import pytest
from flask import Flask
from sqlalchemy import select, text
from sqlalchemy.exc import IntegrityError
from sqlalchemy.orm import Session

from planner.database import transaction
from planner.domain.access import Actor, Role
from planner.domain.claims import ClaimAction
from planner.domain.errors import Conflict, Invalid
from planner.models.ledger import Expense, LedgerEntry, MileageRate, SealedLink, Trip
from planner.models.logins import LoginSession
from planner.models.people import Person
from planner.models.settings import AuditEntry
from planner.services.company import erasing, people
from planner.services.company.logins import open_session
from planner.services.installation import audit
from planner.services.ledger import chain
from tests.conftest import NOW, TODAY
from tests.services.ledger_world import LedgerWorld, troubles, uid
from tests.tampering import unguarded

pytestmark = pytest.mark.both_databases

LATER = TODAY + erasing.WAITS


@pytest.fixture
def world(session: Session) -> LedgerWorld:
    """Ana's March: a trip from home with an account at its end, and an expense with a note; submitted."""
    made = LedgerWorld(session)
    account = made.company.account(made.ana)
    made.expense(note="for my neighbour")
    claim = made.claim()
    trip = Trip(rep_id=made.ana.id, on=TODAY, currency="CLP", entered_at=NOW, claim_id=claim.id, uid=uid())
    trip.position, trip.purpose, trip.vehicle = 0, "x", "Ana's Suzuki"
    trip.from_label, trip.from_lat, trip.from_lon = "Home", -29.9, -71.2
    trip.to_label, trip.to_account_id, trip.to_lat, trip.to_lon = "Plaza", account.id, -29.8, -71.1
    trip.metres = trip.road_metres = 1000
    trip.road_seconds, trip.amount_minor, trip.network_name, trip.network_version = 60, 180, "r", "r"
    trip.rate_id = session.scalars(select(MileageRate.id)).one()
    session.add(trip)
    session.flush()
    chain.append(session, made.ana.id, [trip])
    before, after = {"home_address": "Calle 1"}, {"home_address": "Calle 2"}
    audit.record(session, admin(made), NOW, "rep.changed", "person", made.ana.id, before, after)
    made.step(made.ana, ClaimAction.SUBMIT)
    session.commit()
    return made


def admin(world: LedgerWorld) -> Actor:
    return Actor(world.company.admin.id, Role.ADMIN)


def ask(world: LedgerWorld, settled: bool = True) -> None:
    erasing.ask(world.session, admin(world), NOW, TODAY, world.ana.id, world.ana.name, settled)
    world.session.commit()


def erase(world: LedgerWorld) -> None:
    ask(world)
    erasing.erase(world.session, NOW, world.ana.id, "Former rep 7")
    world.session.commit()


def in_clear(world: LedgerWorld) -> None:
    """Make the links of Ana what they were before there were salts, as the program then wrote them."""
    session = world.session
    with unguarded(session):
        before = chain.FIRST
        for row in session.scalars(select(LedgerEntry).order_by(LedgerEntry.position)).all():
            table = Trip if row.kind.value == "trip" else Expense
            row.salt = row.personal_sha256 = None
            row.content_sha256 = chain.contents.found(
                session.get_one(table, row.subject_id), row, None, False
            )
            made = chain.link(row.position, f"{row.kind.value} {row.subject_id}", row.content_sha256, before)
            row.previous_sha256, row.entry_sha256 = before, made.entry_sha256
            before = made.entry_sha256
        head = audit.GENESIS
        for entry in session.scalars(select(AuditEntry).order_by(AuditEntry.id)).all():
            entry.salt = entry.personal_sha256 = None
            entry.previous_sha256 = head
            entry.entry_sha256 = head = audit.digest(entry)
        session.flush()
    session.commit()


def test_name_places_and_words_go_while_money_stays_and_the_books_hold(world: LedgerWorld) -> None:
    assert troubles(world.session) == []
    open_session(world.session, world.ana.id, "phone", NOW)
    erase(world)
    ana = world.session.get_one(Person, world.ana.id)
    assert (ana.name, ana.password_hash, ana.is_active) == ("Former rep 7", None, False)
    trip, spent = world.session.scalars(select(Trip)).one(), world.session.scalars(select(Expense)).one()
    assert (trip.from_label, trip.from_lat, trip.from_lon, trip.vehicle) == ("", None, None, "")
    assert (trip.to_label, trip.to_lat, trip.metres, trip.amount_minor) == ("Plaza", -29.8, 1000, 180)
    assert (spent.note, spent.amount_minor) == ("", 1500)
    assert world.session.scalars(select(LoginSession)).all() == []
    told = world.session.scalars(select(AuditEntry).where(AuditEntry.action == "rep.changed")).one()
    assert (told.before, told.after, told.salt) == ({}, {}, None)
    assert troubles(world.session) == []


def test_links_from_before_the_salts_hold_by_what_was_sealed_of_them(world: LedgerWorld) -> None:
    in_clear(world)
    assert troubles(world.session) == []
    erase(world)
    assert {row.kind for row in world.session.scalars(select(SealedLink))} == {"trip", "expense", "audit"}
    assert troubles(world.session) == []


TAMPERING = (
    "UPDATE trip SET metres = 9999",
    "UPDATE trip SET to_label = 'Elsewhere'",
    "UPDATE trip SET from_label = 'Calle 1'",
    "UPDATE expense SET amount_minor = 9",
    "UPDATE audit_entry SET action = 'nothing' WHERE action = 'rep.changed'",
    "UPDATE audit_entry SET after = '{\"x\": 1}' WHERE action = 'rep.changed'",
)


@pytest.mark.parametrize("is_old", [False, True], ids=["salted", "in-clear"])
@pytest.mark.parametrize("statement", TAMPERING)
def test_what_is_changed_after_an_erasure_shows(world: LedgerWorld, statement: str, is_old: bool) -> None:
    if is_old:
        in_clear(world)
    erase(world)
    with unguarded(world.session):
        world.session.execute(text(statement))
    assert troubles(world.session) != []


def test_emptying_somebody_who_was_not_erased_shows(world: LedgerWorld) -> None:
    with unguarded(world.session):
        world.session.execute(text("UPDATE expense SET note = ''"))
        world.session.execute(text("UPDATE ledger_entry SET salt = NULL WHERE kind = 'expense'"))
    assert any(found.startswith("ledger chain") for found in troubles(world.session))


def test_a_seal_that_is_exchanged_or_an_erasure_the_log_does_not_know_shows(world: LedgerWorld) -> None:
    in_clear(world)
    erase(world)
    with unguarded(world.session):
        world.session.execute(text("UPDATE sealed_link SET rest_sha256 = 'x' WHERE kind = 'expense'"))
        world.session.execute(text("UPDATE person SET erased_at = created_at WHERE name = 'Marta'"))
    assert any("erased people" in found for found in troubles(world.session))


REFUSED_BEFORE = (
    "UPDATE trip SET from_label = ''",
    "UPDATE ledger_entry SET salt = NULL",
    "UPDATE audit_entry SET salt = NULL, before = '{}', after = '{}'",
)
REFUSED_AFTER = (
    "UPDATE trip SET from_label = 'Calle 1'",
    "UPDATE trip SET to_label = ''",
    "UPDATE trip SET from_label = '', metres = 1",
    "UPDATE expense SET merchant = 'x', note = ''",
    "UPDATE ledger_entry SET salt = 'x'",
    "UPDATE ledger_entry SET personal_sha256 = 'x'",
    "DELETE FROM ledger_entry",
    "UPDATE audit_entry SET action = 'x'",
    "UPDATE sealed_link SET rest_sha256 = 'x'",
    "DELETE FROM sealed_link",
    "UPDATE person SET is_active = true WHERE name = 'Former rep 7'",
    "UPDATE person SET erased_at = NULL WHERE name = 'Former rep 7'",
    "UPDATE person SET name = 'Ana' WHERE name = 'Former rep 7'",
)


@pytest.mark.parametrize("statement", REFUSED_BEFORE)
def test_the_database_lets_nothing_go_of_somebody_who_is_not_erased(
    world: LedgerWorld, statement: str
) -> None:
    with pytest.raises(IntegrityError, match="refused"):
        world.session.execute(text(statement))


@pytest.mark.parametrize("statement", REFUSED_AFTER)
def test_the_database_lets_nothing_else_go_of_somebody_who_is(world: LedgerWorld, statement: str) -> None:
    in_clear(world)
    erase(world)
    with pytest.raises(IntegrityError, match="refused"):
        world.session.execute(text(statement))


def test_nothing_more_is_stored_under_an_erased_person(world: LedgerWorld, app: Flask) -> None:
    erase(world)
    ana_id = world.ana.id
    with pytest.raises(Conflict) as refused, transaction() as session:
        open_session(session, ana_id, "phone", NOW)
    assert refused.value.code == "guard_erased"


def test_it_is_taken_back_until_the_night_and_by_letting_in_again(world: LedgerWorld) -> None:
    ask(world)
    session, ana = world.session, world.ana
    assert (ana.is_active, ana.erase_on) == (False, LATER)
    assert erasing.due(session, LATER - timedelta(days=1)) == []
    assert erasing.due(session, LATER) == [(ana.id, Role.REP)]
    erasing.take_back(session, admin(world), NOW, ana.id)
    erasing.erase(session, NOW, ana.id, "Former rep 7")
    assert (ana.name != "Former rep 7", ana.erased_at, ana.is_active) == (True, None, False)
    ask(world)
    people.set_active(session, admin(world), NOW, ana.id, is_active=True)
    assert (ana.erase_on, ana.is_active) == (None, True)


def test_it_is_refused_with_the_reason(world: LedgerWorld) -> None:
    session, me = world.session, admin(world)
    with pytest.raises(Invalid):
        erasing.ask(session, me, NOW, TODAY, world.ana.id, "Anna", True)
    with pytest.raises(Conflict) as unpaid:
        erasing.ask(session, me, NOW, TODAY, world.ana.id, world.ana.name)
    assert (unpaid.value.code, unpaid.value.values) == ("erasing_open_claims", {"months": "2026-03"})
    with pytest.raises(Conflict) as own:
        erasing.ask(session, me, NOW, TODAY, me.user_id, world.company.admin.name)
    assert own.value.code == "erasing_own"
    assert world.ana.is_active
    erase(world)
    with pytest.raises(Conflict) as again:
        erasing.ask(session, me, NOW, TODAY, world.ana.id, "Former rep 7", True)
    assert again.value.code == "guard_erased"
    with pytest.raises(Conflict):
        people.set_active(session, me, NOW, world.ana.id, is_active=True)


def test_the_last_admin_is_erased_by_nobody(world: LedgerWorld) -> None:
    last = world.company.admin
    with pytest.raises(Conflict) as refused:
        erasing.ask(world.session, Actor(0, Role.ADMIN), NOW, TODAY, last.id, last.name)
    assert refused.value.code == "last_admin"


def test_the_preview_counts_what_goes_and_what_stays(world: LedgerWorld) -> None:
    open_session(world.session, world.ana.id, "phone", NOW)
    found = erasing.preview(world.session, world.ana.id)
    assert (found.goes["devices"], found.goes["history"]) == (1, 1)
    assert (found.stays["trips"], found.stays["expenses"], found.stays["claims"]) == (1, 1, 1)
    assert found.open_months == (TODAY.replace(day=1),)


def test_the_night_erases_who_is_due(world: LedgerWorld, app: Flask, monkeypatch: pytest.MonkeyPatch) -> None:
    ask(world)
    world.ana.erase_on = TODAY
    world.session.commit()
    app.test_cli_runner().invoke(args=["nightly"])
    world.session.expire_all()
    assert world.ana.name == f"Former rep {world.ana.id}"
    assert troubles(world.session) == []
