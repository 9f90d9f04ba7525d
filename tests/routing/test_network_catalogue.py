from __future__ import annotations

from dataclasses import replace

import pytest

from routing.errors import NetworkName, NetworkUnknown, NetworkUnreadable
from routing.network import current, install, list_networks, load_version
from routing.network.assemble import assemble
from tests.routing.roads_by_hand import CROSSINGS, ORIGIN, TOWN_ROADS, road, town


def newer_town():
    return assemble(CROSSINGS, [*TOWN_ROADS, road(3, 2, 200, 10)], replace(ORIGIN, source_date="2026-06-01"))


def test_the_newest_installed_version_is_current_and_the_older_one_can_still_be_loaded(tmp_path):
    old, new = town(), newer_town()
    install(tmp_path, old)
    install(tmp_path, new)
    assert current(tmp_path, "town").version == new.version
    assert load_version(tmp_path, "town", old.version).version == old.version


def test_the_list_shows_each_network_once_with_its_current_version(tmp_path):
    install(tmp_path, town())
    install(tmp_path, newer_town())
    (listed,) = list_networks(tmp_path)
    assert (listed.name, listed.version, listed.versions) == ("town", newer_town().version, 2)
    assert (listed.nodes, listed.edges, listed.trouble) == (5, 8, "")


def test_loading_the_same_version_twice_gives_the_very_same_network(tmp_path):
    install(tmp_path, town())
    assert current(tmp_path, "town") is current(tmp_path, "town")


def test_a_damaged_network_is_refused_but_listed_with_its_trouble(tmp_path):
    path = install(tmp_path, town())
    path.write_bytes(path.read_bytes()[:500])
    with pytest.raises(NetworkUnreadable):
        current(tmp_path, "town")
    (listed,) = list_networks(tmp_path)
    assert "cannot be used" in listed.trouble


def test_a_file_under_the_name_of_another_version_is_refused(tmp_path):
    path = install(tmp_path, town())
    other = path.with_name("0" * 64 + ".npz")
    other.write_bytes(path.read_bytes())
    with pytest.raises(NetworkUnreadable, match="another version"):
        load_version(tmp_path, "town", "0" * 64)


def test_an_unknown_name_or_version_is_said(tmp_path):
    with pytest.raises(NetworkUnknown, match="named nowhere"):
        current(tmp_path, "nowhere")
    install(tmp_path, town())
    with pytest.raises(NetworkUnknown):
        load_version(tmp_path, "town", "f" * 64)


@pytest.mark.parametrize("name", ["", "../town", "Town", "a/b", ".hidden", "x" * 65])
def test_a_name_that_could_leave_the_folder_is_refused(tmp_path, name):
    with pytest.raises(NetworkName):
        install(tmp_path, replace(town(), name=name))
    with pytest.raises(NetworkUnknown):
        current(tmp_path, name)


def test_a_folder_that_is_not_there_holds_no_networks(tmp_path):
    assert list_networks(tmp_path / "none") == []
