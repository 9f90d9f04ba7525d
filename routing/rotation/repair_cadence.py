"""Room made by visiting an account less often: by the next step of its cadence that makes the visit fit."""

from __future__ import annotations

from collections.abc import Iterator, Sequence

from routing.rotation.missing import Span, missing_spans
from routing.rotation.other_days import broken_promises, rule_against
from routing.rotation.prices import date_prices
from routing.rotation.repair_kinds import Kind, Repair
from routing.rotation.repair_trials import Trials
from routing.types import RotationAccount


def less_often(trials: Trials, slower: Sequence[RotationAccount]) -> Iterator[Repair]:
    """``slower``: the account with longer cadences, the next step first. Where the visit that stands next is
    in time by the new cadence, that is the repair, and no driving comes with it."""
    for account in slower:
        found = list(_at_step(trials, account))
        if found:
            yield from found
            return


def _at_step(trials: Trials, account: RotationAccount) -> Iterator[Repair]:
    horizon = len(trials.problem.days)
    missing = missing_spans(account, trials.dates, horizon)
    span = next((one for one in missing if one.after == trials.span.after), None)
    if span is not None:
        yield from _with_a_visit(trials, account, span)
    elif trials.span.before is not None and trials.span.before >= trials.first_day:
        yield _repair(trials, account, trials.span.before, 0)


def _with_a_visit(trials: Trials, account: RotationAccount, span: Span) -> Iterator[Repair]:
    prices = date_prices(account, len(trials.problem.days))
    now = broken_promises(prices, trials.dates)
    for day in range(max(trials.first_day, span.first), span.last + 1):
        if rule_against(trials.problem, account, trials.dates, day)[0] is not None:
            continue
        seconds = trials.added(day)
        if seconds is not None and broken_promises(prices, sorted({*trials.dates, day})) <= now:
            yield _repair(trials, account, day, seconds)


def _repair(trials: Trials, account: RotationAccount, day: int, seconds: int) -> Repair:
    """Weighed with its new dates and with the visits that fall away, at what missing one costs."""
    assert account.cadence is not None
    assert trials.account.cadence is not None
    horizon = len(trials.problem.days)
    fewer = horizon / trials.account.cadence - horizon / account.cadence
    dates = date_prices(account, horizon).cost(sorted({*trials.dates, day}))
    weight = seconds + dates + round(fewer * account.price)
    return Repair(Kind.CADENCE, day, seconds, weight, account.cadence)
