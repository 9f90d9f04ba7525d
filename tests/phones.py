"""A rep's phone as the server sees it: items of an outbox, sent in batches."""

from __future__ import annotations

import io
from dataclasses import dataclass
from datetime import date, datetime, timedelta
from typing import Any
from uuid import uuid4

from flask.testing import FlaskClient
from PIL import Image

from planner.models.visits import Visit
from tests.conftest import NOW


@dataclass
class Phone:
    """A signed-in rep's phone. ``off``: how far its clock is ahead of ours."""

    client: FlaskClient
    off: timedelta = timedelta(0)

    def item(
        self, kind: str, at: datetime = NOW, visit: Visit | int | None = None, **more: Any
    ) -> dict[str, Any]:
        given = {
            name: value.isoformat() if isinstance(value, date) else value for name, value in more.items()
        }
        return {
            "uid": str(uuid4()),
            "kind": kind,
            "visit": visit.id if isinstance(visit, Visit) else visit,
            "client_at": (at + self.off).isoformat(),
            "payload": {},
            **given,
        }

    def send(self, *items: object, at: datetime = NOW) -> list[dict[str, Any]]:
        body = {"sent_at": (at + self.off).isoformat(), "items": list(items)}
        answer = self.client.post("/api/sync", json=body)
        assert answer.status_code == 200, answer.text
        assert answer.json is not None
        return list(answer.json["answers"])

    def one(self, item: object, at: datetime = NOW) -> dict[str, Any]:
        return self.send(item, at=at)[0]


def report(**more: str) -> dict[str, str]:
    """The fields of the report form."""
    return {"outcome": "agreed", "note": "", "next_step": "", "see_again": "", **more}


def spending(**more: str) -> dict[str, str]:
    """The fields of the expense form."""
    return {"amount": "1500", "category": "parking", "on": "2026-03-04", "visit": "0", **more}


def jpeg(colour: str = "teal", size: tuple[int, int] = (60, 30)) -> bytes:
    out = io.BytesIO()
    Image.new("RGB", size, colour).save(out, "JPEG")
    return out.getvalue()
