"""All phones at once: 200 reps send 50 items each, while one more looks at their day.

``python -m bench.sync [--postgresql] [--reps N]``. A server of its own on a database made for it, in this
machine's temporary folder; PostgreSQL is a throw-away cluster there, which does not wait for the disk. An
item is one step: twelve visits with arrived, left and a report with a note each, and notes on their own. One
more rep looks at Today five times a second, before and meanwhile. A JSON line follows the table.
"""

from __future__ import annotations

import argparse
import http.client
import json
import os
import socket
import subprocess
import sys
import tempfile
import threading
import time
from collections.abc import Iterator
from contextlib import contextmanager
from dataclasses import asdict, dataclass, field
from datetime import UTC, datetime, timedelta
from pathlib import Path
from typing import Any
from uuid import uuid4

from rich.console import Console
from rich.table import Table

from bench.sync_company import Login, furnish

REPS = 200
ITEMS = 50
BATCH = 25
WIDTH = 110
VISITS = 12
IDLE_LOOKS = 60
PATIENCE_SECONDS = 900
LOOK_EVERY_SECONDS = 0.2
LIMIT_SECONDS = 20.0
LIMIT_MS = 300.0


@dataclass(frozen=True, slots=True)
class Row:
    database: str
    reps: int
    items: int
    created: int
    stored: int
    double: int
    seconds: float
    items_a_second: int
    today_idle_p95_ms: float
    today_p95_ms: float
    ratio: float
    looks: int
    is_within_limit: bool


@dataclass
class Tally:
    answers: dict[str, int] = field(default_factory=dict)
    failures: list[str] = field(default_factory=list)
    lock: threading.Lock = field(default_factory=threading.Lock)

    def add(self, answers: list[dict[str, Any]]) -> None:
        with self.lock:
            for one in answers:
                self.answers[one["answer"]] = self.answers.get(one["answer"], 0) + 1


class Phone:
    """One signed-in browser on a connection that stays open."""

    def __init__(self, port: int, login: Login) -> None:
        self.login = login
        self.connection = http.client.HTTPConnection("127.0.0.1", port, timeout=PATIENCE_SECONDS)
        self.headers = {
            "Cookie": f"session={login.cookie}",
            "Accept": "application/json",
            "Accept-Language": "es-CL,es;q=0.9",
        }

    def ask(self, method: str, path: str, body: object = None) -> bytes:
        data = None if body is None else json.dumps(body).encode()
        headers = self.headers | ({"Content-Type": "application/json"} if data else {})
        self.connection.request(method, path, data, headers)
        answer = self.connection.getresponse()
        said = answer.read()
        if cookie := answer.getheader("Set-Cookie"):
            self.headers["Cookie"] = cookie.split(";")[0]
        if answer.status != 200:
            raise RuntimeError(f"{method} {path}: {answer.status} {said[:200]!r}")
        return said

    def fetch_token(self) -> None:
        self.headers["X-CSRFToken"] = json.loads(self.ask("GET", "/api/session"))["csrf"]


def items_of(login: Login) -> list[dict[str, Any]]:
    """A day's work in the order it is done."""
    began = datetime.now(UTC) - timedelta(minutes=90)
    steps: list[tuple[str, int, dict[str, str]]] = []
    for visit_id in login.visit_ids[:VISITS]:
        said = {
            "outcome": "agreed",
            "note": "Wants the new price by Friday.",
            "next_step": "",
            "see_again": "",
        }
        steps += [("arrived", visit_id, {}), ("left", visit_id, {}), ("done", visit_id, said)]
    while len(steps) < ITEMS:
        steps.append(("note", login.visit_ids[len(steps) % VISITS], {"text": "Ask for Marta next time."}))
    return [
        {
            "uid": str(uuid4()),
            "kind": kind,
            "visit": visit_id,
            "account": None,
            "on": None,
            "payload": fields,
            "base_rev": None if kind == "note" else 1,
            "client_at": (began + timedelta(minutes=place)).isoformat(),
            "photos": [],
        }
        for place, (kind, visit_id, fields) in enumerate(steps[:ITEMS])
    ]


def send_all(phone: Phone, start: threading.Barrier, tally: Tally) -> None:
    items = items_of(phone.login)
    start.wait()
    try:
        for place in range(0, ITEMS, BATCH):
            body = {"sent_at": datetime.now(UTC).isoformat(), "items": items[place : place + BATCH]}
            tally.add(json.loads(phone.ask("POST", "/api/sync", body))["answers"])
    except (OSError, RuntimeError, http.client.HTTPException) as error:
        with tally.lock:
            tally.failures.append(str(error))


def look(phone: Phone) -> float:
    began = time.perf_counter()
    phone.ask("GET", "/today")
    return (time.perf_counter() - began) * 1000


def p95(values: list[float]) -> float:
    return sorted(values)[max(0, round(len(values) * 0.95) - 1)]


def measure(port: int, reps: list[Login], reader: Login, database: str, count: Any) -> Row:
    watcher = Phone(port, reader)
    look(watcher)
    idle = [look(watcher) for _ in range(IDLE_LOOKS)]
    phones = [Phone(port, login) for login in reps]
    for phone in phones:
        phone.fetch_token()
    tally, start = Tally(), threading.Barrier(len(phones) + 1)
    threads = [threading.Thread(target=send_all, args=(phone, start, tally)) for phone in phones]
    for thread in threads:
        thread.start()
    start.wait()
    began, busy = time.perf_counter(), []
    while any(thread.is_alive() for thread in threads):
        busy.append(look(watcher))
        time.sleep(max(0.0, LOOK_EVERY_SECONDS - busy[-1] / 1000))
    seconds = time.perf_counter() - began
    for failure in tally.failures[:3]:
        print(failure, file=sys.stderr)
    return row_of(database, len(reps), tally, seconds, idle, busy, *count())


def row_of(
    database: str,
    reps: int,
    tally: Tally,
    seconds: float,
    idle: list[float],
    busy: list[float],
    stored: int,
    double: int,
) -> Row:
    items, created = reps * ITEMS, tally.answers.get("created", 0)
    is_whole = created == stored == items and not double
    return Row(
        database=database,
        reps=reps,
        items=items,
        created=created,
        stored=stored,
        double=double,
        seconds=round(seconds, 1),
        items_a_second=round(items / seconds),
        today_idle_p95_ms=round(p95(idle), 1),
        today_p95_ms=round(p95(busy), 1),
        ratio=round(p95(busy) / p95(idle), 1),
        looks=len(busy),
        is_within_limit=is_whole and seconds <= LIMIT_SECONDS and p95(busy) <= LIMIT_MS,
    )


@contextmanager
def serving(folder: Path, url: str) -> Iterator[int]:
    """A server on the database in a process of its own, until the block ends."""
    with socket.socket() as probe:
        probe.bind(("127.0.0.1", 0))
        port = int(probe.getsockname()[1])
    environment = os.environ | {"ROUNDS_INSTANCE": str(folder), "DATABASE_URL": url}
    command = [sys.executable, "-m", "bench.sync_company", str(port)]
    server = subprocess.Popen(command, env=environment, stdout=subprocess.DEVNULL)
    try:
        for _ in range(600):
            with socket.socket() as probe:
                if probe.connect_ex(("127.0.0.1", port)) == 0:
                    break
            time.sleep(0.1)
        yield port
    finally:
        server.terminate()
        server.wait()


def run(reps: int, url: str | None, name: str) -> Row:
    with tempfile.TemporaryDirectory(prefix="rounds-bench-sync-") as made:
        folder = Path(made)
        address = url or f"sqlite:///{folder / 'rounds.sqlite'}"
        company = furnish(folder, address, reps, VISITS)
        with serving(folder, address) as port:
            return measure(port, company.reps, company.reader, name, company.count)


def show(rows: list[Row]) -> None:
    table = Table(title=f"{ITEMS} items a rep, all at once; /today meanwhile")
    for title in (
        "database",
        "reps",
        "items",
        "stored",
        "double",
        "s",
        "items/s",
        "idle ms",
        "busy ms",
        "×",
        "looks",
    ):
        table.add_column(title, justify="right")
    for row in rows:
        table.add_row(
            row.database,
            *(str(value) for value in (row.reps, row.items, row.stored, row.double, row.seconds)),
            *(str(value) for value in (row.items_a_second, row.today_idle_p95_ms, row.today_p95_ms)),
            *(str(value) for value in (row.ratio, row.looks)),
        )
    Console(width=WIDTH).print(table)
    for row in rows:
        print(json.dumps(asdict(row)))


def main() -> None:
    parser = argparse.ArgumentParser(description=__doc__)
    parser.add_argument("--postgresql", action="store_true", help="measure on PostgreSQL too")
    parser.add_argument("--reps", type=int, default=REPS)
    asked = parser.parse_args()
    rows = [run(asked.reps, None, "sqlite")]
    if asked.postgresql:
        # The cluster the tests make; without PostgreSQL on this machine it says so.
        from tests import postgres

        with postgres.server(Path(tempfile.gettempdir())) as server, postgres.database(server) as url:
            rows.append(run(asked.reps, url, "postgresql"))
    show(rows)


if __name__ == "__main__":
    main()
