"""What may be said of an account: the values of a form or an import line, and the rules they keep.

Gaps and cadence are whole days; a value left None is inherited from the class.
"""

from __future__ import annotations

from collections.abc import Iterator
from dataclasses import dataclass, fields
from datetime import date

from planner.domain.cadence import Wishes, inherited
from planner.domain.cycles import check_rule
from planner.domain.errors import Invalid
from planner.domain.hours import Window, checked
from planner.domain.places import check_place

LONGEST = {
    "external_id": 80,
    "name": 160,
    "industry": 80,
    "address": 240,
    "city": 120,
    "postcode": 20,
    "phone": 40,
    "parking_hint": 240,
    "cycle_rule": 240,
}
"""Characters a text may have."""

LONGEST_VISIT_SECONDS = 10 * 3600
NOTHING_INHERITED = Wishes()
MOST_TAGS, LONGEST_TAG = 20, 40
STREET_ONLY = "pin: street only"
"""The tag of an account whose pin was found by its street, not its door; it goes when the pin moves."""


@dataclass(frozen=True, slots=True)
class DraftBlock:
    """No visits from ``from_on`` until the day before ``until_on``."""

    from_on: date
    until_on: date
    reason: str = ""


@dataclass(frozen=True, slots=True)
class DraftContact:
    name: str
    position: str = ""
    phone: str = ""
    email: str = ""


@dataclass(frozen=True, slots=True)
class Draft:
    """An account as somebody wants it to be. ``kind`` and ``account_class`` are the enums' values."""

    name: str
    kind: str = "account"
    account_class: str = "C"
    external_id: str | None = None
    industry: str = ""
    tags: tuple[str, ...] = ()
    address: str = ""
    city: str = ""
    postcode: str = ""
    lat: float | None = None
    lon: float | None = None
    phone: str = ""
    value_minor: int | None = None
    potential_minor: int | None = None
    parking_hint: str = ""
    cadence_days: int | None = None
    earliest_gap_days: int | None = None
    latest_gap_days: int | None = None
    cycle_rule: str | None = None
    visit_seconds: int | None = None
    windows: tuple[Window, ...] = ()
    blocks: tuple[DraftBlock, ...] = ()
    contacts: tuple[DraftContact, ...] = ()


PLAIN_FIELDS = tuple(
    field.name for field in fields(Draft) if field.name not in {"windows", "blocks", "contacts", "tags"}
)
"""The fields that are columns of the account itself and hold plain values."""


def problems(draft: Draft, of_class: Wishes = NOTHING_INHERITED) -> list[Invalid]:
    """Everything wrong with a draft, each with the field it belongs to; empty when it may be stored.

    ``of_class``: what its class says, against which own gaps are judged.
    """
    return list(_problems(draft, of_class))


def _problems(draft: Draft, of_class: Wishes) -> Iterator[Invalid]:
    yield from _texts(draft)
    yield from _place(draft)
    yield from _rhythm(draft, of_class)
    if draft.visit_seconds is not None and not 0 < draft.visit_seconds <= LONGEST_VISIT_SECONDS:
        yield Invalid("visit_seconds", "visit_length")
    if min(draft.value_minor or 0, draft.potential_minor or 0) < 0:
        yield Invalid("value_minor", "value_negative")
    try:
        checked(draft.windows)
    except Invalid as error:
        yield error
    for block in draft.blocks:
        if block.from_on >= block.until_on:
            yield Invalid("blocks", "block_order")
    for contact in draft.contacts:
        if not contact.name:
            yield Invalid("contacts", "contact_name_missing")
        if contact.email and "@" not in contact.email:
            yield Invalid("contacts", "email_unreadable", text=contact.email)


def _texts(draft: Draft) -> Iterator[Invalid]:
    if not draft.name:
        yield Invalid("name", "name_missing")
    for field, most in LONGEST.items():
        if len(getattr(draft, field) or "") > most:
            yield Invalid(field, "too_long", most=most)
    if len(draft.tags) > MOST_TAGS or any(len(tag) > LONGEST_TAG for tag in draft.tags):
        yield Invalid("tags", "too_many_tags", most=MOST_TAGS, longest=LONGEST_TAG)


def _place(draft: Draft) -> Iterator[Invalid]:
    try:
        check_place(draft.lat, draft.lon)
    except Invalid as error:
        yield error


def _rhythm(draft: Draft, of_class: Wishes) -> Iterator[Invalid]:
    own = Wishes(draft.cadence_days, draft.earliest_gap_days, draft.latest_gap_days)
    try:
        inherited(own, of_class)
    except Invalid as error:
        yield error
    try:
        check_rule(draft.cycle_rule or "")
    except Invalid as error:
        yield error
