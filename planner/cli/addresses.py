"""``flask roads addresses`` and ``flask roads find``: the address list beside a road network.

The list is a file of its own; building it anew leaves roads, plans and legs as they are.
"""

from __future__ import annotations

from pathlib import Path

import click
from flask import current_app
from flask.cli import AppGroup, with_appcontext

from planner.cli.address_lists import keep_addresses, keep_streets
from planner.cli.progress import progress
from planner.cli.roads import InFile, in_sentences
from routing.geocode import Addresses, address_file
from routing.network import current
from routing.network.catalogue import check_name


def join(group: AppGroup) -> None:
    """Add the commands to the ones about roads."""
    group.add_command(addresses)
    group.add_command(find)


@click.command("addresses")
@click.argument("name")
@click.option("--file", type=InFile, help="An OpenStreetMap file; without it, only the roads' own names.")
@click.option("--date", "source_date", default="", help="Date of the map data, where the file states none.")
@with_appcontext
@in_sentences
def addresses(name: str, file: Path | None, source_date: str) -> None:
    """Build the address list of the network NAME, for “Find on the map” and for imports."""
    network = current(_folder(), name)
    if file is None:
        keep_streets(_folder(), network)
        return
    with progress() as step:
        keep_addresses(_folder(), name, file, step, source_date)


@click.command("find")
@click.argument("name")
@click.argument("text")
@with_appcontext
@in_sentences
def find(name: str, text: str) -> None:
    """Look up the address TEXT beside the network NAME; prints kind, label, latitude, longitude."""
    check_name(name)
    with Addresses(address_file(_folder(), name)) as known:
        found = known.find(text)
    if not found:
        raise click.ClickException("Nothing found.")
    for one in found:
        near = f" (near {one.near})" if one.near else ""
        click.echo(f"{one.kind}\t{one.label}{near}\t{one.lat:.6f}\t{one.lon:.6f}")


def _folder() -> Path:
    return Path(current_app.config["NETWORKS_FOLDER"])
