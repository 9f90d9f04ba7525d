"""Where Rounds serves, and what it says when it cannot."""

from __future__ import annotations

import os
import socket
import threading
from contextlib import contextmanager
from http.client import HTTPConnection
from types import SimpleNamespace

import pytest

from planner.cli import serve
from planner.cli.lanes import Lanes
from planner.config import BadConfiguration


def test_it_serves_on_loopback_and_port_5000_unless_told_otherwise(monkeypatch):
    monkeypatch.delenv("HOST", raising=False)
    monkeypatch.delenv("PORT", raising=False)
    assert serve.address() == ("127.0.0.1", 5000)
    monkeypatch.setenv("HOST", "0.0.0.0")
    monkeypatch.setenv("PORT", "8080")
    assert serve.address() == ("0.0.0.0", 8080)


@pytest.mark.parametrize("port", ["", "abc", "0", "70000", "-1"])
def test_a_port_that_is_none_is_refused_with_a_sentence(monkeypatch, port):
    monkeypatch.setenv("PORT", port)
    with pytest.raises(BadConfiguration, match="from 1 to 65535"):
        serve.address()


def test_a_port_in_use_is_refused_before_anything_is_prepared(monkeypatch):
    monkeypatch.setenv("HOST", "127.0.0.1")
    with socket.socket() as taken:
        taken.bind(("127.0.0.1", 0))
        taken.listen()
        monkeypatch.setenv("PORT", str(taken.getsockname()[1]))
        with pytest.raises(BadConfiguration, match="Choose another port"):
            serve.check_free()


def asking_for(path):
    """A channel of waitress that has read a request."""
    return SimpleNamespace(requests=[SimpleNamespace(path=path)], service=lambda: None, cancel=lambda: None)


@pytest.mark.parametrize(
    ("path", "is_of_an_outbox"),
    [("/api/sync", True), (f"/api/photos/{'0' * 64}", True), ("/api/session", False), ("/today", False)],
)
def test_what_phones_send_waits_in_a_lane_of_its_own(path, is_of_an_outbox):
    lanes = Lanes(page_threads=0, outbox_threads=0)
    lanes.add_task(asking_for(path))
    assert (len(lanes.outboxes.queue), len(lanes.pages.queue)) == (is_of_an_outbox, not is_of_an_outbox)


@contextmanager
def serving(answer):
    """The port ``answer`` is served on."""
    server, over = serve.open_server(answer, "127.0.0.1", 0), threading.Event()
    thread = threading.Thread(target=serve_until, args=(server, over))
    thread.start()
    try:
        yield server.effective_port
    finally:
        over.set()
        thread.join()


@pytest.fixture
def more_than_a_thousand_files():
    """Open, so that whatever is opened next has a number that ``select`` cannot hold."""
    resource = pytest.importorskip("resource", reason="Windows opens no more files than select can hold")
    soft, hard = resource.getrlimit(resource.RLIMIT_NOFILE)
    if hard != resource.RLIM_INFINITY and hard < 2048:
        pytest.skip(f"this user may open {hard} files, 2,048 are needed")
    resource.setrlimit(resource.RLIMIT_NOFILE, (max(soft, 2048), hard))
    files = [os.open(os.devnull, os.O_RDONLY) for _ in range(1100)]
    yield
    for file in files:
        os.close(file)
    resource.setrlimit(resource.RLIMIT_NOFILE, (soft, hard))


def serve_until(server, over):
    """Waitress's loop, which ends where it runs."""
    while not over.is_set():
        by_poll = server.adj.asyncore_use_poll
        server.asyncore.loop(timeout=0.05, map=server._map, count=1, use_poll=by_poll)
    server.task_dispatcher.shutdown()
    server.asyncore.close_all(map=server._map)


def test_a_page_does_not_wait_behind_the_outboxes():
    """The outboxes' threads are all held up; the page is answered, and then they are let go."""
    hold, seen, asked = threading.Event(), threading.Event(), []

    def answer(environ, start_response):
        asked.append(environ["PATH_INFO"])
        is_page = environ["PATH_INFO"] == "/today"
        (seen.set if is_page else lambda: hold.wait(60))()
        start_response("200 OK", [("Content-Length", "2")])
        return [b"ok"]

    with serving(answer) as port:
        phones = [HTTPConnection("127.0.0.1", port, timeout=60) for _ in range(20)]
        for phone in phones:
            phone.request("POST", "/api/sync", b"{}")
        page = HTTPConnection("127.0.0.1", port, timeout=60)
        page.request("GET", "/today")
        assert page.getresponse().read() == b"ok"
        assert (seen.is_set(), hold.is_set()) == (True, False)
        hold.set()
        assert [phone.getresponse().read() for phone in phones] == [b"ok"] * 20
        assert sorted(asked) == ["/api/sync"] * 20 + ["/today"]
        for connection in (page, *phones):
            connection.close()


def test_it_serves_beyond_the_thousandth_open_file(more_than_a_thousand_files):
    def answer(environ, start_response):
        start_response("200 OK", [("Content-Length", "2")])
        return [b"ok"]

    with serving(answer) as port:
        page = HTTPConnection("127.0.0.1", port, timeout=60)
        page.request("GET", "/today")
        assert page.getresponse().read() == b"ok"
        page.close()
