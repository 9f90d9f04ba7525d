"""What stands in the way of planning accounts, account by account, so that it can be put right.

Stored road networks are of one piece (the largest strongly connected part). A pin on a road that lies apart
from it is told as such, since plans would drive to the nearest road of that piece.
"""

from __future__ import annotations

from collections import defaultdict
from collections.abc import Iterable, Iterator, Sequence
from dataclasses import dataclass
from datetime import date
from enum import StrEnum
from itertools import combinations
from pathlib import Path
from typing import Any

from sqlalchemy import exists, select
from sqlalchemy.orm import Session

from planner.database import name_order
from planner.domain.access import Actor
from planner.domain.accounts import STREET_ONLY
from planner.domain.cadence import inherited
from planner.domain.cycles import check_rule
from planner.domain.errors import Invalid
from planner.domain.searching import folded
from planner.models.accounts import Account, AccountKind, OpeningWindow
from planner.models.territories import Ownership, Territory
from planner.services import scope
from planner.services.accounts import account_due
from planner.services.accounts.pins_on_roads import troubles
from planner.services.installation import settings
from routing.distance import metres_apart
from routing.errors import RoutingError
from routing.network import current
from routing.types import Place

NEAR_METRES = 150
MOST_SAME_NAMES = 200
"""A name this common (a chain, a placeholder) is not searched for pairs beyond this many."""


class Trouble(StrEnum):
    """In the order they are shown; those of ``RoadTrouble`` among them by the same names."""

    NO_PIN = "no_pin"
    SWAPPED = "swapped"
    OFF_ROAD = "off_road"
    ISLAND = "island"
    NO_WAY_OUT = "no_way_out"
    NO_WAY_IN = "no_way_in"
    FAR = "far"
    STREET_ONLY = "street_only"
    NO_OWNER = "no_owner"
    NO_RULE = "no_rule"
    BAD_CADENCE = "bad_cadence"
    BAD_CYCLE = "bad_cycle"
    NO_HOURS = "no_hours"
    DUPLICATE = "duplicate"


@dataclass(frozen=True, slots=True)
class Finding:
    """``metres``: to the nearest road, or to the other account of a duplicate."""

    trouble: Trouble
    account_id: int
    name: str
    city: str
    metres: int | None = None
    other_id: int | None = None
    other_name: str = ""


@dataclass(frozen=True, slots=True)
class Checked:
    """``findings`` by trouble, in the order of ``Trouble``; ``roads_missing`` names unusable networks."""

    accounts: int
    findings: dict[Trouble, tuple[Finding, ...]]
    roads_missing: tuple[str, ...]


def check(session: Session, actor: Actor, on: date, networks_folder: Path) -> Checked:
    """Look through all accounts the actor sees on ``on``, archived ones left out."""
    rows = session.execute(_query(actor, on)).all()
    found = list(_plain(session, rows))
    on_roads, missing = _on_roads(session, rows, networks_folder)
    found += [*on_roads, *_duplicates(rows)]
    by_trouble = {
        trouble: tuple(finding for finding in found if finding.trouble is trouble) for trouble in Trouble
    }
    return Checked(len(rows), {key: value for key, value in by_trouble.items() if value}, tuple(missing))


def _query(actor: Actor, on: date) -> Any:
    has_hours = exists().where(OpeningWindow.account_id == Account.id).label("has_hours")
    columns = (
        Account.id,
        Account.name,
        Account.city,
        Account.lat,
        Account.lon,
        Account.cycle_rule,
        Account.tags,
    )
    return (
        select(*columns, *account_due.COLUMNS, has_hours, Ownership.rep_id, Territory.network_name)
        .outerjoin(Ownership, (Ownership.account_id == Account.id) & scope.held(Ownership, on))
        .outerjoin(Territory, Territory.id == Ownership.territory_id)
        .where(scope.owned_accounts(actor, on), Account.archived_at.is_(None))
        .order_by(name_order(Account.name), Account.id)
    )


def _plain(session: Session, rows: Iterable[Any]) -> Iterator[Finding]:
    rules = account_due.rules(session)
    for row in rows:
        if row.lat is None:
            yield _finding(Trouble.NO_PIN, row)
        elif STREET_ONLY in row.tags:
            yield _finding(Trouble.STREET_ONLY, row)
        if row.rep_id is None:
            yield _finding(Trouble.NO_OWNER, row)
        if not row.has_hours:
            yield _finding(Trouble.NO_HOURS, row)
        yield from _rhythm(row, rules)


def _rhythm(row: Any, rules: account_due.Rules) -> Iterator[Finding]:
    try:
        cadence = inherited(
            account_due.own_wishes(row), account_due.class_wishes(rules.get(row.account_class), row.kind)
        )
        if cadence is None and row.kind is AccountKind.ACCOUNT:
            yield _finding(Trouble.NO_RULE, row)
    except Invalid:
        yield _finding(Trouble.BAD_CADENCE, row)
    try:
        check_rule(row.cycle_rule or "")
    except Invalid:
        yield _finding(Trouble.BAD_CYCLE, row)


def _on_roads(
    session: Session, rows: Iterable[Any], networks_folder: Path
) -> tuple[list[Finding], list[str]]:
    """How far pins lie from the roads of their territory, and which roads could not be read."""
    limits = settings.read(session)
    by_network: dict[str, list[Any]] = defaultdict(list)
    for row in rows:
        if row.lat is not None and row.network_name:
            by_network[row.network_name].append(row)
    found: list[Finding] = []
    missing: list[str] = []
    for name, pinned in by_network.items():
        try:
            network = current(networks_folder, name)
        except RoutingError:
            missing.append(name)
            continue
        spots = [Place(row.lon, row.lat) for row in pinned]
        for row, told in zip(pinned, troubles(network, spots, limits), strict=True):
            if told is not None:
                found.append(_finding(Trouble(told.trouble), row, told.metres))
    return found, missing


def _duplicates(rows: Sequence[Any]) -> Iterator[Finding]:
    """Pairs of the same name, accents aside, within ``NEAR_METRES`` of each other."""
    by_name: dict[str, list[Any]] = defaultdict(list)
    for row in rows:
        if row.lat is not None:
            by_name[folded(row.name)].append(row)
    for same in by_name.values():
        for one, other in combinations(same[:MOST_SAME_NAMES], 2):
            metres = round(metres_apart((one.lon, one.lat), (other.lon, other.lat)))
            if metres <= NEAR_METRES:
                yield Finding(Trouble.DUPLICATE, one.id, one.name, one.city, metres, other.id, other.name)


def _finding(trouble: Trouble, row: Any, metres: int | None = None) -> Finding:
    return Finding(trouble, row.id, row.name, row.city, metres)
