"""What accounts inherit from their class, and the public holidays of the territories."""

from __future__ import annotations

from collections.abc import Mapping
from dataclasses import asdict, dataclass
from datetime import date, datetime, timedelta

from sqlalchemy import func, select
from sqlalchemy.orm import Session

from planner.domain.access import Actor
from planner.domain.accounts import LONGEST_VISIT_SECONDS
from planner.domain.cadence import Wishes, inherited
from planner.domain.errors import Invalid, NotAllowed
from planner.models.accounts import Account, AccountClass, ClassRule
from planner.models.territories import Territory
from planner.services import calendars, scope
from planner.services.installation import audit

HIGHEST_PRICE_MINUTES = 10_000
HOLIDAYS_AHEAD = timedelta(days=120)


@dataclass(frozen=True, slots=True)
class Rule:
    """Gaps None: 70 % and 130 % of the cadence. ``missed_price_minutes``: what leaving a visit out costs
    the plan, in minutes of driving."""

    cadence_days: int
    earliest_gap_days: int | None
    latest_gap_days: int | None
    visit_seconds: int
    missed_price_minutes: int


@dataclass(frozen=True, slots=True)
class ClassLine:
    """A class with its rule, None when it has none yet, and how many accounts inherit from it."""

    letter: str
    rule: Rule | None
    accounts: int


@dataclass(frozen=True, slots=True)
class CountryHolidays:
    """Holidays ahead of one country or part of it; ``problem`` where its holidays are not known."""

    country: str
    subdivision: str
    territories: tuple[str, ...]
    holidays: Mapping[date, str]
    problem: Invalid | None = None


def classes(session: Session) -> list[ClassLine]:
    counts = dict(
        session.execute(
            select(Account.account_class, func.count(Account.id))
            .where(Account.archived_at.is_(None))
            .group_by(Account.account_class)
        ).all()
    )
    rows = {row.account_class: row for row in session.scalars(select(ClassRule))}
    return [
        ClassLine(letter.value, _rule(rows[letter]) if letter in rows else None, counts.get(letter, 0))
        for letter in AccountClass
    ]


def save(session: Session, actor: Actor, now: datetime, letter: str, rule: Rule) -> None:
    """Set the rule of a class. Raises NotAllowed, or Invalid at the field that is wrong."""
    if not actor.is_admin:
        raise NotAllowed("rules_by_admin")
    check(rule)
    row = session.get(ClassRule, AccountClass(letter))
    before = asdict(_rule(row)) if row else {}
    if row is None:
        row = ClassRule(account_class=AccountClass(letter))
        session.add(row)
    for field, value in asdict(rule).items():
        setattr(row, field, value)
    session.flush()
    if before != asdict(rule):
        after = {"class": letter, **asdict(rule)}
        audit.record(session, actor, now, "rule.changed", "class_rule", None, before, after)


def check(rule: Rule) -> None:
    """Raises Invalid: gaps on the wrong side of the cadence, a visit of no length, a price out of range."""
    inherited(Wishes(), Wishes(rule.cadence_days, rule.earliest_gap_days, rule.latest_gap_days))
    if not 0 < rule.visit_seconds <= LONGEST_VISIT_SECONDS:
        raise Invalid("visit_seconds", "visit_length")
    if not 0 <= rule.missed_price_minutes <= HIGHEST_PRICE_MINUTES:
        raise Invalid("missed_price_minutes", "price_range", most=HIGHEST_PRICE_MINUTES)


def upcoming_holidays(session: Session, actor: Actor, on: date) -> list[CountryHolidays]:
    """The holidays of the next months for every country in the actor's territories."""
    query = (
        select(Territory.country, Territory.subdivision, Territory.name)
        .where(Territory.id.in_(scope.territory_ids(actor, on)))
        .order_by(Territory.country, Territory.subdivision, Territory.name)
    )
    names: dict[tuple[str, str], list[str]] = {}
    for country, subdivision, name in session.execute(query):
        names.setdefault((country, subdivision or ""), []).append(name)
    return [_holidays(*place, tuple(territories), on) for place, territories in names.items()]


def _holidays(country: str, subdivision: str, territories: tuple[str, ...], on: date) -> CountryHolidays:
    try:
        found = calendars.holidays_between(country, subdivision, on, on + HOLIDAYS_AHEAD)
    except Invalid as error:
        return CountryHolidays(country, subdivision, territories, {}, error)
    return CountryHolidays(country, subdivision, territories, found)


def _rule(row: ClassRule) -> Rule:
    return Rule(
        row.cadence_days,
        row.earliest_gap_days,
        row.latest_gap_days,
        row.visit_seconds,
        row.missed_price_minutes,
    )
