from __future__ import annotations

import logging
import os
from dataclasses import replace

import networkx as nx
import numpy as np
import pytest

from routing.errors import EngineDisagrees, EngineUnfit
from routing.network import load
from routing.network.assemble import assemble
from routing.travel import Driving, RoadTravel
from routing.travel.engines import (
    UNREACHABLE_MS,
    CchEngine,
    ScipyEngine,
    self_check,
    trusted_engine,
)
from routing.travel.graphs import ArcGraph, road_graph
from routing.travel.topologies import Checked, built, topology
from routing.types import Snap
from tests.routing.roads_by_hand import CROSSINGS, DEMO_NETWORK, ORIGIN, road, town


@pytest.fixture(scope="module")
def demo():
    return road_graph(load(DEMO_NETWORK), Driving()).arcs


@pytest.fixture(scope="module", params=[CchEngine, ScipyEngine], ids=["cch", "scipy"])
def demo_engine(request, demo):
    return request.param(demo)


def node_graph(network):
    return road_graph(network, Driving(speed_factor=1, turns=False)).arcs


def sampled(graph, count, seed):
    return np.random.default_rng(seed).integers(0, graph.node_count, count)


def test_both_engines_agree_with_networkx_to_the_millisecond(demo, demo_engine):
    """On the turn graph of the demo town."""
    judge = nx.MultiDiGraph()
    for tail, head, ms in zip(demo.tail.tolist(), demo.head.tolist(), demo.ms.tolist(), strict=True):
        judge.add_edge(tail, head, weight=ms)
    sources, targets = sampled(demo, 3, 1), sampled(demo, 40, 2)
    found = demo_engine.times(sources, targets)
    for row, source in enumerate(sources.tolist()):
        lengths = nx.single_source_dijkstra_path_length(judge, source)
        assert found[row].tolist() == [lengths[target] for target in targets.tolist()]


def test_a_path_is_connected_and_adds_up_to_its_time(demo, demo_engine):
    sources, targets = sampled(demo, 30, 3), sampled(demo, 30, 4)
    times = demo_engine.times(sources, targets)
    for pair, (source, target) in enumerate(zip(sources.tolist(), targets.tolist(), strict=True)):
        arcs = demo_engine.path(source, target)
        assert (demo.tail[arcs[0]], demo.head[arcs[-1]]) == (source, target)
        assert demo.head[arcs[:-1]].tolist() == demo.tail[arcs[1:]].tolist()
        assert demo.ms[arcs].sum() == times[pair, pair]


def test_both_engines_give_the_same_matrix(demo):
    sources, targets = sampled(demo, 40, 5), sampled(demo, 60, 6)
    assert (CchEngine(demo).times(sources, targets) == ScipyEngine(demo).times(sources, targets)).all()


@pytest.mark.parametrize("kind", [CchEngine, ScipyEngine])
def test_a_crossing_without_a_way_to_it_is_unreachable(kind):
    one_way = node_graph(assemble(CROSSINGS, [road(1, 2, 100, 10)], ORIGIN))
    found = kind(one_way).times(np.array([0, 1]), np.array([0, 1]))
    assert found.tolist() == [[0, 10_000], [UNREACHABLE_MS, 0]]


@pytest.mark.parametrize("kind", [CchEngine, ScipyEngine])
def test_of_parallel_roads_the_fastest_counts_and_they_are_not_added_up(kind):
    slow = replace(road(1, 2, 80, 30), points=np.array([CROSSINGS[1], CROSSINGS[5], CROSSINGS[2]]))
    engine = kind(node_graph(assemble(CROSSINGS, [road(1, 2, 100, 10), slow], ORIGIN)))
    assert engine.times(np.array([0]), np.array([1])).tolist() == [[10_000]]


@pytest.mark.parametrize("kind", [CchEngine, ScipyEngine])
def test_no_sources_or_targets_give_an_empty_matrix(kind):
    engine, none = kind(node_graph(town())), np.zeros(0, dtype=np.int64)
    assert engine.times(none, np.array([1])).shape == (0, 1)
    assert engine.times(np.array([1]), none).shape == (1, 0)


@pytest.mark.parametrize("node", [-1, 5, 2**32])
def test_a_node_that_is_not_there_is_refused_before_it_reaches_the_engine(node):
    engine = CchEngine(node_graph(town()))
    with pytest.raises(EngineUnfit):
        engine.times(np.array([node]), np.array([0]))
    with pytest.raises(EngineUnfit):
        engine.path(0, node)


def test_ways_too_long_for_32_bits_fall_back_on_the_reference_with_a_logged_sentence(caplog):
    long = node_graph(town())
    long = replace(long, ms=np.full(len(long.ms), 2**30))
    with caplog.at_level(logging.WARNING):
        engine = trusted_engine(long, lambda: built(long))
    assert isinstance(engine, ScipyEngine)
    assert "too long for 32 bits" in caplog.text
    # 1 → 2 → 3 → 4, three roads.
    assert engine.times(np.array([0]), np.array([3])).tolist() == [[3 * 2**30]]


def test_many_roads_that_are_too_long_together_are_fine_while_each_way_is_short_enough():
    # 40 parallel roads of 100,000 s: 4,000,000 s in all, beyond 2,147,483 s, but each way takes only one.
    lanes = []
    for lane in range(40):
        via = (10.0005, 51.0 + lane * 1e-5)
        for tail, head in ((1, 2), (2, 1)):
            points = np.array([CROSSINGS[tail], via, CROSSINGS[head]])
            lanes.append(replace(road(tail, head, 100, 100_000), points=points))
    graph = node_graph(assemble(CROSSINGS, lanes, ORIGIN))
    assert graph.ms.sum() > UNREACHABLE_MS
    assert isinstance(trusted_engine(graph, lambda: built(graph)), CchEngine)


def ring_with_tail(tail_ms):
    """A ring of 3,000 nodes a second apart, with 2,000 parallel arcs that add up; from it a one-way tail."""
    ring, tail = np.arange(3000), np.arange(len(tail_ms))
    parallel = np.zeros(2000, dtype=np.int64)
    ends = np.concatenate([(ring + 1) % 3000, parallel + 1, np.arange(3000, 3000 + len(tail))])
    begins = np.concatenate([ring, parallel, np.concatenate([[0], 3000 + tail[:-1]])])
    ms = np.concatenate([np.full(3000, 1000), np.full(2000, 2_000_000), tail_ms]).astype(np.int64)
    lonlat = np.zeros((3000 + len(tail), 2), dtype=np.float32)
    lonlat[:, 0] = np.linspace(10, 11, len(lonlat))
    return ArcGraph(begins, ends, ms, lonlat)


def test_a_street_without_a_way_back_does_not_keep_a_large_network_from_the_fast_engine():
    graph = ring_with_tail([1000, 1000])
    assert graph.ms.sum() > UNREACHABLE_MS
    engine = trusted_engine(graph, lambda: built(graph))
    assert isinstance(engine, CchEngine)
    # Round the ring to the tail and down it; never back.
    assert engine.times(np.array([1]), np.array([3001])).tolist() == [[2999 * 1000 + 2000]]
    assert engine.times(np.array([3001]), np.array([1])).tolist() == [[UNREACHABLE_MS]]


def test_a_way_down_a_tail_that_is_too_long_is_refused_by_the_fast_engine():
    graph = ring_with_tail([2**30, 2**30])
    assert isinstance(trusted_engine(graph, lambda: built(graph)), ScipyEngine)


class WrongBySixtyMilliseconds(ScipyEngine):
    def times(self, sources, targets):
        return super().times(sources, targets) + 60


def test_an_engine_that_disagrees_with_the_reference_is_not_trusted(monkeypatch, caplog):
    graph = node_graph(town())
    with pytest.raises(EngineDisagrees, match="using the reference"):
        self_check(WrongBySixtyMilliseconds(graph), ScipyEngine(graph), graph.node_count)
    monkeypatch.setattr("routing.travel.engines.CchEngine", lambda graph, _: WrongBySixtyMilliseconds(graph))
    with caplog.at_level(logging.WARNING):
        assert type(trusted_engine(graph, lambda: built(graph))) is ScipyEngine
    assert "the reference gave" in caplog.text


class Refused(ScipyEngine):
    """A reference that must not be asked."""

    def times(self, sources, targets):
        raise AssertionError("the reference was asked again")


def test_an_engine_that_was_checked_on_its_shelf_is_not_checked_again(tmp_path, monkeypatch):
    network = load(DEMO_NETWORK)
    places = [Snap(edge, 0.5, 0, "", 0, 0) for edge in (3, 300, 3000)]
    first = RoadTravel(network, Driving(), shelf=tmp_path).matrix(places).seconds
    monkeypatch.setattr("routing.travel.engines.ScipyEngine", Refused)
    again = RoadTravel(network, Driving(), shelf=tmp_path)
    assert (again.matrix(places).seconds == first).all()
    with pytest.raises(AssertionError, match="asked again"):
        RoadTravel(network, Driving(speed_factor=0.5), shelf=tmp_path).matrix(places)


def test_a_changed_file_of_the_engine_is_checked_again(tmp_path):
    network = load(DEMO_NETWORK)
    arcs = road_graph(network, Driving()).arcs
    shape = topology(network, True, arcs, tmp_path)
    proof = Checked(tmp_path, True)
    assert not proof.holds(arcs)
    assert isinstance(trusted_engine(arcs, lambda: shape, proof), CchEngine)
    assert proof.holds(arcs)
    (home,) = tmp_path.glob("cch*")
    file = next(home.iterdir())
    os.utime(file, ns=(1, 1))
    assert not proof.holds(arcs)
