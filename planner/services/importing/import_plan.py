"""What an import would do: each line against the account it means, field by field.

An account is a plain state here: its fields, ``hours`` as text, ``contacts`` as a list, ``owner`` as
(territory id, rep id). The same file twice finds nothing to change.
"""

from __future__ import annotations

from collections import defaultdict
from collections.abc import Iterable, Mapping, Sequence
from dataclasses import dataclass
from datetime import date
from functools import lru_cache
from typing import Any

from sqlalchemy import select
from sqlalchemy.orm import Session

from planner.domain.access import Actor
from planner.domain.accounts import STREET_ONLY
from planner.domain.cadence import Wishes, inherited
from planner.domain.errors import Invalid
from planner.domain.hours import Window, hours_text
from planner.domain.import_columns import Column
from planner.models.accounts import Account, Contact, OpeningWindow
from planner.models.territories import Ownership
from planner.services import scope
from planner.services.accounts import account_choices
from planner.services.accounts.account_choices import TerritoryChoice
from planner.services.importing.import_changes import Change, Known, PinLine, with_pins
from planner.services.importing.import_files import Table
from planner.services.importing.import_lines import FIELDS, LineError, Wish, likeness, read_wishes
from planner.services.importing.import_pins import LinePin, PinBook, with_tag, without_tag
from planner.services.importing.import_roads import LineOnRoads, off_roads
from planner.services.installation import settings

COLUMNS = tuple(getattr(Account, field) for field in FIELDS.values())
NEW_ACCOUNT: dict[str, Any] = {"kind": "account", "account_class": "C"}


@dataclass(frozen=True, slots=True)
class ImportPlan:
    """``missing``: accounts with an external id that the file does not name; they stay as they are.

    ``pins``: what was found for lines with an address and no coordinates; those taken are in the changes.
    ``off_roads``: pins that stand badly on the roads; they are imported all the same.
    """

    new: tuple[Change, ...]
    changed: tuple[Change, ...]
    unchanged: int
    missing: tuple[tuple[int, str], ...]
    errors: tuple[LineError, ...]
    pins: tuple[LinePin, ...] = ()
    off_roads: tuple[LineOnRoads, ...] = ()

    @property
    def does_something(self) -> bool:
        return bool(self.new or self.changed)


def plan(
    session: Session,
    actor: Actor,
    on: date,
    table: Table,
    mapping: Mapping[Column, int],
    territory_id: int | None = None,
    pin_book: PinBook | None = None,
) -> ImportPlan:
    """Compare a file with the accounts in the actor's scope. Writes nothing.

    With a ``pin_book``, lines with an address and no coordinates get a pin where one is found for sure.
    """
    wishes, errors, default = read_wishes(session, actor, on, table, mapping, territory_id)
    book = _Book(session, actor, on)
    lines: list[PinLine] = []
    for wish in wishes:
        try:
            known = book.meant_by(wish)
            change = _new(wish, default) if known is None else _change(wish, known)
        except Invalid as error:
            errors.append(LineError(wish.row, str(error.field), error))
            continue
        lines.append(PinLine(wish, known, change))
    pins: tuple[LinePin, ...] = ()
    off: tuple[LineOnRoads, ...] = ()
    if pin_book is not None:
        networks = {c.territory_id: c.network_name for c in account_choices.territories(session, actor, on)}
        lines, pins = with_pins(lines, networks, pin_book)
        off = off_roads(lines, networks, pin_book.networks_folder, settings.read(session))
    errors.sort(key=lambda error: error.row)
    met = {line.known.account_id for line in lines if line.known}
    new = tuple(line.change for line in lines if line.change and line.known is None)
    changed = tuple(line.change for line in lines if line.change and line.known)
    return ImportPlan(new, changed, len(met) - len(changed), book.missing(met), tuple(errors), pins, off)


class _Book:
    """The accounts in scope, found by external id or, without one, by name and address."""

    def __init__(self, session: Session, actor: Actor, on: date) -> None:
        self.by_external: dict[str, Known] = {}
        self.by_likeness: dict[tuple[str, ...], list[Known]] = defaultdict(list)
        for known in _known(session, actor, on):
            if known.state["external_id"]:
                self.by_external[known.state["external_id"]] = known
            self.by_likeness[likeness(known.state["name"], known.state["address"])].append(known)
        taken = select(Account.external_id).where(
            Account.external_id.is_not(None), ~scope.owned_accounts(actor, on)
        )
        self.elsewhere = set() if actor.is_admin else set(session.scalars(taken))

    def meant_by(self, wish: Wish) -> Known | None:
        """Raises Invalid where it cannot be told, or lies outside the scope."""
        external_id = wish.values.get("external_id")
        if external_id:
            if external_id in self.elsewhere:
                raise Invalid(Column.EXTERNAL_ID, "outside_scope", text=external_id)
            return self.by_external.get(external_id)
        alike = self.by_likeness.get(likeness(wish.name, wish.values.get("address")), [])
        if len(alike) > 1:
            raise Invalid(Column.NAME, "account_ambiguous")
        return alike[0] if alike else None

    def missing(self, met: set[int]) -> tuple[tuple[int, str], ...]:
        return tuple(
            (known.account_id, known.state["name"])
            for known in self.by_external.values()
            if known.account_id not in met and not known.is_archived
        )


def _known(session: Session, actor: Actor, on: date) -> Iterable[Known]:
    visible = scope.owned_accounts(actor, on)
    windows = select(
        OpeningWindow.account_id,
        OpeningWindow.weekday,
        OpeningWindow.opens_seconds,
        OpeningWindow.closes_seconds,
    )
    people = select(Contact.account_id, Contact.name, Contact.position, Contact.phone, Contact.email)
    hours = _hours(session.execute(windows.join(Account).where(visible)))
    contacts = _contacts(session.execute(people.join(Account).where(visible).order_by(Contact.id)))
    query = (
        select(
            Account.id,
            Account.rev,
            Account.archived_at,
            Account.earliest_gap_days,
            Account.latest_gap_days,
            Ownership.territory_id,
            Ownership.rep_id,
            *COLUMNS,
        )
        .outerjoin(Ownership, (Ownership.account_id == Account.id) & scope.held(Ownership, on))
        .where(visible)
        .order_by(Account.id)
    )
    for row in session.execute(query):
        state = {field: getattr(row, field) for field in FIELDS.values()}
        state["kind"], state["account_class"] = row.kind.value, row.account_class.value
        state["hours"], state["contacts"] = hours.get(row.id, ""), contacts.get(row.id, [])
        state["owner"] = [row.territory_id, row.rep_id]
        gaps = (row.earliest_gap_days, row.latest_gap_days)
        yield Known(row.id, row.rev, row.archived_at is not None, state, gaps)


def _hours(rows: Iterable[Any]) -> dict[int, str]:
    by_account: dict[int, list[tuple[int, int, int]]] = defaultdict(list)
    for account_id, weekday, opens_seconds, closes_seconds in rows:
        by_account[account_id].append((weekday, opens_seconds, closes_seconds))
    return {account_id: _hours_text(tuple(sorted(week))) for account_id, week in by_account.items()}


@lru_cache(maxsize=4096)
def _hours_text(week: tuple[tuple[int, int, int], ...]) -> str:
    """Thousands of accounts share a few dozen weeks."""
    return hours_text(Window(*window) for window in week)


def _contacts(rows: Iterable[Any]) -> dict[int, list[dict[str, str]]]:
    by_account: dict[int, list[dict[str, str]]] = defaultdict(list)
    for account_id, name, position, phone, email in rows:
        by_account[account_id].append({"name": name, "position": position, "phone": phone, "email": email})
    return by_account


def _new(wish: Wish, default: TerritoryChoice | None) -> Change:
    owner = wish.owner
    territory_id = (owner.territory_id if owner else None) or (default.territory_id if default else None)
    if territory_id is None:
        raise Invalid(Column.TERRITORY, "owner_without_territory")
    after = NEW_ACCOUNT | dict(wish.values)
    after["owner"] = [territory_id, owner.rep_id if owner else None]
    after["hours"] = _said_hours(wish)
    after["contacts"] = _merged([], wish.contact)
    return Change(wish.row, wish.name, None, 1, {}, after)


def _change(wish: Wish, known: Known) -> Change | None:
    """The fields that differ; None when the line says what is so already."""
    said = dict(wish.values)
    if wish.windows is not None:
        said["hours"] = _said_hours(wish)
    if wish.contact is not None:
        said["contacts"] = _merged(known.state["contacts"], wish.contact)
    if wish.owner is not None:
        territory_id, rep_id = known.state["owner"]
        said["owner"] = [
            wish.owner.territory_id or territory_id,
            wish.owner.rep_id if wish.owner.is_said else rep_id,
        ]
    _keep_pin_tag(said, known.state)
    after = {field: value for field, value in said.items() if value != known.state[field]}
    if not after:
        return None
    _check_rhythm(after, known)
    before = {field: known.state[field] for field in after}
    return Change(wish.row, known.state["name"], known.account_id, known.rev, before, after)


def _keep_pin_tag(said: dict[str, Any], state: Mapping[str, Any]) -> None:
    """The tag of a pin that is only exact to the street is ours: it stays until the pin moves."""
    if STREET_ONLY not in state["tags"]:
        return
    has_moved = any(said.get(field, state[field]) != state[field] for field in ("lat", "lon"))
    if has_moved:
        said["tags"] = without_tag(said.get("tags", state["tags"]))
    elif "tags" in said:
        said["tags"] = with_tag(said["tags"])


def _said_hours(wish: Wish) -> str:
    return _hours_text(tuple((w.weekday, w.opens_seconds, w.closes_seconds) for w in wish.windows or ()))


def _check_rhythm(after: Mapping[str, Any], known: Known) -> None:
    """A new cadence must stand with the gaps the account has of its own."""
    if "cadence_days" not in after:
        return
    try:
        inherited(Wishes(after["cadence_days"], *known.gaps), Wishes())
    except Invalid as error:
        raise Invalid(Column.CADENCE, error.code, **error.values) from None


def _merged(contacts: Sequence[Mapping[str, str]], said: Mapping[str, str] | None) -> list[dict[str, str]]:
    """The contacts with the one named in the line added, or brought up to date by its name."""
    merged = [dict(contact) for contact in contacts]
    if said is None:
        return merged
    for contact in merged:
        if contact["name"] == said["name"]:
            contact.update(said)
            return merged
    return [*merged, {"name": "", "position": "", "phone": "", "email": ""} | dict(said)]
