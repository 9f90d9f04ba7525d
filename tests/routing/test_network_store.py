from __future__ import annotations

import json
from dataclasses import replace

import numpy as np
import pytest

from routing.errors import NetworkFormat, NetworkUnreadable
from routing.network import load, store
from routing.network.roads import ARRAYS
from tests.routing.roads_by_hand import DEMO_NETWORK, town


@pytest.fixture
def stored(tmp_path):
    path = tmp_path / "town.npz"
    store(town(), path)
    return path


def rewritten(path, **changes):
    """The file with some parts changed and everything else, the checksum too, as it was."""
    with np.load(path) as parts:
        content = dict(parts)
    np.savez_compressed(path, **(content | changes))


def about(path, **changes):
    with np.load(path) as parts:
        values = json.loads(parts["about"].tobytes()) | changes
    return np.frombuffer(json.dumps(values).encode(), dtype=np.uint8)


def test_a_stored_network_comes_back_the_same(stored):
    network, again = town(), load(stored)
    assert again.version == network.version
    assert again.streets == network.streets
    assert all((getattr(again, name) == getattr(network, name)).all() for name in ARRAYS)


def test_storing_twice_gives_the_same_bytes_and_leaves_nothing_beside(stored, tmp_path):
    before = stored.read_bytes()
    store(town(), stored)
    assert stored.read_bytes() == before
    assert list(tmp_path.iterdir()) == [stored]


@pytest.mark.parametrize("share", [0.0, 0.1, 0.5, 0.9, 0.999])
def test_a_truncated_file_is_refused(stored, share):
    content = stored.read_bytes()
    stored.write_bytes(content[: int(len(content) * share)])
    with pytest.raises(NetworkUnreadable, match=r"town\.npz cannot be used"):
        load(stored)


def test_every_single_altered_byte_is_refused_or_changes_nothing(stored):
    content, version = stored.read_bytes(), town().version
    for place in range(0, len(content), 5):
        altered = bytearray(content)
        altered[place] ^= 0xFF
        stored.write_bytes(altered)
        try:
            assert load(stored).version == version
        except NetworkUnreadable:
            continue


def test_an_altered_length_is_refused_by_the_checksum(stored):
    rewritten(stored, edge_mm=np.full(7, 5, dtype=np.uint32))
    with pytest.raises(NetworkUnreadable, match="checksum"):
        load(stored)


def test_an_altered_source_is_refused_by_the_checksum(stored):
    rewritten(stored, about=about(stored, source="elsewhere"))
    with pytest.raises(NetworkUnreadable, match="checksum"):
        load(stored)


def test_another_format_version_is_refused_with_both_numbers(stored):
    rewritten(stored, about=about(stored, format=99))
    with pytest.raises(NetworkFormat, match="has format 99; this program reads format 2"):
        load(stored)


def test_a_file_that_is_no_network_is_refused(tmp_path):
    other = tmp_path / "other.npz"
    np.savez(other, numbers=np.arange(3))
    with pytest.raises(NetworkUnreadable):
        load(other)
    with pytest.raises(NetworkUnreadable, match="not there"):
        load(tmp_path / "missing.npz")


def test_a_network_that_would_crash_the_engine_is_never_written(tmp_path):
    broken = replace(town(), edge_head=np.full(7, 99, dtype=np.uint32))
    with pytest.raises(NetworkUnreadable, match="crossing that is not there"):
        store(broken, tmp_path / "broken.npz")
    assert not (tmp_path / "broken.npz").exists()


def test_the_demo_network_is_whole_small_and_named():
    network = load(DEMO_NETWORK)
    assert (network.node_count, network.edge_count) == (15_492, 34_145)
    assert DEMO_NETWORK.stat().st_size < 2_000_000
    assert (network.edge_street > 0).mean() > 0.9
    assert "OpenStreetMap" in network.attribution
