"""Migrations: the newest tables are the models', and a batch operation keeps the rows that hang on others."""

from __future__ import annotations

import os
from collections.abc import Iterator
from pathlib import Path

import pytest
from alembic import command
from alembic.autogenerate import compare_metadata
from alembic.config import Config
from alembic.migration import MigrationContext
from alembic.script import ScriptDirectory
from flask import Flask
from flask_migrate import downgrade, upgrade
from sqlalchemy import func, inspect, select

from planner.database import Base, db, reading, transaction
from planner.models.accounts import Account, OpeningWindow
from planner.models.people import Shift
from tests.world import World

pytestmark = pytest.mark.both_databases


@pytest.fixture
def migrated(bare_app: Flask) -> Iterator[Flask]:
    with bare_app.app_context():
        upgrade()
        yield bare_app


def test_the_newest_tables_are_the_models(migrated: Flask) -> None:
    with db.engine.connect() as connection:
        context = MigrationContext.configure(connection, opts={"compare_type": True, "render_as_batch": True})
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


def test_a_second_upgrade_changes_nothing(migrated: Flask) -> None:
    with transaction() as session:
        World(session)
    upgrade()
    assert reading().scalar(select(func.count()).select_from(Shift)) == 10


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


def config_with_scratch(app: Flask, folder: Path) -> Config:
    """Alembic's configuration with one more, scratch migration on top of the newest."""
    config: Config = app.extensions["migrate"].migrate.get_config()
    newest = ScriptDirectory.from_config(config).get_current_head()
    recreate = "always" if db.engine.dialect.name == "sqlite" else "auto"
    (folder / "scratch.py").write_text(SCRATCH.format(newest=newest, recreate=recreate), encoding="utf-8")
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


def test_foreign_keys_are_on_again_after_a_migration(migrated: Flask) -> None:
    if db.engine.dialect.name == "sqlite":
        with db.engine.connect() as connection:
            assert connection.exec_driver_sql("PRAGMA foreign_keys").scalar() == 1
