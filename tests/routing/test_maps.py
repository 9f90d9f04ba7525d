from __future__ import annotations

import json
import re
import zlib

import pytest

from routing.maps import (
    LegState,
    MapLeg,
    MapPlace,
    MapStop,
    PinInputs,
    PlaceKind,
    StopState,
    base_roads,
    box_around,
    day_map,
    pin_map,
    territory_map,
)
from routing.maps.base_roads import LIMIT_BYTES
from routing.network import load
from tests.routing.roads_by_hand import DEMO_NETWORK, town

EVIL = "</script><script>alert(1)</script>${alert(2)}`\"'<img src=x onerror=alert(3)>\u2028"

STOPS = [
    MapStop(10.000, 51.0, "H", "Home", StopState.HOME),
    MapStop(10.001, 51.0, "1", EVIL, StopState.NEXT, EVIL, "/accounts/1"),
]
LEGS = [MapLeg(((10.000, 51.0), (10.0005, 51.0002), (10.001, 51.0)), LegState.CURRENT)]
BOX = (9.99, 50.99, 10.01, 51.01)


def data_of(page, function):
    """What the script hands to a function of static/js/map.js."""
    (text,) = re.findall(rf"RoundsMap\.{function}\(\w+, (.*)\);", page.script)
    return json.loads(text)


def pages():
    return {
        "day": day_map("day-1", STOPS, LEGS, "/roads/1.json"),
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
    assert data_of(page, "roads") == {"url": "/roads/1.json"}


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


def test_base_roads_draw_each_street_once_and_join_what_continues():
    collection = json.loads(base_roads(town(), BOX))
    layers = {feature["properties"]["layer"]: feature["geometry"] for feature in collection["features"]}
    assert list(layers) == ["main", "small"]
    assert layers["main"]["coordinates"] == [[[10.001, 51.0], [10.002, 51.0]]]
    # 1-2 and 2-5 are two-way and yet lie there once; 3-4-1 is one line.
    points = sum(len(line) - 1 for line in layers["small"]["coordinates"])
    assert points == 4


def test_base_roads_end_at_the_box():
    collection = json.loads(base_roads(town(), (10.0015, 50.99, 10.01, 51.01)))
    lons = [
        point[0]
        for feature in collection["features"]
        for line in feature["geometry"]["coordinates"]
        for point in line
    ]
    assert min(lons) == 10.0015


def test_a_box_without_roads_is_an_empty_map():
    assert json.loads(base_roads(town(), (20, 20, 21, 21)))["features"] == []


def test_base_roads_of_a_whole_town_stay_below_the_limit_and_keep_the_main_roads():
    network = load(DEMO_NETWORK)
    text = base_roads(network, network.bounds)
    assert len(zlib.compress(text.encode())) <= LIMIT_BYTES
    assert json.loads(text)["features"][0]["properties"]["layer"] == "main"


def test_boxes_of_days_near_each_other_are_the_same():
    assert box_around([(10.001, 51.001), (10.006, 51.006)]) == box_around(
        [(10.002, 51.002), (10.005, 51.005)]
    )


def test_a_box_holds_its_points_with_room_around():
    west, south, east, north = box_around([(10.0, 51.0), (10.3, 51.0)])
    assert west < 10.0 < 10.3 < east
    assert south <= 50.85
    assert north >= 51.15
