"""However busy the machine is, these tests look at the server's answers; what a phone does without one, or
with one that comes late, is for those of ``offline``."""

from __future__ import annotations

from collections.abc import Callable, Iterable
from contextlib import closing
from typing import Any

PATIENT = """
const plain = window.setTimeout;
window.setTimeout = (then, wait, ...more) => plain(then, wait === 2000 ? 60000 : wait, ...more);
"""
"""A page waits two seconds for an answer before it goes on with what it keeps itself."""

SHORT, LONG = b"PATIENCE=2500;", b"PATIENCE=60000;"
"""The service worker waits so long before it shows a page as it was kept."""


def patient(app: Any) -> Callable[..., Iterable[bytes]]:
    """A WSGI application whose service worker waits for it."""

    def answer(environ: dict[str, Any], start: Callable[..., Any]) -> Iterable[bytes]:
        if not environ["PATH_INFO"].endswith("/phone/worker.js"):
            return app(environ, start)
        said: list[Any] = []
        # Whole and in clear, also where the browser only asks whether it has changed.
        for header in ("HTTP_ACCEPT_ENCODING", "HTTP_IF_NONE_MATCH", "HTTP_IF_MODIFIED_SINCE"):
            environ.pop(header, None)
        with closing(app(environ, lambda *values: said.append(values))) as parts:
            body = b"".join(parts)
        assert SHORT in body
        status, headers = said[0][:2]
        start(status, [pair for pair in headers if pair[0] != "Content-Length"])
        return [body.replace(SHORT, LONG)]

    return answer
