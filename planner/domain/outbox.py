"""What a phone sends from its outbox: read, checked and told apart by content, before anything is stored.

A batch that cannot be read raises; within it each item is read for itself, so that a damaged one never
stops the others.
"""

from __future__ import annotations

import hashlib
import json
import re
from collections.abc import Mapping
from dataclasses import dataclass
from datetime import UTC, date, datetime
from enum import StrEnum
from typing import TypeVar
from uuid import UUID

from planner.domain.errors import Invalid

MOST_ITEMS = 25
MOST_BYTES = 512 * 1024
MOST_PHOTOS = 12
MOST_FIELDS = 400
LARGEST_ID = 2**31 - 1
SHA256 = re.compile(r"[0-9a-f]{64}")

Value = TypeVar("Value")


class ItemKind(StrEnum):
    ARRIVED = "arrived"
    LEFT = "left"
    UNDO = "undo"
    DONE = "done"
    MISSED = "missed"
    SKIPPED = "skipped"
    NOTE = "note"
    EXPENSE = "expense"
    ORDER = "order"
    CLOSE = "close"
    FOLLOW_UP = "follow_up"


class Answered(StrEnum):
    CREATED = "created"
    DUPLICATE = "duplicate"
    CONFLICT = "conflict"
    REJECTED = "rejected"


@dataclass(frozen=True, slots=True)
class Batch:
    """``items`` as they came; ``read_item`` reads one."""

    sent_at: datetime
    items: tuple[object, ...]


@dataclass(frozen=True, slots=True)
class Item:
    """``payload`` holds the fields of the form the page showed, each with all its values; ``base_rev`` is
    the revision of the visit, or of the day's route, that page was made from."""

    uid: str
    kind: ItemKind
    client_at: datetime
    visit_id: int | None = None
    account_id: int | None = None
    on: date | None = None
    base_rev: int | None = None
    payload: Mapping[str, tuple[str, ...]] | None = None
    photos: tuple[str, ...] = ()

    @property
    def fields(self) -> Mapping[str, tuple[str, ...]]:
        return self.payload or {}


def read_batch(body: object) -> Batch:
    """Raises Invalid("items", "sync_body") or Invalid("items", "sync_many")."""
    if not isinstance(body, dict) or not isinstance(body.get("items"), list):
        raise Invalid("items", "sync_body")
    if len(body["items"]) > MOST_ITEMS:
        raise Invalid("items", "sync_many", most=MOST_ITEMS)
    try:
        sent_at = _instant(body.get("sent_at"))
    except Invalid:
        raise Invalid("sent_at", "sync_body") from None
    return Batch(sent_at, tuple(body["items"]))


def uid_as_sent(raw: object) -> str | None:
    """What the phone calls an item, readable or not."""
    uid = raw.get("uid") if isinstance(raw, dict) else None
    return uid if isinstance(uid, str) else None


def read_item(raw: object) -> Item:
    """Raises Invalid with the field that cannot be read."""
    if not isinstance(raw, dict):
        raise _damaged("item")
    try:
        kind = ItemKind(raw.get("kind"))  # type: ignore[arg-type]
    except ValueError:
        raise _damaged("kind") from None
    return Item(
        uid=_uid(raw.get("uid")),
        kind=kind,
        client_at=_instant(raw.get("client_at")),
        visit_id=_number("visit", raw.get("visit")),
        account_id=_number("account", raw.get("account")),
        on=_date(raw.get("on")),
        base_rev=_number("base_rev", raw.get("base_rev")),
        payload=_payload(raw.get("payload")),
        photos=_photos(raw.get("photos")),
    )


def needed(value: Value | None, field: str) -> Value:
    """What a kind of item cannot do without. Raises Invalid."""
    if value is None:
        raise _damaged(field)
    return value


def id_in(item: Item, field: str) -> int:
    """The id that a field of the form names. Raises Invalid."""
    text = item.fields.get(field, ("",))[0]
    is_number = text.isascii() and text.isdecimal() and len(text) <= len(str(LARGEST_ID))
    found = _number(field, int(text)) if is_number else None
    return needed(found, field)


def digest(item: Item) -> str:
    """The hash of all an item says, whatever the order and form in which it was written down."""
    content = [
        item.kind.value,
        item.client_at.isoformat(),
        item.visit_id,
        item.account_id,
        item.on.isoformat() if item.on else None,
        item.base_rev,
        sorted((name, list(values)) for name, values in item.fields.items()),
        list(item.photos),
    ]
    text = json.dumps(content, ensure_ascii=True, separators=(",", ":"))
    return hashlib.sha256(text.encode("ascii")).hexdigest()


def _damaged(field: str) -> Invalid:
    return Invalid(field, "sync_item", name=field)


def _uid(value: object) -> str:
    try:
        return str(UUID(_text("uid", value)))
    except ValueError:
        raise _damaged("uid") from None


def _instant(value: object) -> datetime:
    """ISO 8601 with a zone."""
    text = _text("client_at", value)
    try:
        found = datetime.fromisoformat(text)
        if found.tzinfo is None:
            raise _damaged("client_at")
        return found.astimezone(UTC)
    except (ValueError, OverflowError):
        raise _damaged("client_at") from None


def _date(value: object) -> date | None:
    if value is None:
        return None
    try:
        return date.fromisoformat(_text("on", value))
    except ValueError:
        raise _damaged("on") from None


def _number(field: str, value: object) -> int | None:
    if value is None:
        return None
    if not isinstance(value, int) or isinstance(value, bool) or not 0 < value <= LARGEST_ID:
        raise _damaged(field)
    return value


def _payload(value: object) -> dict[str, tuple[str, ...]]:
    if value is None:
        return {}
    if not isinstance(value, dict) or len(value) > MOST_FIELDS:
        raise _damaged("payload")
    return {_text("payload", name): _values(given) for name, given in value.items()}


def _values(given: object) -> tuple[str, ...]:
    values = given if isinstance(given, list) else [given]
    return tuple(_text("payload", one) for one in values)


def _photos(value: object) -> tuple[str, ...]:
    if value is None:
        return ()
    if not isinstance(value, list):
        raise _damaged("photos")
    if len(value) > MOST_PHOTOS:
        raise Invalid("photos", "photo_many", most=MOST_PHOTOS)
    texts = [_text("photos", one) for one in value]
    if any(not SHA256.fullmatch(text) for text in texts):
        raise _damaged("photos")
    return tuple(dict.fromkeys(texts))


def _text(field: str, value: object) -> str:
    """A text that every database can keep: no half characters, no NUL."""
    if not isinstance(value, str) or "\0" in value:
        raise _damaged(field)
    try:
        value.encode()
    except UnicodeEncodeError:
        raise _damaged(field) from None
    return value
