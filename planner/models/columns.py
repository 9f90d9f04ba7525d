"""Column shapes used by several tables: enums with a CHECK made from the same enum."""

from __future__ import annotations

from enum import StrEnum

from sqlalchemy import Enum


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
