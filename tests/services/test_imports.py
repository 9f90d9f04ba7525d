"""Importing accounts: what a file would do, doing it, and taking it back."""

from __future__ import annotations

from dataclasses import dataclass
from datetime import timedelta
from pathlib import Path
from typing import Any

import pytest
from hypothesis import HealthCheck, given, settings
from hypothesis import strategies as st
from sqlalchemy import func, select
from sqlalchemy.orm import Session

from planner.domain.access import Actor
from planner.domain.errors import Conflict, NotFound
from planner.domain.hours import hours_text
from planner.domain.import_columns import recognised
from planner.domain.ownership import Held
from planner.domain.visits import VisitState
from planner.models.accounts import Account, ImportChange
from planner.models.people import Person
from planner.models.settings import AuditEntry
from planner.models.territories import Ownership
from planner.models.visits import Visit
from planner.services.accounts import account_edit, ownership
from planner.services.importing import import_plan, import_store, imports
from planner.services.importing.import_files import read_table
from planner.services.importing.import_plan import ImportPlan
from planner.services.importing.import_store import Kept
from tests.conftest import NOW, TODAY
from tests.world import World

LIST = """id;name;class;kind;city;latitude;longitude;value;cadence;opening hours;tags;owner;contact
K1;Almacén Sol;A;Cliente;Serena;-29,9045;-71,2489;1.500.000;4 weeks;Mo-Fr 09:00-13:00;wine, keys;\
ana@example.org;Eva
K2;Botillería Luna;b;Lead;Coquimbo;;;;monthly;;;bruno@example.org;
K3;Café Mar;;;;;;;;;;;
"""


@dataclass
class Desk:
    """Somebody at the import page."""

    world: World
    person: Person

    @property
    def actor(self) -> Actor:
        return Actor(self.person.id, self.person.role)

    def plan(self, text: str) -> ImportPlan:
        table = read_table(text.encode())
        self.world.session.expire_all()
        return import_plan.plan(self.world.session, self.actor, TODAY, table, recognised(table.headings))

    def run(self, text: str) -> int:
        kept = Kept("t", "list.csv", "0" * 64, {})
        return imports.apply(self.world.session, self.actor, NOW, TODAY, kept, self.plan(text))

    def undo(self, run_id: int) -> None:
        imports.undo(self.world.session, self.actor, NOW, TODAY, run_id)
        self.world.session.expire_all()

    def account(self, external_id: str) -> Account:
        return self.world.session.scalars(select(Account).where(Account.external_id == external_id)).one()

    def told(self, text: str) -> list[tuple[int, str, str]]:
        return [(e.row, e.column, e.error.code) for e in self.plan(text).errors]


@pytest.fixture
def desk(session: Session) -> Desk:
    world = World(session)
    return Desk(world, world.admin)


@pytest.fixture
def manager(session: Session) -> Desk:
    world = World(session)
    return Desk(world, world.marta)


def stored(session: Session) -> list[Any]:
    """Everything an import writes, to compare before and after."""
    session.expire_all()
    accounts = session.scalars(select(Account).order_by(Account.id)).all()
    return [(account_edit.draft_of(a), ownership.ranges(a), a.search_text) for a in accounts]


def test_a_company_starts_with_its_own_accounts(desk: Desk) -> None:
    desk.run(LIST)

    one, two, three = (desk.account(external_id) for external_id in ("K1", "K2", "K3"))
    assert (one.name, one.account_class, one.lat, one.value_minor) == (
        "Almacén Sol",
        "A",
        -29.9045,
        1_500_000,
    )
    assert (one.cadence_days, one.tags, one.contacts[0].name) == (28, ["wine", "keys"], "Eva")
    assert hours_text(account_edit.draft_of(one).windows) == "Mo-Fr 09:00-13:00"
    assert ownership.ranges(one) == (Held(desk.world.norte.id, desk.world.ana.id, TODAY),)
    assert (two.kind, two.account_class, two.lat) == ("prospect", "B", None)
    assert ownership.ranges(two) == (Held(desk.world.sur.id, desk.world.bruno.id, TODAY),)
    assert (three.account_class, three.kind, ownership.ranges(three)[0].rep_id) == ("C", "account", None)
    assert one.search_text == "almacen sol | k1 | serena"


def test_the_same_file_twice_changes_nothing(desk: Desk) -> None:
    desk.run(LIST)
    before = stored(desk.world.session)

    again = desk.plan(LIST)

    assert (again.new, again.changed, again.unchanged, again.missing) == ((), (), 3, ())
    desk.run(LIST)
    assert stored(desk.world.session) == before


def test_without_external_ids_name_and_address_tell_accounts_apart(desk: Desk) -> None:
    text = "name,address\nSol,Calle 1\nSol,Calle 2\n"
    desk.run(text)

    again = desk.plan(text.replace("Sol", "SOL"))
    assert (len(again.new), len(again.changed)) == (0, 2)
    assert desk.plan(text).unchanged == 2


def test_only_what_differs_is_changed_and_shown_with_old_and_new(desk: Desk) -> None:
    desk.run(LIST)
    changed = LIST.replace("Almacén Sol", "Almacén Sur").replace("Mo-Fr 09:00-13:00", "Sa 10-12")

    (change,) = desk.plan(changed).changed

    assert change.before == {"name": "Almacén Sol", "hours": "Mo-Fr 09:00-13:00"}
    assert change.after == {"name": "Almacén Sur", "hours": "Sa 10:00-12:00"}
    desk.run(changed)
    account = desk.account("K1")
    assert (account.rev, account.search_text) == (2, "almacen sur | k1 | serena")


def test_an_empty_cell_leaves_and_a_dash_clears(desk: Desk) -> None:
    desk.run(LIST)
    desk.run("id,name,city,cadence,tags,opening hours\nK1,Almacén Sol,,,,\n")
    assert (desk.account("K1").city, desk.account("K1").cadence_days) == ("Serena", 28)

    desk.run("id,name,city,cadence,tags,opening hours\nK1,Almacén Sol,-,-,-,-\n")
    account = desk.account("K1")
    assert (account.city, account.cadence_days, account.tags, account.windows) == ("", None, [], [])


def test_accounts_the_file_does_not_name_are_listed_and_left_alone(desk: Desk) -> None:
    desk.run(LIST)

    plan = desk.plan("id,name\nK1,Almacén Sol\n")

    assert [name for _, name in plan.missing] == ["Botillería Luna", "Café Mar"]
    assert not plan.does_something


def test_another_owner_in_the_file_ends_the_former_range(desk: Desk) -> None:
    desk.run(LIST)
    session = desk.world.session
    for row in session.scalars(select(Ownership)):
        row.from_on = TODAY - timedelta(days=30)
    session.flush()

    desk.run("id,name,owner\nK1,Almacén Sol,bruno@example.org\n")

    norte = Held(desk.world.norte.id, desk.world.ana.id, TODAY - timedelta(days=30), TODAY)
    assert ownership.ranges(desk.account("K1")) == (
        norte,
        Held(desk.world.sur.id, desk.world.bruno.id, TODAY),
    )


@pytest.mark.parametrize(
    ("line", "problem"),
    [
        ("K9,,,,,,,,", ("name", "name_missing")),
        ("K9,A,-95,10,,,,,", ("latitude", "coordinates_swapped")),
        ("K9,A,-29.9,,,,,,", ("longitude", "coordinates_half")),
        ("K9,A,0,0,,,,,", ("latitude", "coordinates_zero")),
        ("K9,A,north,1,,,,,", ("latitude", "degrees_unreadable")),
        ("K9,=1+1,,,,,,,", ("name", "formula")),
        ("K9,A,,,0,,,,", ("cadence", "days_out_of_range")),
        ("K9,A,,,,Mo 18-9,,,", ("opening_hours", "hours_reversed")),
        ("K9,A,,,,,nobody@example.org,,", ("owner", "owner_unknown")),
        ("K9,A,,,,,,Atlantis,", ("territory", "territory_unknown")),
        ("K9,A,,,,,,,D", ("class", "class_unknown")),
        ("K0,A,,,,,,,", ("external_id", "external_id_twice")),
    ],
)
def test_an_error_is_told_with_row_and_column(desk: Desk, line: str, problem: tuple[str, str]) -> None:
    text = f"id,name,lat,lon,cadence,hours,owner,territory,class\nK0,Fine,,,,,,,\n{line}\n"

    assert desk.told(text) == [(3, *problem)]


def test_one_error_keeps_everything_out(desk: Desk) -> None:
    with pytest.raises(Conflict) as refused:
        desk.run(LIST + "K4;;;;;;;;;;;;;\n")

    assert refused.value.code == "import_has_errors"
    assert desk.world.session.scalar(select(func.count(Account.id))) == 0


def test_a_new_cadence_must_stand_with_the_account_s_own_gaps(desk: Desk) -> None:
    desk.run(LIST)
    desk.account("K1").latest_gap_days = 30
    desk.world.session.flush()

    assert desk.told("id,name,cadence\nK1,Almacén Sol,8 weeks\n") == [
        (2, "cadence", "latest_gap_before_wish")
    ]


def test_a_manager_reaches_accounts_and_territories_of_their_own_only(manager: Desk) -> None:
    manager.world.account(manager.world.bruno, "Foreign").external_id = "B1"
    manager.world.session.flush()

    assert manager.told("id,name\nB1,Mine now\n") == [(2, "external_id", "outside_scope")]
    assert manager.told("name,territory\nNew,Sur\n") == [(2, "territory", "territory_unknown")]
    assert manager.told("name,owner\nNew,bruno@example.org\n") == [(2, "owner", "owner_unknown")]
    manager.run("name\nNew\n")
    new = manager.world.session.scalars(select(Account).where(Account.name == "New")).one()
    assert ownership.ranges(new) == (Held(manager.world.norte.id, None, TODAY),)


def test_an_import_is_undone_as_a_whole(desk: Desk) -> None:
    desk.run(LIST)
    before = stored(desk.world.session)
    run_id = desk.run(
        "id,name,city,hours,contact,owner\n"
        "K1,Almacén Otro,Vicuña,Sa 10-12,Pedro,bruno@example.org\n"
        "K2,Botillería Luna,-,,,\n"
        "K8,Nuevo,,Mo 9-10,Ida,ana@example.org\n"
    )
    assert stored(desk.world.session) != before

    desk.undo(run_id)

    assert stored(desk.world.session) == before
    with pytest.raises(Conflict) as refused:
        desk.undo(run_id)
    assert refused.value.code == "import_undone"


def test_an_account_edited_since_keeps_the_import_and_is_named(desk: Desk) -> None:
    run_id = desk.run(LIST)
    account_edit.archive(desk.world.session, desk.actor, NOW, TODAY, desk.account("K2").id)

    with pytest.raises(Conflict) as refused:
        desk.undo(run_id)

    assert (refused.value.code, refused.value.values["names"]) == ("import_edited", "Botillería Luna")


def test_a_new_account_that_was_visited_since_keeps_the_import(desk: Desk) -> None:
    run_id = desk.run(LIST)
    visit = Visit(uid="u", account_id=desk.account("K1").id, rep_id=desk.world.ana.id, on=TODAY)
    visit.state, visit.service_seconds = VisitState.DONE, 60
    desk.world.session.add(visit)
    desk.world.session.flush()

    assert imports.edited_since(desk.world.session, run_id) == ["Almacén Sol"]


def test_an_account_edited_between_preview_and_import_stops_it(desk: Desk) -> None:
    desk.run(LIST)
    plan = desk.plan(LIST.replace("Almacén Sol", "Other"))
    account_edit.archive(desk.world.session, desk.actor, NOW, TODAY, desk.account("K1").id)

    with pytest.raises(Conflict):
        imports.apply(desk.world.session, desk.actor, NOW, TODAY, Kept("t", "f", "0" * 64, {}), plan)


def test_every_import_is_in_the_history_and_the_audit_log(desk: Desk) -> None:
    run_id = desk.run(LIST)
    desk.run(LIST.replace("Almacén Sol", "Other"))

    newest, first = imports.history(desk.world.session, desk.actor)

    assert (first.run_id, first.new, first.changed, first.imported_by) == (run_id, 3, 0, "Admin")
    assert (newest.new, newest.changed) == (0, 1)
    actions = desk.world.session.scalars(select(AuditEntry.action)).all()
    assert actions == ["accounts.imported", "accounts.imported"]


def test_a_manager_sees_and_undoes_their_own_imports_only(desk: Desk) -> None:
    run_id = desk.run(LIST)
    marta = Desk(desk.world, desk.world.marta)

    assert imports.history(desk.world.session, marta.actor) == []
    with pytest.raises(NotFound):
        marta.undo(run_id)


@settings(max_examples=25, deadline=None, suppress_health_check=[HealthCheck.function_scoped_fixture])
@given(
    st.lists(
        st.tuples(
            st.sampled_from(["K1", "K2", "K3", "K4"]),
            st.sampled_from(["Sol", "Luna", "Mar"]),
            st.sampled_from(["", "-", "4 weeks", "14"]),
            st.sampled_from(["", "-", "Mo 9-12", "Mo-Fr 9-13,15-18"]),
            st.sampled_from(["", "ana@example.org", "bruno@example.org"]),
        ),
        unique_by=lambda row: row[0],
        min_size=1,
    )
)
def test_any_file_can_be_undone_and_repeating_it_does_nothing(
    desk: Desk, rows: list[tuple[str, str, str, str, str]]
) -> None:
    text = "id;name;cadence;hours;owner\n" + "".join(";".join(row) + "\n" for row in rows)
    before = stored(desk.world.session)

    run_id = desk.run(text)
    assert not desk.plan(text).does_something
    desk.undo(run_id)

    assert stored(desk.world.session) == before
    assert desk.world.session.scalar(select(func.count(ImportChange.id))) is not None


def test_thousands_of_lines_take_few_statements(desk: Desk) -> None:
    text = "id,name,lat,lon,hours\n" + "".join(f"N{n},Name {n},-29.9,-71.2,Mo-Fr 9-13\n" for n in range(5000))

    desk.run(text)

    assert desk.world.session.scalar(select(func.count(Account.id))) == 5000
    assert desk.plan(text).unchanged == 5000


def test_an_upload_belongs_to_one_person_for_one_day(tmp_path: Path) -> None:
    kept = import_store.keep(tmp_path, 1, NOW, "list.csv", b"name\nA\n", {})

    assert import_store.find(tmp_path, 1, kept.token) == (kept, b"name\nA\n")
    for person_id, token in ((2, kept.token), (1, "../" + kept.token), (1, "x" * 32)):
        with pytest.raises(NotFound):
            import_store.find(tmp_path, person_id, token)
    import_store.keep(tmp_path, 2, NOW + timedelta(days=2), "other.csv", b"name\nB\n", {})
    with pytest.raises(NotFound):
        import_store.find(tmp_path, 1, kept.token)
