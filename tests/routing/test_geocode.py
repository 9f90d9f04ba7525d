from __future__ import annotations

import pytest

from routing.geocode import Addresses, Exactness, FoundKind
from tests.routing.addresses_by_hand import ALTDORF, build, high_street, house, node, way


@pytest.fixture(scope="module")
def addresses(tmp_path_factory):
    path = tmp_path_factory.mktemp("addresses") / "addresses.sqlite"
    build(path)
    with Addresses(path) as opened:
        yield opened


def point(found):
    return round(found.lon, 6), round(found.lat, 6)


def at(lon, lat):
    return round(lon, 6), round(lat, 6)


@pytest.mark.parametrize(
    "text",
    [
        "High Street 9, 12345 Altdorf",
        "9 High Street, Altdorf",
        "high st. 9 altdorf",
        "9, High St, 12345",
        "Altdorf, High Street 9",
        "12345 Altdorf, High Street 9",
        "High Street No. 9, Altdorf",
        "High Street 9, Apt 4, Altdorf",
        "Hihg Street 9, Altdorf",
        "Hgh Stret 9, Altdorf",
        "  HIGH   STREET 9 ;  ALTDORF ",
    ],
)
def test_an_address_is_found_however_it_is_typed(addresses, text):
    best = addresses.find(text)[0]
    assert (best.kind, best.exactness) == (FoundKind.ADDRESS, Exactness.HOUSE)
    assert point(best) == at(*high_street(9))


@pytest.mark.parametrize(
    ("text", "label"),
    [
        ("Hauptstr. 8", "Hauptstraße 8, 12345 Altdorf"),
        ("hauptstrasse 8", "Hauptstraße 8, 12345 Altdorf"),
        ("Haupt Straße 8", "Hauptstraße 8, 12345 Altdorf"),
        ("Haupstrasse 8", "Hauptstraße 8, 12345 Altdorf"),
        ("St Marys Rd 12", "Saint Mary's Road 12, 12345 Altdorf"),
        ("12 St. Mary’s Road", "Saint Mary's Road 12, 12345 Altdorf"),
        ("Cafe Muller Weg 3", "Café-Müller-Weg 3, 12345 Altdorf"),
        ("Cafe-Mueller-Weg 3", "Café-Müller-Weg 3, 12345 Altdorf"),
        ("Café Müllerweg 3", "Café-Müller-Weg 3, 12345 Altdorf"),
        ("High Street 7b Altdorf", "High Street 7b, 12345 Altdorf"),
        ("High Street 7 b Altdorf", "High Street 7b, 12345 Altdorf"),
        ("High Street 16, Altdorf", "High Street 14-18, 12345 Altdorf"),
        ("Weiler 4", "Weiler 4"),
    ],
)
def test_abbreviations_accents_and_spaces_do_not_matter(addresses, text, label):
    best = addresses.find(text)[0]
    assert (best.kind, best.label) == (FoundKind.ADDRESS, label)


def test_the_same_address_in_two_towns_is_offered_twice_and_as_good(addresses):
    first, second = addresses.find("High Street 1")[:2]
    assert {first.label, second.label} == {"High Street 1, 12345 Altdorf", "High Street 1, 54321 Neustadt"}
    assert first.score == second.score


@pytest.mark.parametrize(
    "text", ["High Street 1, Neustadt", "High Street 1, Newtown", "54321, High Street 1"]
)
def test_town_or_postcode_decides_between_two(addresses, text):
    found = addresses.find(text)
    assert found[0].label == "High Street 1, 54321 Neustadt"
    assert len(found) == 1 or found[0].score > found[1].score


def test_the_wrong_town_makes_an_address_doubtful(addresses):
    best = addresses.find("Hauptstraße 8, Neustadt")[0]
    assert (best.label, best.score < 0.9) == ("Hauptstraße 8, 12345 Altdorf", True)


def test_a_number_the_map_lacks_lies_between_its_neighbours_and_is_called_a_street(addresses):
    # 5 stands two steps from the corner, 9 four; 7 is known as 7a and 7b only.
    best = addresses.find("High Street 13, Altdorf")[0]
    assert (best.kind, best.exactness, best.near) == (FoundKind.STREET, Exactness.BETWEEN, "9 – 21")
    nine, twenty_one = high_street(9), high_street(21)
    assert point(best) == at(nine[0] + (twenty_one[0] - nine[0]) * 4 / 12, nine[1])


def test_a_number_beyond_the_last_takes_the_nearest_and_says_so(addresses):
    best = addresses.find("High Street 25, Altdorf")[0]
    assert (best.kind, best.exactness, best.near) == (FoundKind.STREET, Exactness.NEAREST, "21")
    assert point(best) == at(*high_street(21))


def test_a_number_far_from_all_known_says_only_the_street(addresses):
    best = addresses.find("High Street 900, Altdorf")[0]
    assert (best.kind, best.exactness, best.near) == (FoundKind.STREET, Exactness.MIDDLE, "")


def test_a_street_alone_is_found_on_its_course(addresses):
    best = addresses.find("Hauptstrasse")[0]
    assert (best.kind, best.label) == (FoundKind.STREET, "Hauptstraße, Altdorf")
    assert best.lat == 51.004
    assert 10.0 <= best.lon <= 10.004


def test_a_street_goes_by_its_other_names_too(addresses):
    assert addresses.find("Alte Gasse 3")[0].label == "Café-Müller-Weg 3, 12345 Altdorf"


def test_a_place_alone_is_called_a_place(addresses):
    best = addresses.find("altdorf")[0]
    assert (best.kind, best.label, point(best)) == (FoundKind.PLACE, "Altdorf", at(*ALTDORF))


def test_an_unknown_street_in_a_known_town_finds_the_town_and_not_another_street(addresses):
    found = addresses.find("Zwetschgenallee 3, Altdorf")
    assert [(one.kind, one.label) for one in found] == [(FoundKind.PLACE, "Altdorf")]
    assert found[0].score < 0.9


@pytest.mark.parametrize(
    "text", ["", "  ,;", "zzzz", "***", "5", '"', "name_index MATCH", "a" * 5000, "1 " * 500]
)
def test_what_is_not_there_is_not_found(addresses, text):
    assert addresses.find(text) == ()


def test_no_more_is_answered_than_asked_for(addresses):
    assert len(addresses.find("High Street 1", limit=1)) == 1
    assert addresses.find("High Street 1", limit=0) == ()


def test_bus_stops_and_streets_not_yet_built_are_no_streets(addresses):
    assert "High Street East" not in {one.label for one in addresses.find("High Street East")}
    assert addresses.find("Promised Road") == ()


def test_a_shop_that_repeats_the_address_of_its_house_is_no_second_one(addresses):
    found = [one.label for one in addresses.find("High Street 5") if one.kind is FoundKind.ADDRESS]
    assert found == ["High Street 5, 12345 Altdorf"]


def test_the_number_comes_first_where_the_country_writes_it_first(tmp_path):
    build(tmp_path / "a.sqlite", [house("Oak Road", "7", (1.0, 1.0), addr__country="GB", addr__city="Ely")])
    with Addresses(tmp_path / "a.sqlite") as addresses:
        assert addresses.find("oak road 7")[0].label == "7 Oak Road, Ely"


def test_streets_of_one_name_in_one_town_are_told_apart_by_a_street_beside(tmp_path):
    elements = [
        node(10.0, 51.0, place="city", name="Altdorf"),
        way([(10.0, 51.0), (10.001, 51.0)], highway="residential", name="Mill Lane"),
        way([(10.0, 51.001), (10.01, 51.001)], highway="primary", name="North Road"),
        way([(10.05, 51.0), (10.051, 51.0)], highway="residential", name="Mill Lane"),
        way([(10.05, 51.001), (10.06, 51.001)], highway="primary", name="East Road"),
    ]
    build(tmp_path / "a.sqlite", elements)
    with Addresses(tmp_path / "a.sqlite") as addresses:
        labels = {one.label for one in addresses.find("Mill Lane")}
    assert labels == {"Mill Lane, Altdorf (North Road)", "Mill Lane, Altdorf (East Road)"}


def test_a_long_straight_road_is_one_street(tmp_path):
    build(tmp_path / "a.sqlite", [way([(10.0, 51.0), (10.3, 51.0)], highway="trunk", name="Long Road")])
    with Addresses(tmp_path / "a.sqlite") as addresses:
        assert len(addresses.find("Long Road")) == 1


def test_streets_called_by_a_number_are_found(tmp_path):
    elements = [
        way([(10.0, 51.0), (10.001, 51.0)], highway="residential", name="5th Avenue"),
        way([(10.0, 51.1), (10.001, 51.1)], highway="residential", name="Calle 7"),
        house("Calle 7", "12", (10.0, 51.1)),
    ]
    build(tmp_path / "a.sqlite", elements)
    with Addresses(tmp_path / "a.sqlite") as addresses:
        assert addresses.find("5th ave 100")[0].label == "5th Avenue"
        assert addresses.find("Calle 7 12")[0].kind is FoundKind.ADDRESS
        assert addresses.find("C. 7 nº 12")[0].kind is FoundKind.ADDRESS
