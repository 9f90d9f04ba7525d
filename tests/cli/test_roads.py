from __future__ import annotations

import csv
from pathlib import Path

import pytest
from flask import Flask

from planner.cli.roads import DEMO_NETWORK, roads_cli
from routing.network import install, list_networks, load
from tests.routing.osm_by_hand import write_map
from tests.routing.roads_by_hand import town
from tests.world import World


@pytest.fixture
def folder(tmp_path):
    return tmp_path / "networks"


@pytest.fixture
def roads(folder):
    app = Flask("roads")
    app.config["NETWORKS_FOLDER"] = folder
    app.cli.add_command(roads_cli)
    runner = app.test_cli_runner()
    return lambda *arguments: runner.invoke(args=["roads", *map(str, arguments)])


def points(tmp_path, text):
    path = tmp_path / "points.csv"
    path.write_text(text, encoding="utf-8")
    return path


def test_an_imported_file_becomes_the_current_network(roads, folder, tmp_path):
    done = roads("import", write_map(tmp_path / "ring.osm"), "--name", "ring", "--date", "2026-02-01")
    assert done.exit_code == 0, done.output
    (listed,) = list_networks(folder)
    assert (listed.name, listed.source_date) == ("ring", "2026-02-01")
    assert listed.source == "OpenStreetMap, ring.osm"
    assert listed.created_at


def test_an_update_says_that_the_former_version_stays_and_how_many_accounts_moved(app, session, tmp_path):
    world = World(session)
    world.norte.network_name = "ring"
    world.account(world.ana, "Shop")
    session.commit()
    runner, path = app.test_cli_runner(), write_map(tmp_path / "ring.osm")
    first = runner.invoke(args=["roads", "import", str(path), "--name", "ring", "--date", "2026-02-01"])
    assert "former version" not in first.output
    again = runner.invoke(args=["roads", "import", str(path), "--name", "ring", "--date", "2026-03-01"])
    assert again.exit_code == 0, again.output
    (kept,) = list_networks(Path(app.config["NETWORKS_FOLDER"]))
    assert kept.versions == 2
    assert "stays for what was made on it. 0 of 1 accounts" in again.output


def test_a_file_that_is_no_map_leaves_nothing_behind(roads, folder, tmp_path):
    done = roads("import", points(tmp_path, "lon,lat\n"), "--name", "ring")
    assert done.exit_code == 1
    assert "points.csv cannot be read as an OpenStreetMap file" in done.output
    assert list_networks(folder) == []


def test_a_name_with_a_path_in_it_is_refused_before_any_work(roads, tmp_path):
    done = roads("import", write_map(tmp_path / "ring.osm"), "--name", "../ring")
    assert done.exit_code == 1
    assert "cannot name a road network" in done.output


def test_the_matrix_counts_rows_from_zero(roads, folder, tmp_path):
    install(folder, town())
    # A fifth and seven tenths along High Street, 100 m, 10 s at factor 1: half of it, 5 s, 50 m.
    given = points(tmp_path, "lon,lat\n10.0002,51.0\n10.0007,51.0\n")
    out = tmp_path / "out.csv"
    done = roads("matrix", "--network", "town", "--points", given, "--out", out, "--speed-factor", 1)
    assert done.exit_code == 0, done.output
    with out.open(encoding="utf-8", newline="") as file:
        rows = list(csv.reader(file))
    assert rows[0] == ["from", "to", "seconds", "metres"]
    assert rows[1:] == [
        ["0", "0", "0", "0"],
        ["0", "1", "5", "50"],
        ["1", "0", "5", "50"],
        ["1", "1", "0", "0"],
    ]


def test_every_bad_point_is_named_and_nothing_is_written(roads, folder, tmp_path):
    install(folder, town())
    given = points(tmp_path, "lon,lat\n10.0005,51.0\n51.0,10.0005\nabc,51.0\n11,51\n")
    out = tmp_path / "out.csv"
    done = roads("matrix", "--network", "town", "--points", given, "--out", out)
    assert done.exit_code == 1
    assert "Row 1" in done.output
    assert "look exchanged" in done.output
    assert "Row 2" in done.output
    assert "Row 3 is" in done.output
    assert not out.exists()


@pytest.mark.parametrize(
    ("text", "said"),
    [
        ("x,y\n1,2\n", "needs a first line with lon,lat"),
        ("", "needs a first line"),
        ("lon,lat\n", "at least one point"),
    ],
)
def test_a_points_file_of_another_shape_is_explained(roads, folder, tmp_path, text, said):
    install(folder, town())
    done = roads(
        "matrix", "--network", "town", "--points", points(tmp_path, text), "--out", tmp_path / "o.csv"
    )
    assert done.exit_code == 1
    assert said in done.output


def test_more_points_than_a_matrix_holds_are_counted_and_refused(roads, folder, tmp_path):
    install(folder, town())
    given = points(tmp_path, "lon,lat\n" + "10.0005,51.0\n" * 3001)
    done = roads("matrix", "--network", "town", "--points", given, "--out", tmp_path / "o.csv")
    assert done.exit_code == 1
    assert "has 3,001 points" in done.output
    assert not (tmp_path / "o.csv").exists()


def test_a_points_file_that_is_not_utf_8_is_explained(roads, folder, tmp_path):
    install(folder, town())
    path = tmp_path / "latin.csv"
    path.write_bytes("lon,lat,Straße\n1,2,ß\n".encode("latin-1"))
    done = roads("matrix", "--network", "town", "--points", path, "--out", tmp_path / "o.csv")
    assert done.exit_code == 1
    assert "cannot be read as CSV in UTF-8" in done.output


def test_an_unknown_network_and_an_unusable_speed_are_explained(roads, folder, tmp_path):
    given = points(tmp_path, "lon,lat\n10.0005,51.0\n")
    done = roads("matrix", "--network", "town", "--points", given, "--out", tmp_path / "o.csv")
    assert (done.exit_code, "no road network named town" in done.output) == (1, True)
    install(folder, town())
    out = tmp_path / "o.csv"
    done = roads("matrix", "--network", "town", "--points", given, "--out", out, "--speed-factor", 0)
    assert (done.exit_code, "speed factor" in done.output) == (1, True)


def test_show_lists_all_and_tells_one_in_full(roads, folder):
    assert "no road network yet" in roads("show").output
    install(folder, town())
    assert "town" in roads("show").output
    told = roads("show", "town").output
    assert town().version in told
    assert "drawn by hand" in told
    assert roads("show", "nowhere").exit_code == 1


def test_show_lists_a_damaged_network_with_its_trouble(roads, folder):
    path = install(folder, town())
    path.write_bytes(b"not a network")
    assert "cannot" in roads("show").output
    assert roads("show", "town").exit_code == 1


def test_an_area_needs_exactly_one_way_of_saying_it(roads):
    assert "Give one of" in roads("area", "--name", "x").output
    assert "Give one of" in roads("area", "--name", "x", "--place", "Malta", "--bbox", 1, 2, 3, 4).output


def test_a_box_with_its_sides_exchanged_is_refused_without_asking_the_network(roads):
    done = roads("area", "--name", "x", "--bbox", 10, 51, 9, 52)
    assert (done.exit_code, "west before east" in done.output) == (1, True)


def test_a_polygon_file_without_a_polygon_is_refused(roads, tmp_path):
    path = tmp_path / "area.geojson"
    path.write_text('{"type": "Point", "coordinates": [1, 2]}', encoding="utf-8")
    done = roads("area", "--name", "x", "--polygon", path)
    assert (done.exit_code, "does not hold a whole polygon" in done.output) == (1, True)


def test_the_demo_network_is_not_built_from_another_database(roads, tmp_path):
    path = tmp_path / "other.sqlite"
    path.write_bytes(b"")
    done = roads("demo-network", path, "--out", tmp_path / "out.npz")
    assert done.exit_code == 1
    assert "no such table: links" in done.output
    assert not (tmp_path / "out.npz").exists()


def test_the_committed_demo_network_can_be_installed_and_shown(roads, folder):
    install(folder, load(DEMO_NETWORK))
    assert "15492" in roads("show", "la-serena-coquimbo").output
