"""The pages of accounts: what is shown, what a form says, and that nothing typed is lost."""

from __future__ import annotations

from collections.abc import Callable
from dataclasses import replace
from datetime import date
from pathlib import Path

import numpy as np
import pytest
from flask import Flask
from flask.testing import FlaskClient
from sqlalchemy import select
from sqlalchemy.orm import Session

from planner.models.accounts import Account, Contact
from planner.models.people import Person
from planner.models.territories import Ownership
from routing.network import install, load
from routing.network.roads import E7, PartKind
from tests.conftest import TODAY
from tests.world import World

SignIn = Callable[[Person], FlaskClient]
DEMO_NETWORK = Path(__file__).parents[2] / "planner" / "demo" / "la-serena-coquimbo.npz"
NASTY = "<script>alert(1)</script> ${7*7} {{ 7*7 }}"


@pytest.fixture
def world(session: Session) -> World:
    return World(session)


@pytest.fixture
def roads(app: Flask) -> None:
    install(app.config["NETWORKS_FOLDER"], load(DEMO_NETWORK))


def filled(**changes: str) -> dict[str, str]:
    """The form as a browser sends it, with some fields changed."""
    form = {"name": "Panadería Sol", "kind": "account", "account_class": "A", "rev": "1"}
    form |= {"lat": "-29,9045", "lon": "-71.2489", "cadence_days": "3 weeks", "visit_seconds": "45"}
    form |= {"value_minor": "1.500.000", "tags": "bread, keys", "hours-0": "09:00-13:00, 15-18"}
    form |= {"contacts-0-name": "Eva", "contacts-0-phone": "+56 9 1234"}
    form |= {"blocks-0-from_on": "2026-04-01", "blocks-0-last_on": "2026-04-07"}
    return form | changes


def test_a_rep_finds_their_accounts_and_opens_one(world: World, sign_in: SignIn) -> None:
    account = world.account(world.ana, "Almacén Ñuñoa")
    world.account(world.bruno, "Not hers")
    world.session.commit()
    client = sign_in(world.ana)

    page = client.get("/accounts?search=nunoa").text

    assert "Almacén Ñuñoa" in page
    assert "Not hers" not in client.get("/accounts").text
    assert "every 4 weeks" in client.get(f"/accounts/{account.id}").text


def test_a_name_with_script_in_it_is_only_text(world: World, sign_in: SignIn, roads: None) -> None:
    account = world.account(world.ana, NASTY)
    world.session.commit()
    client = sign_in(world.ana)

    for address in (
        "/accounts",
        f"/accounts/{account.id}",
        f"/accounts/{account.id}/edit",
        "/accounts/check",
    ):
        page = client.get(address).text
        assert "<script>alert" not in page, address
        assert "&lt;script&gt;alert(1)&lt;/script&gt; ${7*7} {{ 7*7 }}" in page, address
    script = client.get("/accounts/map.js").text
    assert "<script>alert" not in script
    assert "`" not in script


def test_another_s_account_is_not_found_on_any_page(world: World, sign_in: SignIn) -> None:
    account = world.account(world.bruno)
    world.session.commit()
    client = sign_in(world.ana)

    assert client.get(f"/accounts/{account.id}").status_code == 404
    assert client.get(f"/accounts/{account.id}/edit").status_code == 404
    assert client.post(f"/accounts/{account.id}/archive").status_code == 404


def test_an_account_is_made_from_the_form(world: World, sign_in: SignIn, roads: None) -> None:
    world.session.commit()

    answer = sign_in(world.ana).post("/accounts/new", data=filled(), follow_redirects=True)

    account = world.session.scalars(select(Account)).one()
    owner = account.ownerships[0]
    assert answer.status_code == 200
    assert "every 3 weeks" in answer.text
    assert (account.cadence_days, account.visit_seconds, account.value_minor) == (21, 2700, 1_500_000)
    assert [(w.weekday, w.opens_seconds // 3600) for w in account.windows] == [(0, 9), (0, 15)]
    assert account.blocks[0].until_on == date(2026, 4, 8)
    assert (owner.rep_id, owner.territory_id, owner.from_on) == (world.ana.id, world.norte.id, TODAY)


@pytest.mark.parametrize(
    ("change", "sentence"),
    [
        ({"name": " "}, "A name is needed."),
        ({"hours-1": "18:00-09:00"}, "18:00 to 09:00 ends before it begins."),
        ({"hours-1": "9-12, 11-13"}, "Two opening times overlap"),
        ({"cadence_days": "0"}, "0 days will not do"),
        ({"lat": ""}, "Latitude and longitude belong together"),
        ({"lat": "-71.2489", "lon": "-29.9045"}, "latitude and longitude exchanged"),
        ({"lat": "-29.9", "lon": "-71.40"}, "m from the nearest road; the limit is 2000 m"),
        ({"lat": "north"}, "is not a coordinate"),
        ({"visit_seconds": "0"}, "A visit takes between"),
        ({"latest_gap_days": "1 week"}, "The latest gap is shorter than the cadence"),
        ({"cycle_rule": "FREQ=SECONDLY"}, "This is no rule for a fixed cycle"),
        ({"cycle_weekdays": "1", "cycle_weeks": "0"}, "Every 1 to 52 weeks."),
        ({"blocks-0-last_on": "2026-03-01"}, "The last day lies before the first."),
        ({"blocks-0-last_on": ""}, "Give the first and the last day."),
        ({"contacts-0-name": "", "contacts-0-email": "x"}, "A contact needs a name."),
        ({"value_minor": "plenty"}, "plenty"),
    ],
)
def test_bad_input_gets_a_sentence_and_keeps_what_was_typed(
    world: World, sign_in: SignIn, roads: None, change: dict[str, str], sentence: str
) -> None:
    world.session.commit()

    answer = sign_in(world.ana).post("/accounts/new", data=filled(**change))

    assert answer.status_code == 200
    assert sentence in answer.text
    assert 'value="bread, keys"' in answer.text
    assert "did not work" not in answer.text
    assert world.session.scalars(select(Account)).all() == []


def test_the_second_editor_keeps_their_input_and_may_save_again(
    world: World, sign_in: SignIn, session: Session
) -> None:
    account_id = world.account(world.ana, "Old").id
    world.session.commit()
    client = sign_in(world.ana)
    client.post(f"/accounts/{account_id}/edit", data=filled(name="First"))

    refused = client.post(f"/accounts/{account_id}/edit", data=filled(name="Second"))
    assert "Somebody else saved this account" in refused.text
    assert 'value="Second"' in refused.text
    assert 'name="rev" type="hidden" value="2"' in refused.text

    client.post(f"/accounts/{account_id}/edit", data=filled(name="Second", rev="2"))
    session.expire_all()
    assert session.get_one(Account, account_id).name == "Second"


def test_opening_the_form_and_saving_it_changes_nothing(world: World, sign_in: SignIn) -> None:
    account_id = world.account(world.ana, "Same").id
    world.session.commit()
    client = sign_in(world.ana)
    client.post(f"/accounts/{account_id}/edit", data=filled(cycle_weekdays="1", cycle_weeks="2"))
    page = client.get(f"/accounts/{account_id}/edit").text

    world.session.expire_all()
    account = world.session.get_one(Account, account_id)
    assert account.cycle_rule == "DTSTART:20260302 RRULE:FREQ=WEEKLY;INTERVAL=2;BYDAY=TU"
    for text in ("3 weeks", "09:00-13:00, 15:00-18:00", "2026-04-07", "1500000", "bread, keys"):
        assert f'value="{text}"' in page


def test_emptying_a_contact_s_fields_removes_it(world: World, sign_in: SignIn) -> None:
    account = world.account(world.ana)
    account.contacts = [Contact(name="Eva")]
    world.session.commit()

    sign_in(world.ana).post(
        f"/accounts/{account.id}/edit", data=filled(**{"contacts-0-name": "", "contacts-0-phone": ""})
    )

    world.session.expire_all()
    assert account.contacts == []


def test_a_manager_hands_an_account_over_and_the_page_tells_both_owners(
    world: World, sign_in: SignIn
) -> None:
    account = world.account(world.ana)
    world.session.commit()
    data = {"territory_id": world.sur.id, "rep_id": world.bruno.id, "from_on": "2026-04-01"}

    page = sign_in(world.admin).post(f"/accounts/{account.id}/owner", data=data, follow_redirects=True).text

    assert "The owner is changed." in page
    assert "Bruno, Sur" in page
    assert "31 Mar 2026" in page
    owners = world.session.scalars(select(Ownership.rep_id).order_by(Ownership.from_on)).all()
    assert owners == [world.ana.id, world.bruno.id]


def test_archiving_offers_to_take_it_back(world: World, sign_in: SignIn) -> None:
    account = world.account(world.ana, "Closing down")
    world.session.commit()
    client = sign_in(world.ana)

    page = client.post(f"/accounts/{account.id}/archive", follow_redirects=True).text
    assert "Take it back" in page
    assert "Closing down" not in client.get("/accounts").text
    client.post(f"/accounts/{account.id}/unarchive")
    assert "Closing down" in client.get("/accounts").text


def test_the_map_keeps_the_filter_and_shows_no_account_without_a_pin(
    world: World, sign_in: SignIn, roads: None
) -> None:
    world.account(world.ana, "Pinned", "A")
    world.account(world.ana, "Other class", "B")
    lost = world.account(world.ana, "Lost", "A")
    lost.lat = lost.lon = None
    world.session.commit()
    client = sign_in(world.ana)

    script = client.get("/accounts/map.js?class=A").text

    assert "map.js?class=A" in client.get("/accounts/map?class=A").text
    assert "Pinned" in script
    assert "Other class" not in script
    assert "Lost" not in script


def test_the_data_check_names_what_stands_in_the_way(world: World, sign_in: SignIn, roads: None) -> None:
    world.account(world.ana, "At sea", lat=-29.9, lon=-71.40)
    world.account(world.ana, "Exchanged", lat=-71.2489, lon=-29.9045)
    world.account(None, "Nobody's")
    pinless = world.account(world.ana, "No pin")
    pinless.lat = pinless.lon = None
    for name in ("Café Sol", "Cafe  SOL"):
        world.account(world.ana, name, lat=-29.9045, lon=-71.2489)
    world.session.commit()

    page = sign_in(world.marta).get("/accounts/check").text

    for sentence in (
        "No pin on the map",
        "Latitude and longitude exchanged",
        "Too far from any road to be planned",
        "Nobody owns it",
        "No opening hours",
        "Perhaps twice",
    ):
        assert sentence in page


def test_the_data_check_tells_whose_pin_lies_on_a_road_apart_and_what_to_do(
    world: World, sign_in: SignIn, roads: None, app: Flask
) -> None:
    # An island off the harbour, 500 m long; nearer to it than to the town's streets.
    island = np.array([[-71.32, -29.90], [-71.315, -29.90]])
    network = replace(
        load(DEMO_NETWORK),
        source="with an island",
        apart_start=np.array([0, 2], dtype=np.uint32),
        apart_e7=np.rint(island * E7).astype(np.int32),
        apart_part=np.array([0], dtype=np.uint32),
        part_kind=np.array([PartKind.ISLAND], dtype=np.uint8),
    )
    install(Path(app.config["NETWORKS_FOLDER"]), network)
    world.account(world.ana, "Lighthouse", lat=-29.9002, lon=-71.318)
    world.account(world.ana, "In town", lat=-29.9045, lon=-71.2489)
    world.session.commit()

    page = sign_in(world.marta).get("/accounts/check").text

    island_part = page.split("On roads that no road or ferry joins to the rest")[1].split("</section>")[0]
    assert "Lighthouse" in island_part
    assert "In town" not in island_part
    assert "or import roads together with the ferry" in island_part


def test_bad_values_in_the_address_filter_nothing(world: World, sign_in: SignIn) -> None:
    world.account(world.ana, "Here")
    world.session.commit()

    page = sign_in(world.ana).get("/accounts?state=x&sort=y&territory=z&page=-3&endpoint=x&_external=1")

    assert page.status_code == 200
    assert "Here" in page.text
