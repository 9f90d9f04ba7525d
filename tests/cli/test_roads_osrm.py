from __future__ import annotations

import re

import osmium
import pytest

from planner.models.settings import Setting
from routing.network import current, install
from routing.network.osm_export import KMH
from tests.routing.roads_by_hand import town


@pytest.fixture
def export(app, session, tmp_path):
    install(app.config["NETWORKS_FOLDER"], town())
    runner = app.test_cli_runner()
    return lambda *arguments: runner.invoke(args=["roads", "export-osrm", *map(str, arguments)])


def speeds(path):
    return {
        way.tags["name"]: float(way.tags[KMH])
        for way in osmium.FileProcessor(path, osmium.osm.WAY)
        if "name" in way.tags
    }


def test_an_export_is_the_two_files_and_the_commands_that_take_them(export, app, tmp_path):
    done = export("town", "--out", tmp_path / "osrm")
    assert done.exit_code == 0, done.output
    assert sorted(path.name for path in (tmp_path / "osrm").iterdir()) == ["town.lua", "town.osm.pbf"]
    version = current(app.config["NETWORKS_FOLDER"], "town").short_version
    assert f"osrm-extract -p town.lua --data_version {version} town.osm.pbf" in done.output
    assert "osrm-contract town.osrm" in done.output
    assert "osrm-routed -i 127.0.0.1 -p 5001 --max-table-size 100 town.osrm" in done.output


def test_its_times_are_those_the_settings_make_plans_drive_by(export, session, tmp_path):
    export("town", "--out", tmp_path / "usual")
    session.add(Setting(key="speed_factor", value=0.4))
    session.add(Setting(key="minds_turns", value=False))
    session.add(Setting(key="rush_hours", value="07:00-09:00 70"))
    session.commit()
    done = export("town", "--out", tmp_path / "slow")
    usual, slow = (speeds(tmp_path / which / "town.osm.pbf") for which in ("usual", "slow"))
    assert slow["Ring"] == pytest.approx(usual["Ring"] / 2)
    assert "local turn_seconds = 7.5" in (tmp_path / "usual" / "town.lua").read_text()
    assert "local turn_seconds = 0.0" in (tmp_path / "slow" / "town.lua").read_text()
    assert "Rush hours are not part of it" in done.output


def test_a_network_that_is_not_there_is_told_and_nothing_is_written(export, tmp_path):
    done = export("nowhere", "--out", tmp_path / "osrm")
    assert done.exit_code == 1
    assert re.search("There is no road network named nowhere", done.output)
    assert not (tmp_path / "osrm").exists()


def test_a_folder_that_cannot_be_made_is_one_sentence(export, tmp_path):
    (tmp_path / "osrm").write_text("a file")
    done = export("town", "--out", tmp_path / "osrm" / "deeper")
    assert done.exit_code == 1
    assert "Traceback" not in done.output
