"""Migrations: the newest tables are the models', and a batch operation keeps the rows that hang on others."""

from __future__ import annotations

import os
from collections.abc import Iterator
from dataclasses import replace
from datetime import date
from decimal import Decimal
from pathlib import Path

import pytest
from alembic import command
from alembic.autogenerate import compare_metadata
from alembic.config import Config
from alembic.migration import MigrationContext
from alembic.script import ScriptDirectory
from flask import Flask
from flask_migrate import downgrade, upgrade
from sqlalchemy import func, inspect, select, text
from sqlalchemy.exc import IntegrityError
from sqlalchemy.orm import Session

from planner.database import Base, db, reading, transaction
from planner.domain.claims import ClaimAction
from planner.domain.errors import Conflict
from planner.domain.mileage_rates import VehicleKind
from planner.models import guards, note_search
from planner.models.accounts import Account, OpeningWindow
from planner.models.expense_terms import ExpenseRule
from planner.models.ledger import Claim, ClaimEvent, Expense, Receipt, Trip, TripPart
from planner.models.people import Person, Shift
from planner.models.periods import PeriodLock
from planner.models.runs import PlanningRun, RunKind, RunState
from planner.models.settings import Setting
from planner.models.visits import DayRoute, Note
from planner.services.ledger import chain, contra_entries, expense_findings, manual_trips, rates, receipts
from planner.services.ledger.manual_ends import ManualEnd
from planner.services.ledger.manual_trips import ManualTrip
from tests.conftest import NOW, TODAY
from tests.days import routed_day
from tests.services.ledger_world import LedgerWorld, rate, rep, uid
from tests.world import World

pytestmark = pytest.mark.both_databases


COMPARED = {
    "compare_type": True,
    "render_as_batch": True,
    "include_name": lambda name, _kind, _parents: not note_search.is_part(name),
}


@pytest.fixture
def migrated(bare_app: Flask) -> Iterator[Flask]:
    with bare_app.app_context():
        upgrade()
        yield bare_app


def write(session: Session, author: Person, account: Account, text: str) -> None:
    note = Note(uid=uid(), account_id=account.id, author_id=author.id, text=text)
    note.captured_at = note.received_at = NOW
    session.add(note)


def test_the_newest_tables_are_the_models(migrated: Flask) -> None:
    with db.engine.connect() as connection:
        context = MigrationContext.configure(connection, opts=COMPARED)
        assert compare_metadata(context, Base.metadata) == []


def test_up_with_data_then_down_to_nothing_then_up_again(migrated: Flask) -> None:
    with transaction() as session:
        world = World(session)
        world.account(world.ana)
    reading().rollback()
    downgrade(revision="base")
    assert set(inspect(db.engine).get_table_names()) == {"alembic_version"}
    upgrade()
    assert reading().scalar(select(func.count(Account.id))) == 0


def test_notes_written_before_the_newest_tables_are_found_after(migrated: Flask) -> None:
    with transaction() as session:
        world = World(session)
        write(session, world.ana, world.account(world.ana), "Wants shelves")
    reading().rollback()
    downgrade(revision="0014")
    upgrade()
    found = note_search.has_word(db.engine.dialect.name, "shelves")
    assert reading().scalar(select(func.count(Note.id)).where(found)) == 1


def test_a_second_upgrade_changes_nothing(migrated: Flask) -> None:
    with transaction() as session:
        World(session)
    upgrade()
    assert reading().scalar(select(func.count()).select_from(Shift)) == 10


def test_runs_that_answer_questions_may_stand_and_other_kinds_not(migrated: Flask) -> None:
    with transaction() as session:
        rep_id = World(session).ana.id
        for kind in RunKind:
            run = PlanningRun(rep_id=rep_id, kind=kind, dedupe_key=kind, state=RunState.QUEUED, seed=1)
            run.from_on, run.requested_at = TODAY, NOW
            session.add(run)
    with pytest.raises(Conflict, match="constraint"), transaction() as session:
        session.execute(text("UPDATE planning_run SET kind = 'other'"))
    with pytest.raises(Conflict, match="constraint"), transaction() as session:
        session.execute(text("UPDATE planning_run SET progress = 101"))


def test_day_routes_stay_without_and_with_word_of_beds_off_the_roads(migrated: Flask) -> None:
    with transaction() as session:
        world = World(session)
        routed_day(world, world.ana, 2)
        session.scalars(select(DayRoute)).one().bed_after_off_road = True
    reading().rollback()
    downgrade(revision="0009")
    assert reading().scalar(text("SELECT count(*) FROM stop")) == 2
    reading().rollback()
    upgrade()
    route = reading().scalars(select(DayRoute)).one()
    assert (route.bed_before_off_road, route.bed_after_off_road, len(route.stops)) == (False, False, 2)


SCRATCH = """
from alembic import op
import sqlalchemy as sa

revision, down_revision = "scratch", "{newest}"
branch_labels = depends_on = None


def upgrade():
    with op.batch_alter_table("account", recreate="{recreate}") as batch:
        batch.alter_column("industry", existing_type=sa.String(80), type_=sa.String(120))


def downgrade():
    with op.batch_alter_table("account", recreate="{recreate}") as batch:
        batch.alter_column("industry", existing_type=sa.String(120), type_=sa.String(80))
"""
"""A migration that rebuilds a table others point at. With foreign keys on, SQLite would drop their rows."""


def config_with_scratch(app: Flask, folder: Path, scratch: str = SCRATCH) -> Config:
    """Alembic's configuration with one more, scratch migration on top of the newest."""
    config: Config = app.extensions["migrate"].migrate.get_config()
    newest = ScriptDirectory.from_config(config).get_current_head()
    recreate = "always" if db.engine.dialect.name == "sqlite" else "auto"
    (folder / "scratch.py").write_text(scratch.format(newest=newest, recreate=recreate), encoding="utf-8")
    ours = Path(app.extensions["migrate"].directory) / "versions"
    config.set_main_option("path_separator", "os")
    config.set_main_option("version_locations", os.pathsep.join([str(ours), str(folder)]))
    return config


def test_rebuilding_a_table_keeps_the_rows_that_hang_on_it(migrated: Flask, tmp_path: Path) -> None:
    week = range(5)
    with transaction() as session:
        world = World(session)
        for _ in range(20):
            row = world.account(world.ana)
            row.windows = [OpeningWindow(weekday=day, opens_seconds=0, closes_seconds=60) for day in week]
    reading().rollback()
    config = config_with_scratch(migrated, tmp_path)
    for step in (command.upgrade, command.downgrade):
        step(config, "scratch" if step is command.upgrade else "-1")
        kept = [reading().scalar(select(func.count(table.id))) for table in (Account, OpeningWindow)]
        assert kept == [20, 100]
        reading().rollback()


REBUILT = """
from alembic import op
import sqlalchemy as sa

revision, down_revision = "scratch", "{newest}"
branch_labels = depends_on = None


def upgrade():
    op.execute("UPDATE trip SET vehicle = 'known since'")
    for table, column in (("claim", "currency"), ("trip", "currency"), ("claim_event", "reason")):
        with op.batch_alter_table(table, recreate="{recreate}") as batch:
            batch.alter_column(column, existing_type=sa.String(400), nullable=False)


def downgrade():
    upgrade()
"""
"""Rebuilds tables whose triggers ask each other, and writes into locked rows, as a migration may."""


def triggers() -> list[str]:
    """Every trigger of ours as the database tells it."""
    found = (
        "SELECT sql FROM sqlite_master WHERE type = 'trigger'"
        if db.engine.dialect.name == "sqlite"
        else "SELECT pg_get_triggerdef(pg_trigger.oid) || prosrc FROM pg_trigger"
        " JOIN pg_proc ON pg_proc.oid = tgfoid WHERE NOT tgisinternal"
    )
    with db.engine.connect() as connection:
        return sorted(connection.scalars(text(found)))


def test_the_triggers_of_migrated_tables_are_those_the_models_come_with(migrated: Flask) -> None:
    by_migrations = triggers()
    reading().rollback()
    downgrade(revision="base")
    assert triggers() == []
    Base.metadata.create_all(db.engine)
    assert triggers() == by_migrations
    assert len(by_migrations) >= len(guards.GUARDS)


def test_triggers_survive_the_rebuilding_of_their_tables(migrated: Flask, tmp_path: Path) -> None:
    before = triggers()
    config = config_with_scratch(migrated, tmp_path, REBUILT)
    with transaction() as session:
        world = World(session)
        lines_of_a_submitted_claim(session, world)
    reading().rollback()
    command.upgrade(config, "scratch")
    assert triggers() == before
    with pytest.raises(Conflict, match="guard_entry"), transaction() as session:
        session.execute(text("UPDATE trip SET metres = 1"))


def lines_of_a_submitted_claim(session: Session, world: World) -> Claim:
    """One trip, in raw statements: a test of migrations knows the tables, not the services."""
    claim = Claim(rep_id=world.ana.id, from_on=date(2026, 3, 1), until_on=date(2026, 4, 1), currency="CLP")
    session.add(claim)
    session.flush()
    trip = Trip(rep_id=world.ana.id, uid="1", on=TODAY, position=0, currency="CLP", claim_id=claim.id)
    trip.from_label = trip.to_label = trip.purpose = trip.network_name = trip.network_version = "x"
    trip.from_lat = trip.from_lon = trip.to_lat = trip.to_lon = 0.0
    trip.metres = trip.road_metres = trip.road_seconds = trip.amount_minor = 1
    trip.entered_at = NOW
    session.add(trip)
    session.flush()
    submitted = ClaimEvent(claim_id=claim.id, actor_id=world.ana.id, action=ClaimAction.SUBMIT)
    submitted.happened_at = NOW
    session.add(submitted)
    session.flush()
    session.execute(text("UPDATE claim SET state = 'submitted'"))
    return claim


def test_endorsements_locks_and_batches_come_and_go_with_their_migrations(migrated: Flask) -> None:
    with transaction() as session:
        world = World(session)
        claim = lines_of_a_submitted_claim(session, world)
        endorsed = ClaimEvent(claim_id=claim.id, actor_id=world.marta.id, action=ClaimAction.ENDORSE)
        endorsed.happened_at = NOW
        session.add(endorsed)
        lock = PeriodLock(territory_id=world.norte.id, from_on=date(2026, 2, 1), until_on=date(2026, 3, 1))
        lock.locked_at, lock.locked_by, lock.lock_reason = NOW, world.marta.id, "Paid"
        session.add(lock)
    noted = "INSERT INTO claim_event (claim_id, action, actor_id, happened_at, reason) "
    with pytest.raises(Conflict, match="constraint"), transaction() as session:
        session.execute(text(noted + "SELECT id, 'other', rep_id, '2026-03-04', '' FROM claim"))
    reading().rollback()
    downgrade(revision="0009")
    assert {"period_lock", "export_batch"} & {*inspect(db.engine).get_table_names()} == set()
    with db.engine.connect() as connection:
        assert list(connection.scalars(text("SELECT action FROM claim_event"))) == ["submit"]
        assert connection.scalar(text("SELECT count(*) FROM trip")) == 1
    upgrade()
    with pytest.raises(Conflict, match="guard_record"), transaction() as session:
        session.execute(text("DELETE FROM claim_event"))


def test_books_with_contra_entries_do_not_go_back_to_tables_without(
    migrated: Flask, caplog: pytest.LogCaptureFixture
) -> None:
    """What was taken back would be paid twice."""
    with transaction() as session:
        world = LedgerWorld(session)
        world.visit(hour=9)
        world.close()
        world.step(world.ana, ClaimAction.SUBMIT)
        world.step(world.company.marta, ClaimAction.APPROVE)
        trip = world.trips()[0]
        contra_entries.take_back(session, rep(world.ana), NOW, TODAY, trip, uid(), "Not driven")
    reading().rollback()
    guarded = triggers()
    with pytest.raises(SystemExit):
        downgrade(revision="0022")
    assert "1 rows of trip are contra entries" in caplog.text
    reading().rollback()
    assert triggers() == guarded
    with db.engine.connect() as connection:
        assert connection.scalar(text("SELECT count(*) FROM trip WHERE contra_of_id IS NOT NULL")) == 1


def test_foreign_keys_are_on_again_after_a_migration(migrated: Flask) -> None:
    if db.engine.dialect.name == "sqlite":
        with db.engine.connect() as connection:
            assert connection.exec_driver_sql("PRAGMA foreign_keys").scalar() == 1


def test_trips_and_rates_keep_their_chain_through_bands_and_back(migrated: Flask) -> None:
    """Ana's trips are as they were before bands; Bruno has what only the newer tables can hold."""
    ends = ManualEnd(label="Office"), ManualEnd(label="Port")
    with transaction() as session:
        world = LedgerWorld(session)
        world.visit(hour=9)
        world.close()
        kept, ana = [trip.id for trip in world.trips()], world.ana.id
        beyond = replace(rate(band_from_units=5), per_unit=Decimal("90"))
        rates.add(session, None, NOW, beyond)
        by_hand = ManualTrip(uid(), TODAY, *ends, "Samples", 9_000, kind=VehicleKind.CAR)
        bruno = rep(world.company.bruno)
        for each in (by_hand, replace(by_hand, uid=uid(), is_private=True)):
            manual_trips.add(session, bruno, NOW, TODAY, world.networks, each)
        assert session.scalar(select(func.count()).select_from(TripPart)) == 2
        worth = session.execute(text("SELECT id, metres, amount_minor FROM trip ORDER BY id")).all()[
            : len(kept)
        ]
    reading().rollback()
    scripts = ScriptDirectory.from_config(migrated.extensions["migrate"].migrate.get_config())
    before = scripts.get_revision("0013").down_revision
    downgrade(revision=before)
    assert reading().execute(text("SELECT id, metres, amount_minor FROM trip ORDER BY id")).all() == worth
    assert reading().execute(text("SELECT count(*) FROM mileage_rate")).scalar() == 1
    with pytest.raises(IntegrityError):
        reading().execute(text("UPDATE trip SET from_lat = NULL"))
    reading().rollback()
    upgrade()
    assert [each for each in chain.verify(reading()) if each.rep_id == ana] == []
    origins = reading().execute(text("SELECT DISTINCT origin, vehicle_kind, commute_metres FROM trip")).all()
    assert [tuple(row) for row in origins] == [("day", "car", 0)]
    with pytest.raises(IntegrityError):
        reading().execute(text("UPDATE trip SET origin = 'adjustment'"))
    reading().rollback()


def test_limits_of_receipts_become_dated_policy_and_expenses_keep_their_chain(migrated: Flask) -> None:
    with transaction() as session:
        world = LedgerWorld(session)
        row = world.expense(1500)
        expense_id, rep_id = row.id, world.ana.id
        head = chain.head(session, rep_id)
    reading().rollback()
    downgrade(revision="0015")
    with transaction() as session:
        session.add(Setting(key="receipt_above_minor", value={"CLP": 20_000}))
    reading().rollback()
    upgrade()
    rules = reading().scalars(select(ExpenseRule)).all()
    assert {(rule.currency, rule.receipt_from_minor, rule.cap_minor) for rule in rules} == {
        ("CLP", 20_001, None)
    }
    assert len(rules) == 7
    assert reading().get(Setting, "receipt_above_minor") is None
    kept = reading().get_one(Expense, expense_id)
    assert (kept.amount_minor, kept.rule_id, kept.nights) == (1500, None, 0)
    # What was entered under the limit is judged by it: 1 500 needs no receipt.
    assert expense_findings.of_one(reading(), kept) == ()
    assert chain.head(reading(), rep_id) == head
    assert chain.verify(reading()) == []
    reading().rollback()
    downgrade(revision="0015")
    limit = reading().scalar(text("SELECT value FROM setting WHERE key = 'receipt_above_minor'"))
    assert "20000" in str(limit)


def test_pictures_from_before_are_kept_and_their_numbers_are_not_given_again(migrated: Flask) -> None:
    with transaction() as session:
        world = LedgerWorld(session)
        ana = rep(world.ana)
        named, last = (receipts.expected(session, ana, NOW, letter * 64) for letter in "ab")
        world.expense(receipt_id=named)
    reading().rollback()
    downgrade(revision="0023")
    assert reading().execute(text("SELECT id, sha256 FROM receipt ORDER BY id")).all() == [
        (named, "a" * 64),
        (last, "b" * 64),
    ]
    reading().rollback()
    upgrade()
    with transaction() as session:
        assert session.scalars(select(Receipt.stored_sha256)).all() == [None, None]
        session.execute(text("DELETE FROM receipt WHERE id = :id"), {"id": last})
        assert receipts.expected(session, ana, NOW, "c" * 64) > last
    assert chain.verify(reading()) == []
