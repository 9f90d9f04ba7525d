from __future__ import annotations

import sqlite3
from contextlib import closing

import osmium
import pytest

from routing.errors import (
    AddressesFormat,
    AddressesMissing,
    AddressesUnreadable,
    MapFileUnreadable,
    NothingToFind,
)
from routing.geocode import Addresses, Counts, FoundKind, address_file, streets_only
from routing.geocode.map_file import build_addresses
from routing.network import load
from tests.routing.addresses_by_hand import build, house, node
from tests.routing.roads_by_hand import DEMO_NETWORK, town

PEOPLE = {
    1: ((10.0, 51.0), {}),
    2: ((10.002, 51.0), {}),
    3: ((10.001, 51.001), {"addr:street": "Ring", "addr:housenumber": "5", "addr:city": "Altdorf"}),
    4: ((10.0, 51.002), {}),
    5: ((10.002, 51.002), {}),
    6: ((10.002, 51.004), {}),
    7: ((10.0, 51.0), {"place": "village", "name": "Altdorf"}),
}
WAYS = {
    10: ([1, 2], {"highway": "residential", "name": "Ring"}),
    11: ([4, 5, 6, 4], {"building": "yes", "addr:street": "Ring", "addr:housenumber": "7"}),
    12: ([5, 99], {"highway": "residential", "name": "Torn"}),
    13: ([98, 99], {"highway": "residential", "name": "Elsewhere"}),
}


def write_map(path, date=""):
    header = osmium.io.Header()
    if date:
        header.set("osmosis_replication_timestamp", date)
    with osmium.SimpleWriter(str(path), header=header) as writer:
        for number, (location, tags) in PEOPLE.items():
            writer.add_node(osmium.osm.mutable.Node(id=number, location=location, tags=tags))
        for number, (nodes, tags) in WAYS.items():
            writer.add_way(osmium.osm.mutable.Way(id=number, nodes=nodes, tags=tags))
    return path


def best(path, text):
    with Addresses(path) as addresses:
        return addresses.find(text)[0]


@pytest.mark.parametrize("ending", ["osm", "osm.pbf"])
def test_houses_buildings_streets_and_places_of_a_map_file_are_found(tmp_path, ending):
    target = tmp_path / "here" / "addresses.sqlite"
    steps = []
    counts = build_addresses(write_map(tmp_path / f"map.{ending}"), target, steps.append)
    assert counts == Counts(addresses=2, streets=2, places=1)
    assert steps == ["Reading addresses and street names", "Writing the address list"]
    corner = best(target, "Ring 5")
    assert (corner.label, round(corner.lon, 6), round(corner.lat, 6)) == ("Ring 5, Altdorf", 10.001, 51.001)
    building = best(target, "Ring 7")
    assert (round(building.lon, 6), round(building.lat, 6)) == (10.001, 51.003)
    assert best(target, "Torn").kind is FoundKind.STREET


def test_the_file_tells_where_it_comes_from_and_of_which_date(tmp_path):
    target = tmp_path / "addresses.sqlite"
    build_addresses(write_map(tmp_path / "map.osm.pbf", "2026-02-01T00:00:00Z"), target)
    with Addresses(target) as addresses:
        told = (addresses.source, addresses.source_date, addresses.counts.addresses)
        assert told == ("OpenStreetMap, map.osm.pbf", "2026-02-01T00:00:00Z", 2)
        assert "OpenStreetMap contributors" in addresses.attribution
    build_addresses(tmp_path / "map.osm.pbf", target, source="A town", source_date="2026-03-01")
    with Addresses(target) as addresses:
        assert (addresses.source, addresses.source_date) == ("A town", "2026-03-01")


def test_building_twice_gives_the_same_answers(tmp_path):
    build(tmp_path / "one.sqlite")
    build(tmp_path / "two.sqlite")
    with Addresses(tmp_path / "one.sqlite") as one, Addresses(tmp_path / "two.sqlite") as two:
        for text in ("High Street 1", "High", "Neustad", "Hauptstr 9"):
            assert one.find(text) == two.find(text)


def test_no_map_file_leaves_the_former_addresses_alone(tmp_path):
    target = tmp_path / "addresses.sqlite"
    build(target)
    former = target.read_bytes()
    (tmp_path / "no.osm").write_text("lon,lat\n", encoding="utf-8")
    with pytest.raises(MapFileUnreadable, match=r"no\.osm cannot be read"):
        build_addresses(tmp_path / "no.osm", target)
    assert target.read_bytes() == former
    assert list(tmp_path.glob(".*")) == []


def test_map_data_without_a_name_is_refused(tmp_path):
    with pytest.raises(NothingToFind):
        build(tmp_path / "addresses.sqlite", [node(1.0, 1.0, amenity="bench")])
    assert list(tmp_path.iterdir()) == []


@pytest.mark.parametrize("number", ["", "s/n", "?", "-"])
def test_a_house_whose_number_is_none_is_left_out(tmp_path, number):
    counts = build(tmp_path / "a.sqlite", [house("Ring", number, (1.0, 1.0))])
    assert counts.addresses == 0


def test_elements_without_a_point_are_left_out(tmp_path):
    torn = {"type": "way", "id": 3, "tags": {"highway": "residential", "name": "Torn"}}
    holed = {
        "type": "way",
        "tags": {"highway": "residential", "name": "Ring"},
        "geometry": [None, {"lon": 1.0, "lat": 1.0}],
    }
    centred = {
        "type": "way",
        "tags": {"addr:street": "Ring", "addr:housenumber": "9"},
        "center": {"lon": 1.001, "lat": 1.0},
    }
    counts = build(tmp_path / "a.sqlite", [torn, holed, centred, {"type": "count"}])
    assert counts == Counts(addresses=1, streets=1, places=0)


def test_a_network_without_addresses_still_finds_its_streets(tmp_path):
    counts = streets_only(town(), tmp_path / "addresses.sqlite")
    assert (counts.addresses, counts.streets) == (0, 4)
    found = best(tmp_path / "addresses.sqlite", "hihg street 12")
    assert (found.kind, found.label) == (FoundKind.STREET, "High Street")


def test_the_demo_s_streets_are_found_without_their_accents(tmp_path):
    counts = streets_only(load(DEMO_NETWORK), tmp_path / "addresses.sqlite")
    assert counts.streets > 2000
    found = best(tmp_path / "addresses.sqlite", "Av. Francisco de Aguire 120, La Serena")
    assert (found.kind, found.label[:28]) == (FoundKind.STREET, "Avenida Francisco de Aguirre")


def test_the_addresses_lie_beside_their_network(tmp_path):
    assert address_file(tmp_path, "girona") == tmp_path / "girona" / "addresses.sqlite"


def test_no_file_is_said_by_the_name_of_the_roads(tmp_path):
    with pytest.raises(AddressesMissing, match="no address list for the roads girona"):
        Addresses(address_file(tmp_path, "girona"))


@pytest.mark.parametrize("content", [b"", b"not a database", b"SQLite format 3\0" + b"\0" * 2000])
def test_a_foreign_file_is_refused(tmp_path, content):
    path = tmp_path / "addresses.sqlite"
    path.write_bytes(content)
    with pytest.raises(AddressesUnreadable, match="not an address file"):
        Addresses(path)


def test_another_database_is_refused(tmp_path):
    path = tmp_path / "addresses.sqlite"
    with closing(sqlite3.connect(path)) as other:
        other.execute("CREATE TABLE thing (id)")
    with pytest.raises(AddressesUnreadable, match="not an address file"):
        Addresses(path)


@pytest.mark.parametrize("lost", [1, 4096, 50_000])
def test_a_file_that_is_cut_off_is_refused(tmp_path, lost):
    path = tmp_path / "addresses.sqlite"
    build(path)
    path.write_bytes(path.read_bytes()[:-lost])
    with pytest.raises(AddressesUnreadable, match="damaged"):
        Addresses(path)


def test_a_later_format_is_refused_with_both_numbers(tmp_path):
    path = tmp_path / "addresses.sqlite"
    build(path)
    with closing(sqlite3.connect(path)) as file:
        file.execute("PRAGMA user_version = 99")
    with pytest.raises(AddressesFormat, match="format 99; this program reads format 1"):
        Addresses(path)


def test_damage_inside_is_told_when_it_is_met(tmp_path):
    path = tmp_path / "addresses.sqlite"
    build(path)
    content = bytearray(path.read_bytes())
    content[4096:] = b"\xff" * (len(content) - 4096)
    path.write_bytes(content)
    with pytest.raises(AddressesUnreadable, match="damaged"):
        Addresses(path)


def test_an_open_file_answers_as_before_while_a_new_one_takes_its_place(tmp_path):
    path = tmp_path / "addresses.sqlite"
    build(path)
    with Addresses(path) as addresses:
        build(path, [house("Oak Road", "7", (1.0, 1.0))])
        assert addresses.find("Hauptstraße 8")
    with Addresses(path) as addresses:
        assert addresses.find("Hauptstraße 8") == ()
        assert addresses.find("Oak Road 7")
