from __future__ import annotations

import osmium
import pytest
from flask import Flask

from planner.cli import addresses
from planner.cli.roads import roads_cli
from routing.geocode import address_file
from routing.network import install
from tests.routing.roads_by_hand import town


@pytest.fixture
def folder(tmp_path):
    return tmp_path / "networks"


@pytest.fixture
def roads(folder):
    app = Flask("roads")
    app.config["NETWORKS_FOLDER"] = folder
    addresses.join(roads_cli)
    app.cli.add_command(roads_cli)
    runner = app.test_cli_runner()
    return lambda *arguments: runner.invoke(args=["roads", *map(str, arguments)])


def map_file(path):
    tags = {"addr:street": "High Street", "addr:housenumber": "5", "addr:city": "Altdorf"}
    with osmium.SimpleWriter(str(path)) as writer:
        writer.add_node(osmium.osm.mutable.Node(id=1, location=(10.0, 51.0), tags=tags))
    return path


def test_addresses_of_a_map_file_are_found_afterwards(roads, folder, tmp_path):
    install(folder, town())
    done = roads("addresses", "town", "--file", map_file(tmp_path / "map.osm"), "--date", "2026-02-01")
    assert done.exit_code == 0, done.output
    assert "town: 1 addresses, 1 streets, 0 places" in done.output
    found = roads("find", "town", "high st 5")
    assert found.output == "address\t5 High Street, Altdorf\t51.000000\t10.000000\n"


def test_without_a_file_the_names_of_the_roads_are_listed(roads, folder):
    install(folder, town())
    assert "0 addresses, 4 streets" in roads("addresses", "town").output
    assert roads("find", "town", "ring 12").output.startswith("street\tRing\t")


def test_nothing_found_is_an_exit_code(roads, folder):
    install(folder, town())
    roads("addresses", "town")
    done = roads("find", "town", "zzzz")
    assert (done.exit_code, done.output) == (1, "Error: Nothing found.\n")


def test_looking_up_without_a_list_says_so(roads, folder):
    install(folder, town())
    done = roads("find", "town", "ring")
    assert (done.exit_code, "no address list for the roads town" in done.output) == (1, True)


def test_a_list_needs_its_roads(roads, tmp_path):
    done = roads("addresses", "town", "--file", map_file(tmp_path / "map.osm"))
    assert (done.exit_code, "no road network named town" in done.output) == (1, True)


def test_a_file_that_is_no_map_leaves_the_former_list(roads, folder, tmp_path):
    install(folder, town())
    roads("addresses", "town")
    former = address_file(folder, "town").read_bytes()
    (tmp_path / "no.osm").write_text("lon,lat\n", encoding="utf-8")
    done = roads("addresses", "town", "--file", tmp_path / "no.osm")
    assert (done.exit_code, "cannot be read as an OpenStreetMap file" in done.output) == (1, True)
    assert address_file(folder, "town").read_bytes() == former


def test_a_name_with_a_path_in_it_is_refused(roads):
    assert "cannot name a road network" in roads("find", "../town", "ring").output
