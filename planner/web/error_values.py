"""The values of an error as a person reads them: dates, states and weekdays in words, numbers by locale."""

from __future__ import annotations

from collections.abc import Mapping
from datetime import date
from enum import StrEnum
from typing import Any

from planner.domain.claims import ClaimState
from planner.domain.hours import SHORT_NAMES
from planner.domain.visits import VisitState
from planner.web.formats import day, number
from planner.web.words import word

STATES: dict[str, type[StrEnum]] = {
    "visit_state": VisitState,
    "claim_state": ClaimState,
    "entry_locked": ClaimState,
}
"""By code of the error: what its ``state`` is a member of."""

DATES = frozenset({"on", "since"})
MONDAY = date(2024, 1, 1)


def in_words(code: str, values: Mapping[str, Any]) -> dict[str, Any]:
    return {name: _said(code, name, value) for name, value in values.items()}


def _said(code: str, name: str, value: Any) -> Any:
    if name == "state" and code in STATES:
        return word(STATES[code](value))
    if name in DATES and isinstance(value, str):
        return day(date.fromisoformat(value), "EEE d MMM y")
    if name == "day" and value in SHORT_NAMES:
        return day(MONDAY.replace(day=1 + SHORT_NAMES.index(value)), "EEEE")
    return number(value) if isinstance(value, float) else value
