"""An OSRM server on a network of ours, for measuring beside it and for tests.

Its programs come from the folder in ``ROUNDS_OSRM_BIN``, from the PATH, or out of the wheel
``osrm-bindings``, whose programs run without the Python it is made for. Over HTTP a part of each answer's
time goes into reading and writing text: ``http_share`` says how much.
"""

from __future__ import annotations

import os
import shutil
import socket
import subprocess
import sys
import tempfile
import time
import zipfile
from collections.abc import Iterator, Sequence
from contextlib import contextmanager
from dataclasses import dataclass
from pathlib import Path

import requests

from routing.network import RoadNetwork
from routing.network.osm_export import export_osm
from routing.travel import Driving
from routing.travel.driving import edge_ms
from routing.travel.osrm_profile import write_profile

WHEEL = "osrm-bindings==26.10.0"
WHEEL_PYTHON = "3.12"
PROGRAMS = ("osrm-extract", "osrm-contract", "osrm-routed")
START_SECONDS, STOP_SECONDS = 20.0, 5.0
DOWNLOAD_SECONDS = 120


class NoOsrm(Exception):
    """The programs cannot be had; the text says why."""


@dataclass(frozen=True)
class Running:
    url: str
    process: subprocess.Popen[bytes]


def find_programs(cache: Path) -> Path:
    """The folder that holds OSRM's programs; fetched into ``cache`` when they are nowhere else. Raises
    ``NoOsrm``."""
    given = os.environ.get("ROUNDS_OSRM_BIN")
    if given:
        if not _has_programs(Path(given)):
            raise NoOsrm(f"ROUNDS_OSRM_BIN is {given}, which does not hold {', '.join(PROGRAMS)}")
        return Path(given)
    found = shutil.which("osrm-routed")
    if found and _has_programs(Path(found).parent):
        return Path(found).parent
    folder = cache / WHEEL.replace("==", "-")
    if not _has_programs(folder):
        _fetch(folder)
    return folder


def prepare(network: RoadNetwork, driving: Driving, folder: Path, programs: Path) -> Path:
    """Export, extract and contract a network in ``folder``; the path that osrm-routed takes."""
    folder.mkdir(parents=True, exist_ok=True)
    export_osm(network, folder / "roads.osm.pbf", edge_ms(network, driving))
    write_profile(network, driving, folder / "car.lua")
    version = ("--data_version", network.short_version)
    _run(programs / "osrm-extract", "-p", "car.lua", *version, "roads.osm.pbf", folder=folder)
    _run(programs / "osrm-contract", "roads.osrm", folder=folder)
    return folder / "roads.osrm"


@contextmanager
def running(base: Path, programs: Path, table_size: int = 1000) -> Iterator[Running]:
    """A server on a free port of this machine, stopped at the end."""
    server = start(base, programs, table_size)
    try:
        yield server
    finally:
        stop(server)


def start(base: Path, programs: Path, table_size: int = 1000) -> Running:
    """Returns once it answers. Raises ``NoOsrm`` if it does not."""
    with socket.socket() as probe:
        probe.bind(("127.0.0.1", 0))
        port = probe.getsockname()[1]
    options = ["-i", "127.0.0.1", "-p", str(port), "--max-table-size", str(table_size)]
    process = subprocess.Popen(
        [programs / "osrm-routed", *options, base.name],
        cwd=base.parent,
        stdout=subprocess.DEVNULL,
        stderr=subprocess.DEVNULL,
    )
    server = Running(f"http://127.0.0.1:{port}", process)
    gives_up = time.monotonic() + START_SECONDS
    while time.monotonic() < gives_up and process.poll() is None:
        try:
            requests.get(f"{server.url}/nearest/v1/driving/0,0", timeout=1)
            return server
        except requests.RequestException:
            time.sleep(0.02)
    stop(server)
    raise NoOsrm("osrm-routed does not come up")


def stop(server: Running) -> None:
    server.process.terminate()
    try:
        server.process.wait(STOP_SECONDS)
    except subprocess.TimeoutExpired:
        server.process.kill()
        server.process.wait()


def table_seconds(server: Running, lonlat: Sequence[tuple[float, float]]) -> tuple[float, float]:
    """Seconds for one ``/table`` of durations among all places: until the answer is read as text, and of
    these until its first byte came."""
    where = ";".join(f"{lon:.6f},{lat:.6f}" for lon, lat in lonlat)
    began = time.perf_counter()
    response = requests.get(f"{server.url}/table/v1/driving/{where}", timeout=120)
    response.raise_for_status()
    return time.perf_counter() - began, response.elapsed.total_seconds()


def http_share(server: Running, lonlat: Sequence[tuple[float, float]]) -> float:
    """At least how much of a ``/table`` is HTTP, snapping and text: what the same places take when all but
    one pair are left out of the search and of the answer, over the whole."""
    where = ";".join(f"{lon:.6f},{lat:.6f}" for lon, lat in lonlat)
    began = time.perf_counter()
    requests.get(f"{server.url}/table/v1/driving/{where}?sources=0&destinations=0", timeout=120)
    return (time.perf_counter() - began) / table_seconds(server, lonlat)[0]


def _has_programs(folder: Path) -> bool:
    return all(os.access(folder / name, os.X_OK) for name in PROGRAMS)


def _fetch(folder: Path) -> None:
    """Through pip, so that its settings hold; the folder appears once it is whole."""
    with tempfile.TemporaryDirectory() as wheels:
        kind = ["--no-deps", "--only-binary=:all:", "--python-version", WHEEL_PYTHON]
        command = [sys.executable, "-m", "pip", "download", "-q", *kind, WHEEL, "-d", wheels]
        try:
            subprocess.run(command, check=True, capture_output=True, timeout=DOWNLOAD_SECONDS)
        except (subprocess.SubprocessError, OSError) as error:
            raise NoOsrm(f"osrm-routed is not on the PATH, and pip cannot fetch {WHEEL}") from error
        _unpack(next(Path(wheels).glob("*.whl")), folder)
    if not _has_programs(folder):
        raise NoOsrm(f"{WHEEL} does not hold {', '.join(PROGRAMS)}")


def _unpack(wheel: Path, folder: Path) -> None:
    folder.parent.mkdir(parents=True, exist_ok=True)
    with tempfile.TemporaryDirectory(dir=folder.parent) as aside, zipfile.ZipFile(wheel) as archive:
        whole = Path(aside) / "programs"
        whole.mkdir()
        for member in archive.namelist():
            name = Path(member).name
            if name in PROGRAMS and Path(member).parent.name == "bin":
                (whole / name).write_bytes(archive.read(member))
                (whole / name).chmod(0o755)
        shutil.rmtree(folder, ignore_errors=True)
        whole.rename(folder)


def _run(*command: Path | str, folder: Path) -> None:
    done = subprocess.run(command, cwd=folder, stdout=subprocess.PIPE, stderr=subprocess.STDOUT, check=False)
    if done.returncode:
        said = done.stdout.decode("utf-8", "replace").strip().splitlines()
        raise NoOsrm(f"{Path(command[0]).name} failed: {said[-1] if said else done.returncode}")
