"""What the guards let go of an erased person: the personal fields of their rows, emptied, and nothing else.

Each is a condition on ``OLD`` and ``NEW`` under which a change is nothing but that. ``{differs}`` as in
``guards``.
"""

from __future__ import annotations

from collections.abc import Collection, Mapping

from planner.models.ledger import Expense, LedgerEntry, Trip
from planner.models.settings import AuditEntry

EMPTY, GONE = "= ''", "IS NULL"

STORING: Mapping[str, str] = {
    "note": "author_id",
    "visit_photo": "author_id",
    "receipt": "uploaded_by",
    "sync_item": "person_id",
    "login_session": "person_id",
    "one_time_token": "person_id",
}
"""Tables that take nothing more of an erased person, and by which column a row is theirs."""


def is_erased(person_id: str) -> str:
    return f"EXISTS (SELECT 1 FROM person WHERE person.id = {person_id} AND person.erased_at IS NOT NULL)"


def _same(name: str) -> str:
    return f'NOT (NEW."{name}" {{differs}} OLD."{name}")'


def _kept(table: type[Trip | Expense | LedgerEntry | AuditEntry], but: Collection[str]) -> str:
    return " AND ".join(_same(column.name) for column in table.__table__.columns if column.name not in but)


def _emptied(name: str, empty: str, where: str = "") -> str:
    allowed = f'NEW."{name}" {empty}' + (f" AND {where}" if where else "")
    return f"({_same(name)} OR ({allowed}))"


def _of_trip() -> str:
    ends = [
        (f"{end}_{part}", empty, f"OLD.{end}_account_id IS NULL")
        for end in ("from", "to")
        for part, empty in (("label", EMPTY), ("lat", GONE), ("lon", GONE))
    ]
    fields = [("vehicle", EMPTY, ""), *ends]
    emptied = " AND ".join(_emptied(*field) for field in fields)
    return f"{is_erased('OLD.rep_id')} AND {_kept(Trip, {name for name, *_ in fields})} AND {emptied}"


def _of_expense() -> str:
    kept = _kept(Expense, {"note"})
    return f"{is_erased('OLD.rep_id')} AND {kept} AND {_emptied('note', EMPTY)}"


def _of_link() -> str:
    return f"{is_erased('OLD.rep_id')} AND {_kept(LedgerEntry, {'salt'})} AND NEW.salt IS NULL"


def _of_audit_entry() -> str:
    """JSON has no equality in PostgreSQL."""
    about = "OLD.subject_kind IN ('person', 'rep') AND substr(OLD.action, 1, 11) <> 'person.eras'"
    empty = " AND ".join(f"CAST(NEW.{name} AS TEXT) = '{{{{}}}}'" for name in ("before", "after"))
    kept = _kept(AuditEntry, {"salt", "before", "after"})
    return f"{about} AND {is_erased('OLD.subject_id')} AND {kept} AND NEW.salt IS NULL AND {empty}"


TRIP, EXPENSE = _of_trip(), _of_expense()
LINES: Mapping[str, str] = {"trip": TRIP, "expense": EXPENSE}
RECORDS: Mapping[str, str] = {"ledger_entry": _of_link(), "audit_entry": _of_audit_entry()}

PERSON = (
    "OLD.erased_at IS NOT NULL AND (NEW.erased_at IS NULL OR NEW.is_active OR NEW.password_hash IS NOT NULL"
    " OR NEW.email {differs} OLD.email OR NEW.name {differs} OLD.name)"
)
"""What an erased person would come back by."""
