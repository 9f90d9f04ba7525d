"""The command line: an edge like the web, with the clock, transactions and words for people."""

from __future__ import annotations

import os

from flask import Flask
from waitress import serve as waitress_serve

LOOPBACK = "127.0.0.1"


def register(app: Flask) -> None:
    """Attach the command groups."""


def serve(app: Flask) -> None:
    """Serve with waitress on ``HOST``:``PORT`` (loopback and 5000 unless set)."""
    host, port = os.environ.get("HOST", LOOPBACK), int(os.environ.get("PORT", "5000"))
    print(f"Rounds is at http://{host}:{port} – stop it with Ctrl+C.", flush=True)
    waitress_serve(app, host=host, port=port, threads=8)
