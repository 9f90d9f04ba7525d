"""``flask roads …``: fetch, import, measure and list road networks.

Every command either does the whole of its work or leaves things as they were, says why in one
sentence, and exits with 1.
"""

from __future__ import annotations

import functools
from collections.abc import Callable, Iterator
from contextlib import contextmanager
from pathlib import Path
from typing import Any

import click
from flask import current_app
from flask.cli import AppGroup
from rich.console import Console
from rich.table import Table

from planner import clock
from planner.cli.matrix_files import read_places, write_matrix
from routing.errors import RoutingError
from routing.network import NotOnRoad, RoadNetwork, current, install, list_networks, snap, store
from routing.network.assemble import Origin
from routing.network.catalogue import StoredNetwork, check_name
from routing.network.coquimbo import demo_network
from routing.travel import DEFAULT_SPEED_FACTOR, road_travel
from routing.types import UNREACHABLE_SECONDS, Snap

roads_cli = AppGroup("roads", help="Road networks: build, list, measure.")

DEMO_NETWORK = Path(__file__).resolve().parent.parent / "demo" / "la-serena-coquimbo.npz"

FROM_OPENSTREETMAP = "OpenStreetMap, {what}"
SHOWN_PROBLEMS = 20

InFile = click.Path(exists=True, dir_okay=False, path_type=Path)
OutFile = click.Path(dir_okay=False, path_type=Path)


def in_sentences(command: Callable[..., None]) -> Callable[..., None]:
    """Turn what goes wrong on the roads, or with a file, into one sentence and exit code 1."""

    @functools.wraps(command)
    def wrapped(*args: Any, **kwargs: Any) -> None:
        try:
            command(*args, **kwargs)
        except RoutingError as error:
            raise click.ClickException(str(error)) from error
        except OSError as error:
            raise click.ClickException(f"{error.filename or 'A file'}: {error.strerror or error}.") from error

    return wrapped


@roads_cli.command("import")
@click.argument("file", type=InFile)
@click.option("--name", required=True, help="What to call the network: a-z, 0-9, hyphen, underscore.")
@click.option(
    "--date", "source_date", default="", help="Date of the map data, where the file does not state it."
)
@in_sentences
def import_file(file: Path, name: str, source_date: str) -> None:
    """Build a network from an OpenStreetMap FILE (.osm.pbf or .osm)."""
    check_name(name)
    # OSMnx and osmium take seconds to import; only these two commands need them.
    from routing.network.osm_file import file_network

    origin = _origin(name, file.name, source_date)
    with _progress() as progress:
        network = file_network(file, origin, progress)
    _keep(network)


@roads_cli.command("area")
@click.option("--name", required=True, help="What to call the network: a-z, 0-9, hyphen, underscore.")
@click.option("--place", help='A place by its name, as in "Malta" or "Girona, Spain".')
@click.option("--bbox", nargs=4, type=float, metavar="W S E N", help="A box in degrees.")
@click.option("--polygon", type=InFile, help="A GeoJSON file with a polygon.")
@in_sentences
def fetch_area(
    name: str, place: str | None, bbox: tuple[float, float, float, float] | None, polygon: Path | None
) -> None:
    """Fetch the roads of an area from OpenStreetMap (needs the internet)."""
    if sum(value is not None for value in (place, bbox, polygon)) != 1:
        raise click.UsageError("Give one of --place, --bbox and --polygon.")
    check_name(name)
    # OSMnx takes seconds to import; only these two commands need it.
    from routing.network import osm_area

    cache = _folder() / ".cache"
    today = clock.now().date().isoformat()
    with _progress() as progress:
        if place is not None:
            network = osm_area.place_network(place, _origin(name, place, today), cache, progress)
        elif bbox is not None:
            network = osm_area.box_network(bbox, _origin(name, f"box {bbox}", today), cache, progress)
        elif polygon is not None:
            shape = osm_area.read_polygon(polygon)
            network = osm_area.polygon_network(shape, _origin(name, polygon.name, today), cache, progress)
    _keep(network)


@roads_cli.command("demo-network")
@click.argument("file", type=InFile)
@click.option("--out", type=OutFile, default=DEMO_NETWORK, show_default=True)
@in_sentences
def build_demo_network(file: Path, out: Path) -> None:
    """Rebuild the demo network from the project_database.sqlite FILE of the aequilibrae wheel."""
    network = demo_network(file)
    store(network, out)
    _tell(network, out)


@roads_cli.command("show")
@click.argument("name", required=False)
@in_sentences
def show(name: str | None) -> None:
    """List the networks, or show one."""
    found = list_networks(_folder())
    if name is None:
        _list(found)
        return
    current(_folder(), name)
    for network in found:
        if network.name == name:
            _detail(network)


@roads_cli.command("matrix")
@click.option("--network", "name", required=True, help="A network's name, as `flask roads show` lists it.")
@click.option("--points", type=InFile, required=True, help="CSV with the columns lon,lat.")
@click.option("--out", type=OutFile, required=True, help="CSV to write: from,to,seconds,metres.")
@click.option("--speed-factor", type=float, default=DEFAULT_SPEED_FACTOR, show_default=True)
@in_sentences
def matrix(name: str, points: Path, out: Path, speed_factor: float) -> None:
    """Driving times and metres between all points. Rows count from 0; no way by road leaves cells empty."""
    network = current(_folder(), name)
    snaps = _all_on_road(snap(network, read_places(points)))
    travel = road_travel(network, speed_factor).matrix(snaps)
    write_matrix(travel, out)
    lost = int((travel.seconds == UNREACHABLE_SECONDS).sum())
    click.echo(f"{len(snaps)} points, {len(snaps) ** 2} pairs, {lost} without a way, written to {out}.")


def _folder() -> Path:
    return Path(current_app.config["NETWORKS_FOLDER"])


def _origin(name: str, what: str, source_date: str) -> Origin:
    created_at = clock.now().isoformat(timespec="seconds")
    return Origin(name, FROM_OPENSTREETMAP.format(what=what), source_date, created_at)


@contextmanager
def _progress() -> Iterator[Callable[[str], None]]:
    console = Console(stderr=True)
    with console.status("Starting") as status:

        def step(sentence: str) -> None:
            status.update(sentence)
            if not console.is_terminal:
                console.print(sentence)

        yield step


def _keep(network: RoadNetwork) -> None:
    _tell(network, install(_folder(), network))


def _tell(network: RoadNetwork, path: Path) -> None:
    size = path.stat().st_size / 1e6
    click.echo(
        f"{network.name}: {network.node_count} crossings, {network.edge_count} edges, "
        f"version {network.short_version}, {size:.2f} MB, in {path}."
    )


def _list(found: list[StoredNetwork]) -> None:
    if not found:
        click.echo("There is no road network yet. Build one with `flask roads import` or `flask roads area`.")
        return
    table = Table("Name", "Date of the map", "Crossings", "Edges", "MB", "Version", "Versions")
    for network in found:
        row = (network.source_date, f"{network.nodes}", f"{network.edges}", f"{network.size_bytes / 1e6:.2f}")
        shown = (network.trouble, "", "", "") if network.trouble else row
        table.add_row(network.name, *shown, network.version[:12], str(network.versions))
    Console().print(table)


def _detail(network: StoredNetwork) -> None:
    click.echo(f"name:        {network.name}")
    click.echo(f"source:      {network.source}")
    click.echo(f"map date:    {network.source_date}")
    click.echo(f"attribution: {network.attribution}")
    click.echo(f"made:        {network.created_at or 'not recorded'}")
    click.echo(f"crossings:   {network.nodes}")
    click.echo(f"edges:       {network.edges}")
    click.echo(f"size:        {network.size_bytes} bytes")
    click.echo(f"version:     {network.version} ({network.versions} kept)")


def _all_on_road(answers: list[Snap | NotOnRoad]) -> list[Snap]:
    problems = [str(answer.error()) for answer in answers if isinstance(answer, NotOnRoad)]
    if problems:
        more = [f"… and {len(problems) - SHOWN_PROBLEMS} more."] if len(problems) > SHOWN_PROBLEMS else []
        raise click.ClickException("\n".join([*problems[:SHOWN_PROBLEMS], *more, "Nothing was written."]))
    return [answer for answer in answers if isinstance(answer, Snap)]
