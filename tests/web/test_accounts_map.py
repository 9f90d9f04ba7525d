"""The map of accounts: what lies far from the roads is named beside it, never drawn."""

from __future__ import annotations

from collections.abc import Callable
from pathlib import Path

from flask import Flask
from flask.testing import FlaskClient
from sqlalchemy.orm import Session

from planner.models.people import Person
from tests.roads import install_into
from tests.world import World


def test_a_pin_at_sea_is_named_and_does_not_shrink_the_map(
    app: Flask, session: Session, sign_in: Callable[[Person], FlaskClient]
) -> None:
    install_into(Path(app.config["NETWORKS_FOLDER"]))
    world = World(session)
    world.account(world.ana, "Kiosco Cercano")
    world.account(world.ana, "Kiosco Lejano", lat=-71.2489, lon=-29.9045)
    session.commit()
    client = sign_in(world.ana)
    page, script = client.get("/accounts/map").text, client.get("/accounts/map.js").text
    assert "Kiosco Lejano" in page
    assert "Kiosco Lejano" not in script
    assert "Kiosco Cercano" in script
