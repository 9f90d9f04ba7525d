"""Nights away for tests: a published one put there by hand, and a rule that allows them."""

from __future__ import annotations

from datetime import date

from planner.models.accounts import Account
from planner.models.nights import PlannedNight
from planner.models.people import NightRule, Person, Rep
from tests.world import World


def planned_night(world: World, rep: Person, account: Account, on: date) -> PlannedNight:
    row = PlannedNight(rep_id=rep.id, on=on, account_id=account.id, name=account.name)
    assert account.lat is not None
    assert account.lon is not None
    row.lat, row.lon = account.lat, account.lon
    world.session.add(row)
    world.session.flush()
    return row


def may_sleep_away(world: World, rep: Person, **rule: int) -> None:
    """From Monday to Thursday, a few kilometres off, at a low price unless another is given."""
    row = NightRule(evenings=[0, 1, 2, 3], most_in_a_row=2, least_metres=3000, price_seconds=0)
    for name, value in rule.items():
        setattr(row, name, value)
    world.session.get_one(Rep, rep.id).night_rule = row
    world.session.flush()
