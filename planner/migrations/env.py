"""Alembic's way into the application's database.

On SQLite foreign keys are switched off for the whole migration, before any BEGIN: a batch operation
rebuilds the table, and with them on the rebuild would delete the child rows. They are checked at the end.
"""

from __future__ import annotations

from alembic import context
from flask import current_app
from sqlalchemy import Connection, Engine

from planner.database import Base


def run(connection: Connection) -> None:
    context.configure(
        connection=connection,
        target_metadata=Base.metadata,
        render_as_batch=True,
        transactional_ddl=True,
        compare_type=True,
    )
    with context.begin_transaction():
        context.run_migrations()


def run_online(engine: Engine) -> None:
    if engine.dialect.name != "sqlite":
        with engine.connect() as connection:
            run(connection)
        return
    with engine.connect() as connection:
        _foreign_keys(connection, on=False)
        run(connection)
        broken = connection.exec_driver_sql("PRAGMA foreign_key_check").fetchall()
        if broken:
            raise RuntimeError(f"the migration left {len(broken)} rows pointing nowhere, first {broken[0]}")
        _foreign_keys(connection, on=True)


def _foreign_keys(connection: Connection, *, on: bool) -> None:
    """Set the pragma on the raw connection: inside a transaction SQLite ignores it in silence."""
    raw = connection.connection.driver_connection
    assert raw is not None
    connection.rollback()
    raw.execute(f"PRAGMA foreign_keys={'ON' if on else 'OFF'}")
    if raw.execute("PRAGMA foreign_keys").fetchone() != (int(on),):
        raise RuntimeError("SQLite did not take the foreign-key setting")


run_online(current_app.extensions["migrate"].db.engine)
