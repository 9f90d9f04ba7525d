"""Accounts without coordinates get a pin from their address: taken, marked, or only told."""

from __future__ import annotations

from dataclasses import replace
from datetime import timedelta
from pathlib import Path

import pytest
from sqlalchemy import select
from sqlalchemy.orm import Session

from planner.domain.access import Actor
from planner.domain.accounts import MOST_TAGS, STREET_ONLY
from planner.domain.import_columns import recognised
from planner.models.accounts import Account
from planner.services.accounts import account_edit, data_check
from planner.services.accounts.data_check import Trouble
from planner.services.importing import import_plan, imports
from planner.services.importing.import_files import read_table
from planner.services.importing.import_pins import PinBook, PinState, read_book
from planner.services.importing.import_plan import ImportPlan
from planner.services.importing.import_store import Kept
from routing.geocode import address_file
from tests.conftest import NOW, TODAY
from tests.routing.addresses_by_hand import build, high_street
from tests.world import World

NETWORK = "la-serena-coquimbo"
HEAD = "id;name;address;city;latitude;longitude;tags\n"


class Desk:
    """Somebody who imports into territories whose roads have the addresses of two small towns."""

    def __init__(self, world: World, folder: Path) -> None:
        self.world, self.folder = world, folder
        self.actor = Actor(world.admin.id, world.admin.role)
        self.book = PinBook(folder)

    def plan(self, *lines: str) -> ImportPlan:
        table = read_table((HEAD + "\n".join(lines)).encode())
        self.world.session.expire_all()
        mapping = recognised(table.headings)
        return import_plan.plan(self.world.session, self.actor, TODAY, table, mapping, pin_book=self.book)

    def run(self, *lines: str) -> ImportPlan:
        plan = self.plan(*lines)
        imports.apply(self.world.session, self.actor, NOW, TODAY, Kept("t", "l.csv", "0" * 64, {}), plan)
        return plan

    def account(self, external_id: str) -> Account:
        self.world.session.expire_all()
        return self.world.session.scalars(select(Account).where(Account.external_id == external_id)).one()

    def states(self, *lines: str) -> list[PinState]:
        return [line.pin.state for line in self.plan(*lines).pins]


@pytest.fixture
def desk(session: Session, tmp_path: Path) -> Desk:
    build(address_file(tmp_path, NETWORK))
    return Desk(World(session), tmp_path)


def test_a_door_is_taken_as_the_pin(desk: Desk) -> None:
    plan = desk.run("1;Sol;High St. 9;Altdorf;;;wine")
    account = desk.account("1")
    assert (account.lon, account.lat) == pytest.approx(high_street(9))
    assert account.tags == ["wine"]
    (line,) = plan.pins
    assert (line.row, line.name, line.asked) == (2, "Sol", "High St. 9, Altdorf")
    assert (line.pin.state, line.pin.label) == (PinState.ADDRESS, "High Street 9, 12345 Altdorf")


def test_a_street_is_taken_and_marked(desk: Desk) -> None:
    desk.run("1;Sol;Hauptstraße;Altdorf;;;wine", "2;Luna;Hauptstraße 99;Altdorf;;;")
    assert desk.account("1").tags == ["wine", STREET_ONLY]
    assert desk.account("1").lat == pytest.approx(51.004)
    assert desk.account("2").tags == [STREET_ONLY]


@pytest.mark.parametrize(
    ("address", "city", "state"),
    [
        ("High Street 1", "", PinState.SEVERAL),
        ("Zwetschgenweg 3", "Altdorf", PinState.PLACE),
        ("Hauptstraße 8", "Neustadt", PinState.UNSURE),
        ("Zzyzx 1", "Nowhere", PinState.NOTHING),
    ],
)
def test_what_is_not_sure_is_told_and_not_taken(desk: Desk, address: str, city: str, state: PinState) -> None:
    plan = desk.run(f"1;Sol;{address};{city};;;")
    assert [line.pin.state for line in plan.pins] == [state]
    assert (desk.account("1").lat, desk.account("1").tags) == (None, [])


def test_lines_with_coordinates_or_without_a_street_are_left_alone(desk: Desk) -> None:
    lines = (
        "1;Sol;High Street 9;Altdorf;51,1;10,1;",
        "2;Luna;;Altdorf;;;",
        "3;Mar;High Street 9;Altdorf;-;-;",
    )
    assert desk.states(*lines) == []


def test_the_same_list_twice_changes_nothing(desk: Desk) -> None:
    lines = ("1;Sol;High Street 9;Altdorf;;;wine", "2;Luna;Hauptstraße;Altdorf;;;keys", "3;Mar;Zzyzx 1;;;;")
    desk.run(*lines)
    again = desk.plan(*lines)
    assert (again.new, again.changed, again.unchanged) == ((), (), 3)


def test_a_known_account_without_a_pin_gets_one_though_nothing_else_changes(desk: Desk) -> None:
    desk.run("1;Sol;Zzyzx 9;Altdorf;;;", "2;Luna;High Street 9;Altdorf;-;-;")
    plan = desk.run("1;Sol;High Street 9;Altdorf;;;", "2;Luna;;;;;")
    assert [sorted(change.after) for change in plan.changed] == [["address", "lat", "lon"], ["lat", "lon"]]
    assert desk.account("2").lat == pytest.approx(high_street(9)[1])


def test_a_pin_that_is_there_is_never_moved(desk: Desk) -> None:
    desk.run("1;Sol;Zzyzx 9;Altdorf;51,1;10,1;")
    assert desk.plan("1;Sol;High Street 9;Altdorf;;;").pins == ()


def test_coordinates_in_a_later_list_take_the_mark_away(desk: Desk) -> None:
    desk.run("1;Sol;Hauptstraße;Altdorf;;;wine")
    desk.run("1;Sol;Hauptstraße;Altdorf;51,0041;10,002;")
    assert (desk.account("1").lat, desk.account("1").tags) == (51.0041, ["wine"])


def test_undoing_the_import_takes_pin_and_mark_back(desk: Desk) -> None:
    desk.run("1;Sol;Zzyzx 9;Altdorf;;;wine")
    plan = desk.plan("1;Sol;Hauptstraße;Altdorf;;;")
    kept = Kept("t", "l.csv", "0" * 64, {})
    run_id = imports.apply(desk.world.session, desk.actor, NOW, TODAY, kept, plan)
    assert desk.account("1").tags == ["wine", STREET_ONLY]
    imports.undo(desk.world.session, desk.actor, NOW, TODAY, run_id)
    assert (desk.account("1").lat, desk.account("1").tags) == (None, ["wine"])


def test_an_account_with_no_room_for_the_mark_gets_no_pin(desk: Desk) -> None:
    tags = ",".join(f"tag {n}" for n in range(MOST_TAGS))
    desk.run(f"1;Sol;Hauptstraße;Altdorf;;;{tags}")
    assert (desk.account("1").lat, len(desk.account("1").tags)) == (None, MOST_TAGS)


def test_moving_the_pin_in_the_form_takes_the_mark_away_and_another_edit_does_not(desk: Desk) -> None:
    desk.run("1;Sol;Hauptstraße;Altdorf;;;wine")
    account = desk.account("1")
    later = NOW + timedelta(minutes=1)
    draft = account_edit.draft_of(account)
    edit = (desk.world.session, desk.actor, later, TODAY, account.id)
    account_edit.update(*edit, account.rev, replace(draft, phone="123"))
    assert account.tags == ["wine", STREET_ONLY]
    account_edit.update(*edit, account.rev, replace(account_edit.draft_of(account), lat=51.0042))
    assert account.tags == ["wine"]


def test_the_data_check_shows_pins_that_are_only_exact_to_the_street(desk: Desk) -> None:
    desk.run("1;Sol;Hauptstraße;Altdorf;;;", "2;Luna;High Street 9;Altdorf;;;")
    checked = data_check.check(desk.world.session, desk.actor, TODAY, desk.folder)
    assert [finding.name for finding in checked.findings[Trouble.STREET_ONLY]] == ["Sol"]


def test_roads_without_an_address_list_are_named_and_nothing_is_looked_up(desk: Desk) -> None:
    address_file(desk.folder, NETWORK).unlink()
    assert desk.states("1;Sol;High Street 9;Altdorf;;;") == []
    assert desk.book.missing == {NETWORK}


def test_a_long_list_is_looked_up_in_parts_and_goes_on_where_it_stopped(desk: Desk) -> None:
    lines = [f"{n};Shop {n};High Street {n};Altdorf;;;" for n in (1, 2, 3, 4, 5)]
    desk.book.left = 2
    assert desk.states(*lines) == [PinState.ADDRESS] * 2 + [PinState.WAITING] * 3
    desk.book = read_book(desk.folder, desk.book.text())
    desk.book.left = 2
    assert desk.states(*lines) == [PinState.ADDRESS] * 4 + [PinState.WAITING]
    desk.book = read_book(desk.folder, desk.book.text())
    desk.book.left = 0
    assert desk.states(*lines)[4] is PinState.WAITING
