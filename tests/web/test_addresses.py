"""Addresses that no page or row can have are not found, never an error of the server."""

from __future__ import annotations

from collections.abc import Callable

import pytest
from flask.testing import FlaskClient
from sqlalchemy.orm import Session

from planner.models.people import Person
from tests.world import World


@pytest.mark.parametrize(
    "path",
    [
        "/accounts/99999999999999999999",
        "/log/trips/99999999999999999999",
        "/today/2026-02-30",
        "/team/9999-01-01",
    ],
)
def test_a_number_or_date_beyond_all_rows_is_not_found(
    session: Session, sign_in: Callable[[Person], FlaskClient], path: str
) -> None:
    world = World(session)
    session.commit()
    person = world.marta if path.startswith("/team") else world.ana
    assert sign_in(person).get(path).status_code == 404
