"""Counting what a page or a service asks the database."""

from __future__ import annotations

from collections.abc import Iterator
from contextlib import contextmanager

from flask.testing import FlaskClient
from sqlalchemy import event

from planner.database import db


@contextmanager
def counted() -> Iterator[list[str]]:
    """The statements sent while it lasts."""
    sent: list[str] = []

    def note(_connection: object, _cursor: object, statement: str, *_: object) -> None:
        sent.append(statement)

    engine = db.engine
    event.listen(engine, "before_cursor_execute", note)
    try:
        yield sent
    finally:
        event.remove(engine, "before_cursor_execute", note)


def queries(client: FlaskClient, address: str) -> int:
    """How many statements an answer of 200 takes."""
    with counted() as sent:
        assert client.get(address).status_code == 200
    return len(sent)
