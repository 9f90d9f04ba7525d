"""Maps in a real browser, under the strict content policy the application sends."""

from __future__ import annotations

import threading
from importlib.resources import files
from pathlib import Path

import pytest
from flask import Flask, Response, send_from_directory
from werkzeug.serving import make_server

from planner.web.headers import CONTENT_POLICY
from routing.maps import (
    LegState,
    MapLeg,
    MapPlace,
    MapStop,
    StopState,
    base_roads,
    day_map,
    pin_map,
    territory_map,
)
from tests.routing.roads_by_hand import town

pytestmark = pytest.mark.browser

EVIL = (
    '</script><script>document.title="owned"</script>${document.title="owned"}<img src=x onerror=alert(1)>`'
)
BOX = (9.99, 50.99, 10.01, 51.01)
CHROMIUM = Path("/usr/bin/chromium")
STATIC = Path(__file__).resolve().parents[2] / "static"
LEAFLET = Path(str(files("xstatic.pkg.leaflet"))) / "data"

HEAD = """<!doctype html><html lang="en"><meta charset="utf-8"><title>map</title>
<meta name="viewport" content="width=device-width, initial-scale=1"><link rel="icon" href="data:,">
<link rel="stylesheet" href="/leaflet/leaflet.css"><link rel="stylesheet" href="/static/css/app.css">
<link rel="stylesheet" href="/static/css/map.css">"""
SCRIPTS = """<script src="/leaflet/leaflet.js"></script><script src="/static/js/map.js"></script>"""


def maps():
    stops = [
        MapStop(10.000, 51.0, "H", "Home", StopState.HOME),
        MapStop(10.001, 51.0, "1", EVIL, StopState.NEXT, "10:20", "/accounts/1"),
        MapStop(10.001, 50.9995, "2", "Baker", StopState.AHEAD, "11:00", "//elsewhere.example/"),
    ]
    legs = [MapLeg(((10.000, 51.0), (10.001, 51.0)), LegState.CURRENT)]
    return {
        "day": day_map("day-1", stops, legs, "/roads.json"),
        "territory": territory_map("territory", [MapPlace(10.0, 51.0, EVIL)], BOX, "/roads.json"),
        "pin": pin_map("pin", None, BOX, "/roads.json"),
    }


def site():
    app, made = Flask("maps", static_folder=str(STATIC)), maps()

    @app.get("/<name>.html")
    def page(name):
        fields = '<label>lon <input id="lon"></label><label>lat <input id="lat"></label>'
        script = f'<script src="/{name}.js"></script>'
        return f'{HEAD}<body><div class="map">{made[name].html}</div>{fields}{SCRIPTS}{script}'

    @app.get("/<name>.js")
    def script(name):
        return Response(made[name].script, mimetype="text/javascript")

    @app.get("/roads.json")
    def roads():
        return Response(base_roads(town(), BOX), mimetype="application/json")

    @app.get("/leaflet/<path:name>")
    def leaflet(name):
        return send_from_directory(LEAFLET, name)

    @app.after_request
    def policy(response):
        response.headers["Content-Security-Policy"] = CONTENT_POLICY
        return response

    return app


@pytest.fixture(scope="module")
def address():
    server = make_server("127.0.0.1", 0, site(), threaded=True)
    thread = threading.Thread(target=server.serve_forever, daemon=True)
    thread.start()
    yield f"http://127.0.0.1:{server.port}"
    server.shutdown()
    thread.join()
    server.server_close()


@pytest.fixture
def visit(address):
    sync_api = pytest.importorskip("playwright.sync_api")
    if not CHROMIUM.exists():
        pytest.skip("there is no Chromium here")
    with sync_api.sync_playwright() as playwright:
        browser = playwright.chromium.launch(executable_path=str(CHROMIUM), args=["--no-sandbox"])
        page = browser.new_page(viewport={"width": 390, "height": 760})
        said, asked = [], []
        page.on("console", lambda message: said.append(message.text))
        page.on("pageerror", lambda error: said.append(str(error)))
        page.on("request", lambda request: asked.append(request.url))

        def go(name):
            page.goto(f"{address}/{name}.html")
            page.locator("path.map-road").first.wait_for(state="attached")
            return page

        yield go
        browser.close()
    assert said == [], "the console stays silent: no error, no blocked file"
    assert all(url.startswith((address, "data:")) for url in asked), "nothing is asked of other hosts"


def test_a_day_shows_numbered_stops_on_its_streets_and_names_stay_text(visit):
    page = visit("day")
    assert page.locator(".map-stop").all_inner_texts() == ["H", "1", "2"]
    assert page.locator("path.map-leg-current").count() == 1
    page.locator(".map-stop-next").click()
    popup = page.locator(".leaflet-popup-content")
    popup.wait_for()
    assert EVIL in popup.inner_text()
    assert popup.locator("a").get_attribute("href") == "/accounts/1"
    assert page.title() == "map"


def test_a_popup_never_links_to_another_site(visit):
    page = visit("day")
    page.locator(".map-stop-ahead").click()
    popup = page.locator(".leaflet-popup-content")
    popup.wait_for()
    assert popup.locator("a").count() == 0


def test_pins_can_be_reached_by_a_thumb_and_by_a_screen_reader(visit):
    pin = visit("day").locator(".map-stop-ahead")
    assert min(pin.bounding_box()["width"], pin.bounding_box()["height"]) >= 44
    assert pin.get_attribute("aria-label") == "2 Baker"


def test_an_account_on_the_territory_map_tells_its_name(visit):
    page = visit("territory")
    page.locator("path.map-place").click()
    assert EVIL in page.locator(".leaflet-popup-content").inner_text()
    assert page.title() == "map"


def test_a_click_on_the_map_fills_in_the_coordinates_and_typing_moves_the_pin(visit):
    page = visit("pin")
    assert page.locator(".map-stop").count() == 0
    page.locator(".folium-map").click(position={"x": 150, "y": 200})
    lon, lat = float(page.input_value("#lon")), float(page.input_value("#lat"))
    assert 9.9 < lon < 10.1
    assert 50.9 < lat < 51.1
    before = page.locator(".map-stop").bounding_box()
    page.fill("#lat", str(lat - 0.002))
    page.wait_for_function(
        "before => document.querySelector('.map-stop').getBoundingClientRect().y > before + 20",
        arg=before["y"],
        timeout=5000,
    )
