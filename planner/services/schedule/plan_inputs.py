"""What a version was planned from that the one published before it did not know.

Between the moments both began to read: roads, driving and evenness as both keep them, the rest as the audit
log, the imports and the visits' own changes tell. What none of them tells is not claimed.
"""

from __future__ import annotations

from collections.abc import Iterable, Sequence
from dataclasses import dataclass
from datetime import datetime

from sqlalchemy import and_, or_, select
from sqlalchemy.orm import Session

from planner.domain import plan_inputs
from planner.domain.balance import Balance
from planner.domain.plan_inputs import BY_HAND, AbsenceChange, AccountChange, LogEntry, RepChange
from planner.models.accounts import Account, ImportChange, ImportRun
from planner.models.runs import PlanningRun
from planner.models.schedule import ScheduleVersion
from planner.models.settings import AuditEntry
from planner.models.territories import Ownership
from planner.models.visits import Visit


@dataclass(frozen=True, slots=True)
class Inputs:
    """``driving``: the fields of ``roads.assumptions`` that differ. ``balance``: how even days were to be,
    and are to be now. ``accounts``: names by what changed. ``by_hand``: how many visits people agreed, moved
    or called off, by the log's action."""

    since: datetime
    is_other_network: bool
    driving: tuple[str, ...]
    accounts: dict[AccountChange, tuple[str, ...]]
    imported: int
    rep: frozenset[RepChange]
    absences: tuple[AbsenceChange, ...]
    classes: tuple[str, ...]
    settings: frozenset[str]
    by_hand: dict[str, int]
    balance: tuple[Balance, Balance] | None = None


def changed_inputs(session: Session, version: ScheduleVersion, former: ScheduleVersion) -> Inputs:
    since, until = _read_at(session, former), _read_at(session, version)
    entries = _entries(session, version.rep_id, since, until)
    of_accounts = plan_inputs.account_changes(_of(entries, "account"))
    of_person = _of(entries, "person")
    return Inputs(
        since=since,
        is_other_network=version.network_version != former.network_version,
        driving=_driving(version, former),
        accounts=_named(session, of_accounts),
        imported=_imported(session, version.rep_id, since, until),
        rep=plan_inputs.rep_changes(of_person),
        absences=plan_inputs.absence_changes(of_person),
        classes=tuple(sorted({e.after["class"] for e in _of(entries, "class_rule") if "class" in e.after})),
        settings=plan_inputs.setting_changes(_of(entries, "setting")),
        by_hand=plan_inputs.visits_by_hand(_of(entries, "visit")),
        balance=_balance(version, former),
    )


def _read_at(session: Session, version: ScheduleVersion) -> datetime:
    """When its run began to read; a version without a run read just before it was stored."""
    run = session.get(PlanningRun, version.run_id) if version.run_id else None
    return run.started_at if run is not None and run.started_at is not None else version.created_at


def _entries(session: Session, rep_id: int, since: datetime, until: datetime) -> list[tuple[str, LogEntry]]:
    """The log of what concerns the rep's plan, oldest first, each with the kind of its subject."""
    mine = select(Ownership.account_id).where(Ownership.rep_id == rep_id)
    visits = select(Visit.id).where(Visit.rep_id == rep_id)
    kind, subject = AuditEntry.subject_kind, AuditEntry.subject_id
    query = (
        select(AuditEntry)
        .where(AuditEntry.happened_at > since, AuditEntry.happened_at <= until)
        .where(
            or_(
                and_(kind == "account", subject.in_(mine)),
                and_(kind == "person", subject == rep_id),
                and_(kind == "visit", subject.in_(visits), AuditEntry.action.in_(BY_HAND)),
                kind.in_(["class_rule", "setting"]),
            )
        )
        .order_by(AuditEntry.id)
    )
    return [
        (row.subject_kind, LogEntry(row.action, row.subject_id, row.before, row.after))
        for row in session.scalars(query)
    ]


def _of(entries: Iterable[tuple[str, LogEntry]], kind: str) -> list[LogEntry]:
    return [entry for of_kind, entry in entries if of_kind == kind]


def _driving(version: ScheduleVersion, former: ScheduleVersion) -> tuple[str, ...]:
    """Nothing where one of both does not say how it drove."""
    if not (version.driving and former.driving):
        return ()
    fields = sorted({*version.driving, *former.driving})
    return tuple(field for field in fields if version.driving.get(field) != former.driving.get(field))


def _balance(version: ScheduleVersion, former: ScheduleVersion) -> tuple[Balance, Balance] | None:
    """Nothing where one of both does not say it."""
    if version.balance is None or former.balance is None or version.balance is former.balance:
        return None
    return former.balance, version.balance


def _named(
    session: Session, changes: dict[AccountChange, tuple[int, ...]]
) -> dict[AccountChange, tuple[str, ...]]:
    ids = {account_id for some in changes.values() for account_id in some}
    names = dict(session.execute(select(Account.id, Account.name).where(Account.id.in_(ids))).all())
    return {
        change: tuple(sorted(names[account_id] for account_id in some if account_id in names))
        for change, some in changes.items()
    }


def _imported(session: Session, rep_id: int, since: datetime, until: datetime) -> int:
    """Accounts of the rep that imports made or changed; imports taken back do not count."""
    mine: Sequence[int] = session.scalars(
        select(ImportChange.account_id)
        .join(ImportRun, ImportRun.id == ImportChange.run_id)
        .join(Ownership, Ownership.account_id == ImportChange.account_id)
        .where(ImportRun.imported_at > since, ImportRun.imported_at <= until, ImportRun.undone_at.is_(None))
        .where(Ownership.rep_id == rep_id)
        .distinct()
    ).all()
    return len(mine)
