"""What to do about the demo when the program starts, or when somebody asks for it."""

from __future__ import annotations

from datetime import date
from enum import StrEnum

from sqlalchemy.orm import Session

from planner.demo import state
from planner.demo.state import Stage


class Step(StrEnum):
    NONE = "none"
    """This is no demo and nobody wants one: leave the database alone."""
    LOAD = "load"
    """Empty, or interrupted while loading."""
    ROLL = "roll"
    """Loaded for an earlier day and untouched: load it for today."""
    KEEP = "keep"
    """Loaded for this day."""
    KEEP_TOUCHED = "keep_touched"
    """Loaded for an earlier day, but somebody has used it."""


def next_step(session: Session, today: date, is_wanted: bool) -> Step:
    """``today`` is the demo's today; ``is_wanted``: an empty database shall get the demo."""
    standing = state.read(session)
    if standing is None:
        return Step.LOAD if is_wanted and state.is_empty(session) else Step.NONE
    if standing.stage is Stage.LOADING:
        return Step.LOAD
    if standing.on >= today:
        return Step.KEEP
    return Step.KEEP_TOUCHED if state.is_touched(session, standing) else Step.ROLL
