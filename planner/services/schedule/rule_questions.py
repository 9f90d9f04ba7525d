"""Asking what a rule of an account costs, and reading what was found; a planning run does the work."""

from __future__ import annotations

from collections.abc import Sequence
from dataclasses import dataclass
from datetime import date, datetime
from typing import Any

from sqlalchemy.orm import Session

from planner.domain.access import Actor
from planner.domain.errors import NotFound
from planner.models.accounts import Account
from planner.models.runs import RunKind
from planner.services import scope
from planner.services.schedule import agreements, answers, runs
from planner.services.schedule.account_rules import PriceOfRule
from planner.services.schedule.answers import Answer
from routing.rotation.relaxed_rules import Rule


@dataclass(frozen=True, slots=True)
class RuleOfAccount:
    """``price`` None: not worked out yet; else from what stood at ``read_at``."""

    account_id: int
    account_name: str
    rep_id: int
    rule: str
    price: PriceOfRule | None
    read_at: datetime | None


@dataclass(frozen=True, slots=True)
class RuleLine:
    """A rule that binds, and its price where it was worked out before."""

    rule: str
    seconds: int | None
    read_at: datetime | None


def ask(session: Session, actor: Actor, now: datetime, today: date, account_id: int, rule: str) -> int:
    """Have it worked out; returns the run's id. Raises NotFound for an account outside the actor's scope and
    for no rule, Conflict("account_without_rep")."""
    _, rep_id = _asked(session, actor, today, account_id, rule)
    question = _question(account_id, rule)
    return runs.request(session, actor, now, rep_id, RunKind.RULE, today, question)


def answered(session: Session, actor: Actor, today: date, account_id: int, rule: str) -> RuleOfAccount:
    """Raises as ``ask`` does."""
    account, rep_id = _asked(session, actor, today, account_id, rule)
    found = answers.newest(session, RunKind.RULE, rep_id, _question(account_id, rule))
    return RuleOfAccount(
        account_id=account_id,
        account_name=account.name,
        rep_id=rep_id,
        rule=rule,
        price=PriceOfRule.from_json(found.values) if found else None,
        read_at=found.read_at if found else None,
    )


def lines(session: Session, rep_id: int, account_id: int, rules: Sequence[str]) -> tuple[RuleLine, ...]:
    keys = {rule: runs.key_of(RunKind.RULE, rep_id, _question(account_id, rule)) for rule in rules}
    found = answers.among(session, rep_id, list(keys.values()))
    return tuple(_line(rule, found.get(key)) for rule, key in keys.items())


def _line(rule: str, found: Answer | None) -> RuleLine:
    return RuleLine(rule, found.values["seconds"], found.read_at) if found else RuleLine(rule, None, None)


def _asked(session: Session, actor: Actor, today: date, account_id: int, rule: str) -> tuple[Account, int]:
    """The account and its rep."""
    account = scope.account(session, actor, account_id, today)
    if rule not in set(Rule):
        raise NotFound("rule", rule=rule)
    return account, agreements.owner(session, account.id, today)


def _question(account_id: int, rule: str) -> dict[str, Any]:
    return {"account_id": account_id, "rule": rule}
