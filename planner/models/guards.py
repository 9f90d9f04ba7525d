"""Guards: triggers that hold in the database what the services hold, for every statement whoever sends it.

Each is one condition on ``OLD`` and ``NEW`` under which a statement is refused, in words both databases
know, and the code of the sentence that says why. ``{differs}`` is "is not the same, NULL included".
They come with the tables (``create_all``) and with the migrations; both take them from here.
"""

from __future__ import annotations

from collections.abc import Iterable, Iterator
from dataclasses import dataclass
from typing import Any

from sqlalchemy import Connection, Table, UniqueConstraint, event, text

from planner.database import GUARD, Base
from planner.domain import claims
from planner.models import erasing, exports, ledger, settings
from planner.models.expense_terms import ExchangeRate, ExpenseRule, PerDiemRate
from planner.models.periods import PeriodLock

PREFIX = "guard_"
"""Of the name of every trigger and function here."""


@dataclass(frozen=True, slots=True)
class Guard:
    """``event`` (INSERT, UPDATE or DELETE) on a row of ``table`` is refused when ``condition`` holds.

    ``claims`` are those it asks about, ``person`` whom. PostgreSQL holds them first, so that none is
    submitted or erased meanwhile; SQLite has one writer anyway.
    """

    name: str
    table: str
    event: str
    code: str
    condition: str = ""
    claims: str = ""
    person: str = ""


def _quoted(values: Any) -> str:
    return ", ".join(f"'{value}'" for value in sorted(values))


OPEN = _quoted(claims.EDITABLE)


NEGATED = {
    "trip": ("metres", "commute_metres", "amount_minor"),
    "expense": ("amount_minor",),
}
"""What a contra entry has with the other sign."""

LINKS = ("corrects_id", "contra_of_id", "replaces_id")


def _fixed(claim_id: str) -> str:
    """The claim's lines are locked."""
    return f"EXISTS (SELECT 1 FROM claim WHERE claim.id = {claim_id} AND claim.state NOT IN ({OPEN}))"


def _closed_trip(row: str) -> str:
    """Private trips are in no books."""
    return f"(NOT {row}.is_private AND {_closed(row)})"


def _closed(row: str) -> str:
    """The month a line is booked in is closed for its rep's team: its own, or that of a later claim."""
    of_claim = f"SELECT claim.from_on FROM claim WHERE claim.id = {row}.claim_id"
    month = f'SELECT COALESCE(({of_claim}), {row}."on") AS from_on'
    later = f'CASE WHEN booked.from_on > {row}."on" THEN booked.from_on ELSE {row}."on" END'
    booked = f"(SELECT {later} FROM ({month}) AS booked)"
    return (
        "EXISTS (WITH RECURSIVE above(id) AS ("
        f"SELECT membership.territory_id FROM membership WHERE membership.person_id = {row}.rep_id"
        f" AND membership.kind = 'member' AND membership.from_on <= {booked}"
        f" AND (membership.until_on IS NULL OR membership.until_on > {booked})"
        " UNION SELECT territory.parent_id FROM territory JOIN above ON territory.id = above.id"
        " WHERE territory.parent_id IS NOT NULL)"
        " SELECT 1 FROM period_lock JOIN above ON above.id = period_lock.territory_id"
        " WHERE period_lock.unlocked_at IS NULL"
        f" AND period_lock.from_on <= {booked} AND {booked} < period_lock.until_on)"
    )


def _of_lines(table: str) -> Iterator[Guard]:
    """Lines are added to from their claim's submission on; a closed month takes no new ones."""
    corrected = f"EXISTS (SELECT 1 FROM {table} AS former WHERE former.id = NEW.corrects_id AND {{}})"
    entry, period = "guard_entry", "guard_period"
    # REPLACE removes rows without asking the guards of DELETE, unless a connection wants it to.
    same = "former.id = NEW.id OR (former.rep_id = NEW.rep_id AND former.uid = NEW.uid)"
    replaced = f"EXISTS (SELECT 1 FROM {table} AS former WHERE ({same}) AND {_fixed('former.claim_id')})"
    fixed = f"{_fixed('NEW.claim_id')} OR {corrected.format(_fixed('former.claim_id'))} OR {replaced}"
    yield Guard(f"{table}_insert", table, "INSERT", entry, fixed, "NEW.claim_id")
    shut = _closed_trip if table == "trip" else _closed
    closed = f"{shut('NEW')} OR {corrected.format(shut('former'))}"
    yield Guard(f"{table}_insert_period", table, "INSERT", period, closed)
    for what in ("INSERT", "UPDATE"):
        yield Guard(f"{table}_{what.lower()}_contra", table, what, "guard_contra", _bad_contra(table, what))
    changed = f"{_fixed('OLD.claim_id')} OR {_fixed('NEW.claim_id')}"
    but = f"AND NOT ({erasing.LINES[table]})"
    yield Guard(f"{table}_update", table, "UPDATE", entry, f"({changed}) {but}", "OLD.claim_id, NEW.claim_id")
    yield Guard(f"{table}_update_period", table, "UPDATE", period, f"({shut('OLD')} OR {shut('NEW')}) {but}")
    yield Guard(f"{table}_delete", table, "DELETE", entry, _fixed("OLD.claim_id"), "OLD.claim_id")
    yield Guard(f"{table}_delete_period", table, "DELETE", period, shut("OLD"))


def _bad_contra(table: str, what: str) -> str:
    """A contra entry is not the exact negative of one line of the same rep, or that line is taken back
    already; or a line is corrected, or changed, that is; or what an entry points at is another one."""
    negative = " AND ".join(f"former.{name} = -NEW.{name}" for name in NEGATED[table])
    same = " AND ".join(f'former."{name}" = NEW."{name}"' for name in ("rep_id", "on", "currency"))
    line = f"former.id = NEW.contra_of_id AND former.contra_of_id IS NULL AND NOT former.is_void AND {same}"
    no_line = f"NOT EXISTS (SELECT 1 FROM {table} AS former WHERE {line} AND {negative})"
    superseded = f"EXISTS (SELECT 1 FROM {table} AS later WHERE later.corrects_id = {{}})"

    def taken_back(entry: str) -> str:
        standing = f"NOT contra.is_void AND NOT {superseded.format('contra.id')}"
        return f"EXISTS (SELECT 1 FROM {table} AS contra WHERE contra.contra_of_id = {entry} AND {standing})"

    is_contra = "NEW.contra_of_id IS NOT NULL AND NOT NEW.is_void"
    if what == "UPDATE":
        links = " OR ".join(f"NEW.{name} {{differs}} OLD.{name}" for name in LINKS)
        kept = (*NEGATED[table], "rep_id", "on", "currency", "is_void")
        changed = " OR ".join(f'NEW."{name}" <> OLD."{name}"' for name in kept)
        return f"({is_contra} AND {no_line}) OR {links} OR (({changed}) AND {taken_back('OLD.id')})"
    wrong = f"{no_line} OR {superseded.format('NEW.contra_of_id')} OR {taken_back('NEW.contra_of_id')}"
    return f"({is_contra} AND ({wrong})) OR {taken_back('NEW.corrects_id')}"


def _of_parts() -> Iterator[Guard]:
    """The parts of a trip are as locked as the trip."""

    def of_trip(row: str, condition: str) -> str:
        return f"EXISTS (SELECT 1 FROM trip AS driven WHERE driven.id = {row}.trip_id AND {condition})"

    for code, name, locked in (
        ("guard_entry", "", _fixed("driven.claim_id")),
        ("guard_period", "_period", _closed("driven")),
    ):
        old, new = of_trip("OLD", locked), of_trip("NEW", locked)
        for what, condition, row in (
            ("INSERT", new, "NEW"),
            ("UPDATE", f"{old} OR {new}", "NEW"),
            ("DELETE", old, "OLD"),
        ):
            held = f"(SELECT trip.claim_id FROM trip WHERE trip.id = {row}.trip_id)"
            yield Guard(f"trip_part_{what.lower()}{name}", "trip_part", what, code, condition, held)


def _of_claims() -> Iterator[Guard]:
    """A claim begins as a draft, moves along the table of states by the step that was noted last of it, and
    keeps its content once submitted."""
    code = "guard_claim"
    along = " OR ".join(
        f"(OLD.state = '{state}' AND step.action = '{action}' AND NEW.state = '{following}'"
        f" AND {'' if who is claims.Party.CLAIMANT else 'NOT '}step.actor_id = OLD.rep_id)"
        for (state, action), (following, who) in sorted(claims.TRANSITIONS.items())
    )
    newest = "SELECT MAX(claim_event.id) FROM claim_event WHERE claim_event.claim_id = OLD.id"
    taken = f"EXISTS (SELECT 1 FROM claim_event AS step WHERE step.id = ({newest}) AND ({along}))"
    content = [
        column.name for column in ledger.Claim.__table__.columns if column.name not in {"state", "rev"}
    ]
    differs = " OR ".join(f'NEW."{name}" {{differs}} OLD."{name}"' for name in content)
    settled = f"OLD.state NOT IN ({OPEN}) AND ({differs})"
    same = "former.id = NEW.id OR (former.rep_id = NEW.rep_id AND former.from_on = NEW.from_on)"
    replaced = f"EXISTS (SELECT 1 FROM claim AS former WHERE ({same}) AND former.state NOT IN ({OPEN}))"
    yield Guard("claim_insert", "claim", "INSERT", code, f"NEW.state <> 'draft' OR {replaced}")
    yield Guard("claim_state", "claim", "UPDATE", code, f"NEW.state <> OLD.state AND NOT {taken}")
    yield Guard("claim_content", "claim", "UPDATE", code, settled)
    yield Guard("claim_delete", "claim", "DELETE", code, f"OLD.state NOT IN ({OPEN})")
    own = "EXISTS (SELECT 1 FROM claim WHERE claim.id = NEW.claim_id AND claim.rep_id = NEW.actor_id)"
    deciding = f"NEW.action IN ({_quoted(claims.DECIDING)}) AND {own}"
    yield Guard("claim_event_own", "claim_event", "INSERT", "guard_own", deciding)


def _of_locks() -> Guard:
    """A closed month is opened once; who closed it, when and why stays."""
    kept = [
        column.name
        for column in PeriodLock.__table__.columns
        if not column.name.startswith(("unlocked_", "unlock_"))
    ]
    differs = " OR ".join(f'NEW."{name}" {{differs}} OLD."{name}"' for name in kept)
    condition = f"OLD.unlocked_at IS NOT NULL OR {differs}"
    return Guard("period_lock_update", "period_lock", "UPDATE", "guard_record", condition)


def _of_batches() -> Iterator[Guard]:
    """What is in a batch was in it when it was made: every place in it is taken."""
    for table, count in (("claim", "claim_count"), ("line", "line_count"), ("piece", "piece_count")):
        places = f"SELECT export_batch.{count} FROM export_batch WHERE export_batch.id = NEW.batch_id"
        beyond = f"NEW.position NOT BETWEEN 1 AND ({places})"
        yield Guard(f"export_{table}_insert", f"export_{table}", "INSERT", "guard_record", beyond)


def _of_terms() -> Iterator[Guard]:
    """What entries were judged, reckoned or paid by stays as it was then, but for a word that it was checked;
    a mileage rate ends where a later one begins."""
    for table, columns, changeable in (
        (ExpenseRule.__table__, ("expense.rule_id",), ()),
        (ExchangeRate.__table__, ("expense.exchange_rate_id",), ()),
        (PerDiemRate.__table__, ("expense.per_diem_id",), ()),
        (ledger.MileageRate.__table__, ("trip.rate_id", "trip_part.rate_id"), ("until_on",)),
    ):
        kept = [each.name for each in table.columns if each.name not in ("is_verified", *changeable)]
        differs = " OR ".join(f'NEW."{name}" {{differs}} OLD."{name}"' for name in kept)
        used = _in_use(columns, "OLD.id")
        yield Guard(f"{table.name}_update", table.name, "UPDATE", "guard_terms", f"({differs}) AND {used}")
        yield Guard(f"{table.name}_delete", table.name, "DELETE", "guard_terms", used)
        taken = f"({_same_key(table)}) AND {_in_use(columns, 'former.id')}"
        replaced = f"EXISTS (SELECT 1 FROM {table.name} AS former WHERE {taken})"
        yield Guard(f"{table.name}_replaced", table.name, "INSERT", "guard_terms", replaced)


def _in_use(columns: Iterable[str], row_id: str) -> str:
    """Some entry has this row in one of these columns, ``table.column``."""
    by = [f"EXISTS (SELECT 1 FROM {name.partition('.')[0]} WHERE {name} = {row_id})" for name in columns]
    return f"({' OR '.join(by)})"


def _same_key(table: Table) -> str:
    """A former row is the one a new row would come in the place of."""
    unique = [each.columns.keys() for each in table.constraints if isinstance(each, UniqueConstraint)]
    keys = [table.primary_key.columns.keys(), *sorted(unique)]
    return " OR ".join(" AND ".join(f'former."{name}" = NEW."{name}"' for name in key) for key in keys)


RECORDS = (
    settings.AuditEntry.__tablename__,
    ledger.LedgerEntry.__tablename__,
    ledger.ClaimEvent.__tablename__,
    ledger.SealedLink.__tablename__,
    *(table.__tablename__ for table in exports.TABLES),
)
"""Rows that never go, and never change but for what ``erasing`` lets go."""


def _of_records() -> Iterator[Guard]:
    for table in RECORDS:
        let_go = erasing.RECORDS.get(table)
        yield Guard(f"{table}_update", table, "UPDATE", "guard_record", f"NOT ({let_go})" if let_go else "")
        yield Guard(f"{table}_delete", table, "DELETE", "guard_record")
        keys = [key.name for key in Base.metadata.tables[table].primary_key]
        same = " AND ".join(f"former.{key} = NEW.{key}" for key in keys)
        replaced = f"EXISTS (SELECT 1 FROM {table} AS former WHERE {same})"
        yield Guard(f"{table}_replaced", table, "INSERT", "guard_record", replaced)
    yield Guard("period_lock_delete", "period_lock", "DELETE", "guard_record")


def _of_people() -> Iterator[Guard]:
    """Somebody erased does not come back, and nothing more is kept of them."""
    code = "guard_erased"
    yield Guard("person_update", "person", "UPDATE", code, erasing.PERSON)
    for table, column in erasing.STORING.items():
        theirs = f"NEW.{column}"
        yield Guard(f"{table}_insert", table, "INSERT", code, erasing.is_erased(theirs), person=theirs)


GUARDS: tuple[Guard, ...] = (
    *_of_lines("trip"),
    *_of_lines("expense"),
    *_of_parts(),
    *_of_terms(),
    *_of_claims(),
    _of_locks(),
    *_of_batches(),
    *_of_records(),
    *_of_people(),
)
GUARDED = sorted({guard.table for guard in GUARDS})


def statements(dialect: str) -> dict[str, list[str]]:
    """What makes each trigger, by its name."""
    if dialect == "sqlite":
        return {PREFIX + guard.name: [_sqlite(guard)] for guard in GUARDS}
    emptied = {f"{PREFIX}{table}_truncate": _emptied(table) for table in GUARDED}
    return {PREFIX + guard.name: _postgresql(guard) for guard in GUARDS} | emptied


def _sqlite(guard: Guard) -> str:
    when = f" WHEN {guard.condition.format(differs='IS NOT')}" if guard.condition else ""
    return (
        f"CREATE TRIGGER {PREFIX}{guard.name} BEFORE {guard.event} ON {guard.table} FOR EACH ROW{when}"
        f" BEGIN SELECT RAISE(ABORT, '{GUARD}{guard.code}'); END"
    )


def _postgresql(guard: Guard) -> list[str]:
    condition = guard.condition.format(differs="IS DISTINCT FROM") or "true"
    kept = "OLD" if guard.event == "DELETE" else "NEW"
    held = f"PERFORM 1 FROM claim WHERE claim.id IN ({guard.claims}) FOR SHARE; " if guard.claims else ""
    if guard.person:
        held = f"PERFORM 1 FROM person WHERE person.id = {guard.person} FOR SHARE; "
    body = f"BEGIN {held}IF {condition} THEN {_raise(guard.code)} END IF; RETURN {kept}; END"
    return _function(guard.name, body, f"{guard.event} ON {guard.table} FOR EACH ROW")


def _emptied(table: str) -> list[str]:
    """TRUNCATE asks no row."""
    body = f"BEGIN {_raise('guard_record')} END"
    return _function(f"{table}_truncate", body, f"TRUNCATE ON {table} FOR EACH STATEMENT")


def _function(name: str, body: str, when: str) -> list[str]:
    return [
        f"CREATE FUNCTION {PREFIX}{name}() RETURNS trigger LANGUAGE plpgsql AS $guard$ {body} $guard$",
        f"CREATE TRIGGER {PREFIX}{name} BEFORE {when} EXECUTE FUNCTION {PREFIX}{name}()",
    ]


def _raise(code: str) -> str:
    return f"RAISE EXCEPTION '{GUARD}{code}' USING ERRCODE = 'integrity_constraint_violation';"


def lift(connection: Connection) -> None:
    """Take every guard away: for a migration, or to throw a demo away. ``put`` brings them back."""
    if connection.dialect.name == "sqlite":
        found = "SELECT name FROM sqlite_master WHERE type = 'trigger' AND substr(name, 1, :length) = :prefix"
        gone = "DROP TRIGGER {}"
    else:
        found = (
            "SELECT proname FROM pg_proc WHERE pronamespace = current_schema()::regnamespace"
            " AND left(proname, :length) = :prefix"
        )
        gone = "DROP FUNCTION {}() CASCADE"
    for name in connection.scalars(text(found), {"length": len(PREFIX), "prefix": PREFIX}).all():
        connection.exec_driver_sql(gone.format(name))


def put(connection: Connection) -> None:
    """Set every guard as it is here, whatever was there of them before."""
    lift(connection)
    for made in statements(connection.dialect.name).values():
        for statement in made:
            connection.exec_driver_sql(statement)


@event.listens_for(Base.metadata, "after_create")
def _with_the_tables(_target: object, connection: Connection, **_: Any) -> None:
    put(connection)
