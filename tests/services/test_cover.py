"""A day shared out among colleagues: who may take over, what each takes, one step to do it and one back."""

from __future__ import annotations

from collections.abc import Callable
from datetime import date, datetime, timedelta
from typing import Any

import pytest
from sqlalchemy import select
from sqlalchemy.orm import Session

from planner.domain.access import Actor, Role
from planner.domain.errors import Conflict, NotFound
from planner.domain.visits import VisitKind, VisitState
from planner.domain.working_week import AbsenceKind
from planner.jobs import lifeline
from planner.jobs import questions as answering
from planner.models.accounts import OpeningWindow
from planner.models.people import Absence, Person
from planner.models.runs import PlanningRun, RunKind
from planner.models.settings import AuditEntry
from planner.models.territories import Membership, Ownership
from planner.models.visits import Visit
from planner.services import roads, scope
from planner.services.cover import applying, colleagues, questions, sharing
from planner.services.cover.colleagues import CannotHelp
from planner.services.cover.shared_day import SharedDay
from planner.services.days import broken_day, day_changes
from planner.services.days.mended import Trouble, Way
from planner.services.schedule import candidate_rows, leases, publishing, runs
from planner.services.schedule.candidate_rows import Span
from routing.day import several
from tests.conftest import NOW, TODAY
from tests.days import planned_visit
from tests.roads import networks_folder
from tests.schedules import planned_schedule, published_schedule
from tests.world import World

HOUR = 3600
TOMORROW = TODAY + timedelta(days=1)


class Team(World):
    """Ana cannot come; Bea and Carla work on the same roads and are planned for by Marta."""

    def __post_init__(self) -> None:
        super().__post_init__()
        self.bea = self.rep("bea", self.norte)
        self.carla = self.rep("carla", self.norte)

    @property
    def manager(self) -> Actor:
        return Actor(self.marta.id, Role.MANAGER)


@pytest.fixture
def team(session: Session) -> Team:
    return Team(session)


def troubles(team: Team, on: date = TOMORROW) -> dict[str, CannotHelp | None]:
    found = colleagues.of_day(team.session, team.manager, team.ana.id, on)
    return {one.name: one.trouble for one in found}


def worked_out(team: Team, on: date = TOMORROW, now: datetime = NOW) -> SharedDay:
    """Asked, and answered as a worker does."""
    run_id = questions.ask(team.session, team.manager, now, TODAY, team.ana.id, on)
    claim = leases.claim(team.session, now, run_id)
    assert claim is not None
    assert claim.kind is RunKind.COVER
    day = questions.read(team.session, now, claim.rep_id, claim.question)
    facts = day.away
    travel = roads.travel(networks_folder(), facts.network_name, facts.driving, facts.engine)
    shared, version = sharing.share_out(day, travel)
    leases.finish(team.session, now, claim, version, shared.to_json())
    return shared


def apply(team: Team, on: date = TOMORROW) -> int:
    return applying.apply(team.session, team.manager, NOW, TODAY, team.ana.id, on)


def undo(team: Team, change_id: int) -> None:
    applying.undo(team.session, team.manager, NOW, TODAY, change_id)


def trouble(team: Team, on: date = TOMORROW) -> str:
    return questions.answered(team.session, team.manager, TODAY, team.ana.id, on).trouble


def absent(team: Team, who: Person) -> None:
    row = Absence(
        rep_id=who.id, kind=AbsenceKind.ILLNESS, from_on=TOMORROW, until_on=TOMORROW + timedelta(days=1)
    )
    team.session.add(row)
    team.session.flush()
    team.session.expire_all()


def visits_of(team: Team, count: int, on: date = TOMORROW) -> list[Visit]:
    return [planned_visit(team, team.ana, on) for _ in range(count)]


def test_only_reps_of_ones_own_who_work_that_day_on_the_same_roads_take_over(team: Team) -> None:
    far = team.territory("Far", team.norte)
    far.network_name = "elsewhere"
    team.rep("dora", far)
    absent(team, team.bea)
    assert troubles(team) == {
        "Bea": CannotHelp.ABSENT,
        "Carla": None,
        "Dora": CannotHelp.OTHER_ROADS,
    }
    saturday = TODAY + timedelta(days=(5 - TODAY.weekday()) % 7)
    assert troubles(team, saturday)["Carla"] is CannotHelp.OFF


def test_of_many_colleagues_the_nearest_are_asked(team: Team, monkeypatch: pytest.MonkeyPatch) -> None:
    monkeypatch.setattr(colleagues, "MOST_ASKED", 2)
    far = team.rep("dora", team.norte)
    team.session.get_one(colleagues.Rep, far.id).home_lat = -30.5
    team.session.flush()
    assert troubles(team) == {"Bea": None, "Carla": None, "Dora": CannotHelp.FURTHER_AWAY}


def test_a_day_is_shared_out_and_everybody_keeps_their_own_visits(team: Team) -> None:
    visits = visits_of(team, 4)
    own = [planned_visit(team, team.bea, TOMORROW) for _ in range(2)]
    shared = worked_out(team)
    assert {one.visit_id for one in shared.taken} == {visit.id for visit in visits}
    assert shared.left == ()
    bea = next(day for day in shared.days if day.rep_id == team.bea.id)
    assert bea.visits_before == len(own)
    assert bea.visits_after == len(own) + len(shared.taken_by(team.bea.id))
    assert bea.home_after <= 18 * HOUR


def test_an_appointment_keeps_its_time(team: Team) -> None:
    visit = visits_of(team, 2)[0]
    visit.kind, visit.appointment_seconds, visit.leeway_seconds = VisitKind.APPOINTMENT, 15 * HOUR, 0
    team.session.flush()
    (taken,) = [one for one in worked_out(team).taken if one.visit_id == visit.id]
    assert taken.begins == taken.agreed_begins == 15 * HOUR


def test_what_nobody_can_take_has_its_reason(team: Team) -> None:
    closed, elsewhere, fine = visits_of(team, 3)
    weekday = (TOMORROW.weekday() + 1) % 7
    closed.account.windows = [OpeningWindow(weekday=weekday, opens_seconds=0, closes_seconds=HOUR)]
    elsewhere.account.lat = elsewhere.account.lon = None
    team.session.flush()
    shared = worked_out(team)
    assert {one.visit_id: one.reason for one in shared.left} == {
        closed.id: "closed",
        elsewhere.id: "no_place",
    }
    assert [one.visit_id for one in shared.taken] == [fine.id]


def test_what_would_have_fitted_this_morning_comes_too_late(team: Team) -> None:
    (visit,) = visits_of(team, 1, TODAY)
    weekday = TODAY.weekday()
    visit.account.windows = [OpeningWindow(weekday=weekday, opens_seconds=8 * HOUR, closes_seconds=10 * HOUR)]
    team.session.flush()
    after_noon = NOW + timedelta(hours=4)
    (left,) = worked_out(team, TODAY, after_noon).left
    assert (left.visit_id, left.reason) == (visit.id, "too_late")


def test_a_full_day_takes_nothing_over_and_loses_nothing(team: Team) -> None:
    absent(team, team.carla)
    for _ in range(4):
        planned_visit(team, team.bea, TOMORROW).service_seconds = 2 * HOUR
    (visit,) = visits_of(team, 1)
    visit.service_seconds = 2 * HOUR
    team.session.flush()
    shared = worked_out(team)
    assert [(one.visit_id, one.reason) for one in shared.left] == [(visit.id, "day_full")]
    (bea,) = shared.days
    assert (bea.visits_before, bea.visits_after) == (4, 4)


def test_days_that_hold_less_than_they_are_to_are_said_to_be_full(
    team: Team, monkeypatch: pytest.MonkeyPatch
) -> None:
    """Of too many visits of one's own there is no proof which are best left; that no more fit is certain."""
    monkeypatch.setattr(several, "LONGEST_SECONDS", 3600.0)
    for person in (team.bea, team.carla):
        for _ in range(18):
            planned_visit(team, person, TOMORROW).service_seconds = HOUR
    (visit,) = visits_of(team, 1)
    visit.service_seconds = 2 * HOUR
    team.session.flush()
    shared = worked_out(team)
    assert [(one.visit_id, one.reason) for one in shared.left] == [(visit.id, "day_full")]


def test_a_sharing_that_is_called_off_ends_and_is_not_kept(
    team: Team, monkeypatch: pytest.MonkeyPatch
) -> None:
    visits_of(team, 2)
    run_id = questions.ask(team.session, team.manager, NOW, TODAY, team.ana.id, TOMORROW)
    team.session.commit()
    claim = leases.claim(team.session, NOW, run_id)
    team.session.commit()
    assert claim is not None
    share_out, asked = sharing.share_out, []

    def called_off(day: sharing.TeamDay, travel: roads.RoadsTravel, should_stop: Callable[[], bool]) -> Any:
        runs.cancel(team.session, team.manager, NOW, run_id)
        team.session.commit()
        asked.append(should_stop())
        return share_out(day, travel, should_stop)

    monkeypatch.setattr(lifeline, "BEAT_SECONDS", 0.0)
    monkeypatch.setattr(sharing, "share_out", called_off)
    with pytest.raises(lifeline.Stopped):
        answering.answer(claim, networks_folder(), lifeline.Lifeline(claim), TODAY)
    assert asked == [True]
    assert team.session.get_one(PlanningRun, run_id).answer is None


def test_one_step_hands_the_visits_over_and_leaves_who_owns_the_accounts(team: Team) -> None:
    visits = visits_of(team, 3)
    shared = worked_out(team)
    apply(team)
    takers = {one.visit_id: one.rep_id for one in shared.taken}
    assert {visit.id: visit.rep_id for visit in visits} == takers
    assert all(visit.is_pinned and visit.reason_values == {"name": "Ana"} for visit in visits)
    owners = team.session.scalars(
        select(Ownership.rep_id).where(Ownership.account_id.in_([v.account_id for v in visits]))
    )
    assert set(owners) == {team.ana.id}
    routes = select(PlanningRun.rep_id).where(PlanningRun.kind == RunKind.ROUTES)
    assert set(team.session.scalars(routes)) == {team.ana.id, *takers.values()}
    actions = team.session.scalars(select(AuditEntry.action)).all()
    assert "day.shared_out" in actions


def test_what_nobody_takes_stays_with_the_rep(team: Team) -> None:
    lost, _ = visits_of(team, 2)
    lost.account.lat = lost.account.lon = None
    team.session.flush()
    worked_out(team)
    apply(team)
    assert lost.rep_id == team.ana.id
    (done,) = applying.of_day(team.session, team.manager, TODAY, team.ana.id, TOMORROW)
    assert done.left == (lost.account.name,)


def test_visits_that_have_begun_stay_with_their_rep(team: Team) -> None:
    begun, coming = visits_of(team, 2, TODAY)
    begun.state, begun.arrived_at = VisitState.ARRIVED, NOW
    team.session.flush()
    shared = worked_out(team, TODAY)
    named = {one.visit_id for one in (*shared.taken, *shared.left)}
    assert named == {coming.id}


def test_nothing_is_handed_over_once_something_has_changed(team: Team) -> None:
    visit = visits_of(team, 2)[0]
    worked_out(team)
    visit.rev += 1
    team.session.flush()
    with pytest.raises(Conflict, match="cover_changed"):
        apply(team)


def test_it_is_taken_back_to_what_was(team: Team) -> None:
    visits = visits_of(team, 2)
    visits[0].kept_place = 1
    team.session.flush()
    before = [(v.rep_id, v.is_pinned, v.kept_place, v.reason, v.reason_values) for v in visits]
    worked_out(team)
    change_id = apply(team)
    undo(team, change_id)
    assert [(v.rep_id, v.is_pinned, v.kept_place, v.reason, v.reason_values) for v in visits] == before
    with pytest.raises(Conflict, match="cover_undone"):
        undo(team, change_id)


def test_it_is_not_taken_back_once_a_visit_has_begun(team: Team) -> None:
    visit = visits_of(team, 2)[0]
    worked_out(team)
    change_id = apply(team)
    visit.state, visit.rev = VisitState.ARRIVED, visit.rev + 1
    team.session.flush()
    (done,) = applying.of_day(team.session, team.manager, TODAY, team.ana.id, TOMORROW)
    assert not done.can_be_undone
    with pytest.raises(Conflict, match="cover_begun"):
        undo(team, change_id)


def test_only_who_plans_for_the_rep_takes_it_back(team: Team) -> None:
    visits_of(team, 1)
    worked_out(team)
    change_id = apply(team)
    sergio = Actor(team.sergio.id, Role.MANAGER)
    with pytest.raises(NotFound):
        applying.undo(team.session, sergio, NOW, TODAY, change_id)
    ana = Actor(team.ana.id, Role.REP)
    with pytest.raises(NotFound):
        day_changes.undo(team.session, ana, NOW, TODAY, change_id)
    assert day_changes.of_day(team.session, team.ana.id, TOMORROW, True) == []


def test_a_day_that_cannot_be_shared_out_says_why(team: Team) -> None:
    assert trouble(team) == "cover_no_visits"
    assert trouble(team, TODAY - timedelta(days=1)) == "cover_past"
    (visit,) = visits_of(team, 1)
    assert trouble(team) == ""
    absent(team, team.bea)
    absent(team, team.carla)
    assert trouble(team) == "cover_nobody"
    visit.state = VisitState.DONE
    team.session.flush()
    assert trouble(team) == "cover_all_begun"


def test_colleagues_who_all_work_on_other_roads_are_told_apart(team: Team) -> None:
    visits_of(team, 1)
    far = team.territory("Far", team.norte)
    far.network_name = "elsewhere"
    for person in (team.bea, team.carla):
        row = team.session.scalars(select(Membership).where(Membership.person_id == person.id)).one()
        row.territory_id = far.id
    team.session.flush()
    assert trouble(team) == "cover_other_roads"
    with pytest.raises(Conflict, match="cover_other_roads"):
        questions.ask(team.session, team.manager, NOW, TODAY, team.ana.id, TOMORROW)


def test_who_covers_may_read_the_account_of_the_visit_and_no_more(team: Team) -> None:
    absent(team, team.carla)
    visit, other = visits_of(team, 1)[0], team.account(team.ana)
    bea = Actor(team.bea.id, Role.REP)
    worked_out(team)
    with pytest.raises(NotFound):
        scope.readable_account(team.session, bea, visit.account_id, TODAY)
    apply(team)
    assert scope.readable_account(team.session, bea, visit.account_id, TODAY).id == visit.account_id
    for account_id, ask in (
        (other.id, scope.readable_account),
        (visit.account_id, scope.account),
    ):
        with pytest.raises(NotFound):
            ask(team.session, bea, account_id, TODAY)
    with pytest.raises(NotFound):
        scope.readable_account(team.session, bea, visit.account_id, TOMORROW + timedelta(days=1))


def test_a_covered_visit_counts_in_the_owners_next_plan(team: Team) -> None:
    (visit,) = visits_of(team, 1)
    span = Span(TOMORROW, TOMORROW + timedelta(days=91), TODAY)
    assert candidate_rows.covered_visits(team.session, team.ana.id, span) == {}
    worked_out(team)
    apply(team)
    assert candidate_rows.covered_visits(team.session, team.ana.id, span) == {visit.account_id: TOMORROW}


def test_new_plans_neither_double_nor_drop_a_covered_visit(team: Team) -> None:
    for _ in range(6):
        team.account(team.ana, letter="A")
    published_schedule(team, team.ana, networks_folder())
    on = team.session.scalar(
        select(Visit.on).where(Visit.rep_id == team.ana.id, Visit.on > TODAY).order_by(Visit.on).limit(1)
    )
    assert on is not None
    taken = {one.visit_id for one in worked_out(team, on).taken}
    assert taken
    apply(team, on)
    published_schedule(team, team.ana, networks_folder())
    published_schedule(team, team.carla, networks_folder())
    published_schedule(team, team.bea, networks_folder())
    visits = [team.session.get_one(Visit, one) for one in taken]
    assert all(visit.on == on and visit.state is VisitState.PLANNED for visit in visits)
    for visit in visits:
        others = select(Visit.on).where(Visit.account_id == visit.account_id, Visit.id != visit.id)
        others = others.where(Visit.state == VisitState.PLANNED)
        assert all(abs((other - on).days) >= 9 for other in team.session.scalars(others))


def test_a_plan_proposed_before_is_published_around_a_covered_visit(team: Team) -> None:
    for _ in range(3):
        team.account(team.ana, letter="A")
    published_schedule(team, team.ana, networks_folder())
    version_id = planned_schedule(team, team.ana, networks_folder())
    on = team.session.scalar(
        select(Visit.on).where(Visit.rep_id == team.ana.id, Visit.on > TODAY).order_by(Visit.on).limit(1)
    )
    assert on is not None
    worked_out(team, on)
    apply(team, on)
    publishing.publish(team.session, Actor(team.ana.id, Role.REP), NOW, TODAY, version_id)
    left = select(Visit.id).where(Visit.rep_id == team.ana.id, Visit.on == on)
    assert team.session.scalars(left.where(Visit.state == VisitState.PLANNED)).all() == []


def test_a_customer_who_is_away_can_be_left_out_by_who_covers(team: Team) -> None:
    absent_today = Absence(rep_id=team.carla.id, kind=AbsenceKind.ILLNESS, from_on=TODAY, until_on=TOMORROW)
    team.session.add(absent_today)
    visit, _ = visits_of(team, 2, TODAY)
    worked_out(team, TODAY)
    apply(team, TODAY)
    bea, trouble = Actor(team.bea.id, Role.REP), Trouble(visit_id=visit.id)
    day = broken_day.ways(team.session, bea, networks_folder(), NOW, TODAY, TODAY, trouble)
    assert Way.NEXT_TIME in {way.way for way in day.ways}
