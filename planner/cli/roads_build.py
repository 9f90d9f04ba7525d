"""``flask roads import``, ``area``, ``demo-network``: bringing road networks.

A network is put in place only when it is whole; what was in use before stays beside it.
"""

from __future__ import annotations

from collections.abc import Iterator
from contextlib import contextmanager
from pathlib import Path
from typing import TYPE_CHECKING

import click

from planner import clock
from planner.cli.address_lists import keep_addresses, keep_fetched
from planner.cli.progress import progress
from planner.cli.roads import DEMO_NETWORK, InFile, OutFile, folder, in_sentences, roads_cli, tell
from planner.cli.roads_update import put_in_place
from planner.database import reading
from planner.services.accounts import account_places
from routing.errors import NothingToFind
from routing.network import store
from routing.network.assemble import Origin
from routing.network.catalogue import check_name
from routing.network.coquimbo import demo_network

if TYPE_CHECKING:
    from shapely.geometry.base import BaseGeometry

FROM_OPENSTREETMAP = "OpenStreetMap, {what}"

NAME = click.option("--name", required=True, help="What to call the network: a-z, 0-9, hyphen, underscore.")
COUNTRY = click.option(
    "--country",
    default="",
    metavar="CODE",
    help="Two letters (DE, GB, …): speed limits where no sign stands, and the side one drives on.",
)
SIDE = click.option(
    "--drives-on",
    "side",
    type=click.Choice(["left", "right"]),
    help="Where the country does not tell; else roundabouts do.",
)


@roads_cli.command("import")
@click.argument("file", type=InFile)
@NAME
@COUNTRY
@SIDE
@click.option(
    "--date", "source_date", default="", help="Date of the map data, where the file does not state it."
)
@in_sentences
def import_file(file: Path, name: str, country: str, side: str | None, source_date: str) -> None:
    """Build a network from an OpenStreetMap FILE (.osm.pbf or .osm)."""
    check_name(name)
    # OSMnx and osmium take seconds to import; only this command and the next need them.
    from routing.network.build import Making
    from routing.network.osm_file import file_network

    origin = _origin(name, file.name, source_date)
    with progress() as step:
        network = file_network(file, origin, Making(country, side or ""), step)
        put_in_place(network)
        with _perhaps_without_names():
            keep_addresses(folder(), name, file, step, source_date)


@roads_cli.command("area")
@NAME
@click.option("--place", help='A place by its name, as in "Malta" or "Girona, Spain".')
@click.option("--bbox", nargs=4, type=float, metavar="W S E N", help="A box in degrees.")
@click.option("--polygon", type=InFile, help="A GeoJSON file with a polygon.")
@click.option("--around-accounts", is_flag=True, help="Around all accounts that are on the map.")
@click.option(
    "--margin-km", type=click.FloatRange(0, 100), default=10, show_default=True, help="How far around them."
)
@COUNTRY
@SIDE
@in_sentences
def fetch_area(
    name: str,
    place: str | None,
    bbox: tuple[float, float, float, float] | None,
    polygon: Path | None,
    around_accounts: bool,
    margin_km: float,
    country: str,
    side: str | None,
) -> None:
    """Fetch the roads of an area from OpenStreetMap (needs the internet).

    At most 25,000 square kilometres; from some 2,500 on in several parts with pauses, a minute or two each.
    What was fetched is kept: asking again costs nothing.
    """
    if sum((place is not None, bbox is not None, polygon is not None, around_accounts)) != 1:
        raise click.UsageError("Give one of --place, --bbox, --polygon and --around-accounts.")
    check_name(name)
    # OSMnx takes seconds to import.
    from routing.network import osm_area
    from routing.network.build import Making, build

    with progress() as step:
        what, area = _area(place, bbox, polygon, margin_km)
        fetched = osm_area.fetch(area, what, folder() / ".cache", step)
        origin = _origin(name, what, clock.now().date().isoformat())
        network = build(fetched.data, origin, Making(country, side or ""), step)
        put_in_place(network)
        with _perhaps_without_names():
            keep_fetched(folder(), network, fetched.extras.elements)


@roads_cli.command("demo-network")
@click.argument("file", type=InFile)
@click.option("--out", type=OutFile, default=DEMO_NETWORK, show_default=True)
@in_sentences
def build_demo_network(file: Path, out: Path) -> None:
    """Rebuild the demo network from the project_database.sqlite FILE of the aequilibrae wheel."""
    network = demo_network(file)
    store(network, out)
    tell(network, out)


@contextmanager
def _perhaps_without_names() -> Iterator[None]:
    """Roads without a single name are roads all the same: there is just nothing to search."""
    try:
        yield
    except NothingToFind as error:
        click.echo(f"No address list: {error}")


def _area(
    place: str | None,
    bbox: tuple[float, float, float, float] | None,
    polygon: Path | None,
    margin_km: float,
) -> tuple[str, BaseGeometry]:
    """What to call the area, and its outline."""
    from routing.network import osm_area

    if place is not None:
        return place, osm_area.place_area(place)
    if bbox is not None:
        return f"box {bbox}", osm_area.box_area(bbox)
    if polygon is not None:
        return polygon.name, osm_area.read_polygon(polygon)
    points = account_places.on_the_map(reading())
    return f"{margin_km:g} km around the accounts", osm_area.around(points, margin_km)


def _origin(name: str, what: str, source_date: str) -> Origin:
    created_at = clock.now().isoformat(timespec="seconds")
    return Origin(name, FROM_OPENSTREETMAP.format(what=what), source_date, created_at)
