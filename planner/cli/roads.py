"""``flask roads …``: list road networks and measure on them; building them is in ``roads_build``.

Every command either does the whole of its work or leaves things as they were, says why in one
sentence, and exits with 1.
"""

from __future__ import annotations

import functools
from collections.abc import Callable
from pathlib import Path
from typing import Any

import click
from flask import current_app
from flask.cli import AppGroup
from rich.console import Console
from rich.table import Table

from planner.cli.matrix_files import read_places, write_matrix
from routing.errors import RoutingError
from routing.network import NotOnRoad, RoadNetwork, current, list_networks, shelf, snap
from routing.network.catalogue import StoredNetwork
from routing.travel import DEFAULT_SPEED_FACTOR, Driving, road_travel
from routing.types import UNREACHABLE_SECONDS, Snap

roads_cli = AppGroup("roads", help="Road networks: build, list, measure.")

DEMO_NETWORK = Path(__file__).resolve().parent.parent / "demo" / "la-serena-coquimbo.npz"

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


@roads_cli.command("show")
@click.argument("name", required=False)
@in_sentences
def show(name: str | None) -> None:
    """List the networks, or show one."""
    found = list_networks(folder())
    if name is None:
        _list(found)
        return
    current(folder(), name)
    for network in found:
        if network.name == name:
            _detail(network)


@roads_cli.command("matrix")
@click.option("--network", "name", required=True, help="A network's name, as `flask roads show` lists it.")
@click.option("--points", type=InFile, required=True, help="CSV with the columns lon,lat.")
@click.option("--out", type=OutFile, required=True, help="CSV to write: from,to,seconds,metres.")
@click.option("--speed-factor", type=float, default=DEFAULT_SPEED_FACTOR, show_default=True)
@click.option(
    "--turns/--no-turns", default=True, show_default=True, help="Mind turn restrictions and turn times."
)
@in_sentences
def matrix(name: str, points: Path, out: Path, speed_factor: float, turns: bool) -> None:
    """Driving times and metres between all points. Rows count from 0; no way by road leaves cells empty."""
    network = current(folder(), name)
    snaps = _all_on_road(snap(network, read_places(points)))
    driving = Driving(speed_factor, turns)
    travel = road_travel(network, driving, shelf(folder(), network)).matrix(snaps)
    write_matrix(travel, out)
    lost = int((travel.seconds == UNREACHABLE_SECONDS).sum())
    click.echo(f"{len(snaps)} points, {len(snaps) ** 2} pairs, {lost} without a way, written to {out}.")


def folder() -> Path:
    return Path(current_app.config["NETWORKS_FOLDER"])


def tell(network: RoadNetwork, path: Path) -> None:
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
