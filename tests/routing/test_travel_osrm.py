"""A server that is down, refuses or answers nonsense: one written by hand, which says what it is told."""

from __future__ import annotations

import socket
from contextlib import ExitStack

import polyline
import pytest

from routing.errors import OsrmDown, OsrmNoData, OsrmNonsense, OsrmRefused, OsrmTooBig, Unreachable
from routing.travel.osrm import NO_VERSION, OsrmTravel
from routing.travel.osrm_server import OsrmServer, trouble
from routing.types import UNREACHABLE_SECONDS, Snap
from tests.routing.osrm_by_hand import serving
from tests.routing.roads_by_hand import town

PLACES = [Snap(0, 0.5, 0, "High Street", 10.0005, 51.0), Snap(1, 0.5, 0, "Ring", 10.0015, 51.0)]
COURSE = [(51.0, 10.0005), (51.0, 10.001), (51.0, 10.001), (51.0, 10.0015)]
NAMES = ("High Street", "High Street", "", "Ring", "Ring")
TABLE = {
    "code": "Ok",
    "durations": [[0, 10.5], [12.4, 0]],
    "distances": [[0, 99.5], [120.4, 0]],
    "sources": [{"distance": 0.2}, {"distance": 3}],
    "destinations": [{"distance": 0.2}, {"distance": 3}],
}
ROUTE = {
    "code": "Ok",
    "waypoints": [{"distance": 0.2}, {"distance": 3}],
    "routes": [
        {
            "duration": 10.5,
            "distance": 99.4,
            "geometry": polyline.encode(
                [(51.0, 10.0005), (51.0, 10.001), (51.0, 10.001), (51.0, 10.0015)], 6
            ),
            "legs": [{"steps": [{"name": name} for name in NAMES]}],
        }
    ],
}


@pytest.fixture
def says():
    """Starts a server that gives these (status, body) answers; returns our side of it, what it was asked, and
    the pauses made."""
    with ExitStack() as servers:

        def start(*answers, **options):
            server, pauses = servers.enter_context(serving(*answers)), []
            ours = OsrmServer(server.url, pause=pauses.append, **options)
            return OsrmTravel(town(), ours), server.asked, pauses

        yield start


def ok(**changes):
    return 200, {**TABLE, **changes}


def test_seconds_and_metres_are_rounded_half_up_once(says):
    travel, _, _ = says(ok())
    matrix = travel.matrix(PLACES)
    assert matrix.seconds.tolist() == [[0, 11], [12, 0]]
    assert matrix.metres.tolist() == [[0, 100], [120, 0]]


def test_a_leg_has_the_path_by_longitude_and_latitude_and_its_streets_once_each(says):
    travel, _, _ = says((200, ROUTE))
    leg = travel.leg(*PLACES)
    assert (leg.seconds, leg.metres, leg.streets) == (11, 99, ("High Street", "Ring"))
    assert leg.path == ((10.0005, 51.0), (10.001, 51.0), (10.0015, 51.0))


def test_what_has_null_in_either_table_is_unreachable_in_both(says):
    travel, _, _ = says(ok(durations=[[0, None], [12.4, 0]], distances=[[0, 99.5], [None, 0]]))
    matrix = travel.matrix(PLACES)
    none = UNREACHABLE_SECONDS
    assert matrix.seconds.tolist() == matrix.metres.tolist() == [[0, none], [none, 0]]


def test_the_version_is_what_the_server_states_or_says_that_it_states_none(says):
    stated, _, _ = says(ok(data_version="abc123"))
    silent, _, _ = says(ok())
    assert stated.matrix(PLACES).network_version == "osrm:abc123"
    assert silent.matrix(PLACES).network_version == NO_VERSION
    long, _, _ = says(ok(data_version="f" * 200))
    assert len(long.matrix(PLACES).network_version) == 64


def test_a_table_is_asked_for_in_parts_that_name_no_more_places_than_allowed(says):
    one = {"durations": [[5]], "distances": [[50]], "sources": [{"distance": 0}]}
    travel, asked, _ = says(ok(**one, destinations=[{"distance": 0}]), table_size=2)
    matrix = travel.matrix(PLACES)
    assert len(asked) == 4
    assert all(path.split("driving/")[1].split("?")[0].count(";") == 1 for path in asked)
    assert matrix.seconds.tolist() == [[0, 5], [5, 0]]


def test_a_map_changed_between_two_parts_of_a_table_is_not_mixed(says):
    one = {"durations": [[5]], "distances": [[50]], "sources": [{"distance": 0}]}
    old, new = (ok(**one, destinations=[{"distance": 0}], data_version=name) for name in ("old", "new"))
    travel, _, _ = says(old, new, table_size=2)
    with pytest.raises(OsrmNonsense, match="changed while"):
        travel.matrix(PLACES)


def test_a_server_in_trouble_is_asked_again_with_longer_pauses_and_then_used(says):
    travel, asked, pauses = says((503, "busy"), (None, ""), ok())
    assert travel.matrix(PLACES).seconds[0, 1] == 11
    assert len(asked) == 3
    assert pauses == [0.2, 0.4]


def test_a_server_that_stays_in_trouble_is_down_after_a_few_tries(says):
    travel, asked, _ = says((502, "bad gateway"))
    with pytest.raises(OsrmDown, match="it says 502"):
        travel.matrix(PLACES)
    assert len(asked) == 3


def test_where_nobody_listens_the_server_is_down_and_the_sentence_names_it():
    with socket.socket() as taken:
        taken.bind(("127.0.0.1", 0))
        url = f"http://127.0.0.1:{taken.getsockname()[1]}"
        server = OsrmServer(url, pause=lambda _: None)
        with pytest.raises(OsrmDown, match=url) as caught:
            OsrmTravel(town(), server).leg(*PLACES)
    assert caught.value.code == "osrm_down"


def test_a_server_that_takes_too_long_is_down_and_is_not_asked_again(says):
    travel, asked, _ = says((200, TABLE, 30), answer_seconds=0.2)
    with pytest.raises(OsrmDown, match=r"nothing came for 0\.2 s"):
        travel.matrix(PLACES)
    assert len(asked) == 1


@pytest.mark.parametrize(
    ("status", "body", "error", "words"),
    [
        (400, {"code": "TooBig", "message": "Too many"}, OsrmTooBig, "--max-table-size 100"),
        (400, {"code": "NoSegment", "message": "no"}, OsrmNoData, "another map"),
        (400, {"code": "InvalidQuery", "message": "Query malformed."}, OsrmRefused, "Query malformed"),
        (400, {"code": "NotImplemented"}, OsrmRefused, "NotImplemented"),
        (200, "<html>Welcome</html>", OsrmNonsense, "not JSON"),
        (404, "not here", OsrmNonsense, "404"),
        (302, "", OsrmNonsense, "302"),
        (200, [1, 2], OsrmNonsense, "no code"),
        (200, {"code": 7}, OsrmNonsense, "no code"),
        (200, {"code": "Ok"}, OsrmNonsense, "which roads"),
        (200, {**TABLE, "sources": [{}, {}]}, OsrmNonsense, "how far"),
        (200, {**TABLE, "durations": None}, OsrmNonsense, "durations"),
        (200, {**TABLE, "durations": [[0, 1, 2]]}, OsrmNonsense, "2 by 2"),
        (200, {**TABLE, "durations": [[0, "soon"], [1, 0]]}, OsrmNonsense, "durations"),
        (200, {**TABLE, "durations": [[0, -4], [1, 0]]}, OsrmNonsense, "below nothing"),
        (200, {**TABLE, "distances": [[0, 1e12], [1, 0]]}, OsrmNonsense, "beyond belief"),
        (200, {**TABLE, "sources": [{"distance": 2001}, {"distance": 0}]}, OsrmNoData, "51.00000, 10.00050"),
        (200, {**TABLE, "destinations": [{"distance": 0}, {"distance": 9e6}]}, OsrmNoData, "10.00150"),
    ],
)
def test_what_is_no_table_is_an_error_that_says_why(says, status, body, error, words):
    travel, asked, _ = says((status, body))
    with pytest.raises(error) as caught:
        travel.matrix(PLACES)
    assert words in str(caught.value)
    assert len(asked) == 1


@pytest.mark.parametrize(
    "routes",
    [
        None,
        [],
        [{}],
        [{**ROUTE["routes"][0], "legs": [{"steps": [3]}]}],
        [{**ROUTE["routes"][0], "duration": "?"}],
    ],
)
def test_what_is_no_route_is_nonsense(says, routes):
    travel, _, _ = says((200, {**ROUTE, "routes": routes}))
    with pytest.raises(OsrmNonsense, match="route cannot be read"):
        travel.leg(*PLACES)


def test_a_route_there_is_none_of_names_both_streets(says):
    travel, _, _ = says((400, {"code": "NoRoute", "message": "Impossible route"}))
    with pytest.raises(Unreachable, match="from High Street to Ring"):
        travel.leg(*PLACES)


def test_a_route_from_far_away_is_refused(says):
    travel, _, _ = says((200, {**ROUTE, "waypoints": [{"distance": 0}, {"distance": 5000}]}))
    with pytest.raises(OsrmNoData):
        travel.leg(*PLACES)


def test_a_server_can_be_asked_whether_it_is_fine_around_a_place(says):
    near, asked, _ = says((200, {"code": "Ok", "waypoints": [{"distance": 12}]}))
    far, _, _ = says((200, {"code": "Ok", "waypoints": [{"distance": 12_000}]}))
    assert trouble(near.server, (10.0, 51.0)) is None
    assert asked == ["/nearest/v1/driving/10.000000,51.000000?number=1"]
    assert isinstance(trouble(far.server, (10.0, 51.0)), OsrmNoData)
