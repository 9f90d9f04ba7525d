"""The lines of a file as wishes about accounts, with every error numbered: row, column, reason.

An empty cell says nothing about its field, a dash clears it. Owners are named by e-mail, territories by
name; both must be within the actor's scope.
"""

from __future__ import annotations

from collections.abc import Mapping, Sequence
from dataclasses import dataclass, field
from datetime import date
from typing import Any

from babel.numbers import get_currency_precision
from sqlalchemy import func, select
from sqlalchemy.orm import Session

from planner.domain.access import Actor, MembershipKind
from planner.domain.errors import Invalid
from planner.domain.import_columns import Column
from planner.domain.import_values import CLEAR, read_cell
from planner.domain.places import check_place
from planner.domain.searching import folded
from planner.models.people import Person
from planner.models.territories import Membership
from planner.services import scope
from planner.services.accounts import account_choices
from planner.services.accounts.account_choices import TerritoryChoice
from planner.services.importing.import_files import Line, Table

FIELDS: dict[Column, str] = {
    Column.EXTERNAL_ID: "external_id",
    Column.NAME: "name",
    Column.KIND: "kind",
    Column.ACCOUNT_CLASS: "account_class",
    Column.INDUSTRY: "industry",
    Column.TAGS: "tags",
    Column.ADDRESS: "address",
    Column.CITY: "city",
    Column.POSTCODE: "postcode",
    Column.LAT: "lat",
    Column.LON: "lon",
    Column.PHONE: "phone",
    Column.VALUE: "value_minor",
    Column.POTENTIAL: "potential_minor",
    Column.CADENCE: "cadence_days",
    Column.VISIT_MINUTES: "visit_seconds",
    Column.PARKING_HINT: "parking_hint",
}
"""Columns that are fields of the account itself; hours, contact and owner are kept apart."""

CLEARED: dict[str, Any] = {
    "external_id": None,
    "lat": None,
    "lon": None,
    "value_minor": None,
    "potential_minor": None,
    "cadence_days": None,
    "visit_seconds": None,
    "tags": [],
}
"""What a dash means for fields that are not texts."""

NOT_CLEARED = frozenset({Column.NAME, Column.KIND, Column.ACCOUNT_CLASS, Column.TERRITORY})


@dataclass(frozen=True, slots=True)
class LineError:
    row: int
    column: str
    error: Invalid


@dataclass(frozen=True, slots=True)
class Owner:
    """``rep_id`` None: nobody. ``is_said`` False: the line names a territory only."""

    territory_id: int | None
    rep_id: int | None = None
    is_said: bool = True


@dataclass(frozen=True, slots=True)
class Wish:
    """What a line says. ``values``: fields of the account; None elsewhere means "says nothing"."""

    row: int
    values: Mapping[str, Any]
    windows: tuple[Any, ...] | None = None
    contact: Mapping[str, str] | None = None
    owner: Owner | None = None

    @property
    def name(self) -> str:
        return str(self.values["name"])


@dataclass(slots=True)
class Reader:
    """Reads lines one after the other; ``errors`` grows as they are read."""

    mapping: Mapping[Column, int]
    territories: Mapping[str, TerritoryChoice]
    default: TerritoryChoice | None
    reps: Mapping[str, tuple[int, int | None]]
    errors: list[LineError] = field(default_factory=list)

    def wish(self, line: Line) -> Wish | None:
        """None when something in the line is wrong; all of it is told."""
        before = len(self.errors)
        cells = self._cells(line)
        territory = self._territory(line, cells.get(Column.TERRITORY, ""))
        currency = territory.currency if territory else "USD"
        said = self._said(line, cells, get_currency_precision(currency))
        values = {FIELDS[column]: value for column, value in said.items() if column in FIELDS}
        self._check(line, values)
        owner = self._owner(line, said, territory if Column.TERRITORY in cells else None)
        if len(self.errors) > before:
            return None
        return Wish(line.number, values, said.get(Column.HOURS), _contact(said), owner)

    def refuse(self, row: int, error: Invalid) -> None:
        self.errors.append(LineError(row, str(error.field), error))

    def _cells(self, line: Line) -> dict[Column, str]:
        """The cells that say something."""
        found = {}
        for column, index in self.mapping.items():
            text = line.cells[index] if index < len(line.cells) else ""
            if text:
                found[column] = text
        return found

    def _said(self, line: Line, cells: Mapping[Column, str], exponent: int) -> dict[Column, Any]:
        said: dict[Column, Any] = {}
        for column, text in cells.items():
            if text == CLEAR and column not in NOT_CLEARED:
                said[column] = _cleared(column)
                continue
            try:
                said[column] = read_cell(column, text, exponent)
            except Invalid as error:
                self.refuse(line.number, Invalid(column, error.code, **error.values))
        return said

    def _check(self, line: Line, values: Mapping[str, Any]) -> None:
        if not values.get("name") and not self._failed(line, Column.NAME):
            self.refuse(line.number, Invalid(Column.NAME, "name_missing"))
        if self._failed(line, Column.LAT) or self._failed(line, Column.LON):
            return
        if "lat" in values or "lon" in values:
            try:
                check_place(values.get("lat"), values.get("lon"))
            except Invalid as error:
                column = Column.LAT if error.field == "lat" else Column.LON
                self.refuse(line.number, Invalid(column, error.code, **error.values))

    def _failed(self, line: Line, column: Column) -> bool:
        return any(e.row == line.number and e.column == column for e in reversed(self.errors[-24:]))

    def _territory(self, line: Line, name: str) -> TerritoryChoice | None:
        if not name:
            return self.default
        found = self.territories.get(folded(name))
        if found is None:
            self.refuse(line.number, Invalid(Column.TERRITORY, "territory_unknown"))
        return found

    def _owner(
        self, line: Line, said: Mapping[Column, Any], territory: TerritoryChoice | None
    ) -> Owner | None:
        """Who shall own the account; the rep's own territory where the line names none."""
        if Column.OWNER not in said:
            return Owner(territory.territory_id, is_said=False) if territory else None
        email = said[Column.OWNER]
        if not email:
            return Owner(territory.territory_id if territory else None)
        rep_id, home_id = self.reps.get(email, (None, None))
        if rep_id is None:
            self.refuse(line.number, Invalid(Column.OWNER, "owner_unknown"))
            return None
        return Owner(territory.territory_id if territory else home_id, rep_id)


def read_wishes(
    session: Session,
    actor: Actor,
    on: date,
    table: Table,
    mapping: Mapping[Column, int],
    territory_id: int | None,
) -> tuple[list[Wish], list[LineError], TerritoryChoice | None]:
    """All lines read, those with errors left out; and the territory for lines that name none."""
    choices = account_choices.territories(session, actor, on)
    default = next((c for c in choices if territory_id in (None, c.territory_id)), None)
    reader = Reader(mapping, {folded(c.name): c for c in choices}, default, _reps(session, actor, on))
    wishes = [wish for line in table.lines if (wish := reader.wish(line)) is not None]
    _refuse_doubles(reader, wishes)
    return wishes, reader.errors, default


def _reps(session: Session, actor: Actor, on: date) -> dict[str, tuple[int, int | None]]:
    """Reps in scope by e-mail, each with a territory they are members of."""
    query = (
        select(Person.email, Person.id, func.min(Membership.territory_id))
        .outerjoin(
            Membership,
            (Membership.person_id == Person.id)
            & (Membership.kind == MembershipKind.MEMBER)
            & scope.held(Membership, on),
        )
        .where(Person.id.in_(scope.rep_ids(actor, on)))
        .group_by(Person.email, Person.id)
    )
    return {email: (person_id, territory_id) for email, person_id, territory_id in session.execute(query)}


def _refuse_doubles(reader: Reader, wishes: Sequence[Wish]) -> None:
    """The same external id twice, or without one the same name and address."""
    first: dict[tuple[str, ...], int] = {}
    for wish in wishes:
        external_id = wish.values.get("external_id")
        key = (
            (external_id,) if external_id else ("", folded(wish.name), folded(wish.values.get("address", "")))
        )
        former = first.setdefault(key, wish.row)
        if former != wish.row:
            column, code = (
                (Column.EXTERNAL_ID, "external_id_twice") if external_id else (Column.NAME, "account_twice")
            )
            reader.refuse(wish.row, Invalid(column, code, text=external_id, row=former))


def likeness(name: str, address: str | None) -> tuple[str, ...]:
    """By which lines and accounts without an external id are taken for the same."""
    return folded(name), folded(address or "")


def _cleared(column: Column) -> Any:
    if column is Column.HOURS:
        return ()
    return CLEARED.get(FIELDS.get(column, ""), "")


def _contact(said: Mapping[Column, Any]) -> dict[str, str] | None:
    """The contact a line names; phone and e-mail without a name belong to nobody and are left out."""
    if not said.get(Column.CONTACT_NAME):
        return None
    parts = {"phone": Column.CONTACT_PHONE, "email": Column.CONTACT_EMAIL}
    return {"name": said[Column.CONTACT_NAME], **{k: said[c] for k, c in parts.items() if c in said}}
