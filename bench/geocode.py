"""Geocoding measured: building, looking up, and how often a typed address is found where it is.

``python -m bench.geocode [--instances DIR] [--addresses N]``, or ``ROUNDS_BENCH_DATA``: a folder that (or
whose ``osm``) holds ``.osm.pbf`` extracts; Geofabrik offers such, and any with ``addr:housenumber`` will do.
Without it, the streets of the demo network are used, which has no house numbers. One JSON object a row.

Slips are random but seeded; figures are never altered, since no one can tell 12 from 21.
"""

from __future__ import annotations

import argparse
import json
import os
import random
import re
import sqlite3
import string
import tempfile
import time
import unicodedata
from collections import Counter
from collections.abc import Callable, Sequence
from contextlib import closing
from dataclasses import dataclass
from pathlib import Path

from rich.console import Console
from rich.table import Table

from routing.distance import metres_apart
from routing.geocode import Addresses, Counts, Found, FoundKind, streets_only
from routing.geocode.map_file import build_addresses
from routing.network import load

NETWORK = Path(__file__).resolve().parent.parent / "planner" / "demo" / "la-serena-coquimbo.npz"
SAME_POINT_METRES = 1.0
ABBREVIATED = {
    "Street": "St.", "Road": "Rd", "Avenue": "Ave", "Drive": "Dr", "Court": "Ct", "Lane": "Ln",
    "Circle": "Cir", "Place": "Pl", "Boulevard": "Blvd", "Avenida": "Av.", "Calle": "C.",
    "Pasaje": "Psje.", "Presidente": "Pdte.", "General": "Gral.", "strasse": "str.", "straße": "str.",
}  # fmt: skip


@dataclass(frozen=True, slots=True)
class Target:
    """What is looked for, and where it is. ``number`` empty: a street."""

    street: str
    number: str
    town: str
    point: tuple[float, float]

    def text(self, street: str | None = None) -> str:
        line = f"{street or self.street} {self.number}".strip()
        return f"{line}, {self.town}" if self.town else line


Way = Callable[[Target, random.Random], str]


def without_accents(text: str) -> str:
    parts = unicodedata.normalize("NFKD", text.replace("ß", "ss"))
    return "".join(letter for letter in parts if not unicodedata.combining(letter))


def misspelled(text: str, slips: int, rng: random.Random) -> str:
    """Letters changed, lost, doubled or exchanged with the next, never in a figure."""
    for _ in range(slips):
        spots = [i for i, letter in enumerate(text) if letter.isalpha()]
        if not spots:
            return text
        i = rng.choice(spots)
        other = rng.choice(string.ascii_lowercase)
        text = rng.choice(
            (
                text[:i] + other + text[i + 1 :],
                text[:i] + text[i + 1 :],
                text[:i] + other + text[i:],
                text[:i] + text[i : i + 2][::-1] + text[i + 2 :],
            )
        )
    return text


def abbreviated(text: str) -> str:
    for word, short in ABBREVIATED.items():
        text = re.sub(rf"{word}\b", short, text)
    return text


WAYS: dict[str, Way] = {
    "as it is": lambda target, rng: target.text(),
    "small, no accents, no comma": lambda target, rng: (
        without_accents(target.text()).lower().replace(",", "")
    ),
    "number on the other side": lambda target, rng: f"{target.number} {target.street}, {target.town}",
    "abbreviated": lambda target, rng: target.text(abbreviated(target.street)),
    "no town": lambda target, rng: f"{target.street} {target.number}",
    "one slip": lambda target, rng: target.text(misspelled(target.street, 1, rng)),
    "two slips": lambda target, rng: target.text(misspelled(target.street, 2, rng)),
    "one slip, no accents, no town": lambda target, rng: (
        f"{misspelled(without_accents(target.street), 1, rng)} {target.number}"
    ),
}


def targets(path: Path, count: int) -> list[Target]:
    """Addresses at random, or streets where there are none."""
    houses = """SELECT thing.name, house.shown, house.town, house.lon, house.lat FROM house
                JOIN thing ON thing.id = house.thing_id ORDER BY house.id"""
    streets = "SELECT name, '', town, lon, lat FROM thing WHERE kind = 'street' ORDER BY id"
    with closing(sqlite3.connect(path)) as connection:
        rows = connection.execute(houses).fetchall() or connection.execute(streets).fetchall()
    every = [Target(street, number, town, (lon, lat)) for street, number, town, lon, lat in rows]
    times = Counter(target.text() for target in every)
    # An address that the map holds at two places can be found at one of them only.
    single = [target for target in every if times[target.text()] == 1]
    return random.Random(1).sample(single, min(count, len(single)))


def is_there(target: Target, answer: Found) -> bool:
    is_kind = answer.kind is (FoundKind.ADDRESS if target.number else FoundKind.STREET)
    return is_kind and metres_apart(target.point, (answer.lon, answer.lat)) <= SAME_POINT_METRES


def measure(addresses: Addresses, wanted: Sequence[Target], name: str, way: Way) -> dict[str, object]:
    rng = random.Random(2)
    texts = [way(target, rng) for target in wanted]
    began = time.perf_counter()
    answers = [addresses.find(text) for text in texts]
    seconds = time.perf_counter() - began
    pairs = list(zip(wanted, answers, strict=True))
    first = sum(bool(found) and is_there(target, found[0]) for target, found in pairs)
    among = sum(any(is_there(target, one) for one in found) for target, found in pairs)
    return {
        "way": name,
        "asked": len(wanted),
        "first": round(first / len(wanted), 3),
        "among_five": round(among / len(wanted), 3),
        "ms_each": round(seconds / len(wanted) * 1000, 2),
    }


def extracts(folder: Path) -> list[Path]:
    return sorted([*folder.glob("*.osm.pbf"), *folder.glob("osm/*.osm.pbf")])


def run(name: str, build: Callable[[Path], Counts], count: int) -> None:
    with tempfile.TemporaryDirectory() as folder:
        path = Path(folder) / "addresses.sqlite"
        began = time.perf_counter()
        counts = build(path)
        seconds = time.perf_counter() - began
        size = path.stat().st_size / 1e6
        title = (
            f"{name}: {counts.addresses} addresses, {counts.streets} streets, {counts.places} places; "
            f"built in {seconds:.2f} s, {size:.2f} MB"
        )
        table = Table("typed", "first", "among five", "ms each", title=title)
        wanted = targets(path, count)
        with Addresses(path) as addresses:
            rows = [measure(addresses, wanted, label, way) for label, way in WAYS.items()]
    for row in rows:
        table.add_row(str(row["way"]), f"{row['first']:.1%}", f"{row['among_five']:.1%}", str(row["ms_each"]))
    Console().print(table)
    about = {"bench": "geocode", "data": name, "addresses": counts.addresses, "streets": counts.streets}
    for row in rows:
        print(json.dumps({**about, "build_seconds": round(seconds, 2), **row}, ensure_ascii=False))


def main() -> None:
    parser = argparse.ArgumentParser(description=__doc__, formatter_class=argparse.RawTextHelpFormatter)
    parser.add_argument("--instances", type=Path, default=os.environ.get("ROUNDS_BENCH_DATA"))
    parser.add_argument("--addresses", type=int, default=300)
    arguments = parser.parse_args()
    found = extracts(Path(arguments.instances)) if arguments.instances else []
    if not found:
        print(
            "No extracts (--instances DIR or ROUNDS_BENCH_DATA): the demo's streets, without house numbers."
        )
        network = load(NETWORK)
        run("demo streets", lambda path: streets_only(network, path), arguments.addresses)
    for extract in found:
        name = extract.name.removesuffix(".osm.pbf")
        run(name, lambda path, file=extract: build_addresses(file, path), arguments.addresses)


if __name__ == "__main__":
    main()
