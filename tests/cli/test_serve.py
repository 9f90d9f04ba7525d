"""Where Rounds serves, and what it says when it cannot."""

from __future__ import annotations

import socket

import pytest

from planner.cli import serve
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
