"""The streets beneath a map: bytes and milliseconds of the first layer and of cells, against the limit.

``python -m bench.maps [--network FILE.npz …]``; without files the demo network, and with
``ROUNDS_BENCH_DATA`` the largest extract beneath it. Bytes as a browser gets them, compressed; milliseconds
of the first request. A PNG is the heaviest cell at twice the pixels, as a phone shows it, without names. A
JSON line per row follows the table.
"""

from __future__ import annotations

import argparse
import io
import json
import os
import time
from collections.abc import Callable
from dataclasses import asdict, dataclass
from pathlib import Path

from PIL import Image, ImageDraw
from rich.console import Console
from rich.table import Table

from routing.maps import Cell, base_roads, cell_roads
from routing.maps.base_roads import LIMIT_BYTES, travelling_bytes
from routing.maps.cells import CELL_PIXELS, cells_within
from routing.network import RoadNetwork, load
from routing.network.streets import streets_of

NETWORK = Path(__file__).resolve().parent.parent / "planner" / "demo" / "la-serena-coquimbo.npz"
EXTRACT = "osm/rnv-drive.osm.pbf"
LEVELS = (8, 10, 11, 12, 13, 14)
MOST_CELLS = 400
SHARP = 2
WIDTHS = {"small": 1.5, "middle": 2.5, "main": 4.0, "ferry": 2.0}
COLOURS = {"small": "#dde2da", "middle": "#cad1c8", "main": "#b3bdb1", "ferry": "#7d9bb5"}


@dataclass(frozen=True, slots=True)
class Row:
    """``most_*`` of the heaviest or slowest cell, ``mean_*`` over those that hold roads."""

    network: str
    what: str
    cells: int
    most_bytes: int
    mean_bytes: int
    most_ms: float
    mean_ms: float
    png_bytes: int
    png_ms: float
    is_within_limit: bool


def timed(work: Callable[[], str]) -> tuple[float, str]:
    began = time.perf_counter()
    text = work()
    return (time.perf_counter() - began) * 1000, text


def picture(text: str) -> bytes:
    """The cell as a tile server would send it: drawn larger, made smaller for soft edges, few colours."""
    drawing, size = json.loads(text), CELL_PIXELS * SHARP * 2
    scale = size / drawing["units"]
    image = Image.new("RGB", (size, size), "#f5f6f3")
    pen = ImageDraw.Draw(image)
    for layer in ("small", "middle", "main", "ferry"):
        for _, *course in drawing["lines"].get(layer, []):
            x = y = 0
            points = []
            for east, south in zip(course[::2], course[1::2], strict=True):
                x, y = x + east, y + south
                points.append((x * scale, y * scale))
            pen.line(points, COLOURS[layer], round(WIDTHS[layer] * SHARP * 2), joint="curve")
    half = image.resize((size // 2, size // 2), Image.Resampling.BOX)
    file = io.BytesIO()
    half.quantize(32).save(file, "PNG", optimize=True)
    return file.getvalue()


def row(network: RoadNetwork, what: str, works: list[Callable[[], str]]) -> Row:
    found = [(travelling_bytes(text), ms, text) for ms, text in map(timed, works)]
    held = [entry for entry in found if json.loads(entry[2])["lines"]] or found
    heaviest = max(held, key=lambda entry: entry[0])
    began = time.perf_counter()
    png = len(picture(heaviest[2])) if what != "first layer" else 0
    png_ms = (time.perf_counter() - began) * 1000 if png else 0.0
    return Row(
        network=network.name,
        what=what,
        cells=len(held),
        most_bytes=heaviest[0],
        mean_bytes=sum(size for size, _, _ in held) // len(held),
        most_ms=round(max(ms for _, ms, _ in held), 1),
        mean_ms=round(sum(ms for _, ms, _ in held) / len(held), 1),
        png_bytes=png,
        png_ms=round(png_ms, 1),
        is_within_limit=all(size <= LIMIT_BYTES for size, _, _ in found),
    )


def measure(network: RoadNetwork) -> list[Row]:
    streets_of(network)
    rows = [row(network, "first layer", [lambda: base_roads(network, network.bounds)])]
    for level in LEVELS:
        cells = middle_of(cells_within(network.bounds, level))
        works = [lambda cell=cell: cell_roads(network, cell) for cell in cells]
        rows.append(row(network, f"zoom {level + 1}", works))
    return rows


def middle_of(cells: list[Cell]) -> list[Cell]:
    beyond = max(0, len(cells) - MOST_CELLS) // 2
    return cells[beyond : beyond + MOST_CELLS]


def networks(files: list[Path]) -> list[RoadNetwork]:
    found = [load(path) for path in files or [NETWORK]]
    extract = Path(os.environ.get("ROUNDS_BENCH_DATA", "")) / EXTRACT
    if files or not os.environ.get("ROUNDS_BENCH_DATA") or not extract.exists():
        return found
    # osmium and OSMnx take seconds to import; only this way needs them.
    from routing.network.assemble import Origin
    from routing.network.osm_file import file_network

    return [*found, file_network(extract, Origin(extract.name.split("-")[0], extract.name, ""))]


def main() -> None:
    parser = argparse.ArgumentParser(description=__doc__)
    parser.add_argument("--network", type=Path, nargs="*", default=[])
    rows = [line for network in networks(parser.parse_args().network) for line in measure(network)]
    table = Table("Network", "What", "Cells", "Most bytes", "Mean", "Most ms", "Mean", "PNG bytes", "PNG ms")
    for line in rows:
        values = (line.most_bytes, line.mean_bytes, line.most_ms, line.mean_ms, line.png_bytes, line.png_ms)
        table.add_row(line.network, line.what, str(line.cells), *map(str, values))
    Console().print(table)
    for line in rows:
        print(json.dumps({**asdict(line), "limit_bytes": LIMIT_BYTES}))


if __name__ == "__main__":
    main()
