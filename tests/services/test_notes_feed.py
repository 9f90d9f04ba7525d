"""The notes feed: searched by words, filtered, and in step with the notes."""

from __future__ import annotations

from collections.abc import Callable

import pytest
from sqlalchemy import text
from sqlalchemy.orm import Session

from planner.domain.access import Actor, Role
from planner.domain.visits import Outcome, VisitState
from planner.models.accounts import Account
from planner.models.people import Person
from planner.models.visits import Note, Visit
from planner.services.oversight import notes_feed
from planner.services.oversight.notes_feed import Filter
from tests.conftest import NOW, TODAY
from tests.services.ledger_world import uid
from tests.world import World

pytestmark = pytest.mark.both_databases

Write = Callable[..., Note]


@pytest.fixture
def world(session: Session) -> World:
    return World(session)


@pytest.fixture
def write(world: World) -> Write:
    """Writes a note about an account of Ana's: a new one unless told which."""

    def make(said: str, account: Account | None = None, author: Person | None = None, **more: object) -> Note:
        about = account or world.account(world.ana)
        note = Note(uid=uid(), account_id=about.id, author_id=(author or world.ana).id, text=said, **more)
        note.captured_at = note.received_at = NOW
        world.session.add(note)
        world.session.flush()
        return note

    return make


def found(world: World, search: str = "", **wanted: object) -> list[str]:
    marta = Actor(world.marta.id, Role.MANAGER)
    page = notes_feed.feed(world.session, marta, TODAY, Filter(search, **wanted))  # type: ignore[arg-type]
    return sorted(note.text for note in page.notes)


def test_a_word_is_found_whole_or_by_its_beginning_whatever_its_accents(world: World, write: Write) -> None:
    write("Pidió MUESTRAS de pintura")
    write("Nothing new")
    for search in ("muestras", "MUEST", "pidio", "Pidió", "pintura muestras"):
        assert found(world, search) == ["Pidió MUESTRAS de pintura"], search
    assert found(world, "uestras") == []
    assert found(world, "muestras nothing") == []


def test_a_word_may_also_stand_in_the_name_of_the_account(world: World, write: Write) -> None:
    hardware = world.account(world.ana, name="Ferretería Norte")
    write("Asks for a discount", hardware)
    write("Asks for a discount")
    assert found(world, "ferreteria discount") == ["Asks for a discount"]
    assert len(found(world, "discount")) == 2


@pytest.mark.parametrize("search", ['"', "*", "a' OR 1=1 --", "NEAR(", "col:x", "&|!", "\\", ":*", "ab & cd"])
def test_what_search_engines_read_as_signs_is_only_text(world: World, write: Write, search: str) -> None:
    write("plain")
    assert found(world, search) == []


def test_a_sign_alone_is_searched_as_it_stands(world: World, write: Write) -> None:
    write("20% off")
    write("20 off")
    assert found(world, "%") == ["20% off"]


def test_filters_by_author_account_outcome_and_tag(world: World, write: Write) -> None:
    tagged = world.account(world.ana)
    tagged.tags = ["key", "Señal"]
    visit = Visit(uid=uid(), account_id=tagged.id, rep_id=world.ana.id, on=TODAY, service_seconds=60)
    visit.state, visit.outcome = VisitState.DONE, Outcome.ORDER
    world.session.add(visit)
    world.session.flush()
    write("ordered", tagged, visit_id=visit.id)
    write("by Marta", author=world.marta)
    assert found(world, outcome=Outcome.ORDER) == ["ordered"]
    assert found(world, tag="Señal") == ["ordered"]
    assert found(world, tag="ke") == []
    assert found(world, account_id=tagged.id) == ["ordered"]
    assert found(world, author_id=world.marta.id) == ["by Marta"]


def test_the_search_follows_what_the_database_is_told_directly(world: World, write: Write) -> None:
    note = write("old words")
    world.session.execute(text("UPDATE note SET text = 'new words' WHERE id = :id"), {"id": note.id})
    world.session.expire_all()
    assert (found(world, "old"), found(world, "new")) == ([], ["new words"])
    world.session.execute(text("DELETE FROM note WHERE id = :id"), {"id": note.id})
    assert found(world, "new") == []


def test_nobody_finds_what_is_outside_their_scope(world: World, write: Write) -> None:
    write("secret")
    sergio = Actor(world.sergio.id, Role.MANAGER)
    assert notes_feed.feed(world.session, sergio, TODAY, Filter("secret")).notes == ()
