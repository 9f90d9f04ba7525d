"""Ana's follow-ups are given to Carla, who visits one of her accounts, and taken back; by Marta, who answers
for both."""

from __future__ import annotations

from datetime import date, timedelta
from uuid import uuid4

import pytest
from sqlalchemy import select
from sqlalchemy.orm import Session

from planner.domain.access import Actor
from planner.domain.errors import NotFound
from planner.domain.follow_ups import FollowUpState
from planner.domain.ownership import Held
from planner.domain.quick_dates import Quick
from planner.models.accounts import Account
from planner.models.follow_ups import FollowUp
from planner.models.people import Absence, Person
from planner.models.settings import AuditEntry
from planner.models.visits import Visit
from planner.services.accounts import ownership
from planner.services.days import follow_up_lists, follow_ups, giving
from planner.services.days.follow_up_lists import Filter
from tests.conftest import NOW, TODAY
from tests.queries import counted
from tests.world import World

TOMORROW = TODAY + timedelta(days=1)


class Team(World):
    """With Carla, a rep of Ana's territory, who visits ``covered`` tomorrow."""

    def __post_init__(self) -> None:
        super().__post_init__()
        self.carla = self.rep("carla", self.norte)
        self.covered, self.other = self.account(self.ana), self.account(self.ana)
        visit = Visit(uid=str(uuid4()), account_id=self.covered.id, rep_id=self.carla.id, on=TOMORROW)
        visit.service_seconds = 1800
        self.session.add(visit)
        self.visit = visit
        self.session.flush()

    def follow_up(self, account: Account, text: str = "Call") -> FollowUp:
        row = FollowUp(uid=str(uuid4()), account_id=account.id, author_id=self.ana.id, text=text, made_at=NOW)
        self.session.add(row)
        self.session.flush()
        return row


@pytest.fixture
def team(session: Session) -> Team:
    return Team(session)


def actor(person: Person) -> Actor:
    return Actor(person.id, person.role)


def open_of(team: Team, person: Person, today: date = TODAY, **wanted: int) -> list[tuple[str, str]]:
    """Texts of what the person sees open, and whom it is for."""
    found = follow_up_lists.every(team.session, actor(person), today, Filter(**wanted))
    return [(shown.text, shown.owner_name) for shown in found]


def give(team: Team, who: Person, to: Person, *rows: FollowUp) -> giving.Given:
    return giving.give(team.session, actor(who), NOW, TODAY, [row.id for row in rows], to.id)


@pytest.mark.both_databases
def test_many_are_given_at_once_to_who_may_see_the_account_and_the_rest_is_left(team: Team) -> None:
    mine, others = team.follow_up(team.covered, "Covered"), team.follow_up(team.other, "Other")
    ended = team.follow_up(team.covered, "Ended")
    ended.state, ended.ended_at, ended.ended_by = FollowUpState.DONE, NOW, team.ana.id
    assert open_of(team, team.carla) == []
    assert give(team, team.marta, team.carla, mine, others, ended) == giving.Given(((mine.id, None),), 2)
    assert open_of(team, team.carla) == [("Covered", "")]
    assert open_of(team, team.ana) == [("Covered", "Carla"), ("Other", "")]
    assert open_of(team, team.marta, rep_id=team.carla.id) == [("Covered", "Carla")]
    assert open_of(team, team.marta, rep_id=team.ana.id) == [("Other", "Ana")]


@pytest.mark.both_databases
def test_who_may_be_given_something_is_who_may_read_one_of_the_accounts(team: Team) -> None:
    names = [name for _, name in giving.takers(team.session, actor(team.marta), TODAY, {team.covered.id})]
    assert names == ["Ana", "Carla"]
    alone = [name for _, name in giving.takers(team.session, actor(team.marta), TODAY, {team.other.id})]
    assert alone == ["Ana"]
    assert giving.takers(team.session, actor(team.sergio), TODAY, {team.covered.id}) == []
    team.carla.is_active = False
    team.session.flush()
    gone = giving.takers(team.session, actor(team.marta), TODAY, {team.covered.id})
    assert [name for _, name in gone] == ["Ana"]
    assert not give(team, team.marta, team.carla, team.follow_up(team.covered)).done


def test_the_owner_gives_and_who_was_given_one_works_on_it_but_does_not_give_it_on(team: Team) -> None:
    row = team.follow_up(team.covered)
    assert give(team, team.carla, team.carla, row).done == ()
    assert give(team, team.bruno, team.carla, row).done == ()
    assert give(team, team.ana, team.carla, row).done
    assert give(team, team.carla, team.ana, row).done == ()
    away = Absence(rep_id=team.carla.id, from_on=TOMORROW, until_on=TODAY + timedelta(days=6), kind="leave")
    team.session.add(away)
    team.session.flush()
    follow_ups.put_off(team.session, actor(team.carla), TODAY, TODAY, row.id, Quick.TOMORROW)
    assert row.due_on == TODAY + timedelta(days=6), "on a day that Carla works"
    follow_ups.move(team.session, actor(team.carla), NOW, TODAY, row.id, FollowUpState.DONE)
    assert row.state is FollowUpState.DONE


def test_it_stays_with_whom_it_was_given_to_once_the_visit_is_over(team: Team) -> None:
    row = team.follow_up(team.covered)
    give(team, team.marta, team.carla, row)
    assert open_of(team, team.carla, TODAY + timedelta(days=9)) == [("Call", "")]
    (shown,) = follow_up_lists.every(team.session, actor(team.carla), TODAY, Filter())
    assert (shown.is_given, shown.is_theirs) == (True, False)


@pytest.mark.both_databases
def test_when_the_account_changes_its_rep_what_is_open_goes_along_from_that_day(team: Team) -> None:
    row, own = team.follow_up(team.covered, "Given"), team.follow_up(team.covered, "Own")
    give(team, team.marta, team.carla, row)
    dora = team.rep("dora", team.norte)
    change = Held(team.norte.id, dora.id, TOMORROW)
    ownership.assign(team.session, actor(team.marta), NOW, TODAY, team.covered.id, change)
    assert open_of(team, team.carla) == [("Given", "")]
    assert open_of(team, dora) == []
    assert sorted(open_of(team, dora, TOMORROW)) == [("Given", ""), ("Own", "")]
    assert open_of(team, team.carla, TOMORROW) == open_of(team, team.ana, TOMORROW) == []
    with pytest.raises(NotFound):
        follow_ups.seen(team.session, actor(team.carla), TOMORROW, own.id)


@pytest.mark.both_databases
def test_it_is_taken_back_while_it_is_still_theirs(team: Team) -> None:
    first, second = team.follow_up(team.covered, "First"), team.follow_up(team.covered, "Second")
    done = give(team, team.marta, team.carla, first, second).done
    dora = team.rep("dora", team.norte)
    visit = Visit(uid=str(uuid4()), account_id=team.covered.id, rep_id=dora.id)
    visit.on = TODAY + timedelta(days=2)
    visit.service_seconds = 1800
    team.session.add(visit)
    team.session.flush()
    give(team, team.marta, dora, second)
    undone = giving.take_back(team.session, actor(team.marta), NOW, TODAY, done, team.carla.id)
    assert undone.done == ((first.id, team.carla.id),)
    assert undone.left == 1
    assert open_of(team, team.carla) == []
    assert open_of(team, dora) == [("Second", "")], "who was given it since keeps it"


def test_the_audit_log_tells_who_gave_what_to_whom(team: Team) -> None:
    row = team.follow_up(team.covered)
    give(team, team.marta, team.carla, row)
    give(team, team.marta, team.carla, row)
    entries = team.session.scalars(select(AuditEntry).where(AuditEntry.action == "follow_up.given")).all()
    found = [(one.actor_id, one.subject_id, one.before, one.after) for one in entries]
    assert found == [(team.marta.id, row.id, {"for": team.ana.id}, {"for": team.carla.id})]


def test_a_list_of_many_is_shown_by_pages_in_one_order_and_whole_in_a_file(team: Team) -> None:
    rows = [team.follow_up(team.other, f"{number:03}") for number in range(120)]
    for number, row in enumerate(rows):
        row.due_on = TODAY + timedelta(days=number // 7) if number % 5 else None
    team.session.flush()
    marta, sent, seen = actor(team.marta), [], []
    for number in (1, 2, 3, 9):
        with counted() as asked:
            page = follow_up_lists.page(team.session, marta, TODAY, Filter(), number)
        sent.append(len(asked))
        seen.append([shown.text for group in page.groups.values() for shown in group])
        assert (page.paging.total, page.paging.pages) == (120, 3)
    assert [len(texts) for texts in seen] == [50, 50, 20, 20]
    whole = [shown.text for shown in follow_up_lists.every(team.session, marta, TODAY, Filter())]
    assert seen[0] + seen[1] + seen[2] == whole
    assert set(sent) == {2}


def test_the_pack_takes_the_pages_that_there_are(team: Team) -> None:
    counts = []
    for more in (0, 50, 1):
        for _ in range(more):
            team.follow_up(team.other)
        counts.append(follow_up_lists.page_count(team.session, actor(team.ana), TODAY))
    assert counts == [1, 1, 2]


def test_those_that_ended_have_pages_too_and_are_counted_whole(team: Team) -> None:
    for number in range(70):
        row = team.follow_up(team.other, f"{number:03}")
        row.state, row.ended_by = FollowUpState.DONE, team.ana.id
        row.ended_at = NOW + timedelta(minutes=number)
    team.session.flush()
    ana = actor(team.ana)
    beside = follow_up_lists.page(team.session, ana, TODAY, Filter())
    assert (len(beside.ended), beside.ended_count, beside.paging.total) == (30, 70, 0)
    last = follow_up_lists.page(team.session, ana, TODAY, Filter(is_ended=True), 2)
    assert [shown.text for shown in last.ended] == [f"{number:03}" for number in range(19, -1, -1)]


def test_the_pack_is_fetched_anew_when_something_was_given_or_taken(team: Team) -> None:
    row = team.follow_up(team.covered)
    carla, said = actor(team.carla), []
    said.append(follow_up_lists.news(team.session, carla, TODAY))
    give(team, team.marta, team.carla, row)
    said.append(follow_up_lists.news(team.session, carla, TODAY))
    give(team, team.marta, team.ana, row)
    said.append(follow_up_lists.news(team.session, carla, TODAY))
    assert said[0] == said[2] != said[1]
