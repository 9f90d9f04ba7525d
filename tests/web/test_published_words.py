"""What a published plan changed, in sentences of the past; and the page they stand on."""

from __future__ import annotations

from collections.abc import Callable, Iterator
from dataclasses import replace
from datetime import date

import pytest
from flask import Flask
from flask.testing import FlaskClient
from sqlalchemy.orm import Session

from planner.models.people import Person
from planner.models.schedule import ScheduleVersion
from planner.services.schedule.published_difference import PublishedDifference, Reckoned, Step
from planner.services.schedule.version_difference import Driving
from planner.web.schedule import published_words
from tests.conftest import NOW
from tests.roads import networks_folder
from tests.schedules import published_schedule
from tests.web.test_version_words import NO_INPUTS
from tests.world import World

MONDAY, TUESDAY, NEXT_MONDAY = date(2026, 3, 2), date(2026, 3, 3), date(2026, 3, 9)
SignIn = Callable[[Person], FlaskClient]
FORMER = ScheduleVersion()
PLAIN = PublishedDifference(former=FORMER, steps=(), reckoned=None, inputs=NO_INPUTS)


@pytest.fixture(autouse=True)
def spoken(app: Flask) -> Iterator[None]:
    with app.test_request_context():
        yield


def said(*steps: Step, **fields: object) -> str:
    return " ".join(published_words.sentences(replace(PLAIN, steps=steps, **fields)))


def step(from_on: date | None, to_on: date | None, is_first_class: bool = False) -> Step:
    return Step("Casa Elqui", is_first_class, from_on, to_on)


def reckoned(before: int, after: int, more_visits: int = 0) -> Reckoned:
    return Reckoned(Driving(before, after, is_rough=False), 27, more_visits)


def test_the_first_plan_says_that_there_is_none_before_it() -> None:
    told = published_words.told(PublishedDifference(None, (), None, None))
    assert told.sentences == ["This was the first plan published: there is none before it to compare with."]
    assert told.since is None


def test_changes_are_told_in_the_past() -> None:
    steps = [step(MONDAY, TUESDAY)] * 2 + [step(None, MONDAY), step(MONDAY, None), step(MONDAY, MONDAY)]
    text = said(*steps)
    assert (
        "2 visits moved, by a day or two; 1 visit was added; 1 visit was dropped; 1 stayed on its day."
        in text
    )


def test_a_plan_that_changed_nothing_says_so() -> None:
    assert "Nothing changed: all 2 visits stayed" in said(step(MONDAY, MONDAY), step(TUESDAY, TUESDAY))
    assert "Nothing changed: the one visit" in said(step(MONDAY, MONDAY))


def test_a_accounts_are_named_and_the_rest_counted() -> None:
    moved = [step(MONDAY, NEXT_MONDAY, is_first_class=True)] * 6
    text = said(*moved, step(MONDAY, None, is_first_class=True))
    assert text.count("Casa Elqui (A) moved from Mon 2 Mar to Mon 9 Mar.") == 5
    assert "And 2 more visits of A accounts moved or were dropped." in text
    assert "Casa Elqui (A) lost its visit on Mon 2 Mar." in said(step(MONDAY, None, is_first_class=True))


def test_driving_is_what_both_plans_reckoned_with_the_visits_it_is_for() -> None:
    less = said(reckoned=reckoned(36000, 32400, 2))
    assert "For the 27 days both plans have, it reckoned 1 h (10 %) less driving, with 2 visits more." in less
    assert "(10 %) more driving." in said(reckoned=reckoned(36000, 39600))
    assert "reckoned the same driving for their 27 common days." in said(reckoned=reckoned(36000, 36030))
    assert "Driving is not compared" in said()


def test_what_is_no_longer_kept_is_not_guessed() -> None:
    text = " ".join(published_words.sentences(replace(PLAIN, steps=None, reckoned=reckoned(7200, 3600))))
    assert "is not kept" in text
    assert "moved," not in text
    assert "less driving" in text


def test_the_page_of_a_published_plan_says_what_it_changed_against_which(
    session: Session, app: Flask, sign_in: SignIn
) -> None:
    world = World(session)
    for letter in "AABBC":
        world.account(world.ana, letter=letter)
    app.config["NETWORKS_FOLDER"] = networks_folder()
    first = published_schedule(world, world.ana, networks_folder())
    ana = sign_in(world.ana)
    page = ana.get(f"/schedule/versions/{first}").text
    assert "This was the first plan published" in page
    assert "<dt>Moved</dt>" not in page
    world.account(world.ana, letter="A", name="Casa Elqui")
    second = published_schedule(world, world.ana, networks_folder())
    page = ana.get(f"/schedule/versions/{second}").text
    assert f"What this plan changed, against the plan of {NOW.day} {NOW:%b}" in page
    assert "added" in page
    assert "What this plan changes" not in page
