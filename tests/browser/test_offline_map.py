"""The map of the day without a network: read from afar and close in, and honest about what is not there."""

from __future__ import annotations

import time
from collections.abc import Callable
from typing import Any

import pytest

from planner.web.today import pack
from tests.browser.aeroplane import Phone
from tests.browser.test_map_ground import GO, PAINTED
from tests.conftest import TODAY

pytestmark = pytest.mark.browser

Start = Callable[..., Phone]
WAITING = """() => {
  let waiting = 0;
  const name = Object.keys(window).find((key) => key.startsWith("map_"));
  window[name].eachLayer((layer) => { waiting += Object.keys(layer._waiting || {}).length; });
  return waiting;
}"""
FORGET = """(deepest) => caches.keys().then((names) => Promise.all(names.map(async (name) => {
  const shelf = await caches.open(name);
  for (const request of await shelf.keys()) {
    const cell = /[/]maps[/].*[/](\\d+)[/]\\d+[/]\\d+[.]json$/.exec(request.url);
    if (cell && Number(cell[1]) > deepest) await shelf.delete(request);
  }
})))"""
GROUND = """caches.keys().then(async (names) => {
  let count = 0;
  for (const name of names) {
    const kept = await (await caches.open(name)).keys();
    count += kept.filter((one) => new URL(one.url).pathname.startsWith("/maps/")).length;
  }
  return count;
})"""


def shown(phone: Phone, zoom: int) -> Any:
    """The map with the first stop in the middle, once everything asked for has come or failed."""
    account = phone.visit(phone.visits[0]).account
    page = phone.page
    page.evaluate(GO, [account.lat, account.lon, zoom])
    until = time.monotonic() + 30
    while page.evaluate(WAITING) and time.monotonic() < until:
        page.wait_for_timeout(50)
    assert page.evaluate(WAITING) == 0
    page.wait_for_timeout(100)
    return page


def forget(phone: Phone, deepest: int) -> None:
    """Cells below a level go, from the browser's own memory too."""
    phone.page.evaluate(FORGET, deepest)
    phone.page.context.new_cdp_session(phone.page).send("Network.clearBrowserCache")


def test_the_whole_map_of_the_day_is_read_without_a_network(aeroplane: Start) -> None:
    phone = aeroplane(4)
    phone.packed()
    phone.off()
    page = phone.go(f"/today/{TODAY}/map")
    page.locator(".map-stop-next").wait_for()
    for zoom in range(12, 18):
        page = shown(phone, zoom)
        assert page.evaluate(PAINTED) > 500, zoom
        assert page.locator(".map-note").inner_text() == "", zoom
    assert page.locator(".map-name").count() > 0


def test_where_only_coarser_streets_are_there_they_are_drawn_and_then_the_map_says_so(
    aeroplane: Start,
) -> None:
    phone = aeroplane(2)
    phone.packed()
    phone.off()
    forget(phone, 13)
    page = phone.go(f"/today/{TODAY}/map")
    page.locator(".map-stop-next").wait_for()
    page = shown(phone, 16)
    assert page.evaluate(PAINTED) > 500
    assert page.locator(".map-note").inner_text() == ""
    forget(phone, 0)
    phone.go(f"/today/{TODAY}/map")
    page = shown(phone, 16)
    page.locator(".map-note", has_text="Some streets are missing").wait_for()


def test_streets_are_taken_along_only_for_as_long_as_there_is_room(
    aeroplane: Start, monkeypatch: pytest.MonkeyPatch
) -> None:
    monkeypatch.setattr(pack, "MOST_GROUND_BYTES", 1)
    phone = aeroplane(4)
    page = phone.packed()
    assert 1 <= page.evaluate(GROUND) <= 2
