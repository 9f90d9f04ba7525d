"""Making, changing, archiving accounts, and giving them to another owner."""

from __future__ import annotations

from dataclasses import replace
from datetime import date, timedelta
from pathlib import Path

import pytest
from sqlalchemy import func, select
from sqlalchemy.orm import Session

from planner.domain.access import Actor
from planner.domain.accounts import Draft, DraftBlock, DraftContact
from planner.domain.errors import Conflict, Invalid, NotAllowed, NotFound
from planner.domain.hours import read_hours
from planner.domain.ownership import Held
from planner.models.accounts import Account
from planner.models.people import Person
from planner.models.settings import AuditEntry
from planner.models.territories import Ownership
from planner.services.accounts import account_detail, account_edit, ownership
from routing.network import install, load
from tests.conftest import NOW, TODAY
from tests.world import LA_SERENA, World

DEMO_NETWORK = Path(__file__).parents[2] / "planner" / "demo" / "la-serena-coquimbo.npz"
FULL = Draft(
    name="Panadería Sol",
    account_class="A",
    external_id="P-1",
    tags=("bread", "keys"),
    city="La Serena",
    lat=LA_SERENA[0],
    lon=LA_SERENA[1],
    value_minor=1_500_000,
    cadence_days=21,
    windows=read_hours("Mo-Fr 09:00-13:00, 15:00-18:00"),
    blocks=(DraftBlock(date(2026, 4, 1), date(2026, 4, 8), "Stock-taking"),),
    contacts=(DraftContact("Eva", "Owner", "+56 9 1234", "eva@example.org"),),
)


@pytest.fixture
def world(session: Session) -> World:
    return World(session)


def acting(person: Person) -> Actor:
    return Actor(person.id, person.role)


def made(world: World, draft: Draft = FULL) -> Account:
    owner = Held(world.norte.id, world.ana.id, TODAY)
    account_id = account_edit.create(world.session, acting(world.marta), NOW, draft, owner)
    return world.session.get_one(Account, account_id)


def audited(session: Session) -> list[str]:
    return list(session.scalars(select(AuditEntry.action).order_by(AuditEntry.id)))


def test_what_was_entered_is_what_is_kept(world: World) -> None:
    account = made(world)
    world.session.expire_all()

    assert account_edit.draft_of(account) == FULL
    assert audited(world.session) == ["account.created"]


def test_a_rep_makes_accounts_for_themselves(world: World) -> None:
    wanted = Held(world.norte.id, world.bruno.id, TODAY)
    account_id = account_edit.create(world.session, acting(world.ana), NOW, Draft("Mine"), wanted)

    assert world.session.scalars(
        select(Ownership.rep_id).where(Ownership.account_id == account_id)
    ).all() == [world.ana.id]


def test_nobody_makes_accounts_in_a_territory_outside_their_scope(world: World) -> None:
    with pytest.raises(Invalid) as refused:
        account_edit.create(
            world.session, acting(world.marta), NOW, Draft("X"), Held(world.sur.id, None, TODAY)
        )

    assert refused.value.field == "territory_id"


def test_an_external_id_belongs_to_one_account(world: World) -> None:
    made(world)
    with pytest.raises(Invalid) as refused:
        made(world, replace(FULL, name="Other"))

    assert (refused.value.field, refused.value.code) == ("external_id", "external_id_taken")


def test_a_change_is_kept_counted_and_audited_with_old_and_new(world: World) -> None:
    account = made(world)
    changed = replace(FULL, name="Panadería Luna", windows=read_hours("Sa 10-12"))

    account_edit.update(world.session, acting(world.ana), NOW, TODAY, account.id, 1, changed)

    entry = world.session.scalars(select(AuditEntry).order_by(AuditEntry.id.desc())).first()
    assert (account.rev, account.search_text) == (2, "panaderia luna | p-1 | la serena")
    assert entry is not None
    assert entry.before == {"name": "Panadería Sol", "hours": "Mo-Fr 09:00-13:00, 15:00-18:00"}
    assert entry.after == {"name": "Panadería Luna", "hours": "Sa 10:00-12:00"}


def test_saving_without_a_change_leaves_no_trace(world: World) -> None:
    account = made(world)
    account_edit.update(world.session, acting(world.ana), NOW, TODAY, account.id, 1, FULL)

    assert account.rev == 1
    assert audited(world.session) == ["account.created"]


def test_the_second_of_two_editors_is_told(world: World) -> None:
    account = made(world)
    account_edit.update(world.session, acting(world.ana), NOW, TODAY, account.id, 1, replace(FULL, city="X"))

    with pytest.raises(Conflict) as refused:
        account_edit.update(
            world.session, acting(world.marta), NOW, TODAY, account.id, 1, replace(FULL, city="Y")
        )

    assert refused.value.code == "account_changed"
    assert account.city == "X"


def test_another_s_account_does_not_exist(world: World) -> None:
    account = made(world)
    with pytest.raises(NotFound):
        account_edit.update(world.session, acting(world.bruno), NOW, TODAY, account.id, 1, FULL)


def test_archiving_can_be_taken_back(world: World) -> None:
    account = made(world)

    assert account_edit.archive(world.session, acting(world.ana), NOW, TODAY, account.id) == 0
    assert account.archived_at == NOW
    account_edit.unarchive(world.session, acting(world.ana), NOW, TODAY, account.id)

    assert account.archived_at is None
    assert audited(world.session) == ["account.created", "account.archived", "account.unarchived"]


def test_a_new_owner_ends_the_former_one_s_range(world: World) -> None:
    account = made(world, replace(FULL, external_id=None))
    later = TODAY + timedelta(days=10)
    change = Held(world.sur.id, world.bruno.id, later)

    ownership.assign(world.session, acting(world.admin), NOW, TODAY, account.id, change)

    world.session.expire_all()
    assert ownership.ranges(account) == (Held(world.norte.id, world.ana.id, TODAY, later), change)


def test_owners_can_be_changed_again_and_again(world: World) -> None:
    account = made(world)
    for days, rep in ((10, world.bruno), (5, None), (0, world.bruno), (3, world.ana), (3, world.bruno)):
        change = Held(world.norte.id, rep.id if rep else None, TODAY + timedelta(days=days))
        ownership.assign(world.session, acting(world.admin), NOW, TODAY, account.id, change)

    assert ownership.ranges(account) == (Held(world.norte.id, world.bruno.id, TODAY),)
    assert world.session.scalar(select(func.count(Ownership.id))) == 1


def test_reps_do_not_give_accounts_away(world: World) -> None:
    account = made(world)
    with pytest.raises(NotAllowed):
        ownership.assign(
            world.session, acting(world.ana), NOW, TODAY, account.id, Held(world.norte.id, None, TODAY)
        )


def test_a_manager_gives_accounts_only_to_reps_of_their_own(world: World) -> None:
    account = made(world)
    with pytest.raises(Invalid) as refused:
        ownership.assign(
            world.session,
            acting(world.marta),
            NOW,
            TODAY,
            account.id,
            Held(world.norte.id, world.bruno.id, TODAY),
        )

    assert refused.value.field == "rep_id"


def test_a_pin_far_from_any_road_is_refused_with_the_metres(world: World, tmp_path: Path) -> None:
    network = load(DEMO_NETWORK)
    install(tmp_path, network)
    at_sea = replace(FULL, lat=-29.90, lon=-71.40)

    found = account_edit.check(world.session, tmp_path, network.name, at_sea)

    assert [(error.field, error.code) for error in found] == [("lat", "pin_off_road")]
    assert int(str(found[0].values["metres"])) > 2000
    assert account_edit.check(world.session, tmp_path, network.name, FULL) == []
    assert account_edit.check(world.session, tmp_path, network.name, at_sea, former=at_sea) == []


def test_exchanged_coordinates_are_told_from_merely_wrong_ones(world: World, tmp_path: Path) -> None:
    network = load(DEMO_NETWORK)
    install(tmp_path, network)
    exchanged = replace(FULL, lat=LA_SERENA[1], lon=LA_SERENA[0])

    found = account_edit.check(world.session, tmp_path, network.name, exchanged)

    assert [error.code for error in found] == ["pin_swapped"]


def test_without_road_data_a_pin_is_taken_as_it_is(world: World, tmp_path: Path) -> None:
    assert account_edit.check(world.session, tmp_path, "nowhere", FULL) == []


def test_the_detail_shows_what_is_inherited_and_what_happened(world: World) -> None:
    account = made(world, replace(FULL, cadence_days=None))

    shown = account_detail.detail(world.session, acting(world.ana), account.id, TODAY)

    assert shown.cadence is not None
    assert shown.cadence.days == 14
    assert shown.owner is not None
    assert (shown.owner.rep_name, shown.owner.territory_name) == ("Ana", "Norte")
    assert shown.currency == "CLP"
    assert [entry.owner for entry in shown.timeline] == [shown.owner]
