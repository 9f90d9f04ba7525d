"""Which engine plans ask: the one that is set, and no other; the ledger always asks our own."""

from __future__ import annotations

from collections.abc import Iterator, Mapping
from pathlib import Path
from types import MappingProxyType
from typing import Any

import pytest
from sqlalchemy import select
from sqlalchemy.orm import Session

from planner.domain.access import Actor, Role
from planner.domain.errors import Invalid
from planner.domain.visits import VisitState
from planner.jobs.work import work
from planner.models.runs import PlanningRun, RunKind, RunState
from planner.models.visits import DayRoute, Visit
from planner.services import roads
from planner.services.days import day_routes
from planner.services.installation import settings
from planner.services.installation.settings import TravelEngine
from planner.services.ledger import day_trips
from planner.services.schedule import horizon, leases, runs
from planner.web.errors import sentence
from routing.errors import OsrmDown, OsrmNoData, RoutingError
from tests.conftest import NOW, TODAY
from tests.roads import networks_folder
from tests.routing.osrm_by_hand import Server, serving
from tests.world import World

NOBODY = "http://127.0.0.1:9"
"""A port that nothing listens on."""


@pytest.fixture
def world(session: Session) -> World:
    return World(session)


@pytest.fixture
def osrm() -> Iterator[Server]:
    with serving() as server:
        yield server


def choose(world: World, url: str, **more: object) -> None:
    admin = Actor(world.admin.id, Role.ADMIN)
    settings.change(world.session, admin, NOW, {"travel_engine": "osrm", "osrm_url": url, **more})


def plan(world: World, count: int) -> None:
    for number in range(count):
        account = world.account(world.ana)
        world.session.add(
            Visit(
                uid=f"v{number}", account_id=account.id, rep_id=world.ana.id, on=TODAY, service_seconds=1800
            )
        )
    world.session.flush()


def route_of(world: World) -> DayRoute | None:
    return day_routes.row_of(world.session, world.ana.id, TODAY)


def refused(world: World, **values: object) -> str:
    with pytest.raises(Invalid) as error:
        settings.change(world.session, Actor(world.admin.id, Role.ADMIN), NOW, values)
    return f"{error.value.field}: {sentence(error.value)}"


def test_unless_said_otherwise_plans_ask_our_own_engine(world: World) -> None:
    assert day_routes.gather(world.session, world.ana.id, TODAY).engine == roads.OWN_ENGINE
    assert horizon.gather(world.session, world.ana.id, TODAY, TODAY).engine == roads.OWN_ENGINE


def test_facts_carry_the_engine_that_is_set(world: World) -> None:
    choose(world, "http://osrm.example:5000/roads", osrm_table_size=500)
    chosen = roads.EngineChoice(TravelEngine.OSRM, "http://osrm.example:5000/roads", 500)
    assert day_routes.gather(world.session, world.ana.id, TODAY).engine == chosen
    assert horizon.gather(world.session, world.ana.id, TODAY, TODAY).engine == chosen


def test_an_address_is_kept_while_our_own_engine_is_in_use(world: World) -> None:
    choose(world, NOBODY, travel_engine="own")
    assert day_routes.gather(world.session, world.ana.id, TODAY).engine == roads.OWN_ENGINE


@pytest.mark.parametrize(
    "url",
    [
        "127.0.0.1:5000",
        "ftp://127.0.0.1",
        "http://",
        "http://anna:secret@host",
        "http://host?x=1",
        "http://host:port",
        "http://a host",
        "file:///etc/passwd",
    ],
)
def test_what_is_no_address_of_a_server_is_refused_with_an_example(world: World, url: str) -> None:
    assert "is no address of a server. Write one such as http://127.0.0.1:5001" in refused(
        world, osrm_url=url
    )


def test_osrm_without_an_address_is_refused_at_the_address(world: World) -> None:
    assert refused(world, travel_engine="osrm").startswith("osrm_url: Enter the address")


def test_a_day_is_solved_with_the_times_of_the_server(world: World, osrm: Server) -> None:
    plan(world, 3)
    choose(world, osrm.url)
    assert day_routes.solve(world.session, NOW, networks_folder(), world.ana.id, TODAY)
    route = route_of(world)
    assert route is not None
    assert (route.network_name, route.network_version) == ("la-serena-coquimbo", "osrm:crow")
    # The server drives straight at 10 m/s.
    assert [stop.leg_seconds for stop in route.stops] == [
        pytest.approx(stop.leg_metres / 10, abs=1) for stop in route.stops
    ]


def test_a_plan_is_made_with_the_times_of_the_server(world: World, osrm: Server) -> None:
    for _ in range(3):
        world.account(world.ana)
    choose(world, osrm.url)
    run = run_of(world, RunKind.SCHEDULE)
    assert (run.state, run.network_version) == (RunState.DONE, "osrm:crow")


@pytest.mark.parametrize("kind", list(RunKind))
def test_when_the_server_is_down_the_run_fails_and_says_so_and_nothing_is_made_with_other_times(
    world: World, kind: RunKind
) -> None:
    plan(world, 2)
    choose(world, NOBODY)
    questions: dict[RunKind, dict[str, Any]] = {
        RunKind.RULE: {"account_id": world.session.scalar(select(Visit.account_id)), "rule": "length"},
        RunKind.COVER: {"on": TODAY.isoformat(), "reps": str(world.bruno.id)},
    }
    run = run_of(world, kind, questions.get(kind, {}))
    assert (run.state, run.error_code) == (RunState.FAILED, "osrm_down")
    said = sentence(OsrmDown(**run.error_values))
    assert f"OSRM at {NOBODY} does not answer" in said
    assert "Nothing was planned with other times" in said
    assert route_of(world) is None


def run_of(world: World, kind: RunKind, question: Mapping[str, Any] = MappingProxyType({})) -> PlanningRun:
    actor = Actor(world.ana.id, Role.REP)
    run_id = runs.request(world.session, actor, NOW, world.ana.id, kind, TODAY, question)
    claim = leases.claim(world.session, NOW)
    assert claim is not None
    world.session.commit()
    work(claim, networks_folder(), present=lambda: NOW)
    world.session.expire_all()
    return world.session.get_one(PlanningRun, run_id)


def test_trips_are_measured_on_our_own_roads_whatever_is_set(world: World) -> None:
    plan(world, 2)
    for visit in world.session.scalars(select(Visit)):
        visit.state, visit.left_at = VisitState.DONE, NOW
    before = day_trips.draft(world.session, networks_folder(), world.ana.id, TODAY)
    choose(world, NOBODY)
    assert day_trips.draft(world.session, networks_folder(), world.ana.id, TODAY) == before
    assert before.metres > 0


def trouble(world: World, folder: Path | None = None) -> RoutingError | None:
    return roads.engine_state(world.session, folder or networks_folder()).trouble


def test_the_state_of_the_engine_says_whether_it_answers(world: World, osrm: Server) -> None:
    assert trouble(world) is None
    choose(world, osrm.url)
    assert trouble(world) is None
    assert osrm.asked[0].startswith("/nearest/v1/driving/-71.")
    choose(world, NOBODY)
    assert isinstance(trouble(world), OsrmDown)


def test_a_server_of_another_map_is_told(world: World) -> None:
    with serving((200, {"code": "Ok", "waypoints": [{"distance": 4_000_000}]})) as elsewhere:
        choose(world, elsewhere.url)
        assert isinstance(trouble(world), OsrmNoData)


def test_a_network_that_is_missing_does_not_hide_that_the_server_is_down(
    world: World, tmp_path: Path
) -> None:
    choose(world, NOBODY)
    assert isinstance(trouble(world, tmp_path), OsrmDown)


def test_an_address_that_went_bad_in_the_database_never_means_our_own_engine(world: World) -> None:
    choose(world, NOBODY)
    world.session.merge(settings.Setting(key="osrm_url", value="nonsense"))
    world.session.flush()
    assert isinstance(trouble(world), OsrmDown)
    plan(world, 1)
    with pytest.raises(OsrmDown, match="no address is entered"):
        day_routes.solve(world.session, NOW, networks_folder(), world.ana.id, TODAY)
