"""Items of an outbox are read whole or refused with the field that is wrong; the same content is the same."""

from __future__ import annotations

from collections.abc import Callable
from typing import Any

import pytest
from hypothesis import given
from hypothesis import strategies as st

from planner.domain.errors import Invalid
from planner.domain.outbox import digest, read_batch, read_item

ITEM: dict[str, Any] = {
    "uid": "6f1c0e0e-0000-4000-8000-000000000001",
    "kind": "done",
    "visit": 12,
    "account": 7,
    "on": "2026-03-04",
    "base_rev": 3,
    "client_at": "2026-03-04T12:00:00.000Z",
    "payload": {"outcome": "agreed", "keep": ["1", "2"]},
    "photos": ["a" * 64],
}
JSON = st.recursive(
    st.none() | st.booleans() | st.integers() | st.floats() | st.text(),
    lambda inner: st.lists(inner, max_size=3) | st.dictionaries(st.text(), inner, max_size=3),
    max_leaves=12,
)


@pytest.mark.parametrize("name", [name for name in ITEM if name != "uid"])
def test_any_field_that_differs_makes_another_content(name: str) -> None:
    other = {
        "kind": "missed",
        "visit": 13,
        "account": None,
        "on": "2026-03-05",
        "base_rev": 4,
        "client_at": "2026-03-04T12:00:01Z",
        "payload": {"outcome": "agreed", "keep": ["2", "1"]},
        "photos": [],
    }
    assert digest(read_item(ITEM)) != digest(read_item(ITEM | {name: other[name]}))


def test_another_uid_or_an_order_of_names_is_no_other_content() -> None:
    other = dict(reversed(ITEM.items())) | {"uid": "6f1c0e0e-0000-4000-8000-000000000002", "tries": 7}
    other["payload"] = dict(reversed(ITEM["payload"].items()))
    assert digest(read_item(ITEM)) == digest(read_item(other))


@pytest.mark.parametrize("name", ["uid", "kind", "client_at"])
def test_what_every_item_needs_is_asked_for(name: str) -> None:
    with pytest.raises(Invalid) as refused:
        read_item({key: value for key, value in ITEM.items() if key != name})
    assert refused.value.field == name


def refusal(read: Callable[[Any], object], value: Any) -> str:
    """The code with which something is refused; empty where it is read."""
    try:
        read(value)
    except Invalid as refused:
        return refused.code
    return ""


@given(st.dictionaries(st.sampled_from(list(ITEM)), JSON))
def test_whatever_is_sent_is_read_or_refused(change: dict[str, Any]) -> None:
    code = refusal(lambda raw: len(digest(read_item(raw))), ITEM | change)
    assert code in ("", "sync_item")


@given(JSON)
def test_whatever_is_sent_as_a_batch_is_read_or_refused(body: Any) -> None:
    assert refusal(read_batch, body) in ("sync_body", "sync_many")
