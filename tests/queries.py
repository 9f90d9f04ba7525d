"""Counting what a page asks the database."""

from __future__ import annotations

from flask.testing import FlaskClient
from sqlalchemy import event

from planner.database import db


def queries(client: FlaskClient, address: str) -> int:
    """How many statements an answer of 200 takes."""
    count = 0

    def counted(*_: object) -> None:
        nonlocal count
        count += 1

    engine = db.engine
    event.listen(engine, "before_cursor_execute", counted)
    try:
        assert client.get(address).status_code == 200
    finally:
        event.remove(engine, "before_cursor_execute", counted)
    return count
