"""Whether this database is a demo, for which day it was loaded, and whether somebody has used it since.

"Used" is told by a fingerprint over everything a person can change: numbers of rows, newest ids and
edit counts. Signing in and solving routes in the background do not count.
"""

from __future__ import annotations

import hashlib
import json
from collections.abc import Sequence
from dataclasses import dataclass
from datetime import date
from enum import StrEnum
from typing import Any

from sqlalchemy import ColumnElement, delete, func, inspect, select
from sqlalchemy.orm import Session

from planner.database import Base
from planner.models import guards
from planner.models.accounts import Account, Block, ClassRule, Contact, ImportRun, OpeningWindow
from planner.models.exports import ExportBatch
from planner.models.ledger import Claim, ClaimEvent, ClosedDay, Expense, MileageRate, Receipt, Trip
from planner.models.people import Absence, Person
from planner.models.periods import PeriodLock
from planner.models.schedule import ScheduleVersion
from planner.models.settings import AuditEntry, Setting
from planner.models.territories import Membership, Ownership, Territory
from planner.models.visits import Note, Visit
from planner.services.installation.demo_guard import KEY

WATCHED: tuple[type[Base], ...] = (
    Account, OpeningWindow, Block, Contact, ClassRule, ImportRun, Territory, Membership, Ownership, Person,
    Absence, ScheduleVersion, Visit, Note, MileageRate, ClosedDay, Claim, ClaimEvent, Trip, Receipt, Expense,
    PeriodLock, ExportBatch, AuditEntry,
)  # fmt: skip


class Stage(StrEnum):
    """``LOADING`` that is found at start means: it was interrupted, load again."""

    LOADING = "loading"
    LOADED = "loaded"


@dataclass(frozen=True, slots=True)
class DemoState:
    stage: Stage
    on: date
    fingerprint: str
    person_ids: tuple[int, ...]


def read(session: Session) -> DemoState | None:
    """The demo's state, or None when this database is no demo."""
    value = session.scalar(select(Setting.value).where(Setting.key == KEY))
    if value is None:
        return None
    return DemoState(
        Stage(value["stage"]), date.fromisoformat(value["on"]), value["fingerprint"], tuple(value["people"])
    )


def begin(session: Session, on: date) -> None:
    """Mark the database as a demo that is being loaded."""
    _write(session, Stage.LOADING, on, "", ())


def finish(session: Session, on: date, person_ids: Sequence[int]) -> None:
    """Mark the demo as complete and untouched."""
    _write(session, Stage.LOADED, on, fingerprint(session), person_ids)


def is_touched(session: Session, state: DemoState) -> bool:
    """Whether somebody has changed anything since loading."""
    return state.fingerprint != fingerprint(session)


def is_empty(session: Session) -> bool:
    """Whether nobody has used this database yet: there is no person in it."""
    return session.scalar(select(func.count(Person.id))) == 0


def fingerprint(session: Session) -> str:
    counts = [_counts(session, table) for table in WATCHED]
    return hashlib.sha256(json.dumps(counts).encode()).hexdigest()


def wipe(session: Session) -> None:
    """Delete every row of every table. The caller has made sure that this is a demo."""
    guards.lift(session.connection())
    for table in reversed(Base.metadata.sorted_tables):
        session.execute(delete(table))
    session.flush()
    guards.put(session.connection())


def _counts(session: Session, table: type[Base]) -> list[Any]:
    columns = inspect(table).columns
    wanted: list[ColumnElement[int]] = [func.count()]
    if "id" in columns:
        wanted.append(func.coalesce(func.max(columns["id"]), 0))
    if "rev" in columns:
        wanted.append(func.coalesce(func.sum(columns["rev"]), 0))
    row = session.execute(select(*wanted).select_from(table)).one()
    return [table.__name__, *(int(number) for number in row)]


def _write(session: Session, stage: Stage, on: date, mark: str, person_ids: Sequence[int]) -> None:
    value = {"stage": stage.value, "on": on.isoformat(), "fingerprint": mark, "people": list(person_ids)}
    session.merge(Setting(key=KEY, value=value))
    session.flush()
