"""What a version changes, in sentences; and the page they stand on."""

from __future__ import annotations

from collections.abc import Callable, Iterator
from dataclasses import replace
from datetime import date, timedelta

import pytest
from flask import Flask
from flask.testing import FlaskClient
from sqlalchemy.orm import Session

from planner import clock
from planner.domain import plan_inputs
from planner.domain.plan_difference import Reach, WeekChange
from planner.domain.plan_inputs import AbsenceChange, AccountChange, RepChange
from planner.domain.working_week import AbsenceKind
from planner.models.people import Person
from planner.services.installation.settings import Settings
from planner.services.schedule.first_class import Against, FirstClassLine
from planner.services.schedule.horizon import DayLoad
from planner.services.schedule.plan_inputs import Inputs
from planner.services.schedule.promises import Promises
from planner.services.schedule.version_difference import Difference, Driving
from planner.web.schedule import difference_words, input_words
from planner.web.schedule.names import some_names
from planner.web.schedule.words import ABSENCES
from tests.conftest import NOW
from tests.queries import queries
from tests.roads import networks_folder
from tests.schedules import planned_schedule, published_schedule
from tests.world import World

MONDAY, TUESDAY, THURSDAY = date(2026, 3, 2), date(2026, 3, 3), date(2026, 3, 5)
SignIn = Callable[[Person], FlaskClient]

NOTHING = Difference(
    kept=0,
    moved=0,
    added=0,
    dropped=0,
    reach=Reach.ALL_NEAR,
    driving=None,
    weeks=(),
    first_class=(),
    promises=Promises((), ()),
    former=None,
    inputs=None,
)
NO_INPUTS = Inputs(NOW, False, (), {}, 0, frozenset(), (), (), frozenset(), {})


@pytest.fixture(autouse=True)
def spoken(app: Flask) -> Iterator[None]:
    with app.test_request_context():
        yield


def said(**fields: object) -> str:
    return " ".join(difference_words.sentences(replace(NOTHING, **fields)))


def test_the_first_plan_says_so_and_compares_nothing() -> None:
    assert said(added=43) == "This is the first plan: 43 visits in four weeks, none stands yet."


def test_no_difference_is_one_sentence() -> None:
    assert said(kept=43) == "Nothing changes: all 43 visits stay on their days."
    assert said(kept=1) == "Nothing changes: the one visit that stands stays on its day."


def test_the_whole_comes_first_with_how_far_visits_move() -> None:
    told = said(
        moved=3, added=2, dropped=1, kept=40, reach=Reach.MOST_NEAR, driving=Driving(51600, 46800, False)
    )
    assert told == (
        "3 visits move, most by a day or two; 2 visits are added; 1 visit is dropped; 40 stay on their days. "
        "Driving in the four weeks falls by 1 h 20 (9 %), with 1 visit more."
    )


def test_driving_that_is_not_comparable_is_not_compared_and_rush_hours_make_it_about() -> None:
    assert "Driving is not compared" in said(moved=1)
    assert "rises by about 10 min (10 %)." in said(moved=1, driving=Driving(6000, 6600, True))
    assert "stays the same." in said(moved=1, driving=Driving(6000, 6010, False))


def test_an_a_account_is_named_with_what_speaks_against_its_old_day_and_else_without_a_reason() -> None:
    holiday = DayLoad(TUESDAY, "holiday", "Carnival", 0)
    moved = FirstClassLine("Farm Supply", (TUESDAY,), THURSDAY, Against.DAY_OFF, holiday)
    dropped = FirstClassLine("Mill", (MONDAY, THURSDAY), None, Against.NOTHING, None)
    told = said(moved=1, dropped=1, first_class=(moved, dropped))
    assert (
        "Farm Supply (A) moves from Tue 3 Mar to Thu 5 Mar: nobody works on the old day (Holiday: Carnival)."
    ) in told
    assert "Mill (A) loses its visits on Mon 2 Mar and Thu 5 Mar." in told


@pytest.mark.parametrize("against", [a for a in Against if a not in (Against.NOTHING, Against.DAY_OFF)])
def test_everything_that_can_speak_against_a_day_has_its_words(against: Against) -> None:
    line = FirstClassLine("Mill", (MONDAY,), TUESDAY, against, None)
    assert ": " in said(moved=1, first_class=(line,))


def test_long_lists_are_cut_short() -> None:
    line = FirstClassLine("Mill", (MONDAY,), TUESDAY, Against.NOTHING, None)
    assert said(moved=17, first_class=(line,) * 17).count("Mill (A)") == difference_words.MOST_LINES
    assert "And 12 more visits of A accounts move or are dropped." in said(moved=17, first_class=(line,) * 17)
    names = [f"n{number}" for number in range(15)]
    assert some_names(names) == "n0, n1, n2 and 12 more"
    assert [some_names(names[:count]) for count in range(5)] == [
        *("", "n0", "n0 and n1", "n0, n1 and n2"),
        "n0, n1, n2 and n3",
    ]


def test_weeks_and_promises_are_told_both_ways() -> None:
    weeks = WeekChange(MONDAY, 4), WeekChange(date(2026, 3, 9), -2)
    told = said(moved=4, weeks=weeks, promises=Promises(("Mill",), ("Farm", "Inn")))
    assert "More visits in the week of 2 Mar (+4). Fewer visits in the week of 9 Mar (−2)." in told
    assert "Promise kept that was not: Mill. Promise no longer kept: Farm and Inn." in told


def test_every_input_that_changed_is_told() -> None:
    leave = AbsenceChange("leave", MONDAY, TUESDAY, True)
    inputs = replace(
        NO_INPUTS,
        is_other_network=True,
        driving=("speed_factor", "rush_hours"),
        accounts={AccountChange.ADDED: ("Mill", "Inn")},
        imported=3,
        rep=frozenset({RepChange.WEEK}),
        absences=(leave, replace(leave, is_added=False)),
        classes=("A",),
        settings=frozenset({"prospects_per_week"}),
        by_hand={"visit.agreed": 1, "visit.moved": 2, "visit.called_off": 0},
    )
    assert input_words.sentences(inputs) == [
        "The road network is another version.",
        "How one drives was set anew: speed and rush hours.",
        "The rep's working hours changed.",
        "Entered: Leave, Mon 2 Mar to Tue 3 Mar.",
        "Taken back: Leave, Mon 2 Mar to Tue 3 Mar.",
        "New accounts: Mill and Inn.",
        "Imports made or changed 3 accounts.",
        "The rule of a class changed: A.",
        "The number of prospects a week changed.",
        "1 visit was agreed.",
        "2 visits were moved by hand.",
    ]
    assert input_words.sentences(NO_INPUTS) == []


def test_every_change_has_its_words() -> None:
    assert set(input_words.ACCOUNTS) == set(AccountChange)
    assert set(input_words.REP) == set(RepChange)
    assert set(input_words.SETTINGS) == plan_inputs.SETTINGS <= set(Settings.__slots__)
    assert set(ABSENCES) == set(AbsenceKind)


@pytest.fixture
def world(session: Session) -> World:
    made = World(session)
    for letter in "AABBC":
        made.account(made.ana, letter=letter)
    session.commit()
    return made


def test_the_page_tells_the_first_plan_and_then_what_the_next_one_changes(
    world: World, sign_in: SignIn, monkeypatch: pytest.MonkeyPatch
) -> None:
    # Runs of tests are carried out at NOW: the first plan is published before the next one is made.
    monkeypatch.setattr(clock, "now", lambda: NOW - timedelta(hours=1))
    first = planned_schedule(world, world.ana, networks_folder())
    ana = sign_in(world.ana)
    assert "This is the first plan: " in ana.get(f"/schedule/versions/{first}").text
    ana.post(f"/schedule/versions/{first}/publish")
    assert "What this plan changes" not in ana.get(f"/schedule/versions/{first}").text
    new = world.account(world.ana, letter="A", name="Mill")
    world.session.commit()
    page = ana.get(f"/schedule/versions/{planned_schedule(world, world.ana, networks_folder())}").text
    assert "What this plan changes" in page
    assert "added" in page
    assert "against the plan of 4 Mar" in page
    assert "Nothing that is kept track of has changed" in page  # the account came without a word in the log
    assert new.name in page


def test_the_page_takes_a_fixed_number_of_queries(world: World, sign_in: SignIn) -> None:
    published_schedule(world, world.ana, networks_folder())
    ana = sign_in(world.ana)
    few = queries(ana, f"/schedule/versions/{planned_schedule(world, world.ana, networks_folder())}")
    for number in range(20):
        world.account(world.ana, letter="AB"[number % 2])
    world.session.commit()
    many = queries(ana, f"/schedule/versions/{planned_schedule(world, world.ana, networks_folder())}")
    assert many == few <= 40
