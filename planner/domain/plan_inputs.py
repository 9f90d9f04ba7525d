"""What a plan depends on, and what of it changed between two plans, told from a log of changes.

What was changed and changed back within that time counts as unchanged.
"""

from __future__ import annotations

from collections import defaultdict
from collections.abc import Iterable, Mapping, Sequence
from dataclasses import dataclass
from datetime import date
from enum import StrEnum
from typing import Any


@dataclass(frozen=True, slots=True)
class LogEntry:
    """``before`` and ``after`` hold the fields that changed."""

    action: str
    subject_id: int | None
    before: Mapping[str, Any]
    after: Mapping[str, Any]


class AccountChange(StrEnum):
    ADDED = "added"
    ARCHIVED = "archived"
    BACK = "back"
    OWNER = "owner"
    CADENCE = "cadence"
    HOURS = "hours"
    PLACE = "place"
    LENGTH = "length"


class RepChange(StrEnum):
    WEEK = "week"
    HOME = "home"
    NIGHTS = "nights"


FIELDS: dict[str, AccountChange] = {
    "cadence_days": AccountChange.CADENCE,
    "earliest_gap_days": AccountChange.CADENCE,
    "latest_gap_days": AccountChange.CADENCE,
    "cycle_rule": AccountChange.CADENCE,
    "account_class": AccountChange.CADENCE,
    "hours": AccountChange.HOURS,
    "blocks": AccountChange.HOURS,
    "lat": AccountChange.PLACE,
    "lon": AccountChange.PLACE,
    "visit_seconds": AccountChange.LENGTH,
    "owners": AccountChange.OWNER,
}
"""Fields of an account that a plan depends on."""

REP_FIELDS: dict[str, RepChange] = {
    "week": RepChange.WEEK,
    "home_lat": RepChange.HOME,
    "home_lon": RepChange.HOME,
    "nights": RepChange.NIGHTS,
}


SETTINGS = frozenset({"prospects_per_week", "snap_refuse_metres", "travel_engine"})
"""Settings a plan depends on, beside how it drives, which every plan keeps."""


BY_HAND = ("visit.agreed", "visit.moved", "visit.called_off")
"""Actions of the log by which people change visits that no plan moves afterwards."""


@dataclass(frozen=True, slots=True)
class AbsenceChange:
    """Days away, ``last_on`` included, that were entered or taken back."""

    kind: str
    from_on: date
    last_on: date
    is_added: bool


def account_changes(entries: Iterable[LogEntry]) -> dict[AccountChange, tuple[int, ...]]:
    """Ids of the accounts concerned, by what changed of them; ``entries`` oldest first."""
    by_account: dict[int, list[LogEntry]] = defaultdict(list)
    for entry in entries:
        if entry.subject_id is not None:
            by_account[entry.subject_id].append(entry)
    found: dict[AccountChange, list[int]] = defaultdict(list)
    for account_id, mine in by_account.items():
        for change in _of_account(mine):
            found[change].append(account_id)
    return {change: tuple(ids) for change, ids in found.items()}


def _of_account(entries: Sequence[LogEntry]) -> set[AccountChange]:
    actions = [entry.action for entry in entries]
    in_and_out = [a for a in actions if a in ("account.archived", "account.unarchived")]
    is_out = in_and_out[-1:] == ["account.archived"]
    if "account.created" in actions:
        return set() if is_out else {AccountChange.ADDED}
    if is_out and in_and_out[0] == "account.archived":
        return {AccountChange.ARCHIVED}
    if in_and_out and not is_out and in_and_out[0] == "account.unarchived":
        return {AccountChange.BACK}
    return {FIELDS[field] for field in _changed_fields(entries) if field in FIELDS}


def rep_changes(entries: Iterable[LogEntry]) -> frozenset[RepChange]:
    """What changed of the rep's own week and home; ``entries`` oldest first."""
    return frozenset(
        REP_FIELDS[field]
        for field in _changed_fields([entry for entry in entries if entry.action == "rep.changed"])
        if field in REP_FIELDS
    )


def setting_changes(entries: Iterable[LogEntry]) -> frozenset[str]:
    return SETTINGS & _changed_fields([entry for entry in entries if entry.action == "settings.changed"])


def visits_by_hand(entries: Iterable[LogEntry]) -> dict[str, int]:
    """How many visits people agreed, moved or called off, by the log's action; what was moved and moved
    back was not moved. ``entries`` oldest first."""
    of_visit: dict[tuple[str, int | None], list[LogEntry]] = defaultdict(list)
    for entry in entries:
        of_visit[entry.action, entry.subject_id].append(entry)
    counts = dict.fromkeys(BY_HAND, 0)
    for (action, _), mine in of_visit.items():
        if action in counts and not (action == "visit.moved" and not _changed_fields(mine)):
            counts[action] += 1
    return counts


def absence_changes(entries: Iterable[LogEntry]) -> tuple[AbsenceChange, ...]:
    """Absences entered and not taken back, or the other way round, by their first day."""
    balance: dict[tuple[str, str, str], int] = defaultdict(int)
    for entry in entries:
        if entry.action in ("absence.added", "absence.removed"):
            is_added = entry.action == "absence.added"
            said = entry.after if is_added else entry.before
            balance[said["from"], said["last"], said["kind"]] += 1 if is_added else -1
    return tuple(
        AbsenceChange(kind, date.fromisoformat(from_on), date.fromisoformat(last_on), more > 0)
        for (from_on, last_on, kind), more in sorted(balance.items())
        if more
    )


def _changed_fields(entries: Iterable[LogEntry]) -> set[str]:
    """Fields whose last value is another than their first."""
    first: dict[str, Any] = {}
    last: dict[str, Any] = {}
    for entry in entries:
        for field in {*entry.before, *entry.after}:
            first.setdefault(field, entry.before.get(field))
            last[field] = entry.after.get(field)
    return {field for field in first if first[field] != last[field]}
