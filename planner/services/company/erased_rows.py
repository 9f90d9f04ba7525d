"""The rows of a person that go, are emptied or stay when they are erased.

What the guards let go of locked entries and of the logs stands in ``planner.models.erasing``.
"""

from __future__ import annotations

from typing import Any

from sqlalchemy import ColumnElement, Select, delete, exists, func, or_, select, update
from sqlalchemy.orm import InstrumentedAttribute, Session

from planner.database import Base
from planner.models.exports import ExportClaim
from planner.models.follow_ups import FollowUp
from planner.models.ledger import Claim, Expense, LedgerEntry, LedgerKind, Receipt, SealedLink, Trip
from planner.models.logins import LoginAttempt, LoginSession, OneTimeToken
from planner.models.nights import PlannedNight
from planner.models.people import Absence, NightRule, Overtime, Person, Rep, Shift
from planner.models.photos import VisitPhoto
from planner.models.settings import AuditEntry
from planner.models.sync import SyncItem
from planner.models.vehicles import Vehicle
from planner.models.visits import DayChange, DayRoute, Note, Stop, Visit
from planner.services.digests import sha256
from planner.services.installation import audit
from planner.services.ledger import contents, unnamed_pictures

GOING: dict[str, tuple[InstrumentedAttribute[int], ...]] = {
    "devices": (LoginSession.person_id,),
    "sync_items": (SyncItem.person_id,),
    "absences": (Absence.rep_id, Overtime.rep_id, Shift.rep_id, NightRule.rep_id),
    "nights": (PlannedNight.rep_id,),
    "changes": (DayChange.rep_id,),
}
"""Rows that go, by what they are on the page."""

STAYING: dict[str, InstrumentedAttribute[int]] = {
    "visits": Visit.rep_id,
    "notes": Note.author_id,
    "follow_ups": FollowUp.author_id,
    "photos": VisitPhoto.author_id,
    "trips": Trip.rep_id,
    "expenses": Expense.rep_id,
    "claims": Claim.rep_id,
}


def has_lines(claim_id: Any) -> ColumnElement[bool]:
    return or_(exists().where(Trip.claim_id == claim_id), exists().where(Expense.claim_id == claim_id))


def counts(session: Session, person: Person) -> tuple[dict[str, int], dict[str, int]]:
    """How many of each go, and how many stay under the pseudonym."""
    mine = person.id
    goes = {what: sum(_count(session, column == mine) for column in of) for what, of in GOING.items()}
    goes["ways"] = _count(session, DayRoute.rep_id == mine)
    goes["pictures"] = session.scalar(_number(_pictures(mine))) or 0
    goes["attempts"] = _count(session, LoginAttempt.email_sha256 == sha256(person.email))
    goes["history"] = session.scalar(_number(_told(mine))) or 0
    stays = {what: _count(session, column == mine) for what, column in STAYING.items()}
    named = select(Expense.receipt_id).where(Expense.rep_id == mine, Expense.receipt_id.is_not(None))
    stays["receipts"] = session.scalar(_number(named)) or 0
    of_claims = select(ExportClaim.claim_id).join(Claim, Claim.id == ExportClaim.claim_id)
    stays["exports"] = session.scalar(_number(of_claims.where(Claim.rep_id == mine))) or 0
    return goes, stays


def empty(session: Session, person_id: int, email: str) -> dict[str, int]:
    """Do it, to somebody whose row says that they are erased; returns how many rows of what went."""
    gone = {}
    for what, columns in GOING.items():
        gone[what] = sum(_delete(session, column.class_, column == person_id) for column in columns)
    _delete(session, OneTimeToken, OneTimeToken.person_id == person_id)
    gone["attempts"] = _delete(session, LoginAttempt, LoginAttempt.email_sha256 == sha256(email))
    gone["pictures"] = _delete(session, Receipt, Receipt.id.in_(_pictures(person_id)))
    _empty_road_side(session, person_id)
    gone["entries"] = _empty_entries(session, person_id)
    gone["history"] = _empty_history(session, person_id)
    session.expire_all()
    return gone


def _empty_road_side(session: Session, person_id: int) -> None:
    """Home, vehicles, and the ways of all their days, which begin and end at home."""
    nowhere = {"home_address": "", "home_lat": None, "home_lon": None, "vehicle": ""}
    session.execute(update(Rep).where(Rep.person_id == person_id).values(nowhere))
    session.execute(update(Vehicle).where(Vehicle.rep_id == person_id).values(label=""))
    routes = select(DayRoute.id).where(DayRoute.rep_id == person_id)
    session.execute(update(Stop).where(Stop.day_route_id.in_(routes)).values(leg_path=""))
    session.execute(update(DayRoute).where(DayRoute.rep_id == person_id).values(home_leg_path=""))


def _empty_entries(session: Session, person_id: int) -> int:
    """What is personal in trips and expenses; links of the first form are sealed before."""
    links = session.scalars(select(LedgerEntry).where(LedgerEntry.rep_id == person_id)).all()
    entries: dict[tuple[LedgerKind, int], contents.Entry] = {}
    for kind, table in ((LedgerKind.TRIP, Trip), (LedgerKind.EXPENSE, Expense)):
        found = session.scalars(select(table).where(table.rep_id == person_id))
        entries.update({(kind, row.id): row for row in found})
    for link in links:
        entry = entries.get((link.kind, link.subject_id))
        if entry is not None and link.personal_sha256 is None:
            rest = contents.rest(entry, None)
            session.add(
                SealedLink(
                    kind=link.kind.value, subject_id=link.subject_id, person_id=person_id, rest_sha256=rest
                )
            )
        link.salt = None
    for entry in entries.values():
        for name in contents.personal(entry):
            setattr(entry, name, None if name.endswith(("_lat", "_lon")) else "")
    session.flush()
    return len(entries)


def _empty_history(session: Session, person_id: int) -> int:
    """What the audit log says of them. That it was said, when and by whom stays."""
    told = session.scalars(select(AuditEntry).where(AuditEntry.id.in_(_told(person_id)))).all()
    for entry in told:
        if entry.personal_sha256 is None:
            rest = audit.rest_digest(entry)
            session.add(
                SealedLink(kind=audit.SEALED, subject_id=entry.id, person_id=person_id, rest_sha256=rest)
            )
        entry.salt, entry.before, entry.after = None, {}, {}
    session.flush()
    return len(told)


def _told(person_id: int) -> Select[tuple[int]]:
    return select(AuditEntry.id).where(
        AuditEntry.subject_kind.in_(audit.PERSONAL),
        AuditEntry.subject_id == person_id,
        ~AuditEntry.action.startswith(audit.ERASURE),
    )


def _pictures(person_id: int) -> Select[tuple[int]]:
    return select(Receipt.id).where(Receipt.uploaded_by == person_id, *unnamed_pictures.is_unnamed())


def _number(rows: Select[Any]) -> Select[tuple[int]]:
    return select(func.count()).select_from(rows.subquery())


def _count(session: Session, whose: ColumnElement[bool]) -> int:
    return session.scalar(select(func.count()).where(whose)) or 0


def _delete(session: Session, table: type[Base], which: ColumnElement[bool]) -> int:
    gone = session.execute(delete(table).where(which), execution_options={"synchronize_session": False})
    return int(gone.rowcount)  # type: ignore[attr-defined]
