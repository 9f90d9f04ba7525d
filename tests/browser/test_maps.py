"""What stands on a map, in a real browser, under the strict content policy the application sends."""

from __future__ import annotations

from collections.abc import Callable, Iterator
from typing import Any

import pytest

from routing.maps import (
    LegState,
    MapLeg,
    MapPlace,
    MapStop,
    StopState,
    day_map,
    pin_map,
    territory_map,
)
from tests.browser.conftest import PHONE, Window
from tests.browser.map_site import MapSite, ground
from tests.routing.roads_by_hand import town

pytestmark = pytest.mark.browser

EVIL = (
    '</script><script>document.title="owned"</script>${document.title="owned"}<img src=x onerror=alert(1)>`'
)
BOX = (9.99, 50.99, 10.01, 51.01)


def maps():
    beneath = ground(town())
    stops = [
        MapStop(10.000, 51.0, "H", "Home", StopState.HOME),
        MapStop(10.001, 51.0, "1", EVIL, StopState.NEXT, "10:20", "/accounts/1"),
        MapStop(10.001, 50.9995, "2", "Baker", StopState.AHEAD, "11:00", "//elsewhere.example/"),
    ]
    legs = [MapLeg(((10.000, 51.0), (10.001, 51.0)), LegState.CURRENT)]
    return {
        "day": day_map("day-1", stops, legs, beneath),
        "territory": territory_map("territory", [MapPlace(10.0, 51.0, EVIL)], BOX, beneath),
        "pin": pin_map("pin", None, BOX, beneath),
    }


@pytest.fixture
def visit(serve: Callable[..., str], open_window: Callable[..., Window]) -> Iterator[Callable[[str], Any]]:
    window = open_window(serve(MapSite(town(), maps()).app()), PHONE)

    def go(name):
        page = window.go(f"/{name}.html")
        page.locator("canvas.map-streets").first.wait_for(state="attached")
        return page

    yield go
    assert window.said == [], "the console stays silent: no error, no blocked file"
    assert window.strangers == [], "nothing is asked of other hosts"


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
