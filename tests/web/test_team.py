"""The manager's pages open, within their scope, with and without anything to show."""

from __future__ import annotations

from collections.abc import Callable
from datetime import timedelta

import pytest
from flask.testing import FlaskClient
from sqlalchemy.orm import Session

from planner.domain.visits import NotHeldReason, Outcome, VisitState
from planner.models.people import Person
from planner.models.visits import Note, Visit
from tests.conftest import NOW, TODAY
from tests.world import World

SignIn = Callable[[Person], FlaskClient]


def visit(world: World, name: str, state: VisitState, days_ago: int = 0) -> Visit:
    row = Visit(
        uid=name,
        account_id=world.account(world.ana, name).id,
        rep_id=world.ana.id,
        on=TODAY - timedelta(days=days_ago),
        state=state,
        service_seconds=1800,
    )
    world.session.add(row)
    world.session.flush()
    return row


def write(world: World, about: Visit, text: str) -> None:
    world.session.add(
        Note(
            uid=text,
            account_id=about.account_id,
            visit_id=about.id,
            author_id=world.ana.id,
            text=text,
            captured_at=NOW,
            received_at=NOW,
        )
    )
    world.session.flush()


@pytest.mark.parametrize("path", ["/team", "/team/2026-03-05", "/team/coverage", "/team/notes"])
def test_pages_open_before_there_is_anything_to_show(session: Session, sign_in: SignIn, path: str) -> None:
    world = World(session)
    session.commit()
    assert sign_in(world.marta).get(path).status_code == 200


@pytest.mark.parametrize("path", ["/team/yesterday", "/team/2026-13-01"])
def test_a_date_that_is_none_is_not_found(session: Session, sign_in: SignIn, path: str) -> None:
    world = World(session)
    session.commit()
    assert sign_in(world.marta).get(path).status_code == 404


def test_the_team_page_counts_what_is_done_and_says_why_a_visit_was_missed(
    session: Session, sign_in: SignIn
) -> None:
    world = World(session)
    visit(world, "Kiosco Uno", VisitState.DONE)
    visit(world, "Kiosco Dos", VisitState.MISSED).not_held_reason = NotHeldReason.CLOSED
    session.commit()
    text = sign_in(world.marta).get("/team").text
    assert "1 of 2" in text
    assert "Kiosco Dos" in text
    assert "missed: Closed" in text
    assert "Bruno" not in text


def test_the_feed_finds_words_in_notes_and_takes_percent_signs_literally(
    session: Session, sign_in: SignIn
) -> None:
    world = World(session)
    done = visit(world, "Kiosco Uno", VisitState.DONE)
    done.outcome = Outcome.ORDER
    write(world, done, "Wants 20% off")
    write(world, done, "Asks for samples")
    session.commit()
    client = sign_in(world.marta)
    assert client.get("/team/notes").text.count('<article class="card">') == 2
    found = client.get("/team/notes?search=%25").text
    assert "Wants 20% off" in found
    assert "Asks for samples" not in found


def test_the_feed_keeps_its_filter_from_page_to_page(session: Session, sign_in: SignIn) -> None:
    world = World(session)
    done = visit(world, "Kiosco Uno", VisitState.DONE)
    done.outcome = Outcome.ORDER
    for number in range(31):
        write(world, done, f"Shelf {number}")
    write(world, visit(world, "Kiosco Dos", VisitState.DONE), "Shelf elsewhere")
    session.commit()
    asked = f"search=shelf&account={done.account_id}&outcome=order"
    first = sign_in(world.marta).get(f"/team/notes?{asked}&endpoint=x").text
    assert "Only Kiosco Uno" in first
    assert f"/team/notes?page=2&amp;{asked.replace('&', '&amp;')}" in first
    assert "endpoint=x" not in first
    assert "Page 1 of 2" in first
    assert "1 to 30 of 31" in first
    second = sign_in(world.marta).get(f"/team/notes?page=2&{asked}").text
    assert second.count('<article class="card">') == 1


def test_a_manager_of_another_territory_reads_none_of_it(session: Session, sign_in: SignIn) -> None:
    world = World(session)
    write(world, visit(world, "Kiosco Uno", VisitState.DONE), "For Norte only")
    session.commit()
    assert "For Norte only" not in sign_in(world.sergio).get("/team/notes").text


def test_coverage_leads_to_the_overdue_accounts(session: Session, sign_in: SignIn) -> None:
    world = World(session)
    visit(world, "Kiosco Uno", VisitState.DONE, days_ago=50)
    session.commit()
    text = sign_in(world.marta).get("/team/coverage?weeks=8").text
    assert "state=overdue" in text
    assert "100 %" in text
