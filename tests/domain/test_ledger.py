"""The chain: whatever is changed afterwards shows."""

from __future__ import annotations

from dataclasses import replace
from datetime import UTC, date, datetime, timedelta, timezone

import pytest
from hypothesis import given
from hypothesis import strategies as st

from planner.domain.ledger import FIRST, Break, BreakKind, Link, digest, link, verify


def chain(*subjects: str) -> tuple[list[Link], dict[str, str]]:
    links: list[Link] = []
    for subject in subjects:
        before = links[-1].entry_sha256 if links else FIRST
        links.append(link(len(links) + 1, subject, digest({"of": subject}), before))
    return links, {subject: digest({"of": subject}) for subject in subjects}


def test_an_untouched_chain_holds() -> None:
    assert list(verify(*chain("trip 1", "expense 1", "trip 2"))) == []


def test_a_changed_entry_shows() -> None:
    links, contents = chain("trip 1", "trip 2")
    contents["trip 1"] = digest({"of": "trip 1", "metres": 99})
    assert list(verify(links, contents)) == [Break(BreakKind.CONTENT, "trip 1", 1)]


def test_a_removed_entry_shows() -> None:
    links, contents = chain("trip 1", "trip 2")
    del contents["trip 2"]
    assert list(verify(links, contents)) == [Break(BreakKind.MISSING, "trip 2", 2)]


def test_an_entry_put_in_beside_the_chain_shows() -> None:
    links, contents = chain("trip 1")
    contents["trip 9"] = digest({})
    assert list(verify(links, contents)) == [Break(BreakKind.UNLINKED, "trip 9", 0)]


def test_a_link_taken_out_with_its_entry_shows() -> None:
    links, contents = chain("trip 1", "trip 2", "trip 3")
    del links[1], contents["trip 2"]
    assert list(verify(links, contents)) == [Break(BreakKind.ORDER, "trip 3", 3)]


def test_a_link_rewritten_to_hide_a_change_shows_at_the_next() -> None:
    links, contents = chain("trip 1", "trip 2")
    contents["trip 1"] = digest({"of": "trip 1", "metres": 99})
    links[0] = link(1, "trip 1", contents["trip 1"])
    assert list(verify(links, contents)) == [Break(BreakKind.ORDER, "trip 2", 2)]


@given(st.integers(0, 3), st.sampled_from(["content_sha256", "previous_sha256", "entry_sha256"]))
def test_any_hash_changed_anywhere_shows(at: int, field: str) -> None:
    links, contents = chain("trip 1", "trip 2", "expense 1", "trip 3")
    links[at] = replace(links[at], **{field: "f" * 64})
    assert list(verify(links, contents))


def test_the_same_instant_and_date_have_one_form() -> None:
    noon = datetime(2026, 3, 4, 12, tzinfo=UTC)
    in_chile = noon.astimezone(timezone(timedelta(hours=-3)))
    assert digest({"at": noon, "on": date(2026, 3, 4)}) == digest({"on": date(2026, 3, 4), "at": in_chile})
    assert digest({"at": noon}) != digest({"at": noon + timedelta(microseconds=1)})


def test_a_value_without_one_form_is_refused() -> None:
    with pytest.raises(TypeError):
        digest({"what": object()})
