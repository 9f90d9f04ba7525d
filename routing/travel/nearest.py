"""Which places lie best beside a drive: by how much longer it gets when one calls there on the way."""

from __future__ import annotations

from collections.abc import Sequence
from typing import NamedTuple, Protocol

from routing.types import UNREACHABLE_SECONDS, SecondsMatrix, Snap


class Times(Protocol):
    """Whole seconds (S, T) from every start to every goal, ``UNREACHABLE_SECONDS`` where no road leads."""

    def times(self, starts: Sequence[Snap], goals: Sequence[Snap]) -> SecondsMatrix: ...


class Detour(NamedTuple):
    """``place`` is its position among those asked about."""

    seconds: int
    place: int


def nearest_by_detour(travel: Times, start: Snap, goal: Snap, places: Sequence[Snap]) -> list[Detour]:
    """The places by the driving that calling there adds to the way from ``start`` to ``goal``, least first.

    Those that cannot be reached, or left again towards the goal, are not among them. Without a way from start
    to goal the whole way by the place counts.
    """
    if not places:
        return []
    onward = travel.times([start], [*places, goal])[0].tolist()
    back = travel.times(places, [goal])[:, 0].tolist()
    direct = 0 if onward[-1] == UNREACHABLE_SECONDS else onward[-1]
    detours = (
        Detour(max(0, there + on - direct), number)
        for number, (there, on) in enumerate(zip(onward, back, strict=False))
        if UNREACHABLE_SECONDS not in (there, on)
    )
    return sorted(detours)
