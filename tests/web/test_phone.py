"""What a phone is given: an app to install, a service worker, the pages of the day, and few bytes."""

from __future__ import annotations

import gzip
import io
import json
import re
from collections.abc import Callable, Iterator
from datetime import datetime, timedelta
from pathlib import Path
from uuid import uuid4

import pytest
from flask import Flask
from flask.testing import FlaskClient
from PIL import Image
from sqlalchemy.orm import Session

from planner import clock
from planner.domain.access import Actor, Role
from planner.domain.expenses import ExpenseCategory
from planner.domain.visits import VisitState
from planner.models.accounts import Account
from planner.models.follow_ups import FollowUp
from planner.models.people import Person
from planner.models.visits import Note, Visit
from planner.services.ledger import expenses
from planner.services.ledger.expense_lines import NewExpense
from planner.web.phone import icons
from tests.conftest import NOW, TODAY
from tests.days import planned_visit, routed_day
from tests.demo.crawl import assets
from tests.roads import install_into
from tests.world import World

TOMORROW = TODAY + timedelta(days=1)
KILOBYTE = 1024
IMPORT = re.compile(r'from ?"\./([\w-]+\.js)"')


@pytest.fixture(autouse=True)
def noon(monkeypatch: pytest.MonkeyPatch) -> None:
    def at_noon() -> datetime:
        return NOW

    monkeypatch.setattr(clock, "now", at_noon)


@pytest.fixture
def world(app: Flask, session: Session) -> World:
    install_into(Path(app.config["NETWORKS_FOLDER"]))
    return World(session)


@pytest.fixture
def ana(world: World, sign_in: Callable[[Person], FlaskClient]) -> Iterator[Callable[[], FlaskClient]]:
    def browser() -> FlaskClient:
        world.session.commit()
        return sign_in(world.ana)

    return browser


def packed(client: FlaskClient) -> dict[str, object]:
    return dict(json.loads(client.get("/today/pack", headers={"Accept": "application/json"}).text))


def test_a_file_that_names_no_icon_has_one(app: Flask) -> None:
    answer = app.test_client().get("/favicon.ico", buffered=True)
    assert (answer.mimetype, answer.data) == ("image/png", icons.drawn("192"))


def test_the_manifest_names_icons_that_are_there_in_the_size_they_say(app: Flask) -> None:
    client = app.test_client()
    manifest = json.loads(client.get("/manifest.webmanifest", buffered=True).text)
    for icon in manifest["icons"]:
        answer = client.get(icon["src"], buffered=True)
        assert answer.mimetype == icon["type"]
        if icon["sizes"] != "any":
            width, height = Image.open(io.BytesIO(answer.data)).size
            assert icon["sizes"] == f"{width}x{height}"


def test_the_service_worker_is_asked_for_every_time_and_keeps_files_that_are_there(app: Flask) -> None:
    client = app.test_client()
    worker = client.get("/sw.js", buffered=True)
    assert worker.headers["Cache-Control"] == "no-cache"
    files = json.loads(re.findall(r"\[.*\]", worker.text)[0])
    assert {client.get(file, buffered=True).status_code for file in files} == {200}


def test_a_module_is_kept_for_ever_under_its_own_version_alone(app: Flask) -> None:
    client = app.test_client()
    version = re.findall(r"/app/(\w+)/", client.get("/sw.js", buffered=True).text)[0]
    assert client.get(f"/app/{version}/phone/store.js", buffered=True).cache_control.immutable
    assert not client.get("/app/older/phone/store.js", buffered=True).cache_control.immutable
    assert client.get(f"/app/{version}/../css/app.css", buffered=True).status_code == 404


def test_the_pack_holds_today_and_the_next_day_with_visits(
    world: World, ana: Callable[[], FlaskClient]
) -> None:
    first = routed_day(world, world.ana, 1)[0]
    later = planned_visit(world, world.ana, TOMORROW + timedelta(days=4))
    other = planned_visit(world, world.bruno)
    pages = packed(ana())["pages"]
    assert {f"/today/{TODAY}", f"/today/{later.on}", f"/today/visits/{first.id}/report"} <= set(pages)  # type: ignore[call-overload]
    assert f"/today/visits/{other.id}" not in pages  # type: ignore[operator]


def test_every_page_of_the_pack_may_be_kept_for_its_person(
    world: World, ana: Callable[[], FlaskClient]
) -> None:
    routed_day(world, world.ana, 2)
    client = ana()
    for page in packed(client)["pages"]:  # type: ignore[attr-defined]
        answer = client.get(page, buffered=True)
        assert (answer.status_code, answer.headers["Rounds-Kept-For"]) == (200, str(world.ana.id)), page


def test_pages_outside_the_day_are_not_kept(world: World, ana: Callable[[], FlaskClient]) -> None:
    assert "Rounds-Kept-For" not in ana().get("/profile").headers


def test_the_pack_of_a_long_day_is_under_a_megabyte(world: World, ana: Callable[[], FlaskClient]) -> None:
    routed_day(world, world.ana, 14)
    routed_day(world, world.ana, 14, TOMORROW)
    client = ana()
    pack = packed(client)
    addresses = [*pack["pages"], *pack["ground"]]  # type: ignore[misc]
    assert (
        sum(len(gzip.compress(client.get(one, buffered=True).data)) for one in addresses)
        < KILOBYTE * KILOBYTE
    )


def test_a_tap_of_the_rep_leaves_the_pack_as_it_is_and_a_new_visit_does_not(
    world: World, ana: Callable[[], FlaskClient]
) -> None:
    visit = routed_day(world, world.ana, 2)[0]
    client = ana()
    before = packed(client)["mark"]
    world.session.get_one(Visit, visit.id).state = VisitState.ARRIVED
    world.session.commit()
    assert packed(client)["mark"] == before
    planned_visit(world, world.ana)
    world.session.commit()
    assert packed(client)["mark"] != before


def test_a_note_by_somebody_else_makes_another_pack_and_the_reps_own_does_not(
    world: World, ana: Callable[[], FlaskClient]
) -> None:
    visit = routed_day(world, world.ana, 1)[0]
    account_id, marta_id, ana_id = visit.account_id, world.marta.id, world.ana.id
    client = ana()
    before = packed(client)["mark"]
    for author_id, is_same in ((ana_id, True), (marta_id, False)):
        uid = f"00000000-0000-4000-8000-{author_id:012d}"
        row = Note(uid=uid, account_id=account_id, author_id=author_id, text="Ask for the key")
        row.captured_at = row.received_at = NOW
        world.session.add(row)
        world.session.commit()
        assert (packed(client)["mark"] == before) is is_same


def test_a_claim_that_is_to_be_submitted_makes_another_pack(
    world: World, ana: Callable[[], FlaskClient]
) -> None:
    routed_day(world, world.ana, 1)
    client = ana()
    before = packed(client)["mark"]
    last_month = TODAY.replace(day=1) - timedelta(days=1)
    spent = NewExpense(str(uuid4()), last_month, ExpenseCategory.TOLL, 900, "CLP")
    expenses.add(world.session, Actor(world.ana.id, Role.REP), NOW, TODAY, spent)
    world.session.commit()
    assert packed(client)["mark"] != before


def test_an_account_that_was_edited_makes_another_pack(world: World, ana: Callable[[], FlaskClient]) -> None:
    visit = routed_day(world, world.ana, 1)[0]
    client = ana()
    before = packed(client)["mark"]
    account = world.session.get_one(Account, visit.account_id)
    account.parking_hint, account.rev = "Behind the church", account.rev + 1
    world.session.commit()
    assert packed(client)["mark"] != before


def test_a_follow_up_by_somebody_else_makes_another_pack_and_the_reps_own_does_not(
    world: World, ana: Callable[[], FlaskClient]
) -> None:
    visit = routed_day(world, world.ana, 1)[0]
    account_id, marta_id, ana_id = visit.account_id, world.marta.id, world.ana.id
    client = ana()
    before = packed(client)["mark"]
    for author_id, is_same in ((ana_id, True), (marta_id, False)):
        uid = f"00000000-0000-4000-8000-{author_id:012d}"
        row = FollowUp(uid=uid, account_id=account_id, author_id=author_id, text="Samples", made_at=NOW)
        world.session.add(row)
        world.session.commit()
        assert (packed(client)["mark"] == before) is is_same


def test_the_follow_ups_of_a_manager_are_not_kept(
    world: World, sign_in: Callable[[Person], FlaskClient]
) -> None:
    world.session.commit()
    assert "Rounds-Kept-For" not in sign_in(world.marta).get("/follow-ups").headers


def test_a_page_of_the_day_stays_small(world: World, ana: Callable[[], FlaskClient]) -> None:
    visit = routed_day(world, world.ana, 9)[0]
    client = ana()
    for path in (
        "/today",
        f"/today/visits/{visit.id}/report",
        f"/today/{TODAY}/map",
        f"/today/{TODAY}/stops",
    ):
        page = client.get(path, buffered=True)
        files = [one for one in assets(page) if "/vendor/" not in one and "/map.js?" not in one]
        own = {
            one.split("?")[0]: client.get(one, buffered=True).text
            for one in files
            if one.split("?")[0].endswith((".css", ".js"))
        }
        scripts = modules(client, {one: text for one, text in own.items() if one.endswith(".js")})
        styles = [text for one, text in own.items() if one.endswith(".css")]
        assert sent(styles) <= 12 * KILOBYTE, path
        assert sent(scripts.values()) <= 20 * KILOBYTE, path
        if path == "/today":
            assert sent([page.text, *styles, *scripts.values()]) <= 60 * KILOBYTE
            assert 1 + len(styles) + len(scripts) <= 12


def modules(client: FlaskClient, scripts: dict[str, str]) -> dict[str, str]:
    """The scripts of a page and the modules they import."""
    found, waiting = dict(scripts), list(scripts)
    while waiting:
        address = waiting.pop()
        for name in IMPORT.findall(found[address]):
            other = f"{address.rsplit('/', 1)[0]}/{name}"
            if other not in found:
                found[other] = client.get(other, buffered=True).text
                waiting.append(other)
    return found


def sent(texts: object) -> int:
    """Bytes on the wire."""
    return sum(len(gzip.compress(text.encode())) for text in texts)  # type: ignore[attr-defined]


def test_a_page_fetched_for_later_takes_nothing_that_is_said_once(
    ana: Callable[[], FlaskClient],
) -> None:
    browser = ana()
    with browser.session_transaction() as cookie:
        cookie["_flashes"] = [("good", "Submitted.")]
    later = browser.get("/today", headers={"Rounds-Packing": "1"})
    assert "Submitted." not in later.text
    assert "Set-Cookie" not in later.headers
    assert "Submitted." in browser.get("/today").text
    assert "Submitted." not in browser.get("/today").text


PAGE = {"Accept": "text/html,application/xhtml+xml,application/xml;q=0.9,*/*;q=0.8"}
"""What a browser sends that goes to a page."""


@pytest.fixture
def lasting(ana: Callable[[], FlaskClient]) -> FlaskClient:
    """Ana's browser with a cookie as signing in makes it."""
    browser = ana()
    with browser.session_transaction() as cookie:
        cookie.permanent = True
    assert "Set-Cookie" in browser.get("/today", headers=PAGE).headers
    return browser


@pytest.mark.parametrize(
    ("path", "accept"),
    [("/static/icons/rounds.svg", "image/avif,image/svg+xml,image/*,*/*;q=0.8"), ("/today", "*/*")],
    ids=["icon", "a script that fetches"],
)
def test_what_is_fetched_beside_the_page_leaves_the_cookie_alone(
    lasting: FlaskClient, path: str, accept: str
) -> None:
    assert "Set-Cookie" not in lasting.get(path, headers={"Accept": accept}, buffered=True).headers


def test_every_page_that_is_looked_at_renews_the_cookie(lasting: FlaskClient) -> None:
    assert "Set-Cookie" in lasting.get("/today", headers=PAGE).headers
