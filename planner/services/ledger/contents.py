"""What a link of the chain says of its trip or expense, and whether the entry is still that.

What is hashed is listed here by name. A column that came later is hashed only where it says something else
than every entry before it: so those keep their hashes, and neither setting nor clearing it goes unseen. The
parts of a trip belong to it. ``claim_id`` is left out, for it is the claim's business which entries it holds.

Links know two forms. The first hashes every field in clear. The second, whose links have a
``personal_sha256``, hashes what is personal through a salted digest: the salt stands beside the link and goes
when its rep is erased, and the link holds as it did.
"""

from __future__ import annotations

from collections.abc import Sequence

from planner.domain.ledger import canonical, digest
from planner.domain.mileage import TripOrigin
from planner.domain.mileage_rates import VehicleKind
from planner.domain.seals import seal
from planner.models.ledger import Expense, LedgerEntry, LedgerKind, Trip

Entry = Trip | Expense

TRIP_FIELDS = (
    "uid",
    "rep_id",
    "on",
    "position",
    "from_label",
    "to_label",
    "from_account_id",
    "to_account_id",
    "from_lat",
    "from_lon",
    "to_lat",
    "to_lon",
    "visit_id",
    "purpose",
    "vehicle",
    "metres",
    "road_metres",
    "road_seconds",
    "planned_metres",
    "network_name",
    "network_version",
    "change_reason",
    "rate_id",
    "amount_minor",
    "currency",
    "entered_at",
    "is_late",
    "corrects_id",
    "is_void",
)

EXPENSE_FIELDS = (
    "uid",
    "rep_id",
    "on",
    "category",
    "amount_minor",
    "currency",
    "merchant",
    "note",
    "visit_id",
    "receipt_id",
    "change_reason",
    "entered_at",
    "is_late",
    "corrects_id",
    "is_void",
)

TRIP_FIELDS_SINCE: dict[str, object] = {
    "vehicle_kind": VehicleKind.CAR,
    "origin": TripOrigin.DAY,
    "is_private": False,
    "commute_metres": 0,
    "adjusts_id": None,
    "captured_at": None,
    "contra_of_id": None,
    "replaces_id": None,
    "entered_by_id": None,
}
"""Columns that came later, with what they say of entries made before."""

EXPENSE_FIELDS_SINCE: dict[str, object] = {
    "nights": 0,
    **dict.fromkeys(
        (
            *("account_id", "trip_id", "tax_minor", "tax_percent", "rule_id", "per_diem_id", "captured_at"),
            *("contra_of_id", "replaces_id", "entered_by_id"),
            *("paid_minor", "paid_tax_minor", "paid_currency", "exchange_rate", "exchange_rate_id"),
        )
    ),
}

FIELDS: dict[LedgerKind, Sequence[str]] = {LedgerKind.TRIP: TRIP_FIELDS, LedgerKind.EXPENSE: EXPENSE_FIELDS}

NOTHING = ("", None)
"""What stands in a personal field once its rep is erased."""


def personal(entry: Entry) -> dict[str, object]:
    """The fields that tell of the rep and not of the firm's business: ends that are no account, so home or a
    night's place, the name of the vehicle, and the words beside an expense."""
    if isinstance(entry, Expense):
        return {"note": entry.note}
    names = ["vehicle"]
    if entry.from_account_id is None:
        names += ["from_label", "from_lat", "from_lon"]
    if entry.to_account_id is None:
        names += ["to_label", "to_lat", "to_lon"]
    return {name: getattr(entry, name) for name in names}


def sealed(entry: Entry, salt: str) -> str:
    """The salted digest of what is personal in an entry."""
    return seal(salt, canonical(personal(entry)))


def rest(entry: Entry, personal_sha256: str | None) -> str:
    """The digest of an entry with that of what is personal in its place; None where that was never sealed."""
    hidden = personal(entry)
    content = {name: getattr(entry, name) for name in FIELDS[kind_of(entry)] if name not in hidden}
    return digest(content | _since(entry) | {"personal": personal_sha256})


def found(entry: Entry, link: LedgerEntry, rest_sha256: str | None, is_erased: bool) -> str:
    """The digest a link would hold of an entry as it stands; empty where what is personal is not what was
    sealed. ``rest_sha256`` is kept of an erased rep's links of the first form."""
    if link.personal_sha256 is None and rest_sha256 is None:
        return _whole(entry)
    if link.personal_sha256 is None:
        holds = is_erased and _is_blank(entry) and rest(entry, None) == rest_sha256
        return link.content_sha256 if holds else ""
    if link.salt is None:
        holds = is_erased and _is_blank(entry)
    else:
        holds = sealed(entry, link.salt) == link.personal_sha256
    return rest(entry, link.personal_sha256) if holds else ""


def kind_of(entry: Entry) -> LedgerKind:
    return LedgerKind.TRIP if isinstance(entry, Trip) else LedgerKind.EXPENSE


def _is_blank(entry: Entry) -> bool:
    return all(value in NOTHING for value in personal(entry).values())


def _whole(entry: Entry) -> str:
    """The digest of the first form."""
    content = {field: getattr(entry, field) for field in FIELDS[kind_of(entry)]}
    return digest(content | _since(entry))


def _since(entry: Entry) -> dict[str, object]:
    usual = TRIP_FIELDS_SINCE if isinstance(entry, Trip) else EXPENSE_FIELDS_SINCE
    said = {name: getattr(entry, name) for name in usual}
    found = {name: value for name, value in said.items() if value != usual[name]}
    for part in entry.parts if isinstance(entry, Trip) else ():
        for name in ("rate_id", "metres", "amount_minor"):
            found[f"part {part.position} {name}"] = getattr(part, name)
    return found
