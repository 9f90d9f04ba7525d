"""Walks every page a person can reach by links, a few of each kind."""

from __future__ import annotations

from collections import Counter, deque
from collections.abc import Callable, Iterable, Iterator
from dataclasses import dataclass
from html.parser import HTMLParser
from urllib.parse import urljoin, urlsplit

from flask import Flask
from flask.testing import FlaskClient
from werkzeug.routing import RequestRedirect
from werkzeug.test import TestResponse

HERE = "http://localhost"
OF_A_KIND = 3
"""Pages of one endpoint that are looked at: the first account is as good as the two-hundredth."""


@dataclass(frozen=True)
class Visited:
    path: str
    response: TestResponse


class _Reader(HTMLParser):
    """``links`` lead to pages, ``assets`` are loaded with the page."""

    def __init__(self) -> None:
        super().__init__()
        self.links: list[str] = []
        self.assets: list[str] = []

    def handle_starttag(self, tag: str, attrs: list[tuple[str, str | None]]) -> None:
        values = dict(attrs)
        if tag == "a" and values.get("href"):
            self.links.append(str(values["href"]))
        for name in ("src", "href", "srcset", "poster", "data"):
            if tag in ("link", "script", "img", "source", "video", "object", "iframe") and values.get(name):
                self.assets.append(str(values[name]))


def walk(app: Flask, links_of: Callable[[str], Iterable[str]], home: str = HERE) -> Iterator[str]:
    """Every path reached from the first page without leaving ``home``, breadth first, a few of each kind.
    ``links_of`` opens a path before it is given here; it answers with whole addresses."""
    waiting, known, kinds = deque(["/"]), {"/"}, Counter[str]()
    while waiting:
        path = waiting.popleft()
        kind = _endpoint(app, path)
        kinds[kind] += 1
        if kinds[kind] > OF_A_KIND:
            continue
        paths = [_path(link) for link in links_of(path) if urlsplit(link)[:2] == urlsplit(home)[:2]]
        yield path
        for found in paths:
            if found not in known:
                known.add(found)
                waiting.append(found)


def crawl(app: Flask, client: FlaskClient, language: str = "") -> Iterator[Visited]:
    """Every page that ``walk`` finds by a test client, which asks for a language."""
    asked = {"Accept": "text/html", **({"Accept-Language": language} if language else {})}
    answers: dict[str, TestResponse] = {}

    def links_of(path: str) -> list[str]:
        answers[path] = client.get(path, headers=asked, buffered=True)
        return _links(path, answers[path])

    for path in walk(app, links_of):
        yield Visited(path, answers.pop(path))


def assets(response: TestResponse) -> list[str]:
    """What a page loads."""
    reader = _Reader()
    reader.feed(response.get_data(as_text=True))
    return reader.assets


def _links(path: str, response: TestResponse) -> list[str]:
    found = [response.location] if response.location else []
    if response.mimetype == "text/html":
        reader = _Reader()
        reader.feed(response.get_data(as_text=True))
        found += reader.links
    return [urljoin(HERE + path, link) for link in found]


def _path(url: str) -> str:
    parts = urlsplit(url)
    return f"{parts.path}?{parts.query}" if parts.query else parts.path


def _endpoint(app: Flask, path: str) -> str:
    try:
        return str(app.url_map.bind("localhost").match(urlsplit(path).path)[0])
    except RequestRedirect as redirect:
        return f"redirect to {redirect.new_url}"
