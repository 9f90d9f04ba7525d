"""What lies beneath a map: streets by network and version, kept for ever; a tile server when one is set."""

from __future__ import annotations

import json
import re
from collections.abc import Callable
from dataclasses import replace
from pathlib import Path

import pytest
from flask import Flask
from flask.testing import FlaskClient
from sqlalchemy.orm import Session

from planner.models.people import Person
from planner.models.settings import Setting
from planner.services.installation import settings
from routing.maps import FORM
from routing.maps.base_roads import LIMIT_BYTES
from routing.network import current, install, load
from tests.forms import settings_form
from tests.roads import DEMO, install_into
from tests.world import World

NETWORK = "la-serena-coquimbo"
TILES = "https://tiles.example.org:8443/base/{z}/{x}/{y}.png?key=1"
NAMED = "© OpenStreetMap contributors, tiles by example.org"


@pytest.fixture
def networks(app: Flask) -> Path:
    folder = Path(app.config["NETWORKS_FOLDER"])
    install_into(folder)
    return folder


@pytest.fixture
def world(networks: Path, session: Session) -> World:
    made = World(session)
    made.account(made.ana, "Kiosco Cercano")
    session.commit()
    return made


def ground_of(client: FlaskClient, path: str = "/accounts/map.js") -> dict[str, object]:
    (text,) = re.findall(r"RoundsMap\.ground\(\w+, (.*)\);", client.get(path).text)
    found: dict[str, object] = json.loads(text)
    return found


def cell_url(client: FlaskClient, z: int = 11, x: int = 618, y: int = 1202) -> str:
    return str(ground_of(client)["cells_url"]).format(z=z, x=x, y=y)


def tell(session: Session, **values: str) -> None:
    session.add_all(Setting(key=key, value=value) for key, value in values.items())
    session.commit()


def pictures_allowed(answer: object) -> str:
    policy = answer.headers["Content-Security-Policy"]  # type: ignore[attr-defined]
    (found,) = re.findall(r"img-src ([^;]*)", policy)
    return str(found)


@pytest.mark.parametrize("encoding", ["gzip", "br", "zstd"])
def test_streets_travel_within_the_limit_whatever_the_browser_unpacks(
    world: World, sign_in: Callable[[Person], FlaskClient], encoding: str
) -> None:
    client = sign_in(world.ana)
    for url in (cell_url(client), str(ground_of(client)["first_url"])):
        answer = client.get(url, headers={"Accept-Encoding": encoding})
        assert answer.headers["Content-Encoding"] == encoding
        assert len(answer.data) <= LIMIT_BYTES


def test_streets_are_kept_for_ever_by_this_browser_alone(
    world: World, sign_in: Callable[[Person], FlaskClient]
) -> None:
    client = sign_in(world.ana)
    for url in (cell_url(client), str(ground_of(client)["first_url"])):
        kept = client.get(url).cache_control
        assert (kept.private, kept.immutable, kept.max_age) == (True, True, 365 * 24 * 3600)


def test_an_address_holds_network_version_and_drawing(
    world: World, networks: Path, sign_in: Callable[[Person], FlaskClient]
) -> None:
    version = current(networks, NETWORK).version
    for url in ("first_url", "cells_url"):
        assert str(ground_of(sign_in(world.ana))[url]).startswith(f"/maps/{NETWORK}/{version}/{FORM}/")


def test_an_older_version_still_answers_once_there_is_a_newer_one(
    world: World, networks: Path, sign_in: Callable[[Person], FlaskClient]
) -> None:
    client = sign_in(world.ana)
    before = cell_url(client)
    install(networks, replace(load(DEMO), source_date="2031-01-01"))
    assert cell_url(client) != before
    assert client.get(before).json == client.get(cell_url(client)).json


def test_two_networks_side_by_side_have_addresses_of_their_own(
    world: World, networks: Path, session: Session, sign_in: Callable[[Person], FlaskClient]
) -> None:
    install(networks, replace(load(DEMO), name="other"))
    world.sur.network_name = "other"
    world.account(world.bruno, "Kiosco Sur")
    session.commit()
    urls = [cell_url(sign_in(person)) for person in (world.ana, world.bruno)]
    assert [url.split("/")[2] for url in urls] == [NETWORK, "other"]
    assert [sign_in(world.ana).get(url).status_code for url in urls] == [200, 200]


@pytest.mark.parametrize(
    ("z", "x", "y", "status"), [(12, 1237, 2404, 200), (12, 4096, 0, 400), (15, 0, 0, 400), (99, 0, 0, 400)]
)
def test_what_is_no_cell_is_refused(
    world: World, sign_in: Callable[[Person], FlaskClient], z: int, x: int, y: int, status: int
) -> None:
    client = sign_in(world.ana)
    assert client.get(cell_url(client, z, x, y)).status_code == status


@pytest.mark.parametrize("box", ["", "1,2,3", "a,b,c,d", "3,0,1,1", "0,0,90,90", "nan,0,1,1", "0,86,1,87"])
def test_what_is_no_box_is_refused(world: World, sign_in: Callable[[Person], FlaskClient], box: str) -> None:
    client = sign_in(world.ana)
    path = str(ground_of(client)["first_url"]).split("?")[0]
    assert client.get(path, query_string={"box": box}).status_code == 400


def test_a_drawing_of_another_program_version_is_not_kept_under_this_one_s_address(
    world: World, sign_in: Callable[[Person], FlaskClient]
) -> None:
    client = sign_in(world.ana)
    answer = client.get(cell_url(client).replace(f"/{FORM}/11/", f"/{FORM + 1}/11/"))
    assert answer.status_code == 404
    assert "immutable" not in answer.headers["Cache-Control"]


def test_without_usable_roads_the_map_keeps_its_points_and_says_what_is_missing(
    world: World, networks: Path, sign_in: Callable[[Person], FlaskClient]
) -> None:
    (networks / NETWORK / "current").write_text("0" * 64)
    client = sign_in(world.ana)
    assert client.get("/accounts/map").status_code == 200
    found = ground_of(client)
    assert found["cells_url"] == found["first_url"] == ""
    assert "The streets are missing. There is no road network" in json.dumps(found["words"])
    assert "Kiosco Cercano" in client.get("/accounts/map.js").text


def test_without_a_tile_server_pictures_come_from_this_site_alone(
    world: World, sign_in: Callable[[Person], FlaskClient]
) -> None:
    answer = sign_in(world.ana).get("/accounts/map")
    assert pictures_allowed(answer) == "'self' data: blob:"
    assert "L.tileLayer" not in sign_in(world.ana).get("/accounts/map.js").text


def test_a_tile_server_is_allowed_by_its_exact_origin_and_only_where_there_is_a_map(
    world: World, session: Session, sign_in: Callable[[Person], FlaskClient]
) -> None:
    tell(session, tile_url=TILES, tile_attribution=NAMED)
    client = sign_in(world.ana)
    assert (
        pictures_allowed(client.get("/accounts/map")) == "'self' data: blob: https://tiles.example.org:8443"
    )
    assert pictures_allowed(client.get("/accounts/new")).endswith("https://tiles.example.org:8443")
    assert pictures_allowed(client.get("/accounts")) == "'self' data: blob:"
    script = client.get("/accounts/map.js").text
    assert TILES in script
    assert NAMED.removeprefix("©").strip() in script


def test_tiles_of_this_site_need_no_other_origin(
    world: World, session: Session, sign_in: Callable[[Person], FlaskClient]
) -> None:
    tell(session, tile_url="/tiles/{z}/{x}/{y}.png", tile_attribution=NAMED)
    assert pictures_allowed(sign_in(world.ana).get("/accounts/map")) == "'self' data: blob:"


@pytest.mark.parametrize(
    "url",
    [
        "http://tiles.example.org/{z}/{x}/{y}.png",
        "https://tiles.example.org/{z}/{x}.png",
        "https://{s}.example.org/{z}/{x}/{y}.png",
        "https://tiles.example.org/{z}/{x}/{y}/{y}.png",
        "https://tiles.example.org/{z}/{x}/{y}.png?{key}",
        "https://me:word@tiles.example.org/{z}/{x}/{y}.png",
        "https://tiles.example.org;script-src */{z}/{x}/{y}.png",
        "https://tiles.example.org https://more.example.org/{z}/{x}/{y}.png",
        "https://*/{z}/{x}/{y}.png",
        "//tiles.example.org/{z}/{x}/{y}.png",
        "tiles/{z}/{x}/{y}.png",
        "javascript:alert(1)//{z}/{x}/{y}",
        "https://tiles.example.org/{z}/{x}/{y}.png" + "x" * 300,
    ],
)
def test_an_address_that_is_no_tile_server_is_refused_with_a_sentence_and_nothing_is_lost(
    world: World, session: Session, sign_in: Callable[[Person], FlaskClient], url: str
) -> None:
    answer = sign_in(world.admin).post(
        "/admin/settings", data=settings_form(tile_url=url, tile_attribution=NAMED)
    )
    assert answer.status_code == 200
    assert "Write an https address" in answer.text or "longer than 300" in answer.text
    assert "Elqui" in answer.text
    assert settings.read(session).tile_url == ""


def test_a_tile_server_without_anybody_to_name_is_refused(
    world: World, session: Session, sign_in: Callable[[Person], FlaskClient]
) -> None:
    answer = sign_in(world.admin).post("/admin/settings", data=settings_form(tile_url=TILES))
    assert "Write whom the maps must name" in answer.text
    assert settings.read(session).tile_url == ""


def test_a_tile_server_is_set_and_taken_away_again(
    world: World, session: Session, sign_in: Callable[[Person], FlaskClient]
) -> None:
    admin = sign_in(world.admin)
    assert (
        admin.post("/admin/settings", data=settings_form(tile_url=TILES, tile_attribution=NAMED)).status_code
        == 302
    )
    assert settings.read(session).tile_url == TILES
    session.rollback()
    assert admin.post("/admin/settings", data=settings_form()).status_code == 302
    session.expire_all()
    assert settings.read(session).tile_url == ""
