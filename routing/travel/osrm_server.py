"""Asking an OSRM server over HTTP: one question, one answer, or an error with a sentence.

A server that is away is asked again a few times; one that says no is not. Nothing here falls back on
another engine.
"""

from __future__ import annotations

import time
from collections.abc import Callable, Mapping, Sequence
from dataclasses import dataclass, field
from typing import Any

import requests

from routing.errors import (
    OsrmDown,
    OsrmNoData,
    OsrmNonsense,
    OsrmRefused,
    OsrmTooBig,
    RoutingError,
    Unreachable,
)
from routing.network import REFUSE_BEYOND_METRES

TABLE_SIZE = 100
"""The largest table osrm-routed answers unless it is started with ``--max-table-size``."""

DECIMALS = 6
"""OSRM counts in millionths of a degree."""

LONGEST_REASON = 200

Answer = dict[str, Any]
Spot = tuple[float, float]


@dataclass(frozen=True)
class OsrmServer:
    """``url`` is what stands before ``/table/v1``. ``tries`` and the first pause (doubled each time) hold
    for connections that fail and for answers of 500 and more; times are seconds."""

    url: str
    table_size: int = TABLE_SIZE
    connect_seconds: float = 3.0
    answer_seconds: float = 60.0
    tries: int = 3
    pause_seconds: float = 0.2
    refuse_beyond_metres: int = REFUSE_BEYOND_METRES
    pause: Callable[[float], None] = time.sleep
    _session: requests.Session = field(default_factory=requests.Session, repr=False, compare=False)

    def __post_init__(self) -> None:
        # No proxy and no password file of this machine has a say in where plans get their times.
        self._session.trust_env = False

    def ask(self, service: str, spots: Sequence[Spot], options: Mapping[str, str]) -> Answer:
        """The answer of ``table``, ``route`` or ``nearest`` for (lon, lat) spots. Raises an ``OsrmError``,
        or ``Unreachable`` for a route there is none of."""
        where = ";".join(f"{lon:.{DECIMALS}f},{lat:.{DECIMALS}f}" for lon, lat in spots)
        response = self._fetch(f"{self.url}/{service}/v1/driving/{where}", options)
        answer = self._read(response)
        if answer["code"] != "Ok":
            raise self._refusal(answer, spots)
        return answer

    def refuse_far(self, waypoints: object, spots: Sequence[Spot]) -> None:
        """Raises ``OsrmNoData`` where the nearest road of the server is far from what was asked."""
        if not isinstance(waypoints, list) or len(waypoints) != len(spots):
            raise self.nonsense("it does not say which roads it took")
        for waypoint, spot in zip(waypoints, spots, strict=True):
            distance = waypoint.get("distance") if isinstance(waypoint, dict) else None
            if not isinstance(distance, int | float):
                raise self.nonsense("it does not say how far its roads are")
            if distance > self.refuse_beyond_metres:
                raise OsrmNoData(url=self.url, place=_shown(spot))

    def nonsense(self, why: str) -> OsrmNonsense:
        return OsrmNonsense(url=self.url, why=why)

    def _fetch(self, address: str, options: Mapping[str, str]) -> requests.Response:
        """What comes back, whatever it says; a server in trouble is asked again."""
        why = ""
        for number in range(self.tries):
            if number:
                self.pause(self.pause_seconds * 2 ** (number - 1))
            try:
                response = self._session.get(
                    address,
                    params=dict(options),
                    timeout=(self.connect_seconds, self.answer_seconds),
                    allow_redirects=False,
                )
            except requests.ReadTimeout as error:
                # It is there and busy: asking again would only make it busier.
                raise OsrmDown(url=self.url, why=f"nothing came for {self.answer_seconds:g} s") from error
            except (requests.ConnectionError, requests.exceptions.ChunkedEncodingError):
                why = "nobody takes the connection, or it breaks"
            except requests.RequestException as error:
                raise self.nonsense("it cannot be asked at that address") from error
            else:
                if response.status_code < 500:
                    return response
                why = f"it says {response.status_code} {response.reason}".strip()
        raise OsrmDown(url=self.url, why=why)

    def _read(self, response: requests.Response) -> Answer:
        try:
            answer = response.json()
        except ValueError as error:
            raise self.nonsense(f"the answer ({response.status_code}) is not JSON") from error
        if not isinstance(answer, dict) or not isinstance(answer.get("code"), str):
            raise self.nonsense("the answer has no code")
        return answer

    def _refusal(self, answer: Answer, spots: Sequence[Spot]) -> RoutingError:
        code = answer["code"]
        if code == "TooBig":
            return OsrmTooBig(url=self.url, size=self.table_size)
        if code == "NoSegment":
            return OsrmNoData(url=self.url, place=_shown(spots[0]))
        if code == "NoRoute":
            return Unreachable(origin=_shown(spots[0]), destination=_shown(spots[-1]))
        why = str(answer.get("message") or code)[:LONGEST_REASON].strip(" .")
        return OsrmRefused(url=self.url, why=why)


def trouble(server: OsrmServer, spot: Spot) -> RoutingError | None:
    """What keeps a server from being used around a spot, or None when all is well."""
    try:
        server.refuse_far(server.ask("nearest", [spot], {"number": "1"}).get("waypoints"), [spot])
    except RoutingError as error:
        return error
    return None


def _shown(spot: Spot) -> str:
    return f"{spot[1]:.5f}, {spot[0]:.5f}"
