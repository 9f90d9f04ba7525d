"""What tests of several pages begin with."""

from __future__ import annotations

from collections.abc import Callable

import pytest
from flask import Flask
from flask.testing import FlaskClient

from planner.models.people import Person
from tests.roads import networks_folder
from tests.world import World


@pytest.fixture
def ana(world: World, sign_in: Callable[[Person], FlaskClient], app: Flask) -> FlaskClient:
    """Ana's browser, with the roads of her territory in place."""
    app.config["NETWORKS_FOLDER"] = networks_folder()
    return sign_in(world.ana)
