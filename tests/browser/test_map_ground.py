"""What lies beneath a map, in a real browser: streets on canvas, their names, a tile server's pictures."""

from __future__ import annotations

import io
import threading
from collections.abc import Callable, Iterator
from dataclasses import dataclass, field
from http.server import BaseHTTPRequestHandler, ThreadingHTTPServer
from itertools import pairwise
from typing import Any

import pytest
from PIL import Image

from routing.maps import Ground, GroundWords, MapStop, Tiles, day_map
from routing.network import RoadNetwork, load
from tests.browser.conftest import LAPTOP, PHONE, Window
from tests.browser.map_site import MapSite, ground
from tests.routing.roads_by_hand import CROSSINGS, DEMO_NETWORK, ORIGIN, assemble, road, town

pytestmark = pytest.mark.browser

PLAZA = (-29.9045, -71.2489)
COQUIMBO = (-29.96, -71.335)
STOPS = [MapStop(-71.2489, -29.9045, "1", "Kiosco"), MapStop(-71.24, -29.91, "2", "Taller")]
WORDS = GroundWords()

PIXELS = """canvas => {
  const copy = new OffscreenCanvas(canvas.width, canvas.height).getContext('2d', {willReadFrequently: true});
  copy.drawImage(canvas, 0, 0);
  return copy.getImageData(0, 0, canvas.width, canvas.height).data;
}"""
CANVASES = f"[...document.querySelectorAll('canvas.map-streets')].map({PIXELS})"
PAINTED = f"""() => {CANVASES}.reduce((sum, pixels) => {{
  for (let i = 3; i < pixels.length; i += 4) if (pixels[i] > 200) sum++;
  return sum;
}}, 0)"""
BRIGHTEST = f"""() => {CANVASES}.reduce((most, pixels) => {{
  for (let i = 0; i < pixels.length; i += 4) if (pixels[i + 3] > 250) most = Math.max(most, pixels[i]);
  return most;
}}, 0)"""
GO = """([lat, lon, zoom]) => {
  const name = Object.keys(window).find(key => key.startsWith('map_'));
  window[name].setView([lat, lon], zoom, {animate: false});
}"""
OVERLAPS = """() => {
  const boxes = [...document.querySelectorAll('.map-name')].map(label => {
    const [x, y] = label.style.transform.match(/-?[\\d.]+px/g).map(parseFloat);
    const angle = parseFloat(label.style.transform.match(/rotate\\((.*)rad/)[1]);
    return {x, y, angle, wide: label.offsetWidth / 2, high: label.offsetHeight / 2, name: label.textContent};
  });
  const reach = (box, angle) => Math.abs(Math.cos(box.angle - angle)) * box.wide
    + Math.abs(Math.sin(box.angle - angle)) * box.high;
  const apart = (one, other, angle) => Math.abs((one.x - other.x) * Math.cos(angle)
    + (one.y - other.y) * Math.sin(angle)) > reach(one, angle) + reach(other, angle);
  const found = [];
  boxes.forEach((one, i) => boxes.slice(i + 1).forEach(other => {
    const angles = [one.angle, one.angle + Math.PI / 2, other.angle, other.angle + Math.PI / 2];
    if (!angles.some(angle => apart(one, other, angle))) found.push(one.name + ' / ' + other.name);
  }));
  return found;
}"""


@pytest.fixture(scope="module")
def network() -> RoadNetwork:
    return load(DEMO_NETWORK)


@dataclass
class Shown:
    """A window on a map of the demo town, and the site behind it."""

    site: MapSite
    window: Window

    @property
    def page(self) -> Any:
        return self.window.page

    def go(self, lat: float, lon: float, zoom: int) -> None:
        self.page.evaluate(GO, [lat, lon, zoom])
        self.page.wait_for_load_state("networkidle")

    def wait_until_painted(self) -> None:
        self.page.wait_for_function(f"() => ({PAINTED})() > 500")

    def cells(self) -> list[str]:
        return [url.split("/cells/")[1] for url in self.window.asked if "/cells/" in url]


@pytest.fixture
def show(serve: Callable[..., str], open_window: Callable[..., Window]) -> Callable[..., Shown]:
    def shown(
        site_network: RoadNetwork,
        beneath: Ground | None = None,
        size: tuple[int, int] = LAPTOP,
        colours: str = "light",
        stops: list[MapStop] = STOPS,
        **site_values: Any,
    ) -> Shown:
        page = day_map("day", stops, [], ground(site_network) if beneath is None else beneath)
        site = MapSite(site_network, {"day": page}, **site_values)
        window = open_window(serve(site.app()), size, colours)
        window.go("/day.html")
        return Shown(site, window)

    return shown


def test_streets_are_drawn_on_canvas_and_not_as_thousands_of_elements(
    show: Callable[..., Shown], network: RoadNetwork
) -> None:
    shown = show(network)
    shown.wait_until_painted()
    for zoom in (12, 14, 16):
        shown.go(*PLAZA, zoom)
        assert shown.page.locator(".map *").count() < 200
        assert shown.page.locator(".map path").count() == 0
    assert shown.window.said == []


def test_closer_in_finer_cells_are_fetched_and_only_for_what_is_in_view(
    show: Callable[..., Shown], network: RoadNetwork
) -> None:
    shown = show(network)
    shown.wait_until_painted()
    shown.window.asked.clear()
    shown.go(*PLAZA, 15)
    shown.page.wait_for_function("() => document.querySelectorAll('.map-name').length > 0")
    assert {cell.split("/")[0] for cell in shown.cells()} == {"14"}
    assert 0 < len(shown.cells()) <= 16
    shown.window.asked.clear()
    shown.go(*PLAZA, 18)
    assert shown.cells() == [], "the finest cells are enlarged, nothing more is asked for"
    assert shown.page.evaluate(PAINTED) > 500


def test_nothing_is_asked_for_where_there_are_no_roads(
    show: Callable[..., Shown], network: RoadNetwork
) -> None:
    shown = show(network)
    shown.wait_until_painted()
    shown.window.asked.clear()
    shown.go(10.0, 10.0, 14)
    assert shown.cells() == []


@pytest.mark.parametrize("zoom", [13, 15, 17])
def test_names_never_lie_over_each_other(show: Callable[..., Shown], network: RoadNetwork, zoom: int) -> None:
    shown = show(network)
    shown.go(*PLAZA, zoom)
    shown.page.wait_for_function("() => document.querySelectorAll('.map-name').length > 0")
    assert shown.page.evaluate(OVERLAPS) == []
    assert all(shown.page.locator(".map-name").all_inner_texts())


def test_a_phone_shows_no_names_from_far_off_and_some_close_by(
    show: Callable[..., Shown], network: RoadNetwork
) -> None:
    shown = show(network, size=PHONE)
    shown.go(*PLAZA, 16)
    shown.page.wait_for_function("() => document.querySelectorAll('.map-name').length > 0")
    shown.go(*PLAZA, 13)
    shown.wait_until_painted()
    shown.page.wait_for_timeout(400)
    assert shown.page.locator(".map-name").count() == 0


def test_a_street_s_name_stays_text_and_is_nothing_a_reader_must_hear(show: Callable[..., Shown]) -> None:
    evil = "<img src=x onerror=document.title='owned'>"
    made = assemble(CROSSINGS, [road(1, 2, 100, 10), road(3, 4, 300, 40, evil)], ORIGIN)
    shown = show(made, stops=[MapStop(10.0, 50.999, "1", "Kiosco")])
    shown.go(50.999, 10.0015, 18)
    label = shown.page.locator(".map-name")
    label.first.wait_for()
    assert label.first.inner_text() == evil
    assert shown.page.title() == "map"
    assert shown.page.locator("[aria-hidden=true] .map-name").count() == label.count()


def test_the_streets_follow_light_and_dark_without_a_reload(
    show: Callable[..., Shown], network: RoadNetwork
) -> None:
    shown = show(network, colours="light")
    shown.wait_until_painted()
    assert shown.page.evaluate(BRIGHTEST) > 180
    shown.window.asked.clear()
    shown.page.emulate_media(color_scheme="dark")
    shown.page.wait_for_function(f"() => ({BRIGHTEST})() < 120")
    assert shown.window.asked == []


def test_a_ferry_is_dashed(show: Callable[..., Shown]) -> None:
    across = [0, 0, 700, 1024, 0]
    shown = show(town(), stops=[MapStop(10.001, 51.0, "1", "Kiosco")], also={"ferry": [across]})
    shown.go(51.0, 10.001, 14)
    shown.page.wait_for_function("() => document.querySelectorAll('canvas.map-streets').length > 0")
    shown.page.wait_for_timeout(300)
    row = f"""() => {{
      const wide = document.querySelector('canvas.map-streets').width, pixels = {CANVASES}[0];
      const found = [], at = Math.round(wide * 700 / 1024) * wide;
      for (let i = 0; i < wide; i++) found.push(pixels[(at + i) * 4 + 3] > 0);
      return found;
    }}"""
    inked = shown.page.evaluate(row)
    changes = sum(one != other for one, other in pairwise(inked))
    assert changes > 20, "strokes and gaps take turns"


def test_who_made_the_map_data_is_named_in_sight_on_a_phone(
    show: Callable[..., Shown], network: RoadNetwork
) -> None:
    shown = show(network, size=PHONE)
    credit = shown.page.locator(".leaflet-control-attribution a")
    assert credit.inner_text() == "© OpenStreetMap contributors"
    box, frame = credit.bounding_box(), shown.page.locator(".map").bounding_box()
    assert frame["x"] <= box["x"]
    assert box["x"] + box["width"] <= frame["x"] + frame["width"]


def test_while_the_server_is_away_the_stops_stay_and_the_map_says_what_is_missing(
    show: Callable[..., Shown], network: RoadNetwork
) -> None:
    shown = show(network, away=True)
    note = shown.page.get_by_role("status")
    shown.page.get_by_text(WORDS.failed).wait_for()
    assert shown.page.locator(".map-stop").all_inner_texts() == ["1", "2"]
    shown.site.away = False
    shown.page.evaluate("window.dispatchEvent(new Event('online'))")
    shown.wait_until_painted()
    shown.page.wait_for_function("() => !document.querySelector('.map-note').textContent")
    assert note.inner_text() == ""


def test_when_only_finer_streets_fail_the_first_ones_stay(
    show: Callable[..., Shown], network: RoadNetwork
) -> None:
    shown = show(network)
    shown.wait_until_painted()
    shown.site.away = True
    shown.go(*COQUIMBO, 14)
    shown.page.get_by_text(WORDS.failed).wait_for()
    assert shown.page.evaluate(PAINTED) > 500


def test_without_a_network_the_map_says_so(show: Callable[..., Shown], network: RoadNetwork) -> None:
    words = GroundWords(missing="The streets are missing. There is no road network named <b>x</b>.")
    shown = show(network, Ground(words=words))
    assert shown.page.get_by_role("status").inner_text() == words.missing
    assert shown.page.locator(".map-stop").count() == 2
    assert shown.window.said == []


@dataclass
class TileServer:
    """A little server of one picture. ``away`` makes it fail; ``asked`` are its paths, ``sent_from`` the
    addresses browsers said they come from."""

    away: bool = False
    asked: list[str] = field(default_factory=list)
    sent_from: list[str] = field(default_factory=list)
    address: str = ""


@pytest.fixture
def tiles() -> Iterator[TileServer]:
    state = TileServer()
    file = io.BytesIO()
    Image.new("RGB", (256, 256), (200, 30, 30)).save(file, "PNG")

    class Handler(BaseHTTPRequestHandler):
        def do_GET(self) -> None:
            state.asked.append(self.path)
            state.sent_from.append(self.headers.get("Referer", ""))
            self.send_response(503 if state.away else 200)
            self.send_header("Content-Type", "image/png")
            self.end_headers()
            if not state.away:
                self.wfile.write(file.getvalue())

        def log_message(self, format: str, *args: object) -> None:
            """Quiet."""

    server = ThreadingHTTPServer(("127.0.0.1", 0), Handler)
    thread = threading.Thread(target=server.serve_forever, daemon=True)
    thread.start()
    state.address = f"http://127.0.0.1:{server.server_port}"
    yield state
    server.shutdown()
    thread.join()
    server.server_close()


def with_tiles(network: RoadNetwork, server: TileServer) -> Ground:
    return ground(network, tiles=Tiles(server.address + "/t/{z}/{x}/{y}.png", "Pictures by <b>Us</b>"))


def test_pictures_of_a_tile_server_are_shown_and_its_owner_is_named(
    show: Callable[..., Shown], network: RoadNetwork, tiles: TileServer
) -> None:
    shown = show(network, with_tiles(network, tiles), pictures_from=tiles.address)
    shown.page.locator("img.leaflet-tile-loaded").first.wait_for()
    assert "Pictures by <b>Us</b>" in shown.page.locator(".leaflet-control-attribution").inner_text()
    assert "© OpenStreetMap contributors" in shown.page.locator(".leaflet-control-attribution").inner_text()
    assert shown.page.locator("canvas.map-streets").count() == 0
    assert set(tiles.sent_from) == {shown.window.address + "/"}, "the site, not the page"
    assert shown.window.said == []


def test_a_page_that_does_not_name_the_tile_server_blocks_its_pictures(
    show: Callable[..., Shown], network: RoadNetwork, tiles: TileServer
) -> None:
    shown = show(network, with_tiles(network, tiles))
    shown.page.get_by_text(WORDS.tiles_failed).wait_for()
    assert tiles.asked == []


def test_one_can_choose_the_streets_instead_by_keyboard(
    show: Callable[..., Shown], network: RoadNetwork, tiles: TileServer
) -> None:
    shown = show(network, with_tiles(network, tiles), pictures_from=tiles.address)
    shown.page.locator("img.leaflet-tile-loaded").first.wait_for()
    shown.page.locator(".leaflet-control-layers-toggle").focus()
    shown.page.keyboard.press("Enter")
    choice = shown.page.get_by_label(WORDS.streets)
    choice.focus()
    shown.page.keyboard.press("Space")
    shown.wait_until_painted()
    assert shown.page.locator("img.leaflet-tile").count() == 0
    assert "Pictures by" not in shown.page.locator(".leaflet-control-attribution").inner_text()
    assert "© OpenStreetMap contributors" in shown.page.locator(".leaflet-control-attribution").inner_text()


def test_when_the_tile_server_is_away_the_streets_take_its_place(
    show: Callable[..., Shown], network: RoadNetwork, tiles: TileServer
) -> None:
    tiles.away = True
    shown = show(network, with_tiles(network, tiles), pictures_from=tiles.address)
    shown.page.get_by_text(WORDS.tiles_failed).wait_for()
    shown.wait_until_painted()
    assert shown.page.locator(".map-stop").count() == 2
