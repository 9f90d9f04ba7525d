"""``flask roads export-osrm``: a network as the two files from which OSRM is prepared.

The times in them are those plans drive by, as the settings say now: export again after changing these.
"""

from __future__ import annotations

from pathlib import Path

import click
from rich.console import Console

from planner.cli.roads import folder, in_sentences, roads_cli
from planner.database import reading
from planner.services import roads
from planner.services.installation import settings
from routing.network import current
from routing.travel.driving import edge_ms

PORT = 5001
"""Not OSRM's usual 5000: Rounds listens there itself."""


@roads_cli.command("export-osrm")
@click.argument("name")
@click.option(
    "--out",
    type=click.Path(file_okay=False, path_type=Path),
    required=True,
    metavar="DIR",
    help="Folder for NAME.osm.pbf and NAME.lua.",
)
@in_sentences
def export_for_osrm(name: str, out: Path) -> None:
    """Write the network NAME for OSRM: its roads with the times plans drive by, and a profile."""
    # osmium takes a moment to import; only commands that read or write map files need it.
    from routing.network.osm_export import export_osm
    from routing.travel.osrm_profile import write_profile

    network = current(folder(), name)
    chosen = settings.read(reading())
    driving = roads.driving(chosen)
    out.mkdir(parents=True, exist_ok=True)
    with Console(stderr=True).status("Writing the roads"):
        export_osm(network, out / f"{name}.osm.pbf", edge_ms(network, driving))
        write_profile(network, driving, out / f"{name}.lua")
    click.echo(f"{name}: {network.edge_count} edges, version {network.short_version}, written to {out}.")
    if driving.rush_hours:
        click.echo("Rush hours are not part of it: OSRM knows one time for each road.")
    click.echo("Prepare and start OSRM with:")
    for line in _commands(name, network.short_version, chosen.osrm_table_size):
        click.echo(f"  {line}")


def _commands(name: str, version: str, table_size: int) -> tuple[str, ...]:
    return (
        f"osrm-extract -p {name}.lua --data_version {version} {name}.osm.pbf",
        f"osrm-contract {name}.osrm",
        f"osrm-routed -i 127.0.0.1 -p {PORT} --max-table-size {table_size} {name}.osrm",
    )
