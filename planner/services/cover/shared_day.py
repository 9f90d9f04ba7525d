"""A day shared out, as its planning run keeps it: who takes what, what nobody takes, days before and after.

Times of day are seconds after local midnight.
"""

from __future__ import annotations

from collections.abc import Mapping
from dataclasses import asdict, dataclass
from typing import Any


@dataclass(frozen=True, slots=True)
class Taken:
    """A visit somebody takes over, beginning about ``begins``; ``agreed_begins`` is an appointment's time."""

    visit_id: int
    name: str
    rep_id: int
    begins: int
    agreed_begins: int | None


@dataclass(frozen=True, slots=True)
class Left:
    """A visit nobody can take, and why; ``seconds`` is the detour it would need, where known."""

    visit_id: int
    name: str
    reason: str
    seconds: int | None


@dataclass(frozen=True, slots=True)
class ColleagueDay:
    """A colleague's whole day, before and with what is taken over."""

    rep_id: int
    name: str
    visits_before: int
    visits_after: int
    driving_before: int
    driving_after: int
    home_before: int
    home_after: int


@dataclass(frozen=True, slots=True)
class SharedDay:
    taken: tuple[Taken, ...]
    left: tuple[Left, ...]
    days: tuple[ColleagueDay, ...]
    stands: tuple[tuple[int, int, int], ...]
    """Visit, rep and ``rev`` of everything it was worked out from."""

    def taken_by(self, rep_id: int) -> list[Taken]:
        return sorted((one for one in self.taken if one.rep_id == rep_id), key=lambda one: one.begins)

    def to_json(self) -> dict[str, Any]:
        return asdict(self)

    @classmethod
    def from_json(cls, values: Mapping[str, Any]) -> SharedDay:
        return cls(
            taken=tuple(Taken(**one) for one in values["taken"]),
            left=tuple(Left(**one) for one in values["left"]),
            days=tuple(ColleagueDay(**one) for one in values["days"]),
            stands=tuple((visit, rep, rev) for visit, rep, rev in values["stands"]),
        )
