"""What a plan knows of nights away: the rep's rule, nights that are settled, and those announced.

A night is settled when the plan may not move it: those before its first day, and of a plan that only answers
questions all of them. Its days then begin and end there.
"""

from __future__ import annotations

from dataclasses import dataclass
from datetime import date, timedelta

from sqlalchemy import select
from sqlalchemy.orm import Session, joinedload

from planner.domain.nights import AT_HOME, NightsAway
from planner.models.people import Rep
from planner.models.schedule import ScheduleNight, ScheduleVersion
from planner.services.company.night_rules import rule_of
from planner.services.days import nights
from planner.services.days.nights import Night


@dataclass(frozen=True, slots=True)
class NightFacts:
    """``refused_on``: evenings for which the rep dropped a published night; no plan asks again."""

    rule: NightsAway = AT_HOME
    settled: tuple[Night, ...] = ()
    announced: tuple[Night, ...] = ()
    refused_on: frozenset[date] = frozenset()


NO_NIGHTS = NightFacts()


def gather(session: Session, rep: Rep, from_on: date, until_on: date) -> NightFacts:
    """For a plan from ``from_on`` on; nights in a row that began before it count."""
    rule = rule_of(rep)
    since = from_on - timedelta(days=rule.most_in_a_row)
    found = nights.planned(session, rep.person_id, since, until_on)
    spent = [night for night in found if not night.is_dropped]
    return NightFacts(
        rule=rule,
        settled=tuple(night for night in spent if night.on < from_on),
        announced=tuple(night for night in spent if night.on >= from_on),
        refused_on=frozenset(night.on for night in found if night.is_dropped),
    )


def all_settled(facts: NightFacts, later: tuple[Night, ...] = ()) -> NightFacts:
    """For questions about the plan that stands: nothing of its nights moves."""
    return NightFacts(settled=(*facts.settled, *facts.announced, *later))


def forecast(session: Session, version: ScheduleVersion, from_on: date) -> tuple[Night, ...]:
    """The nights a version proposes from ``from_on`` on, near accounts as their pins lie now."""
    return tuple(
        Night(row.on, row.account_id, row.account.name, row.account.lat, row.account.lon)
        for row in rows_of(session, version, from_on)
        if row.account.lat is not None and row.account.lon is not None
    )


def rows_of(session: Session, version: ScheduleVersion, from_on: date) -> list[ScheduleNight]:
    query = (
        select(ScheduleNight)
        .where(ScheduleNight.version_id == version.id, ScheduleNight.on >= from_on)
        .options(joinedload(ScheduleNight.account))
        .order_by(ScheduleNight.on)
    )
    return list(session.scalars(query))
