"""Territories as a tree, in the active model: each with its zone, holidays, currency and roads."""

from __future__ import annotations

from collections import defaultdict
from dataclasses import asdict, dataclass
from datetime import date, datetime
from zoneinfo import available_timezones

from babel.numbers import UnknownCurrencyError, validate_currency
from sqlalchemy import Select, func, select
from sqlalchemy.orm import Session

from planner.database import name_order
from planner.domain.access import Actor
from planner.domain.errors import Invalid, NotFound
from planner.models.territories import Membership, ModelState, Ownership, Territory, TerritoryModel
from planner.services import calendars, scope
from planner.services.installation import audit


@dataclass(frozen=True, slots=True)
class TerritoryData:
    """``country`` is ISO 3166-1 alpha-2; ``subdivision`` of ISO 3166-2 without the country, or None."""

    name: str
    parent_id: int | None
    zone: str
    country: str
    subdivision: str | None
    currency: str
    network_name: str


@dataclass(frozen=True, slots=True)
class TerritoryLine:
    """A line of the tree; ``depth`` 0 is a root. Counts are of the territory itself, not of those below."""

    territory_id: int
    data: TerritoryData
    depth: int
    people: int
    accounts: int


def tree(session: Session, on: date) -> list[TerritoryLine]:
    """All territories, each followed by those below it, by name. Three queries."""
    rows = session.scalars(_active().order_by(name_order(Territory.name), Territory.id)).all()
    people, accounts = _counts(session, Membership, on), _counts(session, Ownership, on)
    below: dict[int | None, list[Territory]] = defaultdict(list)
    for row in rows:
        below[row.parent_id].append(row)
    found: list[TerritoryLine] = []

    def walk(parent_id: int | None, depth: int) -> None:
        for row in below[parent_id]:
            counted = people.get(row.id, 0), accounts.get(row.id, 0)
            found.append(TerritoryLine(row.id, _data(row), depth, *counted))
            walk(row.id, depth + 1)

    walk(None, 0)
    return found


def read(session: Session, territory_id: int) -> TerritoryData:
    """Raises NotFound."""
    return _data(_find(session, territory_id))


def create(session: Session, actor: Actor, now: datetime, data: TerritoryData) -> int:
    """Add a territory to the active model; returns its id."""
    data = _checked(session, data, but=None)
    row = Territory(model_id=_active_model(session).id, **asdict(data))
    session.add(row)
    session.flush()
    audit.record(session, actor, now, "territory.created", "territory", row.id, {}, asdict(data))
    return row.id


def change(session: Session, actor: Actor, now: datetime, territory_id: int, data: TerritoryData) -> None:
    """Change a territory. Raises Invalid, also for a parent that lies below it."""
    row = _find(session, territory_id)
    before, data = _data(row), _checked(session, data, but=territory_id)
    if before == data:
        return
    for field, value in asdict(data).items():
        setattr(row, field, value)
    session.flush()
    audit.record(
        session, actor, now, "territory.changed", "territory", territory_id, asdict(before), asdict(data)
    )


def _active() -> Select[tuple[Territory]]:
    return select(Territory).join(TerritoryModel).where(TerritoryModel.state == ModelState.ACTIVE)


def _active_model(session: Session) -> TerritoryModel:
    model = session.scalar(select(TerritoryModel).where(TerritoryModel.state == ModelState.ACTIVE))
    if model is None:
        model = TerritoryModel(name="Territories", state=ModelState.ACTIVE)
        session.add(model)
        session.flush()
    return model


def _find(session: Session, territory_id: int) -> Territory:
    row = session.get(Territory, territory_id)
    if row is None:
        raise NotFound("territory", id=territory_id)
    return row


def _data(row: Territory) -> TerritoryData:
    return TerritoryData(
        row.name, row.parent_id, row.zone, row.country, row.subdivision, row.currency, row.network_name
    )


def _counts(session: Session, table: type[Membership] | type[Ownership], on: date) -> dict[int, int]:
    query = select(table.territory_id, func.count()).where(scope.held(table, on))
    return dict(session.execute(query.group_by(table.territory_id)).all())


def _checked(session: Session, data: TerritoryData, but: int | None) -> TerritoryData:
    name = data.name.strip()
    if not name:
        raise Invalid("name", "name_missing")
    same_name = _active().where(Territory.name == name, Territory.id != (but or 0))
    if session.scalar(same_name) is not None:
        raise Invalid("name", "territory_name_taken")
    if data.zone not in available_timezones():
        raise Invalid("zone", "zone_unknown", zone=data.zone)
    if not calendars.is_country(data.country):
        raise Invalid("country", "country_unknown", country=data.country)
    _check_currency(data.currency)
    if not data.network_name:
        raise Invalid("network_name", "network_missing")
    _check_parent(session, data.parent_id, but)
    subdivision = (data.subdivision or "").strip().upper() or None
    return TerritoryData(
        name, data.parent_id, data.zone, data.country, subdivision, data.currency, data.network_name
    )


def _check_currency(currency: str) -> None:
    try:
        validate_currency(currency)
    except UnknownCurrencyError:
        raise Invalid("currency", "currency_unknown", currency=currency) from None


def _check_parent(session: Session, parent_id: int | None, territory_id: int | None) -> None:
    """Raises Invalid("parent_id") for a parent that is the territory itself or lies below it."""
    above = parent_id
    while above is not None:
        if above == territory_id:
            raise Invalid("parent_id", "territory_cycle")
        above = _find(session, above).parent_id
