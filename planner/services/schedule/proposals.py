"""The rotation's visits as proposals: what is due when, and why each visit stands."""

from __future__ import annotations

from collections.abc import Sequence
from dataclasses import dataclass, field, replace
from datetime import date
from typing import Any

from planner.domain.visits import VisitKind
from planner.services.schedule.candidacy import Candidate, Pinned
from planner.services.schedule.horizon import Horizon
from routing.types import RotationVisit


@dataclass(frozen=True, slots=True)
class Proposed:
    account_id: int
    on: date
    position: int
    begins: int
    service_seconds: int
    detour_seconds: int
    due_on: date | None
    is_pinned: bool
    kind: VisitKind
    reason: str
    reason_values: dict[str, Any] = field(default_factory=dict)


def proposal(
    horizon: Horizon, candidate: Candidate, visits: Sequence[RotationVisit], number: int
) -> Proposed:
    """The visit ``number`` of an account's ``visits``, which are in order of their days."""
    visit = visits[number]
    on = horizon.days[visit.day].on
    pinned = next((p for p in candidate.pinned if p.day == visit.day), None)
    due_day = _due_day(candidate, visits, number)
    reason, values = _why(candidate, visit, due_day, is_first=number == 0)
    proposed = Proposed(
        account_id=candidate.account_id,
        on=on,
        position=visit.position,
        begins=visit.begins,
        service_seconds=candidate.service_seconds,
        detour_seconds=visit.detour_seconds,
        due_on=None if due_day is None else horizon.date_of(due_day),
        is_pinned=False,
        kind=candidate.kind,
        reason=reason,
        reason_values=values,
    )
    return proposed if pinned is None else _agreed(proposed, pinned)


def _agreed(proposed: Proposed, pinned: Pinned) -> Proposed:
    reason = pinned.kind.value if pinned.is_agreed else "pinned"
    return replace(
        proposed,
        is_pinned=True,
        kind=pinned.kind,
        service_seconds=pinned.service_seconds,
        reason=reason,
        reason_values={},
    )


def _due_day(candidate: Candidate, visits: Sequence[RotationVisit], number: int) -> int | None:
    """The day the cadence wishes: the first from the last visit held, each next from the one before."""
    if candidate.kind is VisitKind.PROSPECT:
        return None
    if candidate.fixed_days:
        return visits[number].day
    if number == 0 or candidate.cadence_days is None:
        return candidate.first_wish
    return visits[number - 1].day + candidate.cadence_days


def _why(
    candidate: Candidate, visit: RotationVisit, due_day: int | None, is_first: bool
) -> tuple[str, dict[str, Any]]:
    if candidate.kind is VisitKind.PROSPECT and candidate.cadence_days is None:
        return "prospect", {"detour_seconds": visit.detour_seconds}
    if candidate.fixed_days:
        return "fixed_cycle", {}
    if candidate.last_on is None and is_first:
        return "never_visited", {}
    values: dict[str, Any] = {"cadence_days": candidate.cadence_days}
    if is_first and candidate.last_on is not None:
        values["last_on"] = candidate.last_on.isoformat()
        if candidate.see_again_days:
            return "see_again", values | {"days": candidate.see_again_days}
        if visit.day > candidate.promised_to and due_day is not None:
            return "overdue", values | {"days": visit.day - due_day}
    return "due", values
