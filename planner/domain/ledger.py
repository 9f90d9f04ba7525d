"""The hash chain that makes a later change of a ledger entry visible.

An entry's content is hashed as canonical JSON. Each link of a rep's chain hashes its position, its
entry and the link before; changing, removing or reordering anything breaks it from there on.
"""

from __future__ import annotations

import hashlib
import json
from collections.abc import Iterable, Iterator, Mapping
from dataclasses import dataclass
from datetime import UTC, date, datetime
from decimal import Decimal
from enum import StrEnum

FIRST = "0" * 64
"""What the first link of a chain names as the link before."""


class BreakKind(StrEnum):
    CONTENT = "content"
    """The entry is not what was linked."""
    MISSING = "missing"
    """The linked entry is gone."""
    UNLINKED = "unlinked"
    """An entry stands outside the chain."""
    ORDER = "order"
    """A link is missing, doubled or out of place."""
    LINK = "link"
    """The link's own hash does not follow from what it names."""


@dataclass(frozen=True, slots=True)
class Link:
    """``subject`` names the entry: its kind and id, as in ``trip 12``."""

    position: int
    subject: str
    content_sha256: str
    previous_sha256: str
    entry_sha256: str


@dataclass(frozen=True, slots=True)
class Break:
    """A place where a chain does not hold. ``position`` 0: the entry has no link at all."""

    kind: BreakKind
    subject: str
    position: int


def digest(content: Mapping[str, object]) -> str:
    """SHA-256 of an entry's fields. Dates, instants, decimals and floats are written in one form each."""
    return hashlib.sha256(canonical(content).encode("ascii")).hexdigest()


def canonical(content: Mapping[str, object]) -> str:
    """The fields as JSON in one form, in ASCII."""
    return json.dumps(
        {key: _plain(value) for key, value in content.items()}, sort_keys=True, ensure_ascii=True
    )


def link(position: int, subject: str, content_sha256: str, before: str = FIRST) -> Link:
    """The next link of a chain; ``before`` is the hash of the one it follows."""
    named = json.dumps([position, subject, content_sha256, before])
    return Link(position, subject, content_sha256, before, hashlib.sha256(named.encode("ascii")).hexdigest())


def verify(links: Iterable[Link], contents: Mapping[str, str]) -> Iterator[Break]:
    """Every break of one chain. ``contents`` gives the digest of each entry there is, by subject."""
    before, expected, seen = FIRST, 1, set()
    for entry in sorted(links, key=lambda each: each.position):
        if entry.position != expected or entry.previous_sha256 != before:
            yield Break(BreakKind.ORDER, entry.subject, entry.position)
        if link(entry.position, entry.subject, entry.content_sha256, entry.previous_sha256) != entry:
            yield Break(BreakKind.LINK, entry.subject, entry.position)
        if entry.subject not in contents:
            yield Break(BreakKind.MISSING, entry.subject, entry.position)
        elif contents[entry.subject] != entry.content_sha256:
            yield Break(BreakKind.CONTENT, entry.subject, entry.position)
        seen.add(entry.subject)
        before, expected = entry.entry_sha256, entry.position + 1
    for subject in sorted(contents.keys() - seen):
        yield Break(BreakKind.UNLINKED, subject, 0)


def _plain(value: object) -> object:
    if isinstance(value, datetime):
        return value.astimezone(UTC).isoformat(timespec="microseconds")
    if isinstance(value, date):
        return value.isoformat()
    if isinstance(value, StrEnum):
        return value.value
    if isinstance(value, float):
        return repr(value)
    if isinstance(value, Decimal):
        # However many zeros a database gives back behind it.
        return f"{value.normalize():f}"
    if value is None or isinstance(value, str | int):
        return value
    raise TypeError(f"{type(value).__name__} has no canonical form")
