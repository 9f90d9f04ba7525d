"""The command line: an edge like the web, with the clock, transactions and words for people."""

from __future__ import annotations

from flask import Flask

from planner.cli import (
    addresses,
    data,
    ledger,
    nightly,
    people,
    pictures,
    planning,
    roads_build,
    roads_osrm,
    start,
)
from planner.cli.roads import roads_cli


def register(app: Flask) -> None:
    """Attach the commands."""
    assert roads_build.__doc__, "importing it adds its commands to roads_cli"
    addresses.join(roads_cli)
    assert roads_osrm.__doc__, "likewise"
    app.cli.add_command(roads_cli)
    data.register(app)
    ledger.register(app)
    people.register(app)
    planning.register(app)
    nightly.register(app)
    pictures.register(app)
    start.register(app)
