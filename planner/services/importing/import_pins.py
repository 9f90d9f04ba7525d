"""Pins for lines that have an address and no coordinates: looked up offline, never online.

A door is taken as it is. A street is taken too and tagged ``STREET_ONLY``, until somebody moves the pin. A
place, a guess, or one of several is only told. A file may hold more addresses than can be looked up while
somebody waits: ``PinBook`` keeps what is known, so that looking at the preview again goes on from there.
"""

from __future__ import annotations

import json
from collections.abc import Mapping, Sequence
from contextlib import ExitStack
from dataclasses import dataclass, field
from enum import StrEnum
from pathlib import Path
from typing import Any

from planner.domain.accounts import MOST_TAGS, STREET_ONLY
from planner.services.places.offline import address_text
from routing.distance import metres_apart
from routing.errors import RoutingError
from routing.geocode import Addresses, Found, FoundKind, address_file

MOST_AT_ONCE = 1000
"""Addresses looked up for one preview: some seconds at most."""

SURE = 0.9
AS_GOOD = 0.02
SAME_SPOT_METRES = 100


class PinState(StrEnum):
    """What became of a line's address, in the order they are shown."""

    WAITING = "waiting"
    NOTHING = "nothing"
    SEVERAL = "several"
    UNSURE = "unsure"
    PLACE = "place"
    STREET = "street"
    ADDRESS = "address"


TAKEN = frozenset({PinState.ADDRESS, PinState.STREET})


@dataclass(frozen=True, slots=True)
class Pin:
    """What was found for an address; without a point where nothing was."""

    state: PinState
    label: str = ""
    lon: float | None = None
    lat: float | None = None

    @property
    def is_taken(self) -> bool:
        return self.state in TAKEN


@dataclass(frozen=True, slots=True)
class LinePin:
    row: int
    name: str
    asked: str
    pin: Pin


@dataclass(slots=True)
class PinBook:
    """Addresses and what was found for them, by network. ``left`` may still be looked up."""

    networks_folder: Path
    known: dict[str, dict[str, Pin]] = field(default_factory=dict)
    missing: set[str] = field(default_factory=set)
    left: int = MOST_AT_ONCE

    def pins(self, network: str, texts: Sequence[str]) -> dict[str, Pin]:
        """What is known of these addresses, after looking up as many new ones as may be.

        Nothing at all where there is no address list; the network is then ``missing``.
        """
        known = self.known.setdefault(network, {})
        new = [text for text in dict.fromkeys(texts) if text not in known]
        try:
            with ExitStack() as stack:
                addresses = stack.enter_context(Addresses(address_file(self.networks_folder, network)))
                for text in new[: self.left]:
                    known[text] = chosen(addresses.find(text))
        except RoutingError:
            self.missing.add(network)
            return {}
        self.left -= min(self.left, len(new))
        return {text: known.get(text, Pin(PinState.WAITING)) for text in texts}

    def text(self) -> str:
        """To keep beside the upload; ``read_book`` reads it."""
        plain = {
            name: {text: [pin.state, pin.label, pin.lon, pin.lat] for text, pin in pins.items()}
            for name, pins in self.known.items()
        }
        return json.dumps(plain)


def read_book(networks_folder: Path, text: str) -> PinBook:
    """The book as ``text()`` wrote it; an empty one from empty text."""
    plain = json.loads(text) if text else {}
    known = {
        name: {asked: Pin(PinState(row[0]), *row[1:]) for asked, row in pins.items()}
        for name, pins in plain.items()
    }
    return PinBook(networks_folder, known)


def chosen(found: Sequence[Found]) -> Pin:
    """The best answer, and whether it may be taken unseen: sure, and not one of several as good."""
    if not found:
        return Pin(PinState.NOTHING)
    best, others = found[0], found[1:]
    return Pin(_state(best, others), best.label, best.lon, best.lat)


def _state(best: Found, others: Sequence[Found]) -> PinState:
    if best.kind is FoundKind.PLACE:
        return PinState.PLACE
    if best.score < SURE:
        return PinState.UNSURE
    here = (best.lon, best.lat)
    if any(
        other.kind is best.kind
        and other.score >= best.score - AS_GOOD
        and metres_apart(here, (other.lon, other.lat)) > SAME_SPOT_METRES
        for other in others
    ):
        return PinState.SEVERAL
    return PinState(best.kind.value)


def asked_of(state: Mapping[str, Any]) -> str:
    """The address to look up for an account in this state; empty where it has a pin, or no street."""
    if state.get("lat") is not None or not state.get("address"):
        return ""
    return address_text(*(state.get(name) or "" for name in ("address", "postcode", "city")))


def pinned(pin: Pin, tags: Sequence[str]) -> dict[str, Any]:
    """The fields a taken pin changes; none where an account has no room for the tag that must go with it."""
    if pin.state is PinState.ADDRESS:
        return {"lat": pin.lat, "lon": pin.lon}
    if pin.state is not PinState.STREET or len(tags) >= MOST_TAGS:
        return {}
    return {"lat": pin.lat, "lon": pin.lon, "tags": with_tag(tags)}


def with_tag(tags: Sequence[str]) -> list[str]:
    return [*tags, STREET_ONLY] if STREET_ONLY not in tags else list(tags)


def without_tag(tags: Sequence[str]) -> list[str]:
    return [tag for tag in tags if tag != STREET_ONLY]
