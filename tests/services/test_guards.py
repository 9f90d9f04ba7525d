"""Guards: what the services refuse, the database refuses too, whoever sends the statement."""

from __future__ import annotations

from collections.abc import Iterator
from contextlib import contextmanager
from datetime import date
from itertools import product

import pytest
from flask import Flask
from sqlalchemy import Connection, text
from sqlalchemy.exc import IntegrityError, OperationalError
from sqlalchemy.orm import Session

from planner.database import Base, db, transaction
from planner.domain.claims import DECIDING, TRANSITIONS, ClaimAction, ClaimState, Party
from planner.domain.errors import Conflict
from planner.domain.expenses import ExpenseCategory
from planner.domain.ledger import FIRST
from planner.models import guards
from planner.models.ledger import Expense, Trip, TripPart
from planner.models.periods import PeriodLock
from planner.services.ledger import chain, claims
from tests.conftest import NOW, TODAY
from tests.services.ledger_world import LedgerWorld, rep, uid
from tests.tampering import unguarded

pytestmark = pytest.mark.both_databases

WAY = (ClaimState.DRAFT, ClaimState.SUBMITTED, ClaimState.APPROVED, ClaimState.EXPORTED, ClaimState.PAID)
STEPS = (ClaimAction.SUBMIT, ClaimAction.APPROVE, ClaimAction.EXPORT, ClaimAction.PAY)
LOCKED = WAY[1:]
LINES = ("trip", "expense")

ATTACKS = (
    "UPDATE trip SET metres = metres + 1",
    "UPDATE trip SET amount_minor = 0",
    "UPDATE trip SET claim_id = NULL",
    "UPDATE expense SET amount_minor = 9",
    "UPDATE expense SET receipt_id = NULL",
    "UPDATE expense SET tax_minor = 0, tax_percent = 19",
    "UPDATE expense SET paid_minor = 1, paid_currency = 'USD', exchange_rate = 1500",
    "UPDATE expense SET claim_id = NULL",
    "UPDATE trip_part SET amount_minor = 0",
    "INSERT INTO trip_part (trip_id, position, metres, amount_minor) SELECT id, 9, 1, 1 FROM trip",
    "DELETE FROM trip_part",
    "DELETE FROM trip",
    "DELETE FROM expense",
)
CLAIM = (
    "INSERT INTO claim (rep_id, from_on, until_on, state, currency, trips_metres, trips_minor,"
    " expenses_minor, rev) VALUES (:rep, :first, :until, :state, 'CLP', 0, 0, 0, 1)"
)
MARCH, APRIL, MAY = (date(2026, month, 1) for month in (3, 4, 5))


@pytest.fixture
def world(session: Session) -> LedgerWorld:
    """Ana's March is a draft with a trip and an expense."""
    made = LedgerWorld(session)
    claim_id = claims.open_for(session, made.ana.id, TODAY, "CLP").id
    common = {"rep_id": made.ana.id, "on": TODAY, "currency": "CLP", "entered_at": NOW, "claim_id": claim_id}
    trip = Trip(**common, uid=uid(), position=0, from_label="", to_label="Plaza", purpose="x", metres=1000)
    trip.from_lat = trip.to_lat = trip.from_lon = trip.to_lon = 0.0
    trip.road_metres, trip.road_seconds, trip.amount_minor = 1000, 60, 180
    trip.network_name = trip.network_version = "roads"
    trip.parts = [TripPart(position=1, metres=1000, amount_minor=180)]
    spent = Expense(**common, uid=uid(), category=ExpenseCategory.PARKING, amount_minor=1500)
    session.add_all([trip, spent])
    session.flush()
    chain.append(session, made.ana.id, [trip, spent])
    session.commit()
    return made


def take_on(world: LedgerWorld, action: ClaimAction) -> None:
    world.step(world.ana if action is ClaimAction.SUBMIT else world.company.marta, action)
    world.session.commit()


def refused(session: Session, statement: str, **values: object) -> str:
    """The code of the sentence a statement is refused with; empty when it passes. Nothing is kept."""
    try:
        session.execute(text(statement), values)
    except IntegrityError as error:
        return str(error.orig).partition("refused: ")[2].splitlines()[0]
    finally:
        session.rollback()
    return ""


def all_refused(session: Session, statements: tuple[str, ...], **values: object) -> set[str]:
    return {refused(session, statement, **values) for statement in statements}


def copied(session: Session, table: str, **changed: object) -> tuple[str, dict[str, object]]:
    """An INSERT of the newest row of a table once more, some columns with other values."""
    row = session.execute(text(f"SELECT * FROM {table} ORDER BY id DESC LIMIT 1")).mappings().one()
    values = {**row, "id": row["id"] + 1000, "uid": uid(), "corrects_id": None, **changed}
    names = ", ".join(f'"{name}"' for name in values)
    return f"INSERT INTO {table} ({names}) VALUES ({', '.join(f':{name}' for name in values)})", values


def once_more(session: Session, table: str, **changed: object) -> str:
    """How such an INSERT is refused."""
    statement, values = copied(session, table, **changed)
    return refused(session, statement, **values)


def newest(session: Session, table: str) -> object:
    return session.scalar(text(f"SELECT max(id) FROM {table}"))


def test_lines_are_locked_from_submission_on_and_so_is_their_claim_for_others(world: LedgerWorld) -> None:
    """Nothing changes, nothing goes, nothing comes, and none is corrected from another claim: it would
    stand no more, and the sum of its claim would be another."""
    assert all_refused(world.session, ATTACKS) == {""}
    for action, state in zip(STEPS, LOCKED, strict=True):
        take_on(world, action)
        assert all_refused(world.session, ATTACKS) == {"guard_entry"}, state
        for table in LINES:
            old = newest(world.session, table)
            assert once_more(world.session, table) == "guard_entry", state
            assert once_more(world.session, table, corrects_id=old, claim_id=None) == "guard_entry", state


@contextmanager
def somebody_else() -> Iterator[Session]:
    """Another transaction, which does not wait for this one."""
    with Session(db.engine) as other:
        other.execute(text("SET LOCAL lock_timeout = '300ms'"))
        yield other


def test_no_line_slips_into_a_claim_that_is_being_submitted(world: LedgerWorld, database_kind: str) -> None:
    if database_kind == "sqlite":
        pytest.skip("SQLite has one writer")
    claim_id, ana = world.claim().id, world.ana.id
    copies = [copied(world.session, table, uid=uid(), claim_id=claim_id) for table in LINES]
    part = "INSERT INTO trip_part (trip_id, position, metres, amount_minor) SELECT id, 7, 1, 1 FROM trip"
    world.step(world.ana, ClaimAction.SUBMIT)
    for statement, values in (*copies, (part, {})):
        with somebody_else() as other, pytest.raises(OperationalError):
            other.execute(text(statement), values)
    with somebody_else() as other, pytest.raises(OperationalError):
        claims.open_for(other, ana, TODAY, "CLP")


def test_a_claim_is_not_summed_while_a_line_comes_in(world: LedgerWorld, database_kind: str) -> None:
    if database_kind == "sqlite":
        pytest.skip("SQLite has one writer")
    row, actor = world.claim(), rep(world.ana)
    claim_id, rev = row.id, row.rev
    world.expense(700)
    with somebody_else() as other, pytest.raises(OperationalError):
        claims.step(other, actor, NOW, TODAY, claim_id, rev, ClaimAction.SUBMIT)


def test_nobody_continues_a_chain_that_somebody_is_continuing(world: LedgerWorld, database_kind: str) -> None:
    if database_kind == "sqlite":
        pytest.skip("SQLite has one writer")
    ana, bruno = world.ana.id, world.company.bruno.id
    chain.append(world.session, ana, [])
    with somebody_else() as other, pytest.raises(OperationalError):
        chain.append(other, ana, [])
    with somebody_else() as other:
        assert chain.head(other, bruno) == FIRST


def test_a_returned_claim_is_open_again(world: LedgerWorld) -> None:
    take_on(world, ClaimAction.SUBMIT)
    world.step(world.company.marta, ClaimAction.RETURN, "Why?")
    world.session.commit()
    for table in LINES:
        assert once_more(world.session, table) == ""
        assert once_more(world.session, table, corrects_id=newest(world.session, table)) == ""


def test_a_line_is_not_moved_into_a_submitted_claim(world: LedgerWorld) -> None:
    take_on(world, ClaimAction.SUBMIT)
    for table in LINES:
        statement, values = copied(world.session, table, claim_id=None)
        world.session.execute(text(statement), values)
        world.session.commit()
        moved = f"UPDATE {table} SET claim_id = {world.claim().id} WHERE claim_id IS NULL"
        assert refused(world.session, moved) == "guard_entry"


def test_nothing_of_an_approved_claim_changes_but_its_state(world: LedgerWorld) -> None:
    changes = tuple(
        f"UPDATE claim SET {change}"
        for change in (
            *("trips_minor = 1", "trips_metres = 1", "expenses_minor = 1", "currency = 'EUR'"),
            *("from_on = '2026-02-01'", "rep_id = (SELECT min(person_id) + 1 FROM rep)"),
        )
    )
    take_on(world, ClaimAction.SUBMIT)
    marta = world.company.marta.id
    assert moved(world, marta, "approve", "state = 'approved', trips_minor = 1") == "guard_claim"
    assert moved(world, marta, "approve", "state = 'approved'") == ""
    for action in STEPS[1:]:
        take_on(world, action)
        assert all_refused(world.session, changes) == {"guard_claim"}


NOTED = (
    "INSERT INTO claim_event (claim_id, action, actor_id, happened_at, reason)"
    " VALUES (:claim, :action, :actor, '2026-03-04 12:00:00', '')"
)


def moved(world: LedgerWorld, actor_id: int, action: str, change: str) -> str:
    """How a change of Ana's claim is refused after a step that was noted last."""
    given = {"claim": world.claim().id, "action": action, "actor": actor_id}
    world.session.execute(text(NOTED), given)
    return refused(world.session, f"UPDATE claim SET {change}")


def test_a_claim_moves_by_the_step_noted_last_and_along_the_table_only(world: LedgerWorld) -> None:
    ana, marta = world.ana.id, world.company.marta.id
    for before in ClaimState:
        with unguarded(world.session):
            world.session.execute(text("UPDATE claim SET state = :state"), {"state": before.value})
        world.session.commit()
        for action, after in product(ClaimAction, ClaimState):
            following, who = TRANSITIONS.get((before, action), (before, None))
            actor = ana if who is Party.CLAIMANT or action not in DECIDING else marta
            expected = "" if after in (before, following) else "guard_claim"
            assert moved(world, actor, action.value, f"state = '{after}'") == expected, (
                before,
                action,
                after,
            )
            if who is Party.CLAIMANT and after is not before:
                assert moved(world, marta, action.value, f"state = '{after}'") == "guard_claim", (
                    before,
                    action,
                )


def test_nobody_approves_by_a_statement_alone(world: LedgerWorld) -> None:
    """Neither their own claim, nor anybody's without a step that says who did."""
    take_on(world, ClaimAction.SUBMIT)
    alone = "UPDATE claim SET state = 'approved'"
    assert refused(world.session, alone) == "guard_claim"
    given = {"claim": world.claim().id, "action": "approve", "actor": world.ana.id}
    assert refused(world.session, NOTED, **given) == "guard_own"
    # A step of before does not count again.
    for action in (ClaimAction.APPROVE, ClaimAction.UNAPPROVE):
        take_on(world, action)
    assert refused(world.session, alone) == "guard_claim"


def test_a_claim_begins_as_a_draft_and_is_removed_as_one(world: LedgerWorld) -> None:
    common = {"rep": world.ana.id, "first": date(2026, 1, 1), "until": date(2026, 2, 1)}
    begun = {state: refused(world.session, CLAIM, **common, state=state.value) for state in ClaimState}
    assert {state for state, code in begun.items() if not code} == {ClaimState.DRAFT}
    for action in STEPS:
        take_on(world, action)
        assert refused(world.session, "DELETE FROM claim") == "guard_claim"


def test_nobody_is_noted_as_deciding_on_their_own_claim(world: LedgerWorld) -> None:
    for action in ClaimAction:
        values = {"claim": world.claim().id, "action": action.value}
        own = refused(world.session, NOTED, actor=world.ana.id, **values)
        assert own == ("guard_own" if action in DECIDING else "")
        assert refused(world.session, NOTED, actor=world.company.marta.id, **values) == ""


def test_a_record_never_changes_and_never_goes(world: LedgerWorld, database_kind: str) -> None:
    take_on(world, ClaimAction.SUBMIT)
    attacks = (
        "UPDATE audit_entry SET action = 'nothing'",
        "UPDATE audit_entry SET entry_sha256 = 'x' WHERE id = 1",
        "DELETE FROM audit_entry",
        "UPDATE ledger_entry SET content_sha256 = 'x'",
        "DELETE FROM ledger_entry",
        "UPDATE claim_event SET reason = 'x'",
        "DELETE FROM claim_event",
    )
    assert all_refused(world.session, attacks) == {"guard_record"}
    if database_kind == "postgresql":
        emptied = tuple(f"TRUNCATE {table} CASCADE" for table in guards.GUARDED)
        assert all_refused(world.session, emptied) == {"guard_record"}
    else:
        replaced = tuple(f"REPLACE INTO {table} SELECT * FROM {table}" for table in ("trip", "audit_entry"))
        assert all_refused(world.session, replaced) == {"guard_entry", "guard_record"}


def closed(world: LedgerWorld, territory_id: int, first: date, until: date) -> None:
    lock = PeriodLock(territory_id=territory_id, from_on=first, until_on=until, lock_reason="Paid")
    lock.locked_at, lock.locked_by = NOW, world.company.marta.id
    world.session.add(lock)
    world.session.commit()


@pytest.mark.parametrize("team", ["root", "norte"])
def test_a_closed_month_takes_no_line_and_keeps_what_it_has(world: LedgerWorld, team: str) -> None:
    closed(world, getattr(world.company, team).id, MARCH, APRIL)
    for table in LINES:
        old = newest(world.session, table)
        for changed in ({}, {"claim_id": None}, {"corrects_id": old}, {"corrects_id": old, "on": APRIL}):
            assert once_more(world.session, table, **changed) == "guard_period"
        assert refused(world.session, f"UPDATE {table} SET amount_minor = 1") == "guard_period"
        assert refused(world.session, f"DELETE FROM {table}") == "guard_period"


def test_a_private_trip_is_in_no_books_that_could_be_closed(world: LedgerWorld) -> None:
    closed(world, world.company.norte.id, MARCH, APRIL)
    private = {"is_private": True, "claim_id": None, "amount_minor": 0}
    assert once_more(world.session, "trip", **private) == ""
    statement, values = copied(world.session, "trip", **private)
    world.session.execute(text(statement), values)
    world.session.commit()
    mine = f"WHERE id = {newest(world.session, 'trip')}"
    assert refused(world.session, f"UPDATE trip SET is_private = (1 = 0) {mine}") == "guard_period"
    assert refused(world.session, f"UPDATE trip SET purpose = 'x' {mine}") == ""
    assert refused(world.session, f"DELETE FROM trip {mine}") == ""


def test_another_team_or_month_stays_open(world: LedgerWorld) -> None:
    company = world.company
    closed(world, company.sur.id, MARCH, APRIL)
    closed(world, company.norte.id, APRIL, MAY)
    closed(world, company.norte.id, date(2026, 2, 1), MARCH)
    for table in LINES:
        assert once_more(world.session, table) == ""


def test_a_line_of_a_closed_month_may_stand_in_a_later_claim(world: LedgerWorld) -> None:
    closed(world, world.company.norte.id, MARCH, APRIL)
    later = {"rep": world.ana.id, "first": APRIL, "until": MAY, "state": "draft"}
    world.session.execute(text(CLAIM), later)
    world.session.commit()
    april = world.claim(APRIL).id
    assert once_more(world.session, "expense", claim_id=april) == ""
    closed(world, world.company.norte.id, APRIL, MAY)
    assert once_more(world.session, "expense", claim_id=april) == "guard_period"


def test_a_closed_month_is_opened_once_and_its_history_stays(world: LedgerWorld) -> None:
    closed(world, world.company.norte.id, MARCH, APRIL)
    changes = tuple(
        f"UPDATE period_lock SET {change}"
        for change in ("lock_reason = 'x'", "from_on = '2026-02-01'", "locked_by = 1", "territory_id = 1")
    )
    assert all_refused(world.session, (*changes, "DELETE FROM period_lock")) == {"guard_record"}
    opened = f"UPDATE period_lock SET unlocked_at = locked_at, unlocked_by = {world.company.marta.id}"
    world.session.execute(text(opened))
    world.session.commit()
    again = "UPDATE period_lock SET unlocked_at = NULL, unlocked_by = NULL"
    assert all_refused(world.session, (opened, again)) == {"guard_record"}


def test_a_refusal_becomes_a_conflict_with_its_sentence(world: LedgerWorld) -> None:
    take_on(world, ClaimAction.SUBMIT)
    take_on(world, ClaimAction.APPROVE)
    with pytest.raises(Conflict) as raised, transaction() as session:
        session.execute(text("UPDATE claim SET trips_minor = 1"))
    assert raised.value.code == "guard_claim"


def said_by(connection: Connection) -> list[str]:
    """Every guard of the database, as the database tells it."""
    if connection.dialect.name == "sqlite":
        told = "SELECT name || ' ' || sql FROM sqlite_master WHERE type = 'trigger' AND name LIKE 'guard%'"
    else:
        told = (
            "SELECT pg_get_triggerdef(pg_trigger.oid) || pg_proc.prosrc FROM pg_trigger"
            " JOIN pg_proc ON pg_proc.oid = tgfoid WHERE NOT tgisinternal"
        )
    return sorted(connection.scalars(text(told)))


def test_guards_are_set_anew_as_they_were(session: Session) -> None:
    connection = session.connection()
    before = said_by(connection)
    assert len(before) == len(guards.statements(connection.dialect.name))
    with unguarded(session):
        assert said_by(connection) == []
    assert said_by(connection) == before


def test_making_tables_twice_is_no_trouble(app: Flask) -> None:
    with app.app_context(), db.engine.connect() as connection:
        before = said_by(connection)
        Base.metadata.create_all(db.engine)
        assert said_by(connection) == before


def test_every_guard_has_a_name_of_its_own() -> None:
    names = [guard.name for guard in guards.GUARDS]
    assert len({*names}) == len(names)
    assert all(len(guards.PREFIX + name) <= 63 for name in names), "PostgreSQL cuts longer names"


def test_a_draft_line_is_not_made_to_stand_in_place_of_an_approved_one(world: LedgerWorld) -> None:
    """It would stand no more, and its claim come to less."""
    for action in STEPS[:2]:
        take_on(world, action)
    for table in LINES:
        old = newest(world.session, table)
        statement, values = copied(world.session, table, claim_id=None)
        world.session.execute(text(statement), values)
        pointing = f"UPDATE {table} SET corrects_id = {old} WHERE claim_id IS NULL"
        assert refused(world.session, pointing) == "guard_contra", table


def test_what_a_submitted_claim_comes_to_is_frozen(world: LedgerWorld) -> None:
    take_on(world, ClaimAction.SUBMIT)
    assert refused(world.session, "UPDATE claim SET trips_minor = 1") == "guard_claim"


def test_replace_passes_no_lock_whoever_connects(world: LedgerWorld, database_kind: str) -> None:
    """SQLite removes the rows in the way without asking the guards of DELETE, unless a connection wants it:
    ours does, somebody's shell does not."""
    if database_kind != "sqlite":
        pytest.skip("PostgreSQL has no REPLACE")
    for action in STEPS[:2]:
        take_on(world, action)
    world.session.execute(text("PRAGMA recursive_triggers = OFF"))
    tables = ("trip", "expense", "claim", "claim_event", "ledger_entry", "audit_entry")
    codes = {table: refused(world.session, f"REPLACE INTO {table} SELECT * FROM {table}") for table in tables}
    world.session.execute(text("PRAGMA recursive_triggers = ON"))
    assert codes == {
        **dict.fromkeys(LINES, "guard_entry"),
        "claim": "guard_claim",
        **dict.fromkeys(("claim_event", "ledger_entry", "audit_entry"), "guard_record"),
    }


RATE_CHANGES = (
    *(
        f"UPDATE mileage_rate SET {change}"
        for change in (
            *("per_unit = 181", "currency = 'USD'", "unit = 'mi'", "vehicle_kind = 'motorcycle'"),
            *("country = 'AR'", "band_from_units = 1", "effective_from_on = '2025-01-02'", "source = 'x'"),
        )
    ),
    "DELETE FROM mileage_rate",
)
RATE_PASSES = tuple(
    f"UPDATE mileage_rate SET {change}" for change in ("until_on = '2027-01-01'", "is_verified = false")
)


@pytest.mark.parametrize("paid", ["trip", "trip_part"])
def test_a_mileage_rate_that_was_paid_by_stays_as_it_is_but_for_its_end(
    world: LedgerWorld, paid: str
) -> None:
    assert all_refused(world.session, RATE_CHANGES) == {""}
    world.session.execute(text(f"UPDATE {paid} SET rate_id = (SELECT id FROM mileage_rate)"))
    world.session.commit()
    assert all_refused(world.session, RATE_CHANGES) == {"guard_terms"}
    assert all_refused(world.session, RATE_PASSES) == {""}


def test_no_rate_comes_in_the_place_of_one_that_was_paid_by(world: LedgerWorld, database_kind: str) -> None:
    """Neither by its number nor by its band and day."""
    if database_kind != "sqlite":
        pytest.skip("PostgreSQL has no REPLACE")
    names = "country, vehicle_kind, effective_from_on, unit, currency, source, is_verified, band_from_units"
    columns = f"INTO mileage_rate ({{}}{names}, per_unit) SELECT {{}}{names}, 181 FROM mileage_rate"
    statements = tuple(f"REPLACE {columns.format(key, key)}" for key in ("id, ", ""))
    world.session.execute(text("PRAGMA recursive_triggers = OFF"))
    assert all_refused(world.session, statements) == {""}
    world.session.execute(text("UPDATE trip SET rate_id = (SELECT id FROM mileage_rate)"))
    world.session.commit()
    assert [refused(world.session, each) for each in statements] == ["guard_terms"] * 2
    world.session.execute(text("PRAGMA recursive_triggers = ON"))
