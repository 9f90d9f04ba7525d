"""Whether odometers stand as the audit log noted them last: readings, those of closed days, vehicles.

Days closed and vehicles noted before the log kept their readings are counted apart, and so are readings of
which it does not tell the evening; of somebody erased it tells nothing any more.
"""

from __future__ import annotations

from collections.abc import Iterator, Mapping
from dataclasses import dataclass, field
from datetime import date
from typing import Any, TypeVar

from sqlalchemy import select
from sqlalchemy.orm import Session

from planner.models.ledger import ClosedDay
from planner.models.people import Person
from planner.models.settings import AuditEntry
from planner.models.vehicles import OdometerReading, Vehicle
from planner.services.installation import audit
from planner.services.installation.findings import Finding
from planner.services.ledger import odometer_notes

CHANGED, TAKEN_BACK = "vehicle.changed", "vehicle.taken_back"

UNKNOWN = "the audit log knows nothing of it"
GONE = "it is in the audit log and no longer here"
DIFFERS = "the audit log says otherwise: {}"

Row = TypeVar("Row", OdometerReading, ClosedDay, Vehicle)
Key = tuple[int, date]
Noted = dict[Key, Mapping[str, Any]]


@dataclass(slots=True)
class _Log:
    """What the log says last, by rep and day. ``vague`` are moments of entries that name no evening."""

    by_hand: Noted = field(default_factory=dict)
    closing: Noted = field(default_factory=dict)
    vehicles: Noted = field(default_factory=dict)
    vague: set[tuple[int, Any]] = field(default_factory=set)

    def read(self, entry: AuditEntry) -> None:
        rep_id, after = entry.subject_id or 0, entry.after
        if entry.action == TAKEN_BACK:
            self.vehicles.pop((rep_id, date.fromisoformat(entry.before["from_on"])), None)
        elif entry.action == CHANGED:
            self.vehicles[rep_id, date.fromisoformat(after["from_on"])] = after
        elif "on" not in after:
            self.vague.add((rep_id, entry.happened_at))
        else:
            told = self.closing if after.get("day_closed") else self.by_hand
            told[rep_id, date.fromisoformat(after["on"])] = after


@dataclass(slots=True)
class _Proof:
    """``found`` is a finding for each that is wrong."""

    log: _Log
    names: Mapping[int, str]
    seen: int = 0
    older: int = 0
    found: list[Finding] = field(default_factory=list)

    def compare(
        self, what: str, key: Key, told: Mapping[str, Any] | None, is_older: bool, **here: Any
    ) -> None:
        """``told`` None: the log says nothing of it. What it does not name is not compared."""
        self.seen += 1
        if is_older:
            self.older += 1
            return
        wrong = [f"{name} {told[name]}" for name in here if told and told.get(name, here[name]) != here[name]]
        if told is None or wrong:
            self.tell(what, key, DIFFERS.format(", ".join(wrong)) if told else UNKNOWN)

    def tell(self, what: str, key: Key, trouble: str) -> None:
        self.found.append(Finding(f"{what} of {self.names[key[0]]}, {key[1]}", trouble))

    def gone(self, what: str, told: Noted, here: set[Key]) -> None:
        for key in sorted(told.keys() - here):
            if key[0] in self.names:
                self.tell(what, key, GONE)


def findings(session: Session) -> list[Finding]:
    """One that holds, or one for each reading that does not."""
    query = select(Person.id, Person.name).where(Person.erased_at.is_(None))
    proof = _Proof(_read(session), {row.id: row.name for row in session.execute(query)})
    _readings(session, proof)
    _closed_days(session, proof)
    _vehicles(session, proof)
    aside = f", {proof.older} of them from before the audit log kept them" if proof.older else ""
    return proof.found or [Finding(f"{proof.seen} odometer readings and vehicles{aside}")]


def _read(session: Session) -> _Log:
    log, actions = _Log(), (odometer_notes.ACTION, CHANGED, TAKEN_BACK)
    query = select(AuditEntry).where(AuditEntry.subject_kind == "rep", AuditEntry.action.in_(actions))
    erased = select(Person.id).where(Person.erased_at.is_not(None))
    rows = query.where(AuditEntry.subject_id.not_in(erased)).order_by(AuditEntry.id)
    for entry in session.scalars(rows, execution_options={"yield_per": audit.ROWS_AT_ONCE}):
        log.read(entry)
    return log


def _readings(session: Session, proof: _Proof) -> None:
    log, here = proof.log, set()
    for row in _of_known(session, proof, OdometerReading):
        key = row.rep_id, row.on
        told = log.by_hand.get(key)
        is_vague = (row.rep_id, row.entered_at) in log.vague
        is_older = is_vague or (told is not None and "odometer_metres" not in told)
        values = {"odometer_metres": row.odometer_metres, "is_late": row.is_late, "reason": row.reason}
        proof.compare("odometer", key, told, is_older, **values)
        here.add(key)
    proof.gone("odometer", log.by_hand, here)


def _closed_days(session: Session, proof: _Proof) -> None:
    log, here = proof.log, set()
    for row in _of_known(session, proof, ClosedDay):
        if row.odometer_metres is None:
            continue
        key = row.rep_id, row.on
        told = log.closing.get(key)
        values = {"odometer_metres": row.odometer_metres, "is_late": row.odometer_is_late}
        proof.compare(
            "odometer at the day's end", key, told, told is None and row.odometer_is_late is None, **values
        )
        here.add(key)
    proof.gone("odometer at the day's end", log.closing, here)


def _vehicles(session: Session, proof: _Proof) -> None:
    log, here = proof.log, set()
    for row in _of_known(session, proof, Vehicle):
        key = row.rep_id, row.from_on
        told = log.vehicles.get(key)
        values = {"kind": row.kind.value, "label": row.label}
        values |= {"former_metres": row.former_metres, "first_metres": row.first_metres}
        proof.compare("vehicle", key, told, told is not None and "former_metres" not in told, **values)
        here.add(key)
    proof.gone("vehicle", log.vehicles, here)


def _of_known(session: Session, proof: _Proof, table: type[Row]) -> Iterator[Row]:
    """The rows of those who are not erased."""
    fresh = {"yield_per": audit.ROWS_AT_ONCE, "populate_existing": True}
    for row in session.scalars(select(table), execution_options=fresh):
        if row.rep_id in proof.names:
            yield row
