"""A headless Chromium, a server on a free port, and pages that must stay silent.

Without Chromium, or without playwright, the tests that need it are skipped and say so.
"""

from __future__ import annotations

import shutil
import threading
from collections.abc import Callable, Iterator
from contextlib import suppress
from functools import partial
from pathlib import Path
from typing import Any

import pytest
from flask import Flask
from flask.testing import FlaskClient
from sqlalchemy.orm import Session
from waitress import create_server, wasyncore

from planner.models.people import Person
from routing.day import warm_up
from routing.network import install, load
from tests.browser.aeroplane import PATIENCE, Line, Phone, cookie
from tests.browser.windows import Window
from tests.days import routed_day
from tests.demo.small import Demo, small_demo
from tests.world import World

PROGRAMS = ("chromium", "chromium-browser", "google-chrome", "google-chrome-stable")
PHONE, LAPTOP = (390, 844), (1280, 900)
STREETS = Path("planner/demo/la-serena-coquimbo.npz")


@pytest.fixture(scope="module")
def chromium() -> Iterator[Any]:
    sync_api = pytest.importorskip("playwright.sync_api", reason="playwright is not installed")
    program = next(filter(None, map(shutil.which, PROGRAMS)), None)
    if program is None:
        pytest.skip("there is no Chromium here")
    # As a server does when it starts: the first tap of a test does not wait for the compiler.
    warm_up()
    with sync_api.sync_playwright() as playwright:
        browser = playwright.chromium.launch(executable_path=program, args=["--no-sandbox"])
        yield browser
        browser.close()


@pytest.fixture
def open_window(chromium: Any) -> Iterator[Callable[..., Window]]:
    """Opens pages: ``open_window(address, PHONE, colours="dark")``."""
    contexts = []

    def open_one(
        address: str, size: tuple[int, int], colours: str = "light", language: str = "en-US"
    ) -> Window:
        width, height = size
        context = chromium.new_context(
            viewport={"width": width, "height": height},
            color_scheme=colours,
            reduced_motion="reduce",
            locale=language,
        )
        contexts.append(context)
        window = Window(context.new_page(), address)
        window.page.set_default_timeout(PATIENCE)
        window.page.on("console", lambda message: window.said.append(message.text))
        window.page.on("pageerror", lambda error: window.said.append(str(error)))
        window.page.on("request", lambda request: window.asked.append(request.url))
        return window

    yield open_one
    for context in contexts:
        context.close()


@pytest.fixture
def serve() -> Iterator[Callable[[Any], str]]:
    """Serves applications on free ports of this machine, by the server that Rounds runs on (Werkzeug's
    leaves files open when a browser hangs up); returns their address."""
    running = []

    def start(app: Any) -> str:
        sockets: dict[int, Any] = {}
        server = create_server(app, map=sockets, host="127.0.0.1", port=0, threads=6)
        thread = threading.Thread(target=server.run, daemon=True)
        thread.start()
        running.append((server, thread, sockets))
        return f"http://127.0.0.1:{server.effective_port}"

    yield start
    for server, thread, sockets in running:
        # A worker that ends just now wakes the server too, which then has closed before it is woken here.
        with suppress(OSError):
            server.trigger.pull_trigger(partial(wasyncore.close_all, sockets))
        thread.join()
        server.task_dispatcher.shutdown()


@pytest.fixture
def aeroplane(
    app: Flask,
    session: Session,
    sign_in: Callable[[Person], FlaskClient],
    serve: Callable[[Any], str],
    open_window: Callable[..., Window],
) -> Iterator[Callable[..., Phone]]:
    """Ana's phone, with so many visits today in a route, before the first page."""
    line = Line(app)

    def start(count: int = 3, size: tuple[int, int] = PHONE) -> Phone:
        install(app.config["NETWORKS_FOLDER"], load(STREETS))
        world = World(session)
        visits = [visit.id for visit in routed_day(world, world.ana, count)]
        session.commit()
        ana, window = world.ana, open_window(serve(line), size)
        window.page.set_default_timeout(PATIENCE)

        def enter(person: Person = ana) -> None:
            value = sign_in(person).get_cookie("session")
            assert value is not None
            session.rollback()
            cookie(window.page.context, window.address, value.value)

        enter()
        return Phone(window, app, line, session, ana.id, visits, enter, world)

    yield start
    line.released.set()


@pytest.fixture
def demo(tmp_path_factory: pytest.TempPathFactory, tmp_path: Path) -> Iterator[Demo]:
    with small_demo(tmp_path_factory, tmp_path / "instance") as found:
        yield found
