"""Calibration: what driving and visits really took, what plans would learn from it, and letting them.

Nothing is learnt unasked. What is applied stands in the settings and accounts like any other change of them,
and goes back in one tap as long as nobody has changed them since.
"""

from __future__ import annotations

from collections.abc import Collection, Sequence
from dataclasses import dataclass
from datetime import date, datetime
from typing import Any

from sqlalchemy import func, select
from sqlalchemy.orm import Session

from planner.domain import calibration
from planner.domain.access import Actor
from planner.domain.calibration import Errors, Factors, HeldOut
from planner.domain.class_factors import alike
from planner.domain.errors import Conflict
from planner.domain.paces import in_rush_hours
from planner.domain.rush_hours import (
    FASTEST_PERCENT,
    SLOWEST_PERCENT,
    is_rush_hours,
    most_apart,
    read_rush_hours,
)
from planner.models.accounts import Account, ClassRule
from planner.models.settings import AuditEntry
from planner.services import scope
from planner.services.days import driven_legs, lessons, visit_facts
from planner.services.installation import audit, settings
from planner.services.installation.settings import Settings, TravelEngine

APPLIED, UNDONE = "calibration.applied", "calibration.undone"
SLOWEST_FACTOR, FASTEST_FACTOR = 0.3, 1.5
TOLD_PERCENT = 3
"""A slot of the day that differs by less from the whole day is not worth a line."""

TOLD_SPEED_PERCENT = 1
"""A speed that differs by less from the one that stands is not worth asking."""

MOST_LENGTHS = 30


@dataclass(frozen=True, slots=True)
class Length:
    """A visit length the taps speak for. ``visits``: how many."""

    account_id: int
    name: str
    planned_seconds: int
    learnt_seconds: int
    visits: int


@dataclass(frozen=True, slots=True)
class Calibration:
    """``errors`` None: no leg counts. ``speed_factor`` and ``rush_hours`` are what would be set; hours that
    were entered by hand stay (``keeps_hours``), those that were learnt are learnt anew. ``can_be_undone``:
    what was applied last stands."""

    errors: Errors | None
    held_out: HeldOut | None
    factors: Factors
    now: Settings
    speed_factor: float
    rush_hours: str
    keeps_hours: bool
    lengths: tuple[Length, ...]
    can_be_undone: bool

    @property
    def is_beside_calm(self) -> bool:
        """The factors are those of calm hours, not of the rush hours that stand."""
        return bool(self.now.rush_hours.strip()) and not self.keeps_hours

    @property
    def changes_speed(self) -> bool:
        return (self.speed_factor, self.rush_hours) != (self.now.speed_factor, self.now.rush_hours)


def look(session: Session, today: date) -> Calibration:
    """For admins: over all reps and accounts."""
    now = settings.read(session)
    hours = read_rush_hours(now.rush_hours) if now.travel_engine == TravelEngine.OWN else ()
    calm = driven_legs.legs(session, today, now.speed_factor)
    planned = [in_rush_hours(leg, hours) for leg in calm]
    keeps_hours = bool(now.rush_hours.strip()) and not _were_learnt(session, now.rush_hours)
    basis = planned if keeps_hours else calm
    factors = calibration.fit(basis)
    hours_then = now.rush_hours if keeps_hours else _hours(factors)
    speed_factor, rush_hours = _settled(now, _speed(now.speed_factor, factors), hours_then)
    return Calibration(
        errors=calibration.errors(planned),
        held_out=calibration.held_out(basis, planned),
        factors=factors,
        now=now,
        speed_factor=speed_factor,
        rush_hours=rush_hours,
        keeps_hours=keeps_hours,
        lengths=tuple(_lengths(session, today)),
        can_be_undone=_last(session) is not None,
    )


def apply(
    session: Session,
    actor: Actor,
    now: datetime,
    today: date,
    with_speed: bool,
    account_ids: Collection[int],
) -> int:
    """Set the speeds, and the lengths of these accounts; returns how many things changed.

    What is not offered (any more) is passed over.
    """
    found = look(session, today)
    before: dict[str, Any] = {"settings": {}, "accounts": {}}
    after: dict[str, Any] = {"settings": {}, "accounts": {}}
    if with_speed and found.changes_speed:
        values = {"speed_factor": found.speed_factor, "rush_hours": found.rush_hours}
        before["settings"] = {name: getattr(found.now, name) for name in values}
        after["settings"] = values
        settings.change(session, actor, now, values)
    for length in found.lengths:
        if length.account_id in account_ids:
            fields = {"visit_seconds": length.learnt_seconds}
            kept = lessons.change(session, actor, now, today, length.account_id, fields)
            before["accounts"][str(length.account_id)] = kept["fields"]["visit_seconds"]
            after["accounts"][str(length.account_id)] = kept["rev"]
    changed = len(after["accounts"]) + bool(after["settings"])
    if changed:
        audit.record(session, actor, now, APPLIED, "setting", None, before, after)
    return changed


def undo(session: Session, actor: Actor, now: datetime, today: date) -> None:
    """Put back what was applied last. Raises Conflict("calibration_changed") where the speeds, or one of the
    accounts, were changed since, or nothing stands applied."""
    last = _last(session)
    if last is None:
        raise Conflict("calibration_changed")
    for account_id, seconds in last.before.get("accounts", {}).items():
        account = scope.account(session, actor, int(account_id), today)
        if account.rev != last.after["accounts"][account_id]:
            raise Conflict("calibration_changed")
        lessons.change(session, actor, now, today, account.id, {"visit_seconds": seconds})
    if last.before.get("settings"):
        settings.change(session, actor, now, last.before["settings"])
    audit.record(session, actor, now, UNDONE, "setting", None, last.after, last.before)


def _last(session: Session) -> AuditEntry | None:
    """What was applied last, where its speeds are still those in force."""
    query = select(AuditEntry).where(AuditEntry.action.in_([APPLIED, UNDONE]))
    last = session.scalar(query.order_by(AuditEntry.id.desc()).limit(1))
    if last is None or last.action != APPLIED:
        return None
    now = settings.read(session)
    stands = all(getattr(now, name) == value for name, value in last.after.get("settings", {}).items())
    return last if stands else None


def _were_learnt(session: Session, rush_hours: str) -> bool:
    """Whether a calibration once put these in place of others. One that left hours alone names them too."""
    stands = read_rush_hours(rush_hours)
    for entry in session.scalars(select(AuditEntry).where(AuditEntry.action == APPLIED)):
        before, after = (said.get("settings", {}).get("rush_hours") for said in (entry.before, entry.after))
        if before != after and is_rush_hours(after) and read_rush_hours(after) == stands:
            return True
    return False


def _settled(now: Settings, speed: float, rush_hours: str) -> tuple[float, str]:
    """What would be set, or all that stands where it hardly differs: nobody is asked the same again for the
    noise of a few legs."""
    is_near = abs(speed / now.speed_factor - 1) * 100 < TOLD_SPEED_PERCENT
    hours = read_rush_hours(rush_hours), read_rush_hours(now.rush_hours)
    if is_near and 100 * most_apart(*hours) < TOLD_PERCENT:
        return now.speed_factor, now.rush_hours
    return speed, rush_hours


def _speed(now: float, factors: Factors) -> float:
    return round(min(FASTEST_FACTOR, max(SLOWEST_FACTOR, now / factors.overall)), 3)


def _hours(factors: Factors) -> str:
    """Lines as ``domain.rush_hours`` reads them: per slot the percentage of the new speed that is left, by
    class of road where that is known."""
    lines = []
    for (begins, ends), factor in factors.slots.items():
        by_class = factors.classes.get((begins, ends), alike(factor))
        percents = [_percent(factors.overall / value) for value in by_class.values]
        if any(abs(percent - 100) >= TOLD_PERCENT for percent in percents):
            shown = percents if len(set(percents)) > 1 else percents[:1]
            lines.append(f"{begins:02d}:00-{ends:02d}:00 {' '.join(map(str, shown))}")
    return "\n".join(lines)


def _percent(share: float) -> int:
    return min(FASTEST_PERCENT, max(SLOWEST_PERCENT, round(100 * share)))


def _lengths(session: Session, today: date) -> Sequence[Length]:
    """Those that differ most first."""
    found, taken = [], driven_legs.visit_seconds(session, today)
    own = func.coalesce(Account.visit_seconds, ClassRule.visit_seconds, visit_facts.DEFAULT_SERVICE_SECONDS)
    query = (
        select(Account.id, Account.name, own)
        .outerjoin(ClassRule, ClassRule.account_class == Account.account_class)
        .where(Account.archived_at.is_(None))
    )
    for account_id, name, planned in session.execute(query):
        learnt = calibration.visit_length(planned, taken.get(account_id, []))
        if learnt is not None:
            found.append(Length(account_id, name, planned, learnt, len(taken[account_id])))
    found.sort(key=lambda one: (-abs(one.learnt_seconds - one.planned_seconds), one.name))
    return found[:MOST_LENGTHS]
