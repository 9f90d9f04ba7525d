"""An OSRM server written by hand: it gives the answers it is told, or drives as the crow flies."""

from __future__ import annotations

import json
import math
import threading
from collections.abc import Iterator
from contextlib import contextmanager
from http.server import BaseHTTPRequestHandler, ThreadingHTTPServer
from urllib.parse import parse_qs, urlsplit

import polyline

CROW_METRES_PER_SECOND = 10.0


class Server(ThreadingHTTPServer):
    """``answers`` are (status, body) or (status, body, seconds to wait), one for each request and the last
    one for ever; without any the crow flies. ``asked`` are the paths that came."""

    daemon_threads = True

    def __init__(self, answers=()):
        super().__init__(("127.0.0.1", 0), _Handler)
        self.answers, self.asked, self.released = list(answers), [], threading.Event()

    @property
    def url(self):
        return f"http://127.0.0.1:{self.server_port}"

    def handle_error(self, *_):
        """A client that went away is what some tests are about."""


class _Handler(BaseHTTPRequestHandler):
    def do_GET(self):
        self.server.asked.append(self.path)
        status, body, *wait = self._answer()
        if wait:
            self.server.released.wait(wait[0])
        if status is None:
            # The connection breaks without a word.
            self.close_connection = True
            return
        text = (body if isinstance(body, str) else json.dumps(body)).encode()
        self.send_response(status)
        self.send_header("Content-Length", str(len(text)))
        if status in (301, 302):
            self.send_header("Location", "/elsewhere")
        self.end_headers()
        self.wfile.write(text)

    def _answer(self):
        answers = self.server.answers
        if not answers:
            return 200, crow(self.path)
        return answers.pop(0) if len(answers) > 1 else answers[0]

    def log_message(self, *_):
        pass


@contextmanager
def serving(*answers) -> Iterator[Server]:
    server = Server(answers)
    thread = threading.Thread(target=server.serve_forever, args=(0.01,))
    thread.start()
    try:
        yield server
    finally:
        server.released.set()
        server.shutdown()
        server.server_close()
        thread.join()


def crow(path):
    """What a server says that knows a straight road between any two places."""
    parts = urlsplit(path)
    _, service, _, _, where = parts.path.split("/")
    spots = [tuple(map(float, spot.split(","))) for spot in where.split(";")]
    near = [{"distance": 0.0} for _ in spots]
    answer = {"code": "Ok", "data_version": "crow"}
    if service == "nearest":
        return {**answer, "waypoints": near}
    if service == "route":
        return {**answer, "waypoints": near, "routes": [_straight(*spots)]}
    asked = parse_qs(parts.query)
    rows, columns = ([int(n) for n in asked[side][0].split(";")] for side in ("sources", "destinations"))
    metres = [[_metres(spots[row], spots[column]) for column in columns] for row in rows]
    return {
        **answer,
        "sources": near[: len(rows)],
        "destinations": near[: len(columns)],
        "distances": metres,
        "durations": [[far / CROW_METRES_PER_SECOND for far in row] for row in metres],
    }


def _straight(start, goal):
    metres = _metres(start, goal)
    return {
        "distance": metres,
        "duration": metres / CROW_METRES_PER_SECOND,
        "geometry": polyline.encode([start[::-1], goal[::-1]], 6),
        "legs": [{"steps": [{"name": "Air"}]}],
    }


def _metres(start, goal):
    width = math.cos(math.radians(start[1])) * (goal[0] - start[0])
    return 111_195 * math.hypot(width, goal[1] - start[1])
