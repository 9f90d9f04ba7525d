"""Coverage and cadence by class and rep: who is seen as often as promised, and who is not.

Three queries whatever the size of the team. Accounts are those owned on the date and not archived.
"""

from __future__ import annotations

from collections import defaultdict
from collections.abc import Iterable, Mapping
from dataclasses import dataclass
from datetime import date, timedelta

from sqlalchemy import func, select
from sqlalchemy.orm import Session

from planner.domain import ratios
from planner.domain.access import Actor
from planner.domain.cadence import Cadence, DueState, Wishes, due_state, due_window, inherited
from planner.domain.errors import Invalid
from planner.domain.visits import VisitState
from planner.models.accounts import Account, AccountKind, ClassRule
from planner.models.people import Person
from planner.models.territories import Ownership
from planner.models.visits import Visit
from planner.services import scope


@dataclass(slots=True)
class Cell:
    """Counts of one class of one rep; the ratios follow from them."""

    assigned: int = 0
    visited: int = 0
    with_cadence: int = 0
    kept: int = 0
    overdue: int = 0

    def add(self, other: Cell) -> None:
        self.assigned += other.assigned
        self.visited += other.visited
        self.with_cadence += other.with_cadence
        self.kept += other.kept
        self.overdue += other.overdue

    @property
    def coverage(self) -> float | None:
        return ratios.coverage(self.visited, self.assigned)

    @property
    def cadence_kept(self) -> float | None:
        return ratios.cadence_kept(self.kept, self.with_cadence)


@dataclass(frozen=True, slots=True)
class RepRow:
    """``rep_id`` None: accounts nobody owns."""

    rep_id: int | None
    name: str
    cells: Mapping[str, Cell]
    total: Cell


@dataclass(frozen=True, slots=True)
class Table:
    classes: tuple[str, ...]
    rows: tuple[RepRow, ...]
    totals: Mapping[str, Cell]
    total: Cell
    from_on: date


@dataclass(frozen=True, slots=True)
class _Account:
    rep_id: int | None
    account_class: str
    cadence: Cadence | None
    last_on: date | None
    owned_from_on: date


def table(session: Session, actor: Actor, on: date, weeks: int) -> Table:
    """Coverage over the last ``weeks`` up to and with ``on``, and cadence as it stands on ``on``."""
    from_on = on - timedelta(weeks=weeks)
    by_rep: dict[int | None, dict[str, Cell]] = defaultdict(lambda: defaultdict(Cell))
    totals: dict[str, Cell] = defaultdict(Cell)
    whole = Cell()
    for account in _accounts(session, actor, on):
        cell = _cell(account, from_on, on)
        by_rep[account.rep_id][account.account_class].add(cell)
        totals[account.account_class].add(cell)
        whole.add(cell)
    names = _names(session, [rep_id for rep_id in by_rep if rep_id is not None])
    rows = [_row(rep_id, names.get(rep_id, ""), cells) for rep_id, cells in by_rep.items()]
    rows.sort(key=lambda row: (row.rep_id is None, row.name))
    return Table(tuple(sorted(totals)), tuple(rows), totals, whole, from_on)


def _accounts(session: Session, actor: Actor, on: date) -> Iterable[_Account]:
    rules = {rule.account_class: rule for rule in session.scalars(select(ClassRule))}
    last = (
        select(Visit.account_id, func.max(Visit.on).label("on"))
        .where(Visit.state == VisitState.DONE, Visit.on <= on)
        .group_by(Visit.account_id)
        .subquery()
    )
    query = (
        select(Account, Ownership.rep_id, Ownership.from_on, last.c.on)
        .join(Ownership, Ownership.account_id == Account.id)
        .outerjoin(last, last.c.account_id == Account.id)
        .where(scope.held(Ownership, on), scope.owned_accounts(actor, on))
        .where(Account.archived_at.is_(None), Account.kind == AccountKind.ACCOUNT)
    )
    for account, rep_id, owned_from_on, last_on in session.execute(query):
        rule = rules.get(account.account_class)
        yield _Account(rep_id, account.account_class.value, _cadence(account, rule), last_on, owned_from_on)


def _cadence(account: Account, rule: ClassRule | None) -> Cadence | None:
    """A cadence that contradicts itself counts as none; the data check names it."""
    own = Wishes(account.cadence_days, account.earliest_gap_days, account.latest_gap_days)
    of_class = Wishes(rule.cadence_days, rule.earliest_gap_days, rule.latest_gap_days) if rule else Wishes()
    try:
        return inherited(own, of_class)
    except Invalid:
        return None


def _cell(account: _Account, from_on: date, on: date) -> Cell:
    cell = Cell(assigned=1, visited=int(account.last_on is not None and account.last_on >= from_on))
    if account.cadence is None:
        return cell
    # Never visited: the promise counts from the day the account came to its owner.
    window = due_window(account.last_on or account.owned_from_on, account.cadence)
    overdue = due_state(window, on) is DueState.OVERDUE
    cell.with_cadence, cell.kept, cell.overdue = 1, int(not overdue), int(overdue)
    return cell


def _names(session: Session, ids: list[int]) -> dict[int | None, str]:
    query = select(Person.id, Person.name).where(Person.id.in_(ids))
    return {row.id: row.name for row in session.execute(query)}


def _row(rep_id: int | None, name: str, cells: Mapping[str, Cell]) -> RepRow:
    total = Cell()
    for cell in cells.values():
        total.add(cell)
    return RepRow(rep_id, name, cells, total)
