"""Building the address list beside a road network, and saying what it holds.

Imports nothing of the other commands, so that any of them may call it.
"""

from __future__ import annotations

from collections.abc import Callable, Iterable, Mapping
from pathlib import Path
from typing import Any

import click

from routing.geocode import Counts, Origin, address_file, build_from_elements, streets_only
from routing.network import RoadNetwork
from routing.network.catalogue import check_name


def keep_addresses(
    networks_folder: Path, name: str, file: Path, progress: Callable[[str], None], source_date: str = ""
) -> Counts:
    """Build the address list of the roads ``name`` from a map file.

    Raises ``MapFileUnreadable``, ``NothingToFind``, ``NetworkName``; the former list then stays.
    """
    check_name(name)
    # osmium takes a while to import; only building needs it.
    from routing.geocode.map_file import build_addresses

    target = address_file(networks_folder, name)
    counts = build_addresses(file, target, progress, source_date=source_date)
    tell(name, target, counts)
    return counts


def keep_streets(networks_folder: Path, network: RoadNetwork) -> Counts:
    """Without a map file: only the names of the roads themselves. Raises ``NothingToFind``."""
    target = address_file(networks_folder, network.name)
    counts = streets_only(network, target)
    tell(network.name, target, counts)
    return counts


def keep_fetched(
    networks_folder: Path, network: RoadNetwork, elements: Iterable[Mapping[str, Any]]
) -> Counts:
    """From the addresses fetched with an area, and the names of its roads. Raises ``NothingToFind``."""
    target = address_file(networks_folder, network.name)
    origin = Origin(network.source, network.source_date)
    counts = build_from_elements(elements, target, origin, network)
    tell(network.name, target, counts)
    return counts


def tell(name: str, path: Path, counts: Counts) -> None:
    size = path.stat().st_size / 1e6
    click.echo(
        f"{name}: {counts.addresses} addresses, {counts.streets} streets, {counts.places} places, "
        f"{size:.2f} MB, in {path}."
    )
