"""What happens to a demo when the program starts: load, keep, roll forward, leave alone."""

from __future__ import annotations

from datetime import timedelta

from sqlalchemy import select

from planner.database import reading, transaction
from planner.demo import state
from planner.demo.roll import Step, next_step
from planner.domain.access import Role
from planner.models.people import Person
from planner.models.visits import Note, Visit
from tests.conftest import NOW
from tests.demo.small import TODAY

LATER = TODAY + timedelta(days=1)


def step(today, is_wanted=True):
    return next_step(reading(), today, is_wanted)


def test_an_empty_database_gets_the_demo_unless_it_is_not_wanted(session):
    assert step(TODAY) is Step.LOAD
    assert step(TODAY, is_wanted=False) is Step.NONE


def test_a_database_with_people_of_its_own_never_gets_the_demo(session):
    session.add(Person(email="a@example.org", name="A", role=Role.ADMIN, created_at=NOW))
    session.commit()
    assert step(TODAY) is Step.NONE


def test_a_demo_that_was_interrupted_is_loaded_again(app):
    with app.app_context():
        with transaction() as session:
            state.begin(session, TODAY)
        assert step(TODAY) is Step.LOAD


def test_a_demo_stays_on_its_day_and_rolls_forward_on_a_later_one(demo):
    with demo.app.app_context():
        assert step(TODAY) is Step.KEEP
        assert step(LATER) is Step.ROLL


def test_signing_in_does_not_count_as_use(demo):
    demo.client("camila").get("/today/")
    with demo.app.app_context():
        assert step(LATER) is Step.ROLL


def test_a_note_keeps_the_demo_from_rolling_forward(demo):
    with demo.app.app_context():
        with transaction() as session:
            visit = session.scalars(select(Visit)).first()
            session.add(
                Note(
                    uid="00000000-0000-4000-8000-000000000001",
                    account_id=visit.account_id,
                    author_id=visit.rep_id,
                    text="Mine",
                    captured_at=NOW,
                    received_at=NOW,
                )
            )
        assert step(LATER) is Step.KEEP_TOUCHED
