"""“Find on the map” on the forms that place a pin: with the script, without it, and without addresses."""

from __future__ import annotations

import io
from collections.abc import Callable
from pathlib import Path

import pytest
from flask import Flask
from flask.testing import FlaskClient
from sqlalchemy import func, select
from sqlalchemy.orm import Session

from planner.domain.access import Actor
from planner.models.accounts import Account
from planner.models.people import Person, Rep
from planner.services.installation import settings
from routing.geocode import address_file
from routing.network import install, load
from tests.conftest import NOW
from tests.forms import settings_form
from tests.routing.addresses_by_hand import build
from tests.routing.roads_by_hand import DEMO_NETWORK
from tests.world import World

SignIn = Callable[[Person], FlaskClient]
NETWORK = "la-serena-coquimbo"


@pytest.fixture
def world(session: Session) -> World:
    world = World(session)
    world.session.commit()
    return world


@pytest.fixture
def addresses(app: Flask) -> None:
    build(address_file(Path(app.config["NETWORKS_FOLDER"]), NETWORK))


def ask(client: FlaskClient, text: str, where: str = "offline", network: str = NETWORK) -> dict[str, object]:
    form = {"network": network, "text": text, "where": where}
    answer = client.post("/places/find", data=form, headers={"Accept": "application/json"})
    assert answer.status_code == 200
    return answer.json  # type: ignore[no-any-return]


def count(world: World) -> int:
    world.session.expire_all()
    return world.session.scalar(select(func.count(Account.id))) or 0


def test_candidates_say_whether_they_are_address_street_or_place(
    world: World, sign_in: SignIn, addresses: None
) -> None:
    client = sign_in(world.ana)
    (house,) = ask(client, "Hauptstr. 8, Altdorf")["candidates"][:1]  # type: ignore[index]
    assert (house["kind"], house["label"], house["how"]) == ("address", "Hauptstraße 8, 12345 Altdorf", "")
    assert (house["lat"], house["lon"]) == ("51.004100", "10.002000")
    (street,) = ask(client, "High Street 25, Altdorf")["candidates"][:1]  # type: ignore[index]
    assert (street["kind_word"], street["how"]) == ("street", "number not on the map; nearest: 21")
    (place,) = ask(client, "Altdorf")["candidates"][:1]  # type: ignore[index]
    assert (place["kind_word"], place["how"]) == ("place", "somewhere in the middle of it")


def test_nothing_found_and_nothing_typed_are_said(world: World, sign_in: SignIn, addresses: None) -> None:
    client = sign_in(world.ana)
    assert ask(client, "zzzz")["says"].startswith("Nothing found.")  # type: ignore[attr-defined]
    assert ask(client, "  ") == {"says": "Type an address first.", "candidates": [], "thanks": ""}


@pytest.mark.parametrize("network", [NETWORK, "", "../x", "nowhere"])
def test_without_an_address_list_the_map_can_still_be_clicked(
    world: World, sign_in: SignIn, network: str
) -> None:
    told = ask(sign_in(world.ana), "High Street 1", network=network)
    assert told["candidates"] == []
    assert "Click on the map to put the pin." in told["says"]  # type: ignore[operator]


def test_a_damaged_address_list_is_a_sentence_and_no_error(
    world: World, sign_in: SignIn, app: Flask, addresses: None
) -> None:
    address_file(Path(app.config["NETWORKS_FOLDER"]), NETWORK).write_bytes(b"x" * 5000)
    assert "cannot be used" in ask(sign_in(world.ana), "High Street 1")["says"]  # type: ignore[operator]


def test_the_form_without_script_comes_back_with_candidates_and_saves_nothing(
    world: World, sign_in: SignIn, addresses: None
) -> None:
    client = sign_in(world.ana)
    typed = {"name": "Sol", "address": "Hauptstr. 8", "city": "Altdorf", "tags": "wine, keys"}
    page = client.post("/accounts/new", data={**typed, "find": "offline"}).text
    assert "Hauptstraße 8, 12345 Altdorf" in page
    assert 'value="51.004100,10.002000"' in page
    assert 'value="Sol"' in page
    page = client.post("/accounts/new", data={**typed, "take": "51.004100,10.002000"}).text
    assert 'value="51.004100"' in page
    assert 'value="10.002000"' in page
    assert 'value="wine, keys"' in page
    assert count(world) == 0


@pytest.mark.parametrize("take", ["", "1", "a,b", "51.0,10.0,3", "<script>,1", "999.0,1.0"])
def test_a_choice_that_is_none_changes_nothing(
    world: World, sign_in: SignIn, addresses: None, take: str
) -> None:
    client = sign_in(world.ana)
    answer = client.post("/accounts/new", data={"name": "Sol", "lat": "1.5", "lon": "2.5", "take": take})
    assert answer.status_code == 200
    assert 'value="1.5"' in answer.text
    assert count(world) == 0


def test_an_account_that_is_edited_keeps_what_it_was_until_it_is_saved(
    world: World, sign_in: SignIn, addresses: None
) -> None:
    account = world.account(world.ana, "Almacén Sol")
    world.session.commit()
    address = f"/accounts/{account.id}/edit"
    page = sign_in(world.ana).post(
        address, data={"name": "Changed", "address": "Hauptstr. 8", "find": "offline"}
    )
    assert "Hauptstraße 8, 12345 Altdorf" in page.text
    world.session.expire_all()
    assert account.name == "Almacén Sol"


def test_a_rep_s_home_is_found_by_its_address(world: World, sign_in: SignIn, addresses: None) -> None:
    client = sign_in(world.admin)
    address = f"/admin/people/{world.ana.id}/road"
    page = client.post(address, data={"home_address": "Hauptstr. 8", "find": "offline"}).text
    assert "Hauptstraße 8, 12345 Altdorf" in page
    page = client.post(address, data={"home_address": "Hauptstr. 8", "take": "51.004100,10.002000"}).text
    assert 'value="51.004100"' in page
    world.session.expire_all()
    assert world.session.get(Rep, world.ana.id).home_lat != 51.0041  # type: ignore[union-attr]


def test_online_search_is_offered_only_where_the_settings_allow_it(
    world: World, sign_in: SignIn, addresses: None
) -> None:
    client = sign_in(world.ana)
    assert "Search online" not in client.get("/accounts/new").text
    assert ask(client, "Prat 12", "online")["says"] == "Searching online is switched off."
    actor = Actor(world.admin.id, world.admin.role)
    allowed = {"online_search": True, "online_search_url": "http://127.0.0.1:9"}
    settings.change(world.session, actor, NOW, allowed)
    world.session.commit()
    page = client.get("/accounts/new").text
    assert "sends the address to 127.0.0.1" in page
    says = (
        "127.0.0.1 does not answer just now. The map can still be clicked. Click on the map to put the pin."
    )
    assert ask(client, "Prat 12", "online")["says"] == says


@pytest.mark.parametrize(
    "url",
    ["ftp://x", "nominatim", "https://", "https://a@b", "https://x/?q=1", "http://x:99999", "https://x y"],
)
def test_the_online_service_must_be_a_plain_web_address(world: World, sign_in: SignIn, url: str) -> None:
    form = settings_form(online_search="y", online_search_url=url)
    assert "Allowed: https://nominatim" in sign_in(world.admin).post("/admin/settings", data=form).text
    world.session.expire_all()
    assert settings.read(world.session).online_search is False


def test_the_preview_of_an_import_shows_pins_and_confirming_takes_just_those(
    world: World, sign_in: SignIn, addresses: None
) -> None:
    client = sign_in(world.admin)
    text = "id,name,address,city\n1,Sol,High Street 9,Altdorf\n2,Luna,Hauptstraße,Altdorf\n3,Mar,Zzyzx 1,\n"
    data = {"file": (io.BytesIO(text.encode()), "list.csv")}
    address = client.post("/import", data=data, content_type="multipart/form-data").location
    page = client.get(address).text
    assert "Pins found by address" in page
    assert "High Street 9, 12345 Altdorf" in page
    assert "not found" in page
    client.post(f"{address}/confirm")
    found = world.session.execute(select(Account.name, Account.lat).order_by(Account.external_id)).all()
    assert [(name, lat is not None) for name, lat in found] == [("Sol", True), ("Luna", True), ("Mar", False)]


def test_an_import_onto_roads_without_addresses_says_so(world: World, sign_in: SignIn) -> None:
    client = sign_in(world.admin)
    data = {"file": (io.BytesIO(b"id,name,address\n1,Sol,High Street 9\n"), "list.csv")}
    address = client.post("/import", data=data, content_type="multipart/form-data").location
    assert "There is no address list for the roads la-serena-coquimbo" in client.get(address).text


def test_the_preview_of_an_import_names_pins_that_stand_badly_on_the_roads(
    world: World, sign_in: SignIn, app: Flask
) -> None:
    install(Path(app.config["NETWORKS_FOLDER"]), load(DEMO_NETWORK))
    client = sign_in(world.admin)
    text = "id,name,lat,lon\n1,Sol,-29.9045,-71.2489\n2,Swapped,-71.2489,-29.9045\n3,At sea,-29.9,-71.4\n"
    data = {"file": (io.BytesIO(text.encode()), "list.csv")}
    address = client.post("/import", data=data, content_type="multipart/form-data").location
    page = client.get(address).text
    listed = page.split("Pins to look at")[1].split("</table>")[0]
    assert "Latitude and longitude exchanged" in listed.split("Swapped")[1].split("At sea")[0]
    assert "Too far from any road to be planned" in listed.split("At sea")[1]
    assert "Sol" not in listed
    client.post(f"{address}/confirm")
    assert count(world) == 3
