"""Networks unpacked for use: mapped, shared, verified once, and made again when the file changes."""

from __future__ import annotations

import os

import numpy as np
import pytest

from routing.errors import NetworkUnreadable
from routing.network import catalogue, current, install, shelf
from routing.travel import Driving, RoadTravel
from routing.types import Snap
from tests.routing.roads_by_hand import town


@pytest.fixture(autouse=True)
def fresh_processes():
    """Each test begins like a new process, without networks in memory."""
    catalogue._load.cache_clear()


def test_a_loaded_network_is_mapped_from_files_that_other_processes_share(tmp_path):
    install(tmp_path, town())
    network = current(tmp_path, "town")
    assert isinstance(network.edge_ms, np.memmap)
    assert not network.edge_ms.flags.writeable
    assert network.version == town().version


def test_the_second_process_does_not_open_the_stored_file(tmp_path):
    path = install(tmp_path, town())
    current(tmp_path, "town")
    stat = path.stat()
    path.write_bytes(b"x" * stat.st_size)
    os.utime(path, ns=(stat.st_atime_ns, stat.st_mtime_ns))
    catalogue._load.cache_clear()
    assert current(tmp_path, "town").version == town().version


def test_a_file_that_was_changed_is_verified_again(tmp_path):
    path = install(tmp_path, town())
    current(tmp_path, "town")
    path.write_bytes(b"altered")
    with pytest.raises(NetworkUnreadable):
        current(tmp_path, "town")


@pytest.mark.parametrize("damage", ["about.json", "edge_ms.npy"])
def test_damaged_arrays_are_made_again(tmp_path, damage):
    install(tmp_path, town())
    home = shelf(tmp_path, current(tmp_path, "town"))
    (home / "roads" / damage).write_bytes(b"{}")
    catalogue._load.cache_clear()
    assert current(tmp_path, "town").edge_ms.tolist() == town().edge_ms.tolist()


def test_where_nothing_can_be_written_the_network_is_used_all_the_same(tmp_path, caplog):
    install(tmp_path, town())
    (tmp_path / catalogue.READY).write_text("a file where the folder should be")
    assert current(tmp_path, "town").version == town().version
    assert "could not be unpacked" in caplog.text


def test_the_engine_is_built_once_and_read_by_the_next_process(tmp_path, monkeypatch):
    spots = [Snap(0, 0.5, 0, "", 0, 0), Snap(2, 0.5, 0, "", 0, 0)]
    first = RoadTravel(town(), Driving(), shelf=tmp_path / "shelf").matrix(spots)
    monkeypatch.setattr(
        "routing.travel.topologies.built", lambda _: pytest.fail("it was built although it is kept")
    )
    again = RoadTravel(town(), Driving(), shelf=tmp_path / "shelf").matrix(spots)
    assert (first.seconds == again.seconds).all()


def test_a_damaged_engine_file_is_built_anew(tmp_path, caplog):
    spots = [Snap(0, 0.5, 0, "", 0, 0), Snap(2, 0.5, 0, "", 0, 0)]
    first = RoadTravel(town(), Driving(), shelf=tmp_path / "shelf").matrix(spots)
    for file in (tmp_path / "shelf").rglob("*"):
        if file.is_file():
            file.write_bytes(b"")
    again = RoadTravel(town(), Driving(), shelf=tmp_path / "shelf").matrix(spots)
    assert (first.seconds == again.seconds).all()
