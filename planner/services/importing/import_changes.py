"""What a line of a file does to an account, and the pin its address gets.

A line that changes nothing else may still bring a pin to an account that had none.
"""

from __future__ import annotations

from collections import defaultdict
from collections.abc import Mapping, Sequence
from dataclasses import dataclass, replace
from typing import Any

from planner.services.importing.import_lines import Wish
from planner.services.importing.import_pins import LinePin, PinBook, asked_of, pinned


@dataclass(frozen=True, slots=True)
class Known:
    """An account as it stands; ``gaps`` are its own earliest and latest."""

    account_id: int
    rev: int
    is_archived: bool
    state: dict[str, Any]
    gaps: tuple[int | None, int | None]


@dataclass(frozen=True, slots=True)
class Change:
    """What a line does. ``account_id`` None: a new account; ``before`` holds the old values of ``after``."""

    row: int
    name: str
    account_id: int | None
    rev: int
    before: Mapping[str, Any]
    after: Mapping[str, Any]


@dataclass(frozen=True, slots=True)
class PinLine:
    """A line with the account it means, if there is one, and what it changes, if anything."""

    wish: Wish
    known: Known | None
    change: Change | None

    @property
    def state(self) -> dict[str, Any]:
        """The account as it will be, where the line has its way."""
        return {**(self.known.state if self.known else {}), **(self.change.after if self.change else {})}


def with_pins(
    lines: Sequence[PinLine], networks: Mapping[int, str], book: PinBook
) -> tuple[list[PinLine], tuple[LinePin, ...]]:
    """The lines, those whose address was found for sure with a pin; and what was found for each."""
    asked: dict[int, tuple[str, str]] = {}
    by_network: dict[str, list[str]] = defaultdict(list)
    for index, line in enumerate(lines):
        text = "" if "lat" in line.wish.values else asked_of(line.state)
        network = networks.get(line.state["owner"][0], "")
        if text and network:
            asked[index] = network, text
            by_network[network].append(text)
    found = {network: book.pins(network, texts) for network, texts in by_network.items()}
    result, pins = list(lines), []
    for index, (network, text) in asked.items():
        pin = found[network].get(text)
        if pin is not None:
            line = lines[index]
            pins.append(LinePin(line.wish.row, str(line.state["name"]), text, pin))
            result[index] = _changed(line, pinned(pin, line.state.get("tags", ())))
    return result, tuple(pins)


def _changed(line: PinLine, fields: Mapping[str, Any]) -> PinLine:
    if not fields:
        return line
    known, change = line.known, line.change
    if change is None:
        assert known is not None
        change = Change(line.wish.row, known.state["name"], known.account_id, known.rev, {}, {})
    before = dict(change.before) | ({name: known.state[name] for name in fields} if known else {})
    return replace(line, change=replace(change, before=before, after={**change.after, **fields}))
