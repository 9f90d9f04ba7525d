"""Serving: waitress in this process, and the dispatcher that hands planning runs to child processes."""

from __future__ import annotations

import gc
import os
import socket
import threading
from typing import Any

from flask import Flask
from waitress.server import create_server

from planner import jobs
from planner.cli.lanes import Lanes
from planner.config import BadConfiguration

LOOPBACK = "127.0.0.1"
DEFAULT_PORT = "5000"
THREADS = 8
CONNECTIONS = 600
HIGHEST_PORT = 65535


def address() -> tuple[str, int]:
    """``HOST`` and ``PORT``: loopback and 5000 unless set. Raises BadConfiguration."""
    host, port = os.environ.get("HOST", LOOPBACK), os.environ.get("PORT", DEFAULT_PORT)
    if not port.isdigit() or not 0 < int(port) <= HIGHEST_PORT:
        raise BadConfiguration(f"PORT is {port!r}; it must be a number from 1 to {HIGHEST_PORT}.")
    return host, int(port)


def check_free() -> None:
    """Asked before the first start's long work: raises BadConfiguration when the address cannot be had."""
    host, port = address()
    try:
        found = socket.getaddrinfo(host, port, type=socket.SOCK_STREAM)
        family, kind, protocol, _, where = found[0]
        with socket.socket(family, kind, protocol) as probe:
            if os.name == "posix":
                probe.setsockopt(socket.SOL_SOCKET, socket.SO_REUSEADDR, 1)
            probe.bind(where)
    except OSError as error:
        raise BadConfiguration(
            f"Cannot serve on {host}:{port} ({error.strerror}). Choose another port, such as PORT=5001."
        ) from error


def serve(app: Flask) -> None:
    """Serve until Ctrl+C. Raises BadConfiguration when the address cannot be had."""
    check_free()
    host, port = address()
    server = open_server(app, host, port)
    print(f"Rounds is at http://{host}:{port} – stop it with Ctrl+C.", flush=True)
    # Compiling takes seconds after an update: not for the first who asks why a visit is on its day,
    # or what a rule costs.
    threading.Thread(target=_get_ready, name="compiling", daemon=True).start()
    with jobs.dispatching(app):
        server.run()


def open_server(app: Flask, host: str, port: int) -> Any:
    """Waitress on an address, with room for a whole company's phones at once.

    It waits by ``poll``: ``select`` fails beyond the 1,024th open file, and serving would end with it.
    """
    return create_server(
        app,
        host=host,
        port=port,
        ident="rounds",
        connection_limit=CONNECTIONS,
        asyncore_use_poll=True,
        _dispatcher=Lanes(THREADS),
    )


def _get_ready() -> None:
    # The compiler takes half a second to import; serving begins meanwhile.
    from routing.day import warm_up

    warm_up()
    settle()


def settle() -> None:
    """What was loaded stays for good: the collector of unreachable objects need not go over it again and
    again while pages are made (https://docs.python.org/3/library/gc.html#gc.freeze)."""
    gc.collect()
    gc.freeze()
