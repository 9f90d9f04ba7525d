from __future__ import annotations

import json
import re

import pytest

from routing.maps import (
    Ground,
    LegState,
    MapLeg,
    MapPlace,
    MapStop,
    PinInputs,
    PlaceKind,
    StopState,
    Tiles,
    box_around,
    day_map,
    pin_map,
    territory_map,
)

EVIL = "</script><script>alert(1)</script>${alert(2)}`\"'<img src=x onerror=alert(3)>\u2028"

STOPS = [
    MapStop(10.000, 51.0, "H", "Home", StopState.HOME),
    MapStop(10.001, 51.0, "1", EVIL, StopState.NEXT, EVIL, "/accounts/1"),
]
LEGS = [MapLeg(((10.000, 51.0), (10.0005, 51.0002), (10.001, 51.0)), LegState.CURRENT)]
BOX = (9.99, 50.99, 10.01, 51.01)
GROUND = Ground("/maps/first.json", "/maps/{z}/{x}/{y}.json", BOX)
TILES = "https://tiles.example.org/{z}/{x}/{y}.png?key=a'b"


def data_of(page, function):
    """What the script hands to a function of static/js/map.js."""
    (text,) = re.findall(rf"RoundsMap\.{function}\(\w+, (.*)\);", page.script)
    return json.loads(text)


def pages():
    return {
        "day": day_map("day-1", STOPS, LEGS, GROUND),
        "territory": territory_map("t", [MapPlace(10, 51, EVIL, PlaceKind.A, EVIL)], BOX),
        "pin": pin_map("pin", (10.0, 51.0), BOX),
    }


@pytest.mark.parametrize("name", ["day", "territory", "pin"])
def test_a_map_asks_for_nothing_from_elsewhere_and_has_no_script_in_its_html(name):
    page = pages()[name]
    assert not re.search(r"https?://|//cdn|@import", page.html + page.script)
    assert not re.search(r"<script|<style|style=|\son\w+=", page.html)
    assert "$(" not in page.script, "jQuery is not there"


@pytest.mark.parametrize("name", ["day", "territory"])
def test_what_people_write_reaches_the_script_only_as_data(name):
    script = pages()[name].script
    assert "<" not in script, "nothing can close the script or open a tag"
    assert "\u2028" not in script
    lines = [line for line in script.splitlines() if "alert(" in line]
    assert lines
    assert all(line.strip().startswith("RoundsMap.") for line in lines)


def test_names_arrive_whole():
    page = pages()["day"]
    stop = data_of(page, "stops")["stops"][1]
    assert (stop["name"], stop["detail"], stop["state"], stop["label"]) == (EVIL, EVIL, "next", "1")
    assert data_of(page, "ground")["first_url"] == "/maps/first.json"


@pytest.mark.parametrize("name", ["day", "territory", "pin"])
def test_the_same_input_gives_the_same_html_and_script(name):
    assert pages()[name] == pages()[name]


def test_two_maps_on_one_page_do_not_share_ids():
    ids = [set(re.findall(r"var (\w+)", pin_map(key, None, BOX).script)) for key in ("one", "two")]
    assert ids[0]
    assert not ids[0] & ids[1]


def test_a_key_cannot_break_out_of_the_id():
    page = pin_map('a"><b onload=x ', None, BOX)
    assert re.fullmatch(r'<div class="folium-map" id="map_\w+" ?></div>', page.html)


def test_a_leg_is_drawn_in_driving_order_with_its_state():
    script = pages()["day"].script
    assert "[[51.0, 10.0], [51.0002, 10.0005], [51.0, 10.001]]" in script
    assert "map-leg map-leg-current" in script


def test_a_map_is_laid_out_once_before_anything_lies_on_it():
    script = pages()["day"].script
    assert '"zoom":' not in script, "Leaflet would lay it out for a view that nobody sees"
    assert script.index("fitBounds") < script.index("L.polyline") < script.index("RoundsMap.ground")


def test_the_map_shows_all_of_the_day():
    assert "[[51.0, 10.0], [51.0002, 10.001]]" in pages()["day"].script


def test_a_day_without_stops_has_no_map():
    with pytest.raises(ValueError, match="at least one point"):
        day_map("day", [], [])


def test_a_territory_without_accounts_shows_its_area():
    assert "[[50.99, 9.99], [51.01, 10.01]]" in territory_map("t", [], BOX).script


def test_a_pin_map_names_the_fields_it_fills_in():
    page = pin_map("pin", None, BOX, inputs=PinInputs(lon="account-lon", lat="account-lat"))
    assert data_of(page, "pin") == {"pin": None, "inputs": {"lon": "account-lon", "lat": "account-lat"}}


def test_boxes_of_days_near_each_other_are_the_same():
    assert box_around([(10.001, 51.001), (10.006, 51.006)]) == box_around(
        [(10.002, 51.002), (10.005, 51.005)]
    )


def test_a_box_holds_its_points_with_room_around():
    west, south, east, north = box_around([(10.0, 51.0), (10.3, 51.0)])
    assert west < 10.0 < 10.3 < east
    assert south <= 50.85
    assert north >= 51.15


def test_a_map_of_roads_alone_has_no_picture_layer():
    assert "L.tileLayer" not in pages()["day"].script


def test_the_pictures_of_a_tile_server_lie_beneath_with_the_roads_as_the_alternative():
    page = day_map("day-1", STOPS, LEGS, Ground("/f", "/{z}/{x}/{y}", BOX, tiles=Tiles(TILES, "© Somebody")))
    assert json.dumps(TILES)[1:-1].replace("'", "\\u0027") in page.script
    assert '"referrerPolicy": "origin"' in page.script, "a tile server learns the site, never the page"
    assert data_of(page, "ground")["cells_url"] == "/{z}/{x}/{y}"


def test_an_attribution_is_text_in_which_addresses_are_links():
    text = "<img src=x onerror=alert(1)> © Us & Them https://example.org/a?b=1&c, all rights."
    page = pin_map("pin", None, BOX, Ground(tiles=Tiles(TILES, text)))
    (shown,) = re.findall(r'^ *"attribution": (".*"),$', page.script, re.MULTILINE)
    assert json.loads(shown) == (
        "&lt;img src=x onerror=alert(1)&gt; © Us &amp; Them "
        '<a href="https://example.org/a?b=1&amp;c" rel="noopener">example.org/a?b=1&amp;c</a>, all rights.'
    )


def test_a_map_is_shown_at_once_and_zooms_no_further_than_streets_make_sense():
    script = pages()["day"].script
    assert '"animate": false' in script
    assert '"maxZoom": 19' in script
