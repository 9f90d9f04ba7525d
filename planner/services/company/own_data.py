"""All that is kept about a person, as one archive: a JSON file for each table, and the pictures they took.

Whoever asks for their data gets the rows as they stand, so that nothing is chosen or beautified. A table that
points at a person has to be told here or left out with a reason: a test asks for each.
"""

from __future__ import annotations

import json
from collections.abc import Iterator, Mapping
from datetime import date, datetime
from pathlib import Path
from typing import IO, Any
from zipfile import ZIP_DEFLATED, ZIP_STORED, ZipFile

from sqlalchemy import ColumnElement, Table, or_, select
from sqlalchemy.orm import Session

from planner.database import Base
from planner.domain.access import Actor
from planner.domain.errors import NotFound
from planner.models.ledger import Receipt
from planner.models.people import Person
from planner.services.installation import audit
from planner.services.ledger import receipts

PARTS: Mapping[str, str] = {
    "stop": "day_route",
    "left_out": "day_route",
    "trip_part": "trip",
    "claim_event": "claim",
}
"""Tables whose rows belong to whom the row of another belongs to."""

LEFT_OUT: Mapping[str, str] = {
    "one_time_token": "a secret, good for one use",
    "export_batch": "of the payroll; the claims in it are told",
    "import_run": "of the accounts imported",
    "period_lock": "of a team's month",
    "planning_run": "how a plan was worked out; what came of it stands in visits",
    "schedule_version": "a plan of visits to accounts; the visits are told",
    "applied_repair": "of a plan",
    "sealed_link": "a digest, made when somebody is erased",
}
"""Tables that point at a person and are not told, and why."""

SECRET = frozenset({"password_hash", "token_sha256", "salt"})
"""Columns that are no information about anybody, but keys."""

ROWS_AT_ONCE = 500


def name_of(session: Session, actor: Actor, person_id: int) -> str:
    """Whose data it is. Raises NotFound for nobody, and for anybody but oneself unless one is an admin."""
    person = session.get(Person, person_id)
    if person is None or not (actor.is_admin or actor.user_id == person_id):
        raise NotFound("person", id=person_id)
    return person.name


def write(
    session: Session, actor: Actor, person_id: int, receipts_folder: Path, about: str, file: IO[bytes]
) -> None:
    """Write the archive of a person, with ``about`` as the text to read first. Raises as ``name_of``."""
    name_of(session, actor, person_id)
    with ZipFile(file, "w", ZIP_DEFLATED) as archive:
        archive.writestr("README.txt", about)
        for table in told():
            _write_table(session, archive, table, person_id)
        _write_pictures(session, archive, receipts_folder, person_id)


def note_written(session: Session, actor: Actor, now: datetime, person_id: int) -> None:
    """That somebody has taken the data of a person is itself part of it."""
    audit.record(session, actor, now, "person.data_taken", "person", person_id)


IN_PLACE_OF = frozenset({"entered_by_id"})


def told() -> list[Table]:
    """The tables an archive may hold rows of."""
    tables = Base.metadata.sorted_tables
    return [
        table for table in tables if table.name not in LEFT_OUT and (points(table) or table.name in PARTS)
    ]


def points(table: Table) -> list[str]:
    """The columns by which a row is a person's; ``id`` for the people themselves. What somebody entered in
    place of a rep is the rep's."""
    if table.name == Person.__tablename__:
        return ["id"]
    ours = {"person", "rep"}
    pointing = [key.parent.name for key in table.foreign_keys if key.column.table.name in ours]
    return [name for name in pointing if name not in IN_PLACE_OF]


def _write_table(session: Session, archive: ZipFile, table: Table, person_id: int) -> None:
    rows = _rows(session, table, person_id)
    first = next(rows, None)
    if first is None:
        return
    with archive.open(f"{table.name}.json", "w") as out:
        out.write(b"[\n" + first)
        for row in rows:
            out.write(b",\n" + row)
        out.write(b"\n]\n")


def _rows(session: Session, table: Table, person_id: int) -> Iterator[bytes]:
    columns = [column for column in table.columns if column.name not in SECRET]
    query = select(*columns).where(_is_theirs(table, person_id)).order_by(*table.primary_key.columns)
    for row in session.execute(query.execution_options(yield_per=ROWS_AT_ONCE)).mappings():
        yield json.dumps(dict(row), default=_plain, ensure_ascii=False, indent=1).encode()


def _is_theirs(table: Table, person_id: int) -> ColumnElement[bool]:
    if table.name in PARTS:
        whole = Base.metadata.tables[PARTS[table.name]]
        (key,) = (key for key in table.foreign_keys if key.column.table is whole)
        return key.parent.in_(select(whole.c.id).where(_is_theirs(whole, person_id)))
    return or_(*(table.c[name] == person_id for name in points(table)))


def _write_pictures(session: Session, archive: ZipFile, folder: Path, person_id: int) -> None:
    theirs = select(Receipt).where(Receipt.uploaded_by == person_id, Receipt.byte_count > 0)
    for picture in session.scalars(theirs.order_by(Receipt.id)):
        path = receipts.file_of(folder, picture)
        if path.exists():
            archive.write(path, f"pictures/{picture.sha256}.jpg", ZIP_STORED)


def _plain(value: Any) -> str:
    return value.isoformat() if isinstance(value, date | datetime) else str(value)
