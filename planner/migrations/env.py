"""Alembic's way into the application's database.

On SQLite foreign keys are switched off for the whole migration, before any BEGIN: a batch operation
rebuilds the table, and with them on the rebuild would delete the child rows. They are checked at the end.

Guards (triggers) are lifted while tables change: a rebuilt table would lose its own, and those of others
that ask it would stop the rebuild. At the newest tables they are put again as the models have them. So is
the search of notes, where there is anything to migrate.
"""

from __future__ import annotations

from alembic import context
from flask import current_app
from sqlalchemy import Connection, Engine

from planner.database import Base
from planner.models import guards, note_search


def run(connection: Connection) -> None:
    context.configure(
        connection=connection,
        target_metadata=Base.metadata,
        render_as_batch=True,
        transactional_ddl=True,
        compare_type=True,
        include_name=lambda name, kind, _parents: not note_search.is_part(name),
    )
    newest = set(context.script.get_heads())
    with context.begin_transaction():
        guards.lift(connection)
        if _changes_tables():
            note_search.lift(connection)
        context.run_migrations()
        if _present() == newest:
            guards.put(connection)
            note_search.put(connection)


def _present() -> set[str]:
    return set(context.get_context().get_current_heads())


def _changes_tables() -> bool:
    """At each start the newest tables are asked for; making the search of many notes anew takes seconds."""
    try:
        wanted = context.get_revision_argument()
    except KeyError:
        return False  # a command that only looks
    return _present() != ({wanted} if isinstance(wanted, str) else {*(wanted or ())})


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
