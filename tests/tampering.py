"""What somebody does who owns the database: takes the triggers away, changes rows, puts them back."""

from __future__ import annotations

from collections.abc import Iterator
from contextlib import contextmanager

from sqlalchemy.orm import Session

from planner.models import guards


@contextmanager
def unguarded(session: Session) -> Iterator[None]:
    """Within it every raw statement passes."""
    session.flush()
    guards.lift(session.connection())
    yield
    session.flush()
    guards.put(session.connection())
