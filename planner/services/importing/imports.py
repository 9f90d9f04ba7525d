"""Importing accounts: all or nothing, with a restore point that can be gone back to.

A run keeps, for every account it touched, what was there before and the revision it left: while no
account was edited since, the run can be undone as a whole.
"""

from __future__ import annotations

from collections.abc import Iterable, Mapping, Sequence
from dataclasses import asdict, dataclass
from datetime import date, datetime
from typing import Any

from sqlalchemy import case, delete, func, insert, or_, select
from sqlalchemy.orm import Session

from planner.domain.access import Actor
from planner.domain.errors import Conflict, NotFound
from planner.models.accounts import Account, ImportChange, ImportRun
from planner.models.nights import PlannedNight
from planner.models.people import Person
from planner.models.schedule import Proposal, ScheduleNight, UnplacedAccount
from planner.models.visits import Note, Visit
from planner.services.importing import import_write
from planner.services.importing.import_changes import Change
from planner.services.importing.import_plan import ImportPlan
from planner.services.importing.import_store import Kept
from planner.services.installation import audit

MOST_NAMES = 10


@dataclass(frozen=True, slots=True)
class RunRow:
    """An import in the history."""

    run_id: int
    file_name: str
    imported_by: str
    imported_at: datetime
    undone_at: datetime | None
    new: int
    changed: int


def apply(session: Session, actor: Actor, now: datetime, on: date, kept: Kept, plan: ImportPlan) -> int:
    """Do what the plan says; returns the run's id.

    Raises Conflict("import_has_errors") while the file has any, Conflict("constraint") where an account
    changed since the plan was made.
    """
    if plan.errors:
        raise Conflict("import_has_errors")
    _check_unchanged(session, plan.changed)
    run = ImportRun(
        file_name=kept.file_name,
        file_sha256=kept.sha256,
        mapping={column.value: index for column, index in kept.mapping.items()},
        imported_by=actor.user_id,
        imported_at=now,
    )
    session.add(run)
    session.flush()
    befores = _befores(session, plan.changed)
    import_write.update_accounts(session, now, on, {_id(c): c.after for c in plan.changed})
    ids = import_write.insert_accounts(session, now, on, [c.after for c in plan.new])
    points = [{"run_id": run.id, "account_id": i, "before": None, "rev_after": 1} for i in ids]
    points += [
        {"run_id": run.id, "account_id": _id(c), "before": befores[_id(c)], "rev_after": c.rev + 1}
        for c in plan.changed
    ]
    for piece in import_write.pieces(points):
        session.execute(insert(ImportChange), piece)
    told = {"file": kept.file_name, "new": len(plan.new), "changed": len(plan.changed)}
    audit.record(session, actor, now, "accounts.imported", "import_run", run.id, {}, told)
    return run.id


def undo(session: Session, actor: Actor, now: datetime, on: date, run_id: int) -> None:
    """Put back what was there before: new accounts go, changed ones get their old values.

    Raises NotFound for another's run (an admin may undo all), Conflict("import_undone"), and
    Conflict("import_edited") naming accounts that were edited or used since.
    """
    run = _run(session, actor, run_id)
    if run.undone_at is not None:
        raise Conflict("import_undone")
    edited = edited_since(session, run_id)
    if edited:
        more = ", …" if len(edited) > MOST_NAMES else ""
        raise Conflict("import_edited", names=", ".join(edited[:MOST_NAMES]) + more)
    points = session.execute(
        select(ImportChange.account_id, ImportChange.before).where(ImportChange.run_id == run_id)
    ).all()
    import_write.update_accounts(
        session, now, on, {row.account_id: row.before for row in points if row.before is not None}
    )
    for piece in import_write.pieces(row.account_id for row in points if row.before is None):
        session.execute(delete(Account).where(Account.id.in_(piece)))
    run.undone_at = now
    audit.record(session, actor, now, "accounts.import_undone", "import_run", run_id)


def edited_since(session: Session, run_id: int) -> list[str]:
    """Names of accounts the run touched and somebody edited or, where new, used since."""
    is_used = or_(
        *(
            Account.id.in_(select(table.account_id))
            for table in (Visit, Note, Proposal, UnplacedAccount, ScheduleNight, PlannedNight)
        )
    )
    query = (
        select(Account.name)
        .join(ImportChange, ImportChange.account_id == Account.id)
        .where(ImportChange.run_id == run_id)
        .where(or_(Account.rev != ImportChange.rev_after, (ImportChange.before.is_(None)) & is_used))
        .order_by(Account.name)
    )
    return list(session.scalars(query))


def history(session: Session, actor: Actor, most: int = 50) -> list[RunRow]:
    """The newest imports; an admin sees all, a manager their own."""
    return [_run_row(row) for row in session.execute(_history(actor).limit(most))]


def run_of(session: Session, actor: Actor, run_id: int) -> RunRow:
    """Raises NotFound."""
    row = session.execute(_history(actor).where(ImportRun.id == run_id)).one_or_none()
    if row is None:
        raise NotFound("import", id=run_id)
    return _run_row(row)


def _history(actor: Actor) -> Any:
    is_new = ImportChange.before.is_(None)
    query = (
        select(
            ImportRun.id,
            ImportRun.file_name,
            Person.name,
            ImportRun.imported_at,
            ImportRun.undone_at,
            func.sum(case((is_new, 1), else_=0)),
            func.count(ImportChange.id),
        )
        .join(Person, Person.id == ImportRun.imported_by)
        .outerjoin(ImportChange, ImportChange.run_id == ImportRun.id)
        .group_by(ImportRun.id, Person.name)
        .order_by(ImportRun.id.desc())
    )
    return query if actor.is_admin else query.where(ImportRun.imported_by == actor.user_id)


def _run_row(row: Any) -> RunRow:
    run_id, file_name, name, imported_at, undone_at, new, touched = row
    return RunRow(run_id, file_name, name, imported_at, undone_at, new or 0, touched - (new or 0))


def _run(session: Session, actor: Actor, run_id: int) -> ImportRun:
    run = session.get(ImportRun, run_id)
    if run is None or not (actor.is_admin or run.imported_by == actor.user_id):
        raise NotFound("import", id=run_id)
    return run


def _check_unchanged(session: Session, changes: Sequence[Change]) -> None:
    """The plan was made outside the transaction: nobody may have edited these accounts since."""
    wanted = {_id(change): change.rev for change in changes}
    for piece in import_write.pieces(wanted):
        for account_id, rev in session.execute(select(Account.id, Account.rev).where(Account.id.in_(piece))):
            if rev != wanted.pop(account_id):
                raise Conflict("constraint")
    if wanted:
        raise Conflict("constraint")


def _befores(session: Session, changes: Iterable[Change]) -> dict[int, Mapping[str, Any]]:
    """The old values by account; for a change of owner the whole history, as JSON keeps it."""
    befores = {_id(change): dict(change.before) for change in changes}
    moved = [account_id for account_id, before in befores.items() if "owner" in before]
    ranges = import_write.ranges_of(session, moved)
    for account_id in moved:
        del befores[account_id]["owner"]
        befores[account_id]["owners"] = [_plain(asdict(held)) for held in ranges.get(account_id, ())]
    return befores


def _plain(held: Mapping[str, Any]) -> dict[str, Any]:
    return {key: value.isoformat() if isinstance(value, date) else value for key, value in held.items()}


def _id(change: Change) -> int:
    assert change.account_id is not None
    return change.account_id
