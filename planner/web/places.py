"""“Find on the map”: candidates for a typed address, for the forms that place a pin.

With the script the page asks ``/places/find`` and shows the answer; without it the same buttons send the
form, which comes back with the candidates in it and everything typed still there.
"""

from __future__ import annotations

import re
from collections.abc import Sequence
from dataclasses import asdict, dataclass
from pathlib import Path
from typing import Any

from flask import Blueprint, current_app, jsonify, request
from flask.typing import ResponseReturnValue
from flask_babel import gettext

from planner import clock
from planner.database import reading
from planner.domain.errors import RoundsError
from planner.services.accounts import account_place
from planner.services.installation import settings
from planner.services.places import offline, online
from planner.services.places.online import Service
from planner.web.errors import sentence
from planner.web.words import word
from routing.errors import RoutingError
from routing.geocode import Exactness, Found

places = Blueprint("places", __name__, url_prefix="/places")

POINT = re.compile(r"(-?\d{1,2}\.\d{1,9}),(-?\d{1,3}\.\d{1,9})")
FIND, TAKE = "find", "take"
"""Names of the buttons: look for it (``offline`` or ``online``), and take a candidate (``lat,lon``)."""


@dataclass(frozen=True, slots=True)
class Candidate:
    """An answer in words; ``how`` says what the point is, where it is not the door itself."""

    kind: str
    kind_word: str
    label: str
    how: str
    lat: str
    lon: str


@dataclass(frozen=True, slots=True)
class Search:
    """What the page shows: a sentence, candidates, and whose data they are."""

    says: str
    candidates: tuple[Candidate, ...] = ()
    thanks: str = ""


@dataclass(frozen=True, slots=True)
class Finder:
    """What a form needs for the search: the roads to look beside, and where one may ask online."""

    network: str
    online_host: str
    search: Search | None = None


@places.post("/find")
def find() -> ResponseReturnValue:
    asked = request.form
    found = search(asked.get("network", ""), asked.get("text", ""), asked.get("where") == "online")
    return jsonify(asdict(found))


def is_asked() -> bool:
    """Whether the form was sent to look for the address or to take a candidate, not to be saved."""
    return request.method == "POST" and (FIND in request.form or TAKE in request.form)


def finder(network: str, text: str = "") -> Finder:
    """For the page; with the candidates where the form was sent to look for ``text``."""
    service = _service()
    where = request.form.get(FIND)
    found = search(network, text, where == "online") if where else None
    return Finder(network, service.host if service else "", found)


def take(lat: Any, lon: Any) -> None:
    """Put a candidate that was chosen without the script into the form's fields."""
    match = POINT.fullmatch(request.form.get(TAKE, ""))
    if match:
        for field, text in zip((lat, lon), match.groups(), strict=True):
            field.process_formdata([text])
            field.raw_data = [text]


def search(network: str, text: str, is_online: bool) -> Search:
    """Candidates for a typed address, or the sentence that says why there are none."""
    if not text.strip():
        return Search(gettext("Type an address first."))
    try:
        return _online(network, text) if is_online else _offline(network, text)
    except (RoundsError, RoutingError) as error:
        return Search(" ".join((sentence(error), gettext("Click on the map to put the pin."))))


def _offline(network: str, text: str) -> Search:
    return _told(offline.find(_networks(), network, text), gettext("© OpenStreetMap contributors"))


def _online(network: str, text: str) -> Search:
    service = _service()
    if service is None:
        return Search(gettext("Searching online is switched off."))
    box = account_place.map_box(_networks(), network)
    near = None if box == account_place.ANYWHERE else box
    found = online.find(service, text, near, clock.now)
    thanks = gettext("© OpenStreetMap contributors, through %(host)s", host=service.host)
    return _told(found, thanks)


def _told(found: Sequence[Found], thanks: str) -> Search:
    if not found:
        return Search(gettext("Nothing found. Check the spelling, or click on the map to put the pin."))
    return Search(
        gettext("Choose what fits; then move the pin to the street where one parks."),
        tuple(_candidate(one) for one in found),
        thanks,
    )


def _candidate(found: Found) -> Candidate:
    return Candidate(
        found.kind.value, word(found.kind), found.label, _how(found), f"{found.lat:.6f}", f"{found.lon:.6f}"
    )


def _how(found: Found) -> str:
    if found.exactness is Exactness.BETWEEN:
        return gettext("number not on the map; between %(near)s", near=found.near)
    if found.exactness is Exactness.NEAREST:
        return gettext("number not on the map; nearest: %(near)s", near=found.near)
    return "" if found.exactness is Exactness.HOUSE else gettext("somewhere in the middle of it")


def _service() -> Service | None:
    return online.service(settings.read(reading()), Path(current_app.config["ONLINE_SEARCH_FILE"]))


def _networks() -> Path:
    return Path(current_app.config["NETWORKS_FOLDER"])
