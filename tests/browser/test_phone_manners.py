"""In a hand and in the sun: the screen stays on while driving, nothing jumps, nothing is too small."""

from __future__ import annotations

import gzip
from collections.abc import Callable

import pytest

from tests.browser.aeroplane import Phone
from tests.conftest import TODAY

pytestmark = pytest.mark.browser

Start = Callable[..., Phone]
MOST_SHIFT = 0.05
AWAKE = """window.asked = [];
const lock = { request: async (what) => { window.asked.push(what); } };
Object.defineProperty(navigator, "wakeLock", { value: lock });"""
SHIFTED = """() => new Promise((done) => {
  let sum = 0;
  new PerformanceObserver((list) => {
    for (const entry of list.getEntries()) if (!entry.hadRecentInput) sum += entry.value;
  }).observe({ type: "layout-shift", buffered: true });
  setTimeout(() => done(sum), 300);
})"""
SMALL_LETTERS = """() => [...document.querySelectorAll("main :is(input, select, textarea)")]
  .filter((one) => one.offsetWidth && parseFloat(getComputedStyle(one).fontSize) < 16)
  .map((one) => one.name)"""
SMALL_PRIMARY = """() => [...document.querySelectorAll("main .primary")]
  .map((one) => [one.textContent.trim(), one.getBoundingClientRect()])
  .filter(([, box]) => box.width && Math.min(box.width, box.height) < 48).map(([text]) => text)"""


OWN_SCRIPTS = """() => Promise.all(performance.getEntriesByType("resource").map((one) => new URL(one.name))
  .filter(({ pathname }) => /^\\/(app|static)\\/.*\\.js$/.test(pathname))
  .map((address) => fetch(address).then((answer) => answer.text())))"""
MOST_SCRIPT = 20 * 1024
MOST_REQUESTS, MOST_FIRST_BYTES = 12, 60 * 1024


def pages(phone: Phone) -> tuple[str, ...]:
    stop = f"/today/visits/{phone.visits[0]}"
    return (
        *("/today", f"/today/{TODAY}/map", f"/today/{TODAY}/close", f"/today/{TODAY}/stops", "/outbox"),
        *(stop, f"{stop}/report", f"{stop}/missed", f"/log/expenses/new?on={TODAY}"),
    )


def test_the_screen_stays_on_while_the_map_of_the_day_is_open(aeroplane: Start) -> None:
    phone = aeroplane()
    phone.page.add_init_script(AWAKE)
    assert phone.go("/today").evaluate("window.asked") == []
    assert phone.go(f"/today/{TODAY}/map").evaluate("window.asked") == ["screen"]


def test_nothing_jumps_while_a_page_opens_with_a_network_or_without(aeroplane: Start) -> None:
    phone = aeroplane()
    phone.packed()
    shifted = {path: phone.go(path).evaluate(SHIFTED) for path in pages(phone)}
    phone.off()
    phone.report(phone.visits[0], "Laid over the page")
    shifted |= {f"{path} offline": phone.go(path).evaluate(SHIFTED) for path in pages(phone)}
    assert {path: shift for path, shift in shifted.items() if shift > MOST_SHIFT} == {}


def test_a_page_loads_few_bytes_of_script(aeroplane: Start) -> None:
    """Whatever loads them: those that a script asks for later count too."""
    phone = aeroplane()
    scripts = {path: phone.go(path).evaluate(OWN_SCRIPTS) for path in pages(phone)}
    assert all(len(found) > 4 for found in scripts.values())
    weights = {
        path: sum(len(gzip.compress(text.encode())) for text in found) for path, found in scripts.items()
    }
    assert {path: weight for path, weight in weights.items() if weight > MOST_SCRIPT} == {}


def test_whoever_wants_less_motion_gets_a_map_that_does_not_glide(aeroplane: Start) -> None:
    page = aeroplane().go(f"/today/{TODAY}/map")
    page.locator(".leaflet-container").wait_for()
    assert page.locator(".leaflet-fade-anim, .leaflet-zoom-anim").count() == 0
    page.emulate_media(reduced_motion="no-preference")
    page.reload()
    page.locator(".leaflet-container.leaflet-fade-anim").wait_for()


def test_the_first_visit_of_today_is_light(aeroplane: Start) -> None:
    """All that the page asks for in a browser with nothing kept, without the worker and the pack after it."""
    phone = aeroplane(9)
    page, asked = phone.page, []
    page.add_init_script("delete Navigator.prototype.serviceWorker")
    page.on("response", lambda answer: asked.append(answer))
    phone.go("/today")
    page.wait_for_load_state("networkidle")
    weights = {answer.url: len(gzip.compress(answer.body())) for answer in asked if "/api/" not in answer.url}
    assert len(weights) <= MOST_REQUESTS, sorted(weights)
    assert sum(weights.values()) <= MOST_FIRST_BYTES, weights


PRIMARY = """() => [...document.querySelectorAll("main .primary")].map((one) => one.getBoundingClientRect())
  .filter((box) => box.width).map((box) => box.top >= innerHeight / 2 && box.bottom <= innerHeight)"""


def test_what_one_does_next_lies_where_the_thumb_is(aeroplane: Start) -> None:
    """In the lower half of the screen, without scrolling; the outbox has the list of what waits first."""
    phone = aeroplane()
    found = {path: phone.go(path).evaluate(PRIMARY) for path in pages(phone) if path != "/outbox"}
    assert {path: low for path, low in found.items() if not all(low)} == {}
    assert sum(len(low) for low in found.values()) > len(found) / 2


def test_letters_one_types_and_primary_buttons_are_large_enough(aeroplane: Start) -> None:
    phone = aeroplane()
    for path in pages(phone):
        page = phone.go(path)
        assert page.evaluate(SMALL_LETTERS) == [], path
        assert page.evaluate(SMALL_PRIMARY) == [], path
