"""``flask roads area`` from end to end, against a small Overpass of our own on this machine."""

from __future__ import annotations

from collections.abc import Callable, Iterator
from pathlib import Path

import pytest
from click.testing import Result
from flask import Flask
from sqlalchemy.orm import Session

from routing.network import current
from tests.routing.osm_by_hand import NODES
from tests.routing.overpass_by_hand import Overpass, serving
from tests.world import World

Roads = Callable[..., Result]


@pytest.fixture
def overpass(monkeypatch: pytest.MonkeyPatch) -> Iterator[type[Overpass]]:
    with serving(monkeypatch) as handler:
        yield handler


@pytest.fixture
def roads(app: Flask) -> Roads:
    runner = app.test_cli_runner()
    return lambda *arguments: runner.invoke(args=["roads", *map(str, arguments)])


def test_the_roads_around_all_accounts_are_fetched_and_become_the_network_of_that_name(
    app: Flask, session: Session, roads: Roads, overpass: type[Overpass]
) -> None:
    world = World(session)
    lon, lat = NODES[1]
    world.account(world.ana, "Shop", lat=lat, lon=lon)
    session.commit()
    done = roads("area", "--around-accounts", "--margin-km", 1, "--name", "ring")
    assert done.exit_code == 0, done.output
    network = current(Path(app.config["NETWORKS_FOLDER"]), "ring")
    assert "1 km around the accounts" in network.source
    assert len(network.ban_start) > 1
    # Ways by OSMnx; restrictions, ferries and addresses by one more request.
    assert len(overpass.asked) == 2


def test_without_an_account_on_the_map_there_is_nothing_to_go_around(
    session: Session, roads: Roads, overpass: type[Overpass]
) -> None:
    done = roads("area", "--around-accounts", "--name", "ring")
    assert done.exit_code == 1
    assert "account" in done.output
    assert overpass.asked == []


def test_an_overpass_that_is_down_leaves_nothing_behind(
    app: Flask, roads: Roads, overpass: type[Overpass]
) -> None:
    overpass.statuses[:] = [400]
    done = roads("area", "--bbox", 9.99, 50.99, 10.01, 51.01, "--name", "ring")
    assert done.exit_code == 1
    assert not (Path(app.config["NETWORKS_FOLDER"]) / "ring").exists()
