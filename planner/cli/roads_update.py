"""Putting a network in place of an older one of its name, and telling whose pins that concerns."""

from __future__ import annotations

import click

from planner import clock
from planner.cli.roads import folder, tell
from planner.database import reading
from planner.services.accounts import moved_pins
from planner.services.accounts.moved_pins import Change, MovedPin
from routing.errors import NetworkUnknown, NetworkUnreadable
from routing.network import RoadNetwork, current, install

SHOWN = 20


def put_in_place(network: RoadNetwork) -> None:
    """Install, say what it is, and name the accounts that meet the roads elsewhere than before."""
    try:
        before = current(folder(), network.name)
    except (NetworkUnknown, NetworkUnreadable):
        before = None
    tell(network, install(folder(), network))
    if before is None or before.version == network.version:
        return
    update = moved_pins.compare(reading(), clock.now().date(), before, network)
    click.echo(
        f"The former version {before.short_version} stays for what was made on it. "
        f"{len(update.moved)} of {update.accounts} accounts meet the roads elsewhere now."
    )
    for pin in update.moved[:SHOWN]:
        click.echo(f"  {pin.name}: {_sentence(pin)}")
    if len(update.moved) > SHOWN:
        click.echo(f"  and {len(update.moved) - SHOWN} more.")
    if update.moved:
        click.echo("Plan again to bring schedules in line; Accounts, Data check says what to put right.")


def _sentence(pin: MovedPin) -> str:
    before, now = pin.street_before or "a road without a name", pin.street_now or "a road without a name"
    if pin.change is Change.LOST:
        return f"was on {before}, is too far from any road now"
    if pin.change is Change.FOUND:
        return f"is on {now} now, was too far from any road"
    return f"{pin.metres} m further on {now}" if before == now else f"{before} → {now}, {pin.metres} m"
