"""The life of a visit: its states, who may move it on, and what a report may say."""

from __future__ import annotations

from enum import StrEnum

from planner.domain.errors import Conflict


class VisitKind(StrEnum):
    """Why a visit stands in the plan, strongest first."""

    APPOINTMENT = "appointment"
    MUST_VISIT = "must_visit"
    CADENCE = "cadence"
    PROSPECT = "prospect"


class VisitState(StrEnum):
    """``LEFT``: the rep has driven on and the report is still to be written."""

    PLANNED = "planned"
    ARRIVED = "arrived"
    LEFT = "left"
    DONE = "done"
    MISSED = "missed"
    SKIPPED = "skipped"
    CANCELLED = "cancelled"


class VisitAction(StrEnum):
    ARRIVE = "arrive"
    LEAVE = "leave"
    FINISH = "finish"
    MISS = "miss"
    SKIP = "skip"
    CANCEL = "cancel"
    UNDO = "undo"


class Outcome(StrEnum):
    """What came of a visit that was held."""

    ORDER = "order"
    AGREED = "agreed"
    INFORMATION = "information"
    SERVICE = "service"
    NO_DECISION = "no_decision"
    NOT_INTERESTED = "not_interested"


class NotHeldReason(StrEnum):
    """Why a visit was missed (went, nobody there) or skipped (did not go)."""

    CLOSED = "closed"
    CONTACT_AWAY = "contact_away"
    NO_TIME = "no_time"
    NOT_NEEDED = "not_needed"
    ROAD_BLOCKED = "road_blocked"
    OTHER = "other"


AHEAD = (VisitState.PLANNED, VisitState.ARRIVED)
"""Still to come, or under way."""

UNDECIDED = (*AHEAD, VisitState.LEFT)
"""Nobody has said yet how it went."""

SUCCESSFUL = frozenset({Outcome.ORDER, Outcome.AGREED})
"""Outcomes that count as a strike."""

TRANSITIONS: dict[tuple[VisitState, VisitAction], VisitState] = {
    (VisitState.PLANNED, VisitAction.ARRIVE): VisitState.ARRIVED,
    (VisitState.PLANNED, VisitAction.FINISH): VisitState.DONE,
    (VisitState.PLANNED, VisitAction.MISS): VisitState.MISSED,
    (VisitState.PLANNED, VisitAction.SKIP): VisitState.SKIPPED,
    (VisitState.PLANNED, VisitAction.CANCEL): VisitState.CANCELLED,
    (VisitState.ARRIVED, VisitAction.LEAVE): VisitState.LEFT,
    (VisitState.ARRIVED, VisitAction.FINISH): VisitState.DONE,
    (VisitState.ARRIVED, VisitAction.MISS): VisitState.MISSED,
    (VisitState.ARRIVED, VisitAction.SKIP): VisitState.SKIPPED,
    (VisitState.ARRIVED, VisitAction.UNDO): VisitState.PLANNED,
    (VisitState.LEFT, VisitAction.FINISH): VisitState.DONE,
    (VisitState.LEFT, VisitAction.MISS): VisitState.MISSED,
    (VisitState.LEFT, VisitAction.UNDO): VisitState.ARRIVED,
    (VisitState.DONE, VisitAction.FINISH): VisitState.DONE,
    (VisitState.DONE, VisitAction.UNDO): VisitState.PLANNED,
    (VisitState.MISSED, VisitAction.UNDO): VisitState.PLANNED,
    (VisitState.SKIPPED, VisitAction.UNDO): VisitState.PLANNED,
}


def next_state(state: VisitState, action: VisitAction) -> VisitState:
    """The state after ``action``. Raises ``Conflict("visit_state")`` when ``state`` does not allow it."""
    try:
        return TRANSITIONS[state, action]
    except KeyError:
        raise Conflict("visit_state", state=state.value, action=action.value) from None
