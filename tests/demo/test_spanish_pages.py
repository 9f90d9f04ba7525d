"""Every page of the demo in Spanish, as everybody who may sign in: nothing on it is still English."""

from __future__ import annotations

import re
from functools import cache, lru_cache
from html.parser import HTMLParser
from pathlib import Path

import pytest
from babel.messages.pofile import read_po

from tests.demo.crawl import crawl
from tests.demo.test_pages import LOGINS

SPANISH = (
    Path(__file__).resolve().parents[2] / "planner" / "translations" / "es" / "LC_MESSAGES" / "messages.po"
)
PLACEHOLDER = re.compile(r"%\(\w+\)[a-z]")
LEAST_LETTERS = 12
"""Shorter texts may stand in a name or be the same word in both languages."""

SEEN_IN = ("aria-label", "title", "placeholder", "alt", "content")


class _Seen(HTMLParser):
    """What a person sees or hears of a page: its text, its labels, and what scripts will say."""

    def __init__(self) -> None:
        super().__init__()
        self.texts: list[str] = []
        self.is_code = False

    def handle_starttag(self, tag: str, attrs: list[tuple[str, str | None]]) -> None:
        self.is_code = tag in ("script", "style", "code", "pre", "textarea")
        self.texts += [
            value for name, value in attrs if value and (name in SEEN_IN or name.startswith("data-"))
        ]

    def handle_endtag(self, tag: str) -> None:
        self.is_code = False

    def handle_data(self, data: str) -> None:
        if not self.is_code:
            self.texts.append(data)


@cache
def english() -> tuple[str, ...]:
    """The pieces between the values of every English text that Spanish says otherwise, the long ones."""
    with SPANISH.open("rb") as file:
        messages = [message for message in read_po(file, locale="es") if message.id]
    spanish = " ".join(text for message in messages for text in _forms(message.string))
    pieces = {
        piece.strip(" .:,;…“”()")
        for message in messages
        for text in _forms(message.id)
        for piece in PLACEHOLDER.split(text)
    }
    return tuple(
        sorted(piece for piece in pieces if _letters(piece) > LEAST_LETTERS and piece not in spanish)
    )


def _forms(text: str | tuple[str, ...] | list[str]) -> tuple[str, ...]:
    return (text,) if isinstance(text, str) else tuple(text)


def _letters(piece: str) -> int:
    return sum(mark.isalpha() for mark in piece)


@lru_cache(maxsize=1)
def seen(html: str) -> str:
    reader = _Seen()
    reader.feed(html)
    return "\n".join(" ".join(text.split()) for text in reader.texts)


def test_a_page_that_is_english_would_be_found(demo):
    page = demo.client("camila").get("/today", headers={"Accept-Language": "en"}).text
    assert any(piece in seen(page) for piece in english())


@pytest.mark.parametrize("login", LOGINS)
def test_no_page_says_anything_in_english_to_somebody_who_reads_spanish(demo, login):
    pages = [
        page
        for page in crawl(demo.app, demo.client(login), language="es-CL,es;q=0.9")
        if page.response.mimetype == "text/html" and not page.response.location
    ]
    left = {(page.path, piece) for page in pages for piece in english() if piece in seen(page.response.text)}
    assert left == set()
    assert [page.path for page in pages if '<html lang="es-CL">' not in page.response.text] == []
