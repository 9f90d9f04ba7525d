"""The server is killed 25 times while phones send: what was acknowledged is stored, and nothing twice."""

from __future__ import annotations

import hashlib
import http.client
import io
import json
import os
import random
import signal
import socket
import subprocess
import sys
import threading
from collections import Counter
from collections.abc import Iterator
from dataclasses import dataclass, field
from datetime import UTC, date, datetime, timedelta
from itertools import count
from pathlib import Path
from typing import Any
from uuid import uuid4
from zoneinfo import ZoneInfo

import pytest
from flask import Flask
from PIL import Image
from sqlalchemy import select, text

from app import create_app
from planner.database import Base, db, transaction
from planner.domain.visits import VisitState
from planner.models.ledger import ClosedDay, Expense, Receipt
from planner.models.people import Person
from planner.models.photos import VisitPhoto
from planner.models.sync import SyncItem
from planner.models.visits import Note, Visit
from planner.services.company.logins import open_session
from tests.days import planned_visit
from tests.phones import report, spending
from tests.roads import install_into
from tests.world import World

ROOT = Path(__file__).resolve().parent.parent.parent
KILLS = 25
PHONES = 4
NOTES = 5
STEPS = ("arrived", "left", "done", "undo", "missed", "undo", "skipped", "undo")
"""Of a visit, from arriving to its report and back again, and each way of not being held."""
ITEMS = len(STEPS) + 2 + NOTES
ZONE = "America/Santiago"
NUMBERS = count(1)
WAIT = threading.Event()
"""Never set: waiting for it lets a server come up before the next try."""


@dataclass
class Acknowledged:
    """What the phones were told, how many batches that were, and which photos the server said it has."""

    answers: dict[str, set[str]] = field(default_factory=dict)
    photos: dict[str, bytes] = field(default_factory=dict)
    batches: int = 0
    changed: threading.Condition = field(default_factory=threading.Condition)

    def note(self, answers: list[dict[str, Any]]) -> None:
        with self.changed:
            for one in answers:
                self.answers.setdefault(one["uid"], set()).add(one["answer"])
            self.batches += 1
            self.changed.notify_all()

    def wait_for(self, batches: int) -> None:
        with self.changed:
            assert self.changed.wait_for(lambda: self.batches >= batches, timeout=120), "nobody answers"


class Server:
    """Lives on one port, again and again."""

    def __init__(self, folder: Path) -> None:
        with socket.socket() as probe:
            probe.bind(("127.0.0.1", 0))
            self.port = int(probe.getsockname()[1])
        command = [sys.executable, "-m", "tests.killed_server", str(folder), str(self.port)]
        self.parent = subprocess.Popen(
            command, cwd=ROOT, stdin=subprocess.PIPE, stdout=subprocess.PIPE, text=True
        )
        self.child = 0

    def start(self) -> None:
        assert self.parent.stdin is not None
        assert self.parent.stdout is not None
        self.parent.stdin.write("\n")
        self.parent.stdin.flush()
        self.child = int(self.parent.stdout.readline())

    def kill(self) -> None:
        os.kill(self.child, signal.SIGKILL)

    def end(self) -> None:
        self.kill()
        self.parent.communicate()


class Sender(threading.Thread):
    """A phone that sends each batch until it is answered: the steps of a visit, an expense, notes, and a day
    of long ago that it closes, which is stored by itself; then the photo of the report, until it is there."""

    def __init__(self, port: int, cookie: str, visit_id: int, told: Acknowledged) -> None:
        super().__init__(daemon=True)
        self.port, self.visit_id, self.told = port, visit_id, told
        self.headers = {"Cookie": f"session={cookie}"}
        self.is_over = threading.Event()

    def run(self) -> None:
        while not self.is_over.is_set():
            at, picture = datetime.now(UTC), photo(next(NUMBERS))
            sha256 = hashlib.sha256(picture).hexdigest()
            body = json.dumps({"sent_at": at.isoformat(), "items": list(self.items(at, sha256))})
            while (said := self.send("POST", "/api/sync", body)) is None:
                WAIT.wait(0.02)
            self.told.note(list(said["answers"]))
            while self.send("PUT", f"/api/photos/{sha256}", picture) is None:
                WAIT.wait(0.02)
            self.told.photos[sha256] = picture

    def items(self, at: datetime, sha256: str) -> Iterator[dict[str, Any]]:
        said = {kind: {"reason": "closed"} for kind in ("missed", "skipped")} | {"done": report(note="Kept")}
        steps = [(kind, self.visit_id, said.get(kind, {})) for kind in STEPS]
        steps.append(("expense", None, spending(on=local_day(at).isoformat())))
        steps += [("note", self.visit_id, {"text": "Kept"})] * NOTES
        for kind, visit_id, fields in steps:
            item = {"uid": str(uuid4()), "kind": kind, "client_at": at.isoformat(), "visit": visit_id}
            yield item | {"payload": fields, "photos": [sha256] if kind == "done" else []}
        on = local_day(at) - timedelta(days=next(NUMBERS))
        closing = {"uid": str(uuid4()), "kind": "close", "client_at": at.isoformat(), "payload": {}}
        yield closing | {"visit": None, "on": on.isoformat()}

    def send(self, method: str, path: str, body: str | bytes) -> dict[str, Any] | None:
        """The answer; None where the server died over it, or has not come up."""
        connection = http.client.HTTPConnection("127.0.0.1", self.port, timeout=60)
        kind = "application/json" if method == "POST" else "image/jpeg"
        try:
            connection.request(method, path, body, {**self.headers, "Content-Type": kind})
            answer = connection.getresponse()
            said = answer.read()
        except (OSError, http.client.HTTPException):
            return None
        finally:
            connection.close()
        assert answer.status in (200, 201), said
        return dict(json.loads(said))


@pytest.fixture
def stored(tmp_path: Path) -> Iterator[Flask]:
    """A database in a file, with a company in it, and the roads that closing a day asks for."""
    app = create_app({"INSTANCE_FOLDER": str(tmp_path)})
    install_into(Path(app.config["NETWORKS_FOLDER"]))
    with app.app_context():
        Base.metadata.create_all(db.engine)
        yield app
        db.session.remove()
        db.engine.dispose()


def photo(number: int) -> bytes:
    """One picture for each number."""
    out = io.BytesIO()
    Image.new("RGB", (64, 48), (number % 256, number // 256 % 256, 99)).save(out, "PNG")
    return out.getvalue()


def local_day(at: datetime) -> date:
    """Where the rep works."""
    return at.astimezone(ZoneInfo(ZONE)).date()


def cookie_of(app: Flask, person: Person) -> str:
    with transaction() as session:
        token = open_session(session, person.id, "test", datetime.now(UTC))
    serializer = app.session_interface.get_signing_serializer(app)  # type: ignore[attr-defined]
    return str(serializer.dumps({"_user_id": token, "_fresh": True}))


def test_what_was_acknowledged_is_stored_once_though_the_server_is_killed_25_times(
    stored: Flask, tmp_path: Path
) -> None:
    with transaction() as session:
        world = World(session)
        on = local_day(datetime.now(UTC))
        visit_ids = [planned_visit(world, world.ana, on).id for _ in range(PHONES)]
        ana = world.ana
    cookie, told, server = cookie_of(stored, ana), Acknowledged(), Server(tmp_path)
    db.session.remove()
    db.engine.dispose()
    senders = [Sender(server.port, cookie, visit_id, told) for visit_id in visit_ids]
    chance = random.Random(25)
    server.start()
    for sender in senders:
        sender.start()
    for _ in range(KILLS):
        told.wait_for(told.batches + chance.randint(1, 6))
        server.kill()
        server.start()
    for sender in senders:
        sender.is_over.set()
    for sender in senders:
        sender.join(timeout=120)
    server.end()
    check(told)
    check_photos(told, stored.config["RECEIPTS_FOLDER"])


def check_photos(told: Acknowledged, folder: Path) -> None:
    """Each that was acknowledged is there, whole, once; a report names each once."""
    assert len(told.photos) > KILLS
    rows = {row.sha256: row for row in db.session.scalars(select(Receipt))}
    named = Counter(db.session.scalars(select(Receipt.sha256).join(VisitPhoto)))
    for sha256 in told.photos:
        assert named[sha256] == 1
        (path,) = (each for each in folder.rglob(f"{sha256}.*") if "thumb" not in each.name)
        assert path.stat().st_size == rows[sha256].byte_count > 0
        with Image.open(path) as picture:
            picture.load()


def check(told: Acknowledged) -> None:
    kinds = dict(db.session.execute(select(SyncItem.uid, SyncItem.kind)).all())
    items = db.session.scalars(select(SyncItem.uid)).all()
    notes = db.session.scalars(select(Note.uid)).all()
    expenses = db.session.scalars(select(Expense.uid)).all()
    assert len(told.answers) >= KILLS * ITEMS
    assert {answer for answers in told.answers.values() for answer in answers} <= {"created", "duplicate"}
    assert told.answers.keys() <= set(items)
    assert len(items) == len(kinds)
    assert sorted(notes) == sorted(uid for uid, kind in kinds.items() if kind in ("note", "done"))
    assert sorted(expenses) == sorted(uid for uid, kind in kinds.items() if kind == "expense")
    visits = db.session.scalars(select(Visit)).all()
    reports = sum(kind == "done" for kind in kinds.values())
    assert {visit.state for visit in visits} == {VisitState.PLANNED}
    assert sum(visit.rev - 1 for visit in visits) == len(STEPS) * reports
    closed = db.session.scalars(select(ClosedDay.on)).all()
    assert len(closed) == len(set(closed)) == sum(kind == "close" for kind in kinds.values())
    assert db.session.scalar(text("PRAGMA integrity_check")) == "ok"
