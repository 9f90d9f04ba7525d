"""People, working weeks, memberships and territories: what is kept, what is refused, what is written down."""

from __future__ import annotations

from dataclasses import replace
from datetime import date, timedelta
from pathlib import Path

import pytest
from sqlalchemy import func, select
from sqlalchemy.orm import Session

from planner.domain.access import Actor, MembershipKind, Role
from planner.domain.errors import Conflict, Invalid, NotFound, RoundsError
from planner.domain.working_week import AbsenceKind, WorkingDay
from planner.models.logins import LoginSession
from planner.models.people import Rep
from planner.models.settings import AuditEntry
from planner.services import scope
from planner.services.company import homes, logins, memberships, people, territories, working_weeks
from planner.services.company.people import PersonData
from planner.services.company.territories import TerritoryData
from planner.services.company.working_weeks import RoadSide
from planner.services.installation import settings
from routing.network import install, load
from routing.types import Place
from tests.conftest import NOW, TODAY
from tests.routing.roads_by_hand import DEMO_NETWORK
from tests.world import LA_SERENA, World

EVA = PersonData("Eva", "Eva@Example.org ", Role.REP)
LAT, LON = LA_SERENA

pytestmark = pytest.mark.both_databases


@pytest.fixture
def world(session: Session) -> World:
    return World(session)


@pytest.fixture
def admin(world: World) -> Actor:
    return Actor(world.admin.id, Role.ADMIN)


def last_action(session: Session) -> str | None:
    return session.scalar(select(AuditEntry.action).order_by(AuditEntry.id.desc()).limit(1))


def code_of(error: pytest.ExceptionInfo[RoundsError]) -> tuple[str, str]:
    return getattr(error.value, "field", ""), error.value.code


def test_a_new_rep_gets_a_road_side_and_says_what_is_missing(
    session: Session, world: World, admin: Actor
) -> None:
    person_id = people.create(session, admin, NOW, EVA)
    assert session.get(Rep, person_id) is not None
    line = next(line for line in people.lines(session, TODAY) if line.person_id == person_id)
    assert (line.email, line.has_password) == ("eva@example.org", False)
    assert line.troubles == ("no_territory", "no_home", "no_week")
    assert last_action(session) == "person.created"


@pytest.mark.parametrize(
    ("data", "field", "code"),
    [
        (replace(EVA, name="  "), "name", "name_missing"),
        (replace(EVA, email="eva"), "email", "email_bad"),
        (replace(EVA, email="ANA@example.org"), "email", "email_taken"),
    ],
)
def test_a_person_without_name_or_with_a_bad_address_is_refused(
    session: Session, world: World, admin: Actor, data: PersonData, field: str, code: str
) -> None:
    with pytest.raises(Invalid) as error:
        people.create(session, admin, NOW, data)
    assert code_of(error) == (field, code)


def test_the_last_admin_stays(session: Session, world: World, admin: Actor) -> None:
    other = Actor(world.marta.id, Role.ADMIN)
    with pytest.raises(Conflict) as shut_out:
        people.set_active(session, other, NOW, world.admin.id, False)
    data = PersonData("Admin", "admin@example.org", Role.REP)
    with pytest.raises(Conflict) as demoted:
        people.change(session, other, NOW, world.admin.id, data)
    with pytest.raises(Conflict) as oneself:
        people.set_active(session, admin, NOW, world.admin.id, False)
    assert [error.value.code for error in (shut_out, demoted, oneself)] == [
        "last_admin",
        "last_admin",
        "own_person",
    ]


def test_shutting_somebody_out_ends_their_sessions(session: Session, world: World, admin: Actor) -> None:
    token = logins.open_session(session, world.ana.id, "phone", NOW)
    assert logins.find_session(session, token, NOW) is not None
    people.set_active(session, admin, NOW, world.ana.id, False)
    people.set_active(session, admin, NOW, world.ana.id, True)
    assert logins.find_session(session, token, NOW) is None
    assert session.scalar(select(func.count(LoginSession.id)).where(LoginSession.revoked_at == NOW)) == 1


def changed_day(session: Session, world: World, **values: int) -> RoadSide:
    side = working_weeks.read(session, world.ana.id)
    return replace(side, week=(replace(side.week[0], **values), *side.week[1:]))


@pytest.mark.parametrize(
    ("values", "field", "code"),
    [
        ({"ends_seconds": 7 * 3600}, "days-0-ends", "shift_reversed"),
        ({"ends_seconds": 8 * 3600}, "days-0-ends", "shift_reversed"),
        ({"ends_seconds": 8 * 3600 + 60}, "days-0-ends", "shift_short"),
        ({"lunch_to_seconds": 11 * 3600}, "days-0-lunch_to", "lunch_reversed"),
        ({"lunch_to_seconds": 17 * 3600 + 60}, "days-0-lunch_minutes", "lunch_outside"),
        ({"lunch_from_seconds": 7 * 3600}, "days-0-lunch_minutes", "lunch_outside"),
    ],
)
def test_a_working_day_runs_forwards_and_holds_its_lunch(
    session: Session, world: World, admin: Actor, values: dict[str, int], field: str, code: str
) -> None:
    before = working_weeks.read(session, world.ana.id)
    with pytest.raises(Invalid) as error:
        working_weeks.change(session, admin, NOW, TODAY, world.ana.id, changed_day(session, world, **values))
    assert code_of(error) == (field, code)
    assert working_weeks.read(session, world.ana.id) == before


def test_a_week_changes_in_place(session: Session, world: World, admin: Actor) -> None:
    side = working_weeks.read(session, world.ana.id)
    saturday = WorkingDay(5, 9 * 3600, 13 * 3600)
    wanted = replace(side, vehicle="KX-41", week=(replace(side.week[1], starts_seconds=9 * 3600), saturday))
    working_weeks.change(session, admin, NOW, TODAY, world.ana.id, wanted)
    session.expire_all()
    assert working_weeks.read(session, world.ana.id) == wanted
    assert last_action(session) == "rep.changed"


@pytest.mark.parametrize(
    ("lat", "lon", "code"),
    [(91.0, 100.0, "lat_range"), (-29.9, None, "coordinates_half"), (0.0, 0.0, "coordinates_zero")],
)
def test_a_home_is_a_place(
    session: Session, world: World, admin: Actor, lat: float, lon: float | None, code: str
) -> None:
    side = replace(working_weeks.read(session, world.ana.id), home_lat=lat, home_lon=lon)
    with pytest.raises(Invalid) as error:
        working_weeks.change(session, admin, NOW, TODAY, world.ana.id, side)
    assert error.value.code == code


def test_a_home_far_off_the_road_is_refused_with_the_metres(
    session: Session, world: World, tmp_path: Path
) -> None:
    sea = Place(-71.45, -29.95)
    assert homes.metres_off_road(session, tmp_path, TODAY, world.ana.id, sea) is None
    install(tmp_path, load(DEMO_NETWORK))
    near = homes.metres_off_road(session, tmp_path, TODAY, world.ana.id, Place(LON, LAT))
    assert near is not None
    assert near < 100
    with pytest.raises(Invalid) as error:
        homes.metres_off_road(session, tmp_path, TODAY, world.ana.id, sea)
    assert code_of(error) == ("home_lat", "home_off_road")
    assert int(str(error.value.values["metres"])) > 2000


def test_absences_are_added_once_and_removed(session: Session, world: World, admin: Actor) -> None:
    monday = TODAY + timedelta(days=5)
    add = (session, admin, NOW, world.ana.id, monday)
    working_weeks.add_absence(*add, monday, AbsenceKind.TRAINING)
    (line,) = working_weeks.absences(session, world.ana.id, TODAY)
    assert (line.from_on, line.last_on) == (monday, monday)
    with pytest.raises(Invalid) as overlap:
        working_weeks.add_absence(*add, monday + timedelta(days=3), AbsenceKind.LEAVE)
    with pytest.raises(Invalid) as reversed_range:
        working_weeks.add_absence(*add, monday - timedelta(days=1), AbsenceKind.LEAVE)
    assert (overlap.value.code, reversed_range.value.code) == ("absence_overlap", "range_reversed")
    with pytest.raises(NotFound):
        working_weeks.remove_absence(session, admin, NOW, world.bruno.id, line.absence_id)
    working_weeks.remove_absence(session, admin, NOW, world.ana.id, line.absence_id)
    assert working_weeks.absences(session, world.ana.id, TODAY) == []


def test_a_manager_s_membership_opens_the_territories_below(
    session: Session, world: World, admin: Actor
) -> None:
    sergio = Actor(world.sergio.id, Role.MANAGER)
    assert world.ana.id not in session.scalars(scope.rep_ids(sergio, TODAY)).all()
    memberships.add(session, admin, NOW, world.sergio.id, world.root.id, TODAY)
    assert world.ana.id in session.scalars(scope.rep_ids(sergio, TODAY)).all()
    assert memberships.lines(session, person_id=world.sergio.id)[0].kind is MembershipKind.MANAGER


def test_a_membership_ends_and_may_not_overlap(session: Session, world: World, admin: Actor) -> None:
    with pytest.raises(Invalid) as error:
        memberships.add(session, admin, NOW, world.ana.id, world.norte.id, TODAY)
    assert error.value.code == "membership_overlap"
    (line,) = memberships.lines(session, person_id=world.ana.id)
    assert memberships.end(session, admin, NOW, line.membership_id, TODAY) == world.ana.id
    memberships.add(session, admin, NOW, world.ana.id, world.norte.id, TODAY)
    today, tomorrow = Actor(world.marta.id, Role.MANAGER), TODAY + timedelta(days=1)
    assert world.ana.id in session.scalars(scope.rep_ids(today, tomorrow)).all()
    newest = memberships.lines(session, person_id=world.ana.id)[0]
    memberships.end(session, admin, NOW, newest.membership_id, TODAY)
    assert len(memberships.lines(session, person_id=world.ana.id)) == 1


SANTIAGO = TerritoryData("Santiago", None, "America/Santiago", "CL", "rm", "CLP", "la-serena-coquimbo")


def test_territories_stand_in_a_tree(session: Session, world: World, admin: Actor) -> None:
    territories.create(session, admin, NOW, replace(SANTIAGO, parent_id=world.root.id))
    shown = [(line.depth, line.data.name, line.people) for line in territories.tree(session, TODAY)]
    assert shown == [(0, "Chile", 0), (1, "Norte", 2), (1, "Santiago", 0), (1, "Sur", 2)]


@pytest.mark.parametrize(
    ("values", "field", "code"),
    [
        ({"name": " "}, "name", "name_missing"),
        ({"name": "Norte"}, "name", "territory_name_taken"),
        ({"zone": "America/Serena"}, "zone", "zone_unknown"),
        ({"country": "QQ"}, "country", "country_unknown"),
        ({"currency": "QQQ"}, "currency", "currency_unknown"),
        ({"network_name": ""}, "network_name", "network_missing"),
    ],
)
def test_a_territory_has_a_zone_a_country_a_currency_and_roads(
    session: Session, world: World, admin: Actor, values: dict[str, str], field: str, code: str
) -> None:
    with pytest.raises(Invalid) as error:
        territories.create(session, admin, NOW, replace(SANTIAGO, **values))
    assert code_of(error) == (field, code)


def test_a_territory_is_never_part_of_itself(session: Session, world: World, admin: Actor) -> None:
    chile = territories.read(session, world.root.id)
    for below in (world.root.id, world.norte.id):
        with pytest.raises(Invalid) as error:
            territories.change(session, admin, NOW, world.root.id, replace(chile, parent_id=below))
        assert code_of(error) == ("parent_id", "territory_cycle")


def test_the_first_territory_makes_the_active_model(session: Session) -> None:
    admin = Actor(0, Role.ADMIN)
    territories.create(session, admin, NOW, SANTIAGO)
    assert [line.data.subdivision for line in territories.tree(session, date(2026, 1, 1))] == ["RM"]


def test_settings_keep_what_is_in_range_and_refuse_the_rest(
    session: Session, world: World, admin: Actor
) -> None:
    settings.change(session, admin, NOW, {"speed_factor": 0.9, "company_name": "Elqui"})
    assert settings.read(session).speed_factor == 0.9
    for values, field in (
        ({"speed_factor": 9.0}, "speed_factor"),
        ({"snap_warn_metres": 3000}, "snap_warn_metres"),
        ({"prospects_per_week": True}, "prospects_per_week"),
        ({"company_name": "x" * 81}, "company_name"),
    ):
        with pytest.raises(Invalid) as error:
            settings.change(session, admin, NOW, values)
        assert error.value.field == field
    assert settings.read(session) == settings.Settings(company_name="Elqui", speed_factor=0.9)
    assert last_action(session) == "settings.changed"


def test_a_stored_setting_that_makes_no_sense_counts_as_its_default(session: Session) -> None:
    session.add(settings.Setting(key="speed_factor", value="fast"))
    session.flush()
    assert settings.read(session) == settings.Settings()
