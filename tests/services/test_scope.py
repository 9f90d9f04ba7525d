"""Whose rows may this person see? By territory subtree and by date."""

from __future__ import annotations

from datetime import timedelta

import pytest
from sqlalchemy import select
from sqlalchemy.orm import Session

from planner.domain.access import Actor, MembershipKind, Role
from planner.domain.errors import NotFound
from planner.models.accounts import Account
from planner.models.people import Person
from planner.models.territories import Membership, ModelState, Ownership
from planner.services import scope
from tests.conftest import TODAY
from tests.world import LONG_AGO, World

pytestmark = pytest.mark.both_databases

TOMORROW = TODAY + timedelta(days=1)


def actor(person: Person) -> Actor:
    return Actor(person.id, person.role)


def names(session: Session, person: Person, on=TODAY) -> set[str]:
    query = select(Account.name).where(scope.owned_accounts(actor(person), on))
    return set(session.scalars(query))


def reps(session: Session, person: Person, on=TODAY) -> set[int]:
    return set(session.scalars(scope.rep_ids(actor(person), on)))


@pytest.fixture
def world(session: Session) -> World:
    made = World(session)
    made.account(made.ana, "Norte Uno")
    made.account(made.bruno, "Sur Uno")
    return made


def test_a_rep_sees_what_they_own_and_themselves(session: Session, world: World) -> None:
    assert names(session, world.ana) == {"Norte Uno"}
    assert reps(session, world.ana) == {world.ana.id}


def test_a_manager_sees_the_own_territory_and_not_the_neighbour(session: Session, world: World) -> None:
    assert names(session, world.marta) == {"Norte Uno"}
    assert reps(session, world.marta) == {world.ana.id}
    with pytest.raises(NotFound):
        scope.rep(session, actor(world.marta), world.bruno.id, TODAY)


def test_a_manager_of_the_root_sees_the_whole_tree_however_deep(session: Session, world: World) -> None:
    deep = world.territory("Valle", world.territory("Interior", world.norte))
    carla = world.rep("carla", deep)
    far = world.account(carla, "Valle Uno")
    far.ownerships[0].territory_id = deep.id
    chief = world.person("chief", Role.MANAGER, world.root, MembershipKind.MANAGER)
    session.flush()
    assert names(session, chief) == {"Norte Uno", "Sur Uno", "Valle Uno"}
    assert reps(session, chief) == {world.ana.id, world.bruno.id, carla.id}
    assert names(session, world.marta) == {"Norte Uno", "Valle Uno"}


def test_a_member_who_is_no_manager_of_it_sees_nothing_below(session: Session, world: World) -> None:
    guest = world.person("guest", Role.MANAGER, world.norte, MembershipKind.MEMBER)
    assert names(session, guest) == set()


def test_a_handed_over_account_changes_sides_on_its_day(session: Session, world: World) -> None:
    account = world.account(world.ana, "Norte Dos")
    account.ownerships[0].until_on = TOMORROW
    session.add(
        Ownership(account_id=account.id, territory_id=world.sur.id, rep_id=world.bruno.id, from_on=TOMORROW)
    )
    session.flush()
    assert "Norte Dos" in names(session, world.ana, TODAY)
    assert "Norte Dos" not in names(session, world.bruno, TODAY)
    assert "Norte Dos" not in names(session, world.ana, TOMORROW)
    assert "Norte Dos" in names(session, world.bruno, TOMORROW)
    assert "Norte Dos" in names(session, world.sergio, TOMORROW)
    with pytest.raises(NotFound):
        scope.account(session, actor(world.ana), account.id, TOMORROW)


def test_a_membership_that_has_ended_opens_nothing(session: Session, world: World) -> None:
    row = session.scalars(select(Membership).where(Membership.person_id == world.marta.id)).one()
    row.until_on = TOMORROW
    session.flush()
    assert names(session, world.marta, TODAY) == {"Norte Uno"}
    assert names(session, world.marta, TOMORROW) == set()
    assert reps(session, world.marta, TOMORROW) == set()


def test_an_archived_structure_gives_no_view(session: Session, world: World) -> None:
    world.model.state = ModelState.ARCHIVED
    session.flush()
    assert names(session, world.marta) == set()


def test_an_admin_sees_everything(session: Session, world: World) -> None:
    assert names(session, world.admin) == {"Norte Uno", "Sur Uno"}
    assert reps(session, world.admin) == {world.ana.id, world.bruno.id}


def test_the_home_territory_is_the_one_of_the_date(session: Session, world: World) -> None:
    row = session.scalars(select(Membership).where(Membership.person_id == world.ana.id)).one()
    row.until_on = TOMORROW
    session.add(
        Membership(
            person_id=world.ana.id, territory_id=world.sur.id, kind=MembershipKind.MEMBER, from_on=TOMORROW
        )
    )
    session.flush()
    today, tomorrow = (scope.home_territory(session, world.ana.id, on) for on in (TODAY, TOMORROW))
    assert (today, tomorrow) == (world.norte, world.sur)
    assert scope.home_territory(session, world.ana.id, LONG_AGO - timedelta(days=1)) is None
