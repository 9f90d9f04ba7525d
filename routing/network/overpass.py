"""The second question to Overpass: what OSMnx does not ask for. Turn restrictions, ferries, addresses.

One request for the box around an area; the answer is kept beside OSMnx's own answers and used again.
"""

from __future__ import annotations

import hashlib
import json
import os
import time
from collections.abc import Callable, Iterator, Mapping, Sequence
from dataclasses import dataclass
from pathlib import Path
from typing import Any

import requests

from routing.errors import AreaUnavailable
from routing.network.map_data import Restriction, Way
from routing.network.osm_file import restriction_of, way_of
from routing.network.osm_tags import FERRY

Box = tuple[float, float, float, float]

WAIT_SECONDS = (5.0, 15.0, 60.0)
"""Between tries while the service is busy, as it asks of everybody."""

BUSY = {429, 502, 503, 504}

QUESTION = """[out:json][timeout:{timeout}];
(
  relation["type"="restriction"]({box});
  way["route"="ferry"]({box});
)->.roads;
.roads out body geom;
(
  node["addr:housenumber"]({box});
  node["place"]({box});
  way["addr:housenumber"]({box});
);
out tags center;
"""


@dataclass(frozen=True, slots=True)
class Service:
    """Where and how to ask. ``headers`` say who asks; ``url`` ends before "/interpreter"."""

    url: str
    timeout_seconds: int
    headers: Mapping[str, str]
    cache: Path
    sleep: Callable[[float], None] = time.sleep


@dataclass(frozen=True)
class Extras:
    """``elements`` is the whole answer; addresses and places among them are for the geocoder."""

    elements: tuple[Mapping[str, Any], ...]

    def restrictions(self) -> Iterator[Restriction]:
        for element in self.elements:
            if element.get("type") == "relation":
                members = [
                    (str(member["type"])[0], int(member["ref"]), str(member.get("role", "")))
                    for member in element.get("members", ())
                ]
                found = restriction_of(dict(element.get("tags", {})), members)
                if found is not None:
                    yield found

    def ferries(self) -> Iterator[tuple[Way, Sequence[tuple[float, float]]]]:
        """Car ferries and their (lon, lat) points."""
        for element in self.elements:
            if element.get("type") == "way" and "nodes" in element and "geometry" in element:
                way = way_of(int(element["id"]), element["nodes"], dict(element.get("tags", {})))
                if way is not None and way.road_class == FERRY:
                    yield way, [(point["lon"], point["lat"]) for point in element["geometry"] if point]


def ask(service: Service, box: Box) -> Extras:
    """Raises ``AreaUnavailable`` when the service does not answer, or not with what was asked for."""
    west, south, east, north = box
    question = QUESTION.format(timeout=service.timeout_seconds, box=f"{south},{west},{north},{east}")
    kept = service.cache / f"extras-{hashlib.sha256((service.url + question).encode()).hexdigest()[:40]}.json"
    answer = _kept(kept)
    if answer is None:
        answer = _asked(service, question)
        _keep(kept, answer)
    return Extras(tuple(answer["elements"]))


def _asked(service: Service, question: str) -> dict[str, Any]:
    for wait in (*WAIT_SECONDS, None):
        response = _posted(service, question)
        if response.status_code not in BUSY or wait is None:
            break
        service.sleep(wait)
    try:
        answer = response.json()
    except ValueError as error:
        raise _unavailable(f"the map service answered {response.status_code}") from error
    if not response.ok or not isinstance(answer, dict) or not isinstance(answer.get("elements"), list):
        raise _unavailable(f"the map service answered {response.status_code}")
    if "remark" in answer:
        # Overpass says so when it ran out of time or memory and stopped half way.
        raise _unavailable(str(answer["remark"]))
    return answer


def _posted(service: Service, question: str) -> requests.Response:
    try:
        return requests.post(
            f"{service.url.rstrip('/')}/interpreter",
            data={"data": question},
            timeout=service.timeout_seconds,
            headers=dict(service.headers),
        )
    except requests.RequestException as error:
        raise _unavailable("the map service does not answer") from error


def _unavailable(why: str) -> AreaUnavailable:
    return AreaUnavailable(area="this area", why=why)


def _kept(path: Path) -> dict[str, Any] | None:
    try:
        answer = json.loads(path.read_text(encoding="utf-8"))
    except (OSError, ValueError):
        return None
    return answer if isinstance(answer, dict) and isinstance(answer.get("elements"), list) else None


def _keep(path: Path, answer: Mapping[str, Any]) -> None:
    path.parent.mkdir(parents=True, exist_ok=True)
    aside = path.with_name(f".{path.name}.{os.getpid()}.part")
    try:
        aside.write_text(json.dumps(answer), encoding="utf-8")
        aside.replace(path)
    finally:
        aside.unlink(missing_ok=True)
