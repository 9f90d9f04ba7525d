"""What the preview says of pins found by address: how many of each kind, and the lines to look at first."""

from __future__ import annotations

from collections import Counter
from collections.abc import Sequence
from dataclasses import dataclass

from planner.services.importing.import_pins import LinePin, PinBook, PinState


@dataclass(frozen=True, slots=True)
class ToldPins:
    """``counts`` in the order of the states; ``lines`` sorted by them, so that what needs a look comes
    first; ``missing``: roads without an address list."""

    counts: tuple[tuple[PinState, int], ...]
    lines: tuple[LinePin, ...]
    missing: tuple[str, ...]
    waiting: int


def told(pins: Sequence[LinePin], book: PinBook) -> ToldPins:
    counts = Counter(line.pin.state for line in pins)
    order = {state: place for place, state in enumerate(PinState)}
    lines = [line for line in pins if line.pin.state is not PinState.WAITING]
    return ToldPins(
        tuple((state, counts[state]) for state in reversed(PinState) if counts[state]),
        tuple(sorted(lines, key=lambda line: order[line.pin.state])),
        tuple(sorted(book.missing)),
        counts[PinState.WAITING],
    )
