"""A typed address looked up in the address list beside a territory's roads."""

from __future__ import annotations

from pathlib import Path

from routing.geocode import Addresses, Found, address_file
from routing.network.catalogue import check_name

MOST_SHOWN = 5


def find(networks_folder: Path, network_name: str, text: str) -> tuple[Found, ...]:
    """What fits, the best first. Raises ``AddressesMissing``, ``AddressesUnreadable``, ``NetworkName``."""
    check_name(network_name)
    with Addresses(address_file(networks_folder, network_name)) as addresses:
        return addresses.find(text, MOST_SHOWN)


def address_text(address: str, postcode: str, city: str) -> str:
    """An account's address as one line to look for."""
    return ", ".join(part for part in (address.strip(), f"{postcode} {city}".strip()) if part)
