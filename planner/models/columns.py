"""Column shapes used by several tables: enums with a CHECK made from the same enum, revisions."""

from __future__ import annotations

from datetime import datetime
from enum import StrEnum

from sqlalchemy import Enum
from sqlalchemy.orm import Mapped, mapped_column

from planner.database import UtcDateTime


def enum_of(kind: type[StrEnum], name: str) -> Enum:
    """Stores the enum's value as text, with a CHECK constraint called ``name``."""
    return Enum(
        kind,
        native_enum=False,
        create_constraint=True,
        length=24,
        name=name,
        values_callable=lambda members: [member.value for member in members],
    )


class Revised:
    """A row of a rep's that others change too. ``rev`` counts its changes; the rest, kept by
    ``planner.services.revisions``, tells of the last change whose author was said: ``changed_rev`` is its
    revision, and what the rep saw at ``own_since_rev`` or later nobody else has changed since."""

    rev: Mapped[int] = mapped_column(default=1)
    changed_rev: Mapped[int | None]
    changed_by_id: Mapped[int | None]
    changed_at: Mapped[datetime | None] = mapped_column(UtcDateTime)
    own_since_rev: Mapped[int | None]
