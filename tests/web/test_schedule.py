"""The schedule pages: calendar, day, due list, runs, versions, agreed visits; each in its scope."""

from __future__ import annotations

from collections.abc import Callable
from datetime import date

import pytest
from flask.testing import FlaskClient
from sqlalchemy import func, select, update
from sqlalchemy.orm import Session

from planner.domain.visits import VisitKind, VisitState
from planner.jobs.work import work
from planner.models.accounts import Account, OpeningWindow
from planner.models.people import Person, Rep
from planner.models.runs import PlanningRun, RunState
from planner.models.schedule import ScheduleVersion
from planner.models.visits import DayRoute, Visit
from planner.services.schedule import leases
from tests.conftest import NOW
from tests.queries import queries
from tests.roads import networks_folder
from tests.world import World

MONDAY = date(2026, 3, 9)
SignIn = Callable[[Person], FlaskClient]


@pytest.fixture
def world(session: Session) -> World:
    made = World(session)
    for letter in "AABBC":
        made.account(made.ana, letter=letter)
    session.commit()
    return made


def carry_out(world: World) -> None:
    """What the dispatcher's child does, in this process."""
    world.session.rollback()
    claim = leases.claim(world.session, NOW)
    assert claim is not None
    world.session.commit()
    assert work(claim, networks_folder())


def planned(world: World, client: FlaskClient) -> int:
    """Plan through the web; the id of the version."""
    client.post("/schedule/plan", data={})
    carry_out(world)
    version_id = world.session.scalar(select(ScheduleVersion.id).order_by(ScheduleVersion.id.desc()))
    assert version_id is not None
    return version_id


def published(world: World, client: FlaskClient) -> int:
    version_id = planned(world, client)
    client.post(f"/schedule/versions/{version_id}/publish")
    carry_out(world)
    return version_id


def first_visit(world: World) -> Visit:
    visit = world.session.scalars(select(Visit).order_by(Visit.on, Visit.id)).first()
    assert visit is not None
    return visit


def test_an_unplanned_rep_is_told_what_to_do(ana: FlaskClient) -> None:
    assert "Nothing is planned yet for Ana" in ana.get("/schedule").text


def test_from_plan_to_published_days_with_routes(world: World, ana: FlaskClient) -> None:
    asked = ana.post("/schedule/plan", data={})
    assert "/schedule/runs/" in asked.location
    page = ana.get(asked.location).text
    assert "Waiting for its turn" in page
    carry_out(world)
    assert ana.get(asked.location + "/state").json == {
        "progress": 100,
        "phase": "Storing the plan",
        "is_over": True,
    }
    assert "Compare and publish" in ana.get(asked.location).text
    version_id = world.session.scalar(select(ScheduleVersion.id))
    review = ana.get(f"/schedule/versions/{version_id}").text
    assert "It fits" in review
    assert "Added (" in review
    after = ana.post(f"/schedule/versions/{version_id}/publish")
    assert "/schedule/runs/" in after.location
    carry_out(world)
    visits = world.session.scalars(select(Visit)).all()
    routes = world.session.scalars(select(DayRoute)).all()
    assert visits
    assert {route.on for route in routes} == {visit.on for visit in visits}
    assert all(route.stops and route.stops[0].leg_path for route in routes)
    day = ana.get(f"/schedule/days/{visits[0].on}").text
    assert visits[0].account.name in day
    assert "min" in ana.get("/schedule").text


def test_publishing_can_be_taken_back(world: World, ana: FlaskClient) -> None:
    version_id = published(world, ana)
    ana.post(f"/schedule/versions/{version_id}/undo")
    carry_out(world)
    states = set(world.session.scalars(select(Visit.state)))
    assert states == {VisitState.CANCELLED}
    assert world.session.scalars(select(DayRoute)).all() == []


def test_a_rep_without_home_gets_a_sentence_on_the_runs_page(world: World, ana: FlaskClient) -> None:
    rep = world.session.get_one(Rep, world.ana.id)
    rep.home_lat = rep.home_lon = None
    world.session.commit()
    page = ana.post("/schedule/plan", data={}).location
    claim = leases.claim(world.session, NOW)
    assert claim is not None
    world.session.commit()
    assert work(claim, networks_folder()) is False
    assert "Ana has no home on the map yet" in ana.get(page).text


def test_a_run_can_be_called_off(world: World, ana: FlaskClient) -> None:
    page = ana.post("/schedule/plan", data={}).location
    ana.post(f"{page}/cancel")
    assert "Called off. Nothing has changed." in ana.get(page).text
    assert world.session.scalars(select(PlanningRun.state)).all() == [RunState.CANCELLED]


def test_a_past_or_damaged_first_day_is_refused_with_a_sentence(world: World, ana: FlaskClient) -> None:
    for text in ("2026-03-01", "soon"):
        answer = ana.post("/schedule/plan", data={"from_on": text}, follow_redirects=True)
        assert "Choose today or a later day to plan from." in answer.text
    assert world.session.scalars(select(PlanningRun)).all() == []


def test_the_due_list_shows_who_has_no_day_and_why(world: World, ana: FlaskClient) -> None:
    at_sea = world.account(world.ana, name="Quiosco del Faro", lat=-29.85, lon=-71.60)
    world.session.commit()
    assert "Not planned yet." in ana.get("/schedule/due").text
    planned(world, ana)
    page = ana.get("/schedule/due").text
    assert at_sea.name in page
    assert "from the nearest road: check its pin." in page
    assert "proposed" in page


def test_an_appointment_is_agreed_and_stands(world: World, ana: FlaskClient) -> None:
    account_id = world.account(world.ana, name="Ferretería Norte").id
    world.session.commit()
    data = {"kind": "appointment", "on": MONDAY.isoformat(), "begins": "10:30", "leeway": "10"}
    answer = ana.post(f"/schedule/agree/{account_id}", data=data)
    assert answer.location.startswith(f"/schedule/days/{MONDAY}")
    visit = first_visit(world)
    assert (visit.kind, visit.is_pinned, visit.appointment_seconds) == (
        VisitKind.APPOINTMENT,
        True,
        10 * 3600 + 1800,
    )
    assert "appointment" in ana.get(f"/schedule/days/{MONDAY}").text


def test_a_day_without_times_is_put_in_order_by_itself_or_by_a_button(world: World, ana: FlaskClient) -> None:
    account_id = world.account(world.ana, name="Ferretería Norte").id
    world.session.commit()
    page = f"/schedule/days/{MONDAY}"
    data = {"kind": "appointment", "on": MONDAY.isoformat(), "begins": "10:30", "leeway": "10"}
    ana.post(f"/schedule/agree/{account_id}", data=data)
    waiting = ana.get(page).text
    assert "The day is being put in order" in waiting
    assert "data-run-state" in waiting
    carry_out(world)
    solved = ana.get(page).text
    assert "10:20" in solved  # ten minutes of leeway
    assert "data-run-state" not in solved
    world.session.execute(update(DayRoute).values(is_stale=True))
    world.session.commit()
    assert "This day has changed since it was put in order" in ana.get(page).text
    asked = ana.post(f"{page}/order")
    assert "/schedule/runs/" in asked.location
    carry_out(world)
    assert f'href="{page}?rep={world.ana.id}"' in ana.get(asked.location).text
    assert "has changed since" not in ana.get(page).text


def test_weeks_beyond_the_published_ones_are_folded(world: World, ana: FlaskClient) -> None:
    near, later = ana.get("/schedule").text.split('<details class="more">')
    assert (near.count('<section class="week">'), later.count('<section class="week">')) == (4, 9)
    assert "9 more weeks" in later
    published(world, ana)
    near, later = ana.get("/schedule").text.split('<details class="more">')
    # Four weeks from a Thursday on reach into a fifth.
    assert (near.count('<section class="week">'), later.count('<section class="week">')) == (5, 8)


def test_an_appointment_without_a_time_or_on_a_holiday_says_so_and_keeps_the_input(
    world: World, ana: FlaskClient
) -> None:
    account_id = world.account(world.ana).id
    world.session.commit()
    data = {"kind": "appointment", "on": "2026-04-03", "leeway": "10"}
    answer = ana.post(f"/schedule/agree/{account_id}", data=data)
    assert "An appointment needs a time." in answer.text
    answer = ana.post(f"/schedule/agree/{account_id}", data=data | {"begins": "09:15"})
    assert "That day is a public holiday." in answer.text
    assert 'value="09:15"' in answer.text


def test_a_visit_is_moved_and_pinned_and_a_weekend_is_refused(world: World, ana: FlaskClient) -> None:
    published(world, ana)
    visit = first_visit(world)
    visit_id, account_id, taken = visit.id, visit.account_id, visit.on
    days = set(world.session.scalars(select(Visit.on).where(Visit.account_id == account_id)))
    free = next(d for d in (date(2026, 3, 10), date(2026, 3, 11), date(2026, 3, 12)) if d not in days)
    answer = ana.post(f"/schedule/visits/{visit_id}/move", data={"on": "2026-03-08"}, follow_redirects=True)
    assert "does not work on that weekday" in answer.text
    ana.post(f"/schedule/visits/{visit_id}/move", data={"on": free.isoformat()})
    world.session.expire_all()
    visit = world.session.get_one(Visit, visit_id)
    assert (visit.on, visit.is_pinned) == (free, True)
    assert taken != free
    ana.post(f"/schedule/visits/{visit_id}/pin", data={"pinned": "0"})
    world.session.expire_all()
    assert world.session.get_one(Visit, visit_id).is_pinned is False


def test_a_manager_chooses_among_the_reps_of_their_territory(world: World, sign_in: SignIn) -> None:
    marta = sign_in(world.marta)
    assert "Nothing is planned yet for Ana" in marta.get("/schedule").text
    assert marta.get(f"/schedule?rep={world.bruno.id}").status_code == 404


def test_what_belongs_to_another_territory_is_not_found(
    world: World, ana: FlaskClient, sign_in: SignIn
) -> None:
    version_id = published(world, ana)
    visit_id = first_visit(world).id
    account_id, run_id = first_visit(world).account_id, world.session.scalar(select(PlanningRun.id))
    bruno = sign_in(world.bruno)
    for address in (
        f"/schedule/versions/{version_id}",
        f"/schedule/runs/{run_id}",
        f"/schedule/agree/{account_id}",
    ):
        assert bruno.get(address).status_code == 404
    for address in (
        f"/schedule/versions/{version_id}/publish",
        f"/schedule/versions/{version_id}/undo",
        f"/schedule/runs/{run_id}/cancel",
        f"/schedule/visits/{visit_id}/move",
        f"/schedule/visits/{visit_id}/pin",
        f"/schedule/visits/{visit_id}/call-off",
    ):
        assert bruno.post(address, data={"on": MONDAY.isoformat()}).status_code == 404


def test_pages_take_a_fixed_number_of_queries(world: World, ana: FlaskClient) -> None:
    published(world, ana)
    day = f"/schedule/days/{first_visit(world).on}"
    few = {address: queries(ana, address) for address in ("/schedule", "/schedule/due", day)}
    for number in range(30):
        world.account(world.ana, letter="AB"[number % 2])
    world.session.commit()
    published(world, ana)
    assert {address: queries(ana, address) for address in few} == few
    assert max(few.values()) <= 25


def test_names_are_inert(world: World, ana: FlaskClient) -> None:
    world.account(world.ana, name="<script>alert(1)</script>")
    world.session.commit()
    assert "<script>alert" not in ana.get("/schedule/due").text


def test_a_damaged_date_is_not_found(ana: FlaskClient) -> None:
    assert ana.get("/schedule/days/2026-13-40").status_code == 404


def test_a_visit_says_why_it_is_on_its_day_and_moves_from_there(world: World, ana: FlaskClient) -> None:
    published(world, ana)
    visit = first_visit(world)
    page = ana.get(f"/schedule/visits/{visit.id}/why").text
    assert f"for {visit.account.name}?" in page
    assert "of driving" in page
    assert page.count("Move to ") > 5
    assert "Sat " not in page
    assert f"/schedule/visits/{visit.id}/move" in page


def test_a_day_is_found_for_one_more_visit(world: World, ana: FlaskClient) -> None:
    published(world, ana)
    visit = first_visit(world)
    page = ana.get(f"/schedule/find/{visit.account_id}").text
    assert f"Find a day for {visit.account.name}" in page
    assert "Visited that day already" in page
    assert f"/schedule/agree/{visit.account_id}?on=" in page
    assert "Must-visit on" in page
    form = ana.get(f"/schedule/agree/{visit.account_id}?on=2026-03-20").text
    assert 'value="2026-03-20"' in form


def test_a_plan_says_how_many_of_its_days_are_proven(world: World, ana: FlaskClient) -> None:
    version_id = planned(world, ana)
    assert "no other order of its visits drives less" in ana.get(f"/schedule/versions/{version_id}").text


def test_a_day_found_is_agreed_in_one_tap(world: World, ana: FlaskClient) -> None:
    published(world, ana)
    account_id = first_visit(world).account_id
    taken = set(world.session.scalars(select(Visit.on).where(Visit.account_id == account_id)))
    on = next(day for day in (date(2026, 3, 10), date(2026, 3, 11), date(2026, 3, 12)) if day not in taken)
    world.session.rollback()
    asked = {"kind": "must_visit", "leeway": "0", "on": on.isoformat()}
    assert ana.post(f"/schedule/agree/{account_id}", data=asked).status_code == 302
    visit = world.session.scalars(select(Visit).where(Visit.account_id == account_id, Visit.on == on)).one()
    assert (visit.kind, visit.is_pinned) == (VisitKind.MUST_VISIT, True)


def test_the_change_budget_is_told_for_what_is_published(world: World, ana: FlaskClient) -> None:
    published(world, ana)
    page = ana.get("/schedule/savings").text
    assert ("No single move saves a minute" in page) is not ("of driving." in page)


def test_what_an_account_costs_is_listed_visit_by_visit(world: World, ana: FlaskClient) -> None:
    account_id = world.session.scalars(select(Account.id)).first()
    assert "No visit is planned" in ana.get(f"/schedule/cost/{account_id}").text
    published(world, ana)
    page = ana.get(f"/schedule/cost/{account_id}").text
    planned_days = world.session.scalar(select(func.count()).where(Visit.account_id == account_id))
    assert page.count("of driving") >= (planned_days or 0) > 0


def test_what_would_help_is_offered_done_and_taken_back(world: World, ana: FlaskClient) -> None:
    published(world, ana)
    visit = first_visit(world)
    assert "No visit is missing" in ana.get(f"/schedule/help/{visit.account_id}").text
    visit.state = VisitState.CANCELLED
    world.session.commit()
    page = ana.get(f"/schedule/help/{visit.account_id}").text
    assert "A visit is promised from" in page
    code = page.split('name="offer" value="')[1].split('"')[0]
    done = ana.post(f"/schedule/help/{visit.account_id}", data={"offer": code}).location
    assert "Take it back" in ana.get(done).text
    world.session.rollback()
    agreed = world.session.scalars(select(Visit).where(Visit.kind == VisitKind.MUST_VISIT)).one()
    again = ana.post(f"/schedule/help/{visit.account_id}", data={"offer": code}, follow_redirects=True)
    assert "The plan has changed meanwhile" in again.text
    assert "Taken back" in ana.post(f"{done}/undo", follow_redirects=True).text
    world.session.refresh(agreed)
    assert agreed.state is VisitState.CANCELLED
    assert "This was taken back already." in ana.post(f"{done}/undo", follow_redirects=True).text


def test_without_a_plan_there_is_nothing_to_try_changes_on(world: World, ana: FlaskClient) -> None:
    account_id = world.session.scalar(select(Account.id))
    assert "Publish one first" in ana.get(f"/schedule/help/{account_id}").text


def test_the_due_list_and_the_version_lead_to_what_would_help(world: World, ana: FlaskClient) -> None:
    account = world.account(world.ana, name="Botica Cerrada")
    account.windows = [OpeningWindow(weekday=6, opens_seconds=8 * 3600, closes_seconds=9 * 3600)]
    world.session.commit()
    version_id = planned(world, ana)
    link = f'href="/schedule/help/{account.id}"'
    assert link in ana.get("/schedule/due").text
    assert link in ana.get(f"/schedule/versions/{version_id}").text


def _worked_out(page: str) -> str:
    """What the page says, but for the instants at which it was made and worked out."""
    return page.split("<main")[1].split("Worked out")[0]


def test_the_price_of_a_rule_is_worked_out_when_asked(world: World, ana: FlaskClient) -> None:
    published(world, ana)
    visit = first_visit(world)
    page = ana.get(f"/schedule/cost/{visit.account_id}").text
    link = f"/schedule/cost/{visit.account_id}/length"
    assert f'action="{link}"' in page
    assert "hours" not in page.split("What its rules cost")[1].split("</ul>")[0]
    assert "Not worked out yet" in ana.get(link).text
    asked = ana.post(link).location
    assert "Waiting for its turn" in ana.get(asked).text
    assert ana.post(link).location == asked
    carry_out(world)
    assert ana.get(asked).location == link
    price = ana.get(link).text
    assert "The length of its visits, against half of it" in price
    assert "in thirteen weeks" in price
    assert "Worked out" in price
    assert f'href="{link}"' in ana.get(f"/schedule/cost/{visit.account_id}").text
    world.session.rollback()
    ana.post(link)
    carry_out(world)
    assert _worked_out(ana.get(link).text) == _worked_out(price)


def test_a_rule_that_does_not_bind_is_refused_by_its_run_and_no_rule_at_all_at_once(
    world: World, ana: FlaskClient
) -> None:
    published(world, ana)
    account_id = first_visit(world).account_id
    asked = ana.post(f"/schedule/cost/{account_id}/hours").location
    world.session.rollback()
    claim = leases.claim(world.session, NOW)
    assert claim is not None
    world.session.commit()
    assert not work(claim, networks_folder())
    assert "does not exist" in ana.get(asked).text
    assert ana.get(f"/schedule/cost/{account_id}/nothing").status_code == 404
    assert ana.post(f"/schedule/cost/{account_id}/nothing").status_code == 404


def test_an_account_off_the_roads_has_its_sentence_on_the_runs_page(world: World, ana: FlaskClient) -> None:
    published(world, ana)
    visit = first_visit(world)
    world.session.execute(update(Account).where(Account.id == visit.account_id).values(lat=-29.85, lon=-71.6))
    world.session.commit()
    asked = ana.post(f"/schedule/cost/{visit.account_id}/length").location
    world.session.rollback()
    claim = leases.claim(world.session, NOW)
    assert claim is not None
    world.session.commit()
    assert not work(claim, networks_folder())
    assert "has no place on the roads" in ana.get(asked).text


def test_what_would_help_says_which_of_two_plans_it_judges(world: World, ana: FlaskClient) -> None:
    published(world, ana)
    account_id = first_visit(world).account_id
    assert "waits to be published" not in ana.get(f"/schedule/help/{account_id}").text
    world.session.rollback()
    planned(world, ana)
    page = ana.get(f"/schedule/help/{account_id}").text
    assert "of the plan that stands, published" in page
    assert "It is not of the newer plan that waits to be published." in page
