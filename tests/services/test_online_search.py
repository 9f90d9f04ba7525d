"""Asking a Nominatim service: against a small server of our own, with a clock and a sleep that are ours."""

from __future__ import annotations

import json
import subprocess
import sys
import threading
from collections.abc import Iterator
from dataclasses import dataclass, field
from datetime import UTC, datetime, timedelta
from http.server import BaseHTTPRequestHandler, ThreadingHTTPServer
from pathlib import Path
from typing import Any
from urllib.parse import parse_qs, urlsplit

import pytest

from planner.domain.errors import Conflict
from planner.services.installation.settings import Settings
from planner.services.places import online, online_book
from planner.services.places.online import Service
from routing.geocode import Exactness, FoundKind

ROOT = Path(__file__).resolve().parents[2]
NOON = datetime(2026, 3, 4, 12, tzinfo=UTC)
HOUSE = {
    "lat": "-29.9045",
    "lon": "-71.2489",
    "display_name": "12, Calle Prat, La Serena",
    "addresstype": "place",
    "address": {"house_number": "12", "road": "Calle Prat"},
}
STREET = {"lat": "-29.9", "lon": "-71.2", "display_name": "Calle Prat", "addresstype": "road", "address": {}}
CITY = {"lat": "-29.9", "lon": "-71.2", "display_name": "La Serena", "class": "place", "address": {}}


@dataclass
class Nominatim:
    """What it shall answer, and what it was asked."""

    address: str = ""
    status: int = 200
    body: Any = field(default_factory=lambda: [HOUSE, STREET, CITY])
    asked: list[str] = field(default_factory=list)
    agents: list[str] = field(default_factory=list)


@dataclass
class Time:
    """A clock that only moves when somebody sleeps, or is told to."""

    now: datetime = NOON
    slept: list[float] = field(default_factory=list)

    def __call__(self) -> datetime:
        return self.now

    def sleep(self, seconds: float) -> None:
        self.slept.append(round(seconds, 3))
        self.now += timedelta(seconds=seconds)


@pytest.fixture
def nominatim() -> Iterator[Nominatim]:
    told = Nominatim()

    class Handler(BaseHTTPRequestHandler):
        def do_GET(self) -> None:
            told.asked.append(self.path)
            told.agents.append(self.headers["User-Agent"])
            body = told.body if isinstance(told.body, bytes) else json.dumps(told.body).encode()
            self.send_response(told.status)
            self.send_header("Content-Length", str(len(body)))
            self.end_headers()
            self.wfile.write(body)

        def log_message(self, *_: object) -> None:
            pass

    server = ThreadingHTTPServer(("127.0.0.1", 0), Handler)
    thread = threading.Thread(target=server.serve_forever, daemon=True)
    thread.start()
    told.address = f"http://127.0.0.1:{server.server_port}"
    yield told
    server.shutdown()
    thread.join()
    server.server_close()


@pytest.fixture
def clock() -> Time:
    return Time()


@pytest.fixture
def service(nominatim: Nominatim, clock: Time, tmp_path: Path) -> Service:
    return Service(nominatim.address, tmp_path / "online.sqlite", "Rounds test", clock.sleep)


def test_it_is_off_unless_the_settings_allow_it(tmp_path: Path) -> None:
    assert online.service(Settings(), tmp_path / "book") is None
    allowed = online.service(Settings(online_search=True, company_name="Müller & Co"), tmp_path / "book")
    assert allowed is not None
    assert (allowed.host, allowed.agent) == (
        "nominatim.openstreetmap.org",
        "Rounds field planner (Mller & Co)",
    )


def test_an_answer_says_whether_it_is_an_address_a_street_or_a_place(service: Service, clock: Time) -> None:
    found = online.find(service, "Prat 12", None, clock)
    assert [one.kind for one in found] == [FoundKind.ADDRESS, FoundKind.STREET, FoundKind.PLACE]
    assert (found[0].lat, found[0].lon, found[0].exactness) == (-29.9045, -71.2489, Exactness.HOUSE)


def test_it_says_who_asks_and_prefers_the_area_of_the_roads(
    service: Service, nominatim: Nominatim, clock: Time
) -> None:
    online.find(service, "  Prat   12 ", (-71.3551, -30.08, -71.17, -29.83), clock)
    query = parse_qs(urlsplit(nominatim.asked[0]).query)
    assert (query["q"], query["viewbox"]) == (["Prat 12"], ["-71.36,-30.08,-71.17,-29.83"])
    assert "bounded" not in query
    assert nominatim.agents == ["Rounds test"]


def test_the_same_question_is_asked_once_for_all_people_and_times(
    service: Service, nominatim: Nominatim, clock: Time
) -> None:
    first = online.find(service, "Calle Prat 12", None, clock)
    clock.now += timedelta(days=700)
    assert online.find(service, "calle  PRAT 12", None, clock) == first
    assert len(nominatim.asked) == 1


def test_nothing_found_is_asked_again_after_a_month(
    service: Service, nominatim: Nominatim, clock: Time
) -> None:
    nominatim.body = []
    assert online.find(service, "Prat 12", None, clock) == ()
    clock.now += timedelta(days=29)
    assert online.find(service, "Prat 12", None, clock) == ()
    assert len(nominatim.asked) == 1
    nominatim.body = [HOUSE]
    clock.now += timedelta(days=2)
    assert len(online.find(service, "Prat 12", None, clock)) == 1


def test_questions_leave_more_than_a_second_apart(service: Service, clock: Time) -> None:
    online.find(service, "one", None, clock)
    clock.now += timedelta(seconds=0.3)
    online.find(service, "two", None, clock)
    clock.now += timedelta(seconds=5)
    online.find(service, "three", None, clock)
    assert clock.slept == [0.8]


def test_another_process_waits_for_its_turn_too(service: Service, clock: Time) -> None:
    online_book.take_turn(service.book, clock, clock.sleep)
    code = (
        "import sys, datetime as d; from pathlib import Path;"
        "from planner.services.places import online_book;"
        "now = d.datetime.fromisoformat(sys.argv[2]);"
        "online_book.take_turn(Path(sys.argv[1]), lambda: now, lambda s: print(round(s, 3)))"
    )
    soon = (NOON + timedelta(seconds=0.2)).isoformat()
    command = [sys.executable, "-c", code, str(service.book), soon]
    done = subprocess.run(command, cwd=ROOT, capture_output=True, text=True, check=True)
    assert done.stdout == "0.9\n"


def test_a_clock_that_was_set_back_costs_one_turn_only(service: Service, clock: Time) -> None:
    online_book.take_turn(service.book, clock, clock.sleep)
    clock.now -= timedelta(days=1)
    online_book.take_turn(service.book, clock, clock.sleep)
    assert clock.slept == [1.1]


def test_threads_take_turns(service: Service) -> None:
    lock, starts = threading.Lock(), []
    clock = Time()

    def one() -> None:
        online_book.take_turn(service.book, clock, clock.sleep)
        with lock:
            starts.append(clock.now)

    threads = [threading.Thread(target=one) for _ in range(4)]
    for thread in threads:
        thread.start()
    for thread in threads:
        thread.join()
    assert len(starts) == 4
    assert clock.slept == [1.1, 1.1, 1.1]


@pytest.mark.parametrize(
    ("status", "body"),
    [(500, b"down"), (429, b""), (403, b""), (200, b"<html>"), (200, {"error": "x"}), (200, [{"lat": "x"}])],
)
def test_a_service_in_trouble_is_named_and_nothing_is_kept(
    service: Service, nominatim: Nominatim, clock: Time, status: int, body: Any
) -> None:
    nominatim.status, nominatim.body = status, body
    with pytest.raises(Conflict) as raised:
        online.find(service, "Prat 12", None, clock)
    assert (raised.value.code, raised.value.values["host"]) == ("online_unavailable", "127.0.0.1")
    nominatim.status, nominatim.body = 200, [HOUSE]
    assert len(online.find(service, "Prat 12", None, clock)) == 1


def test_nobody_there_is_a_service_in_trouble(tmp_path: Path, clock: Time) -> None:
    nobody = Service("http://127.0.0.1:9", tmp_path / "online.sqlite", "Rounds test", clock.sleep)
    with pytest.raises(Conflict, match="online_unavailable"):
        online.find(nobody, "Prat 12", None, clock)


def test_empty_text_asks_nobody(service: Service, nominatim: Nominatim, clock: Time) -> None:
    assert online.find(service, "   ", None, clock) == ()
    assert nominatim.asked == []
