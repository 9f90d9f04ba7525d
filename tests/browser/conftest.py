"""A headless Chromium, a server on a free port, and pages that must stay silent.

Without Chromium, or without playwright, the tests that need it are skipped and say so.
"""

from __future__ import annotations

import shutil
import threading
from collections.abc import Callable, Iterator
from dataclasses import dataclass, field
from functools import partial
from pathlib import Path
from typing import Any

import pytest
from flask import Flask
from waitress import create_server, wasyncore

from tests.demo.small import Demo, small_demo

PROGRAMS = ("chromium", "chromium-browser", "google-chrome", "google-chrome-stable")
PHONE, LAPTOP = (390, 844), (1280, 900)


@dataclass
class Window:
    """A page of a browser: what its console said and which addresses it asked for."""

    page: Any
    address: str
    said: list[str] = field(default_factory=list)
    asked: list[str] = field(default_factory=list)

    def go(self, path: str) -> Any:
        self.page.goto(self.address + path)
        return self.page

    @property
    def strangers(self) -> list[str]:
        """Requests to other hosts."""
        own = (self.address, "data:", "blob:")
        return [url for url in self.asked if not url.startswith(own)]


@pytest.fixture(scope="module")
def chromium() -> Iterator[Any]:
    sync_api = pytest.importorskip("playwright.sync_api", reason="playwright is not installed")
    program = next(filter(None, map(shutil.which, PROGRAMS)), None)
    if program is None:
        pytest.skip("there is no Chromium here")
    with sync_api.sync_playwright() as playwright:
        browser = playwright.chromium.launch(executable_path=program, args=["--no-sandbox"])
        yield browser
        browser.close()


@pytest.fixture
def open_window(chromium: Any) -> Iterator[Callable[..., Window]]:
    """Opens pages: ``open_window(address, PHONE, colours="dark")``."""
    contexts = []

    def open_one(address: str, size: tuple[int, int], colours: str = "light") -> Window:
        width, height = size
        context = chromium.new_context(
            viewport={"width": width, "height": height}, color_scheme=colours, reduced_motion="reduce"
        )
        contexts.append(context)
        window = Window(context.new_page(), address)
        window.page.set_default_timeout(15_000)
        window.page.on("console", lambda message: window.said.append(message.text))
        window.page.on("pageerror", lambda error: window.said.append(str(error)))
        window.page.on("request", lambda request: window.asked.append(request.url))
        return window

    yield open_one
    for context in contexts:
        context.close()


@pytest.fixture
def serve() -> Iterator[Callable[[Flask], str]]:
    """Serves applications on free ports of this machine, by the server that Rounds runs on (Werkzeug's
    leaves files open when a browser hangs up); returns their address."""
    running = []

    def start(app: Flask) -> str:
        sockets: dict[int, Any] = {}
        server = create_server(app, map=sockets, host="127.0.0.1", port=0, threads=6)
        thread = threading.Thread(target=server.run, daemon=True)
        thread.start()
        running.append((server, thread, sockets))
        return f"http://127.0.0.1:{server.effective_port}"

    yield start
    for server, thread, sockets in running:
        server.trigger.pull_trigger(partial(wasyncore.close_all, sockets))
        thread.join()
        server.task_dispatcher.shutdown()


@pytest.fixture
def demo(tmp_path_factory: pytest.TempPathFactory, tmp_path: Path) -> Iterator[Demo]:
    with small_demo(tmp_path_factory, tmp_path / "instance") as found:
        yield found
