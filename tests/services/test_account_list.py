"""The list of accounts: what is shown to whom, in which order, at which cost."""

from __future__ import annotations

from collections.abc import Iterator
from contextlib import contextmanager
from datetime import date, timedelta
from uuid import uuid4

import pytest
from sqlalchemy import event
from sqlalchemy.orm import Session

from planner.database import db
from planner.domain.access import Actor, Role
from planner.domain.cadence import DueState
from planner.domain.visits import VisitState
from planner.models.accounts import Account
from planner.models.people import Person
from planner.models.visits import Visit
from planner.services.accounts import account_choices, account_list
from planner.services.accounts.account_list import Filter, Sort
from tests.conftest import NOW, TODAY
from tests.world import World


@pytest.fixture
def world(session: Session) -> World:
    return World(session)


def acting(person: Person) -> Actor:
    return Actor(person.id, person.role)


def visited(world: World, account: Account, days_ago: int, state: VisitState = VisitState.DONE) -> None:
    world.session.add(
        Visit(
            uid=str(uuid4()),
            account_id=account.id,
            rep_id=world.ana.id,
            on=TODAY - timedelta(days=days_ago),
            state=state,
            service_seconds=1800,
        )
    )
    world.session.flush()


def names(world: World, wanted: Filter, person: Person | None = None) -> list[str]:
    page = account_list.page(world.session, acting(person or world.admin), TODAY, wanted)
    return [row.name for row in page.rows]


def test_names_stand_where_people_look_for_them_accents_or_not(world: World) -> None:
    """Plain SQLite has Á and ñ behind z."""
    for name in ("Olmo", "Élite", "Ñuble", "estrella", "Nuble", "Ánimas", "bravo"):
        world.account(world.ana, name=name)
    assert names(world, Filter(sort=Sort.NAME)) == [
        *("Ánimas", "bravo", "Élite", "estrella", "Nuble", "Ñuble", "Olmo")
    ]


@contextmanager
def counted() -> Iterator[list[str]]:
    statements: list[str] = []

    def note(_connection: object, _cursor: object, statement: str, *_rest: object) -> None:
        statements.append(statement)

    event.listen(db.engine, "before_cursor_execute", note)
    try:
        yield statements
    finally:
        event.remove(db.engine, "before_cursor_execute", note)


def test_everybody_sees_the_accounts_of_their_scope(world: World) -> None:
    world.account(world.ana, "Ana's")
    world.account(world.bruno, "Bruno's")

    assert names(world, Filter(), world.ana) == ["Ana's"]
    assert names(world, Filter(), world.sergio) == ["Bruno's"]
    assert names(world, Filter()) == ["Ana's", "Bruno's"]


def test_the_search_minds_neither_accents_nor_case_nor_the_order_of_words(world: World) -> None:
    account = world.account(world.ana, "Almacén Ñuñoa")
    world.account(world.ana, "Botillería 100%")
    assert account.search_text == "almacen nunoa"

    assert names(world, Filter(search="NUNOA almacen")) == ["Almacén Ñuñoa"]
    assert names(world, Filter(search="100%")) == ["Botillería 100%"]
    assert names(world, Filter(search="_")) == []


def test_filters_narrow_the_list(world: World) -> None:
    one = world.account(world.ana, "One", "A")
    one.industry, one.city, one.tags = "Bakery", "La Serena", ["wine", "Cold chain ñ"]
    world.account(world.bruno, "Two", "B")
    world.session.flush()

    assert names(world, Filter(account_class="A")) == ["One"]
    assert names(world, Filter(industry="Bakery", city="La Serena")) == ["One"]
    assert names(world, Filter(tag="Cold chain ñ")) == ["One"]
    assert names(world, Filter(tag="Cold")) == []
    assert names(world, Filter(rep_id=world.bruno.id)) == ["Two"]
    assert names(world, Filter(territory_id=world.norte.id)) == ["One"]
    assert names(world, Filter(kind="prospect")) == []


def test_archived_accounts_have_a_list_of_their_own(world: World) -> None:
    world.account(world.ana, "Gone").archived_at = NOW
    world.account(world.ana, "Here")
    world.session.flush()

    assert names(world, Filter()) == ["Here"]
    assert names(world, Filter(is_archived=True)) == ["Gone"]


def test_due_accounts_are_told_by_their_last_visit_and_their_class(world: World) -> None:
    # Class A wants a visit every 14 days: earliest 9, latest 19 days after the last.
    for name, days in (("fresh", 3), ("due", 14), ("late", 25)):
        visited(world, world.account(world.ana, name, "A"), days)
    world.account(world.ana, "never", "A")

    assert names(world, Filter(state=DueState.NOT_DUE)) == ["fresh"]
    assert names(world, Filter(state=DueState.DUE)) == ["due", "never"]
    assert names(world, Filter(state=DueState.OVERDUE)) == ["late"]
    assert names(world, Filter(sort=Sort.DUE)) == ["late", "never", "due", "fresh"]


def test_only_visits_that_were_held_count(world: World) -> None:
    account = world.account(world.ana, "missed lately", "A")
    visited(world, account, 25)
    visited(world, account, 2, VisitState.MISSED)

    assert names(world, Filter(state=DueState.OVERDUE)) == ["missed lately"]


def test_the_next_planned_visit_is_shown(world: World) -> None:
    account = world.account(world.ana, "planned")
    visited(world, account, -5, VisitState.PLANNED)

    row = account_list.page(world.session, acting(world.ana), TODAY, Filter()).rows[0]

    assert (row.next_on, row.last_on) == (date(2026, 3, 9), None)


def test_sorting_by_value_puts_the_unknown_last(world: World) -> None:
    for name, value in (("small", 1), ("unknown", None), ("big", 9)):
        world.account(world.ana, name).value_minor = value
    world.session.flush()

    assert names(world, Filter(sort=Sort.VALUE)) == ["big", "small", "unknown"]


@pytest.mark.parametrize("wanted", [Filter(), Filter(sort=Sort.DUE)])
def test_pages_hold_fifty_and_a_page_beyond_the_last_shows_the_last(world: World, wanted: Filter) -> None:
    for number in range(60):
        world.account(world.ana, f"{number:03d}")

    first = account_list.page(world.session, acting(world.ana), TODAY, wanted)
    beyond = account_list.page(world.session, acting(world.ana), TODAY, wanted, 99)

    assert (len(first.rows), first.total, first.pages) == (50, 60, 2)
    assert (len(beyond.rows), beyond.page) == (10, 2)


@pytest.mark.parametrize("wanted", [Filter(), Filter(state=DueState.DUE)])
def test_the_number_of_queries_does_not_grow_with_the_list(world: World, wanted: Filter) -> None:
    world.account(world.ana)
    actor = Actor(world.ana.id, Role.REP)
    with counted() as few:
        account_list.page(world.session, actor, TODAY, wanted)
    for _ in range(30):
        visited(world, world.account(world.ana), 30)
    with counted() as many:
        account_list.page(world.session, actor, TODAY, wanted)

    assert len(many) == len(few) <= 4


def test_filters_offer_what_is_in_use_within_the_scope(world: World) -> None:
    account = world.account(world.ana)
    account.industry, account.city, account.tags = "Bakery", "La Serena", ["wine", "bread"]
    world.account(world.bruno).industry = "Hidden"
    world.session.flush()

    found = account_choices.choices(world.session, acting(world.marta), TODAY)

    assert (found.industries, found.cities, found.tags) == (("Bakery",), ("La Serena",), ("bread", "wine"))
    assert [territory.name for territory in found.territories] == ["Norte"]
    assert [rep.name for rep in found.reps] == ["Ana"]
