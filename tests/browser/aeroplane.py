"""Ana's phone with a day of visits, and the ways a network fails: switched off, a server that is away, that
never answers, or whose answer is lost."""

from __future__ import annotations

import threading
from collections.abc import Callable, Iterable
from contextlib import closing
from dataclasses import dataclass, field
from fnmatch import fnmatch
from typing import Any

from flask import Flask
from sqlalchemy import func, select
from sqlalchemy.orm import Session

from planner.models.visits import Visit
from tests.browser.windows import Window
from tests.world import World

PATIENCE = 60_000
"""Milliseconds; what is waited for comes at once on an idle machine."""

AGED = """(days) => new Promise((done) => {
  const asked = indexedDB.open("rounds", 1);
  asked.onsuccess = () => {
    const step = asked.result.transaction(["facts"], "readwrite");
    const facts = step.objectStore("facts");
    facts.get("pack").onsuccess = ({ target }) => (
      facts.put({ ...target.result, at: target.result.at - days * 24 * 3600 * 1000 }, "pack")
    );
    step.oncomplete = () => { asked.result.close(); done(); };
  };
})"""
"""The day was packed so many days ago."""


@dataclass
class Line:
    """What lies between the phone and the application, as a WSGI application. ``answers`` is what was
    answered to whom, ``lost`` how many answers of a sync are still to be lost; ``failing`` paths (``*`` is
    anything) get none, those asked for all the same are in ``failed``; ``held`` ones are answered when
    ``released``."""

    app: Any
    mode: str = "up"
    lost: int = 0
    failing: set[str] = field(default_factory=set)
    failed: list[str] = field(default_factory=list)
    held: set[str] = field(default_factory=set)
    answers: list[tuple[str, str, str]] = field(default_factory=list)
    released: threading.Event = field(default_factory=threading.Event)

    def __call__(self, environ: dict[str, Any], start: Callable[..., Any]) -> Iterable[bytes]:
        if self.mode == "silent" or environ["PATH_INFO"] in self.held:
            self.released.wait(60)
        if self.mode != "up":
            return _away(start)
        if any(fnmatch(environ["PATH_INFO"], path) for path in self.failing):
            self.failed.append(environ["PATH_INFO"])
            return _away(start)
        said: list[Any] = []
        with closing(self.app(environ, lambda *values: said.append(values))) as parts:
            body = b"".join(parts)
        self.answers.append((environ["REQUEST_METHOD"], environ["PATH_INFO"], said[0][0]))
        if self.lost and environ["PATH_INFO"] == "/api/sync":
            self.lost -= 1
            return _away(start)
        start(*said[0])
        return [body]

    def asked(self, path: str) -> int:
        return sum(one[1] == path for one in self.answers)


def _away(start: Callable[..., Any]) -> Iterable[bytes]:
    start("503 Service Unavailable", [("Content-Type", "text/html")])
    return [b"The server is away."]


@dataclass
class Phone:
    window: Window
    app: Flask
    line: Line
    session: Session
    person_id: int
    visits: list[int]
    sign_in: Callable[..., None]
    world: World

    @property
    def page(self) -> Any:
        return self.window.page

    def go(self, path: str) -> Any:
        self.window.go(path)
        return self.ready()

    def ready(self) -> Any:
        """Once the page's own script has done its part."""
        self.page.locator("html[data-phone=ready]").wait_for(state="attached")
        return self.page

    def packed(self) -> Any:
        """On Today, once the day is on the phone."""
        page = self.go("/today")
        page.locator("[data-ready]", has_text="Ready offline").wait_for()
        return page

    def off(self) -> None:
        self.page.context.set_offline(True)

    def on(self) -> None:
        self.page.context.set_offline(False)

    def reopen(self) -> Any:
        """Close the page, and open Today in another one."""
        context = self.page.context
        self.page.close()
        self.window.page = context.new_page()
        self.window.page.set_default_timeout(PATIENCE)
        return self.go("/today")

    def says(self, text: str) -> None:
        """Wait until the sign at the top says so."""
        self.page.locator("#sync", has_text=text).wait_for()

    def report(self, visit_id: int, note: str = "", outcome: str = "Order") -> Any:
        """Write a visit up; back on the day."""
        page = self.go(f"/today/visits/{visit_id}/report")
        page.get_by_text(outcome, exact=True).click()
        page.fill("[name=note]", note)
        page.get_by_role("button", name="Save").click()
        page.wait_for_url(lambda url: "/report" not in url)
        return self.ready()

    def count(self, *where: Any, of: type[Any] = Visit) -> int:
        self.session.rollback()
        return self.session.scalar(select(func.count()).select_from(of).where(*where)) or 0

    def visit(self, visit_id: int) -> Visit:
        self.session.rollback()
        return self.session.get_one(Visit, visit_id)


def cookie(context: Any, address: str, value: str) -> None:
    context.add_cookies([{"name": "session", "value": value, "url": address}])
