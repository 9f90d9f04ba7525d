"""An independent judge of schedules: the rotation's rules and prices from scratch.

``faults`` names what a plan breaks; ``cost`` adds up its objective from the visits alone; ``optimum``
tries every set of days for every account and every order of every day. Only the judge of days is shared.
"""

from __future__ import annotations

import math
from collections.abc import Iterator, Mapping, Sequence
from dataclasses import replace
from fractions import Fraction
from functools import cache
from itertools import chain, combinations, pairwise, permutations, product

from routing.types import DayProblem, RotationAccount, RotationPlan, RotationProblem, Shift, Stop
from tests.routing.judge import ends_of

Dates = tuple[int, ...]
Piece = tuple[int, int]


def dates_of(plan: RotationPlan, key: int) -> Dates:
    return tuple(sorted(visit.day for visit in plan.visits if visit.key == key))


def standing_dates(problem: RotationProblem, plan: RotationPlan, account: RotationAccount) -> Dates:
    """Visits of the plan, and pinned ones even where the plan could not drive there."""
    pinned = {day for day in account.pinned_days if problem.days[day].shift is not None}
    return tuple(sorted(pinned | set(dates_of(plan, account.key))))


def order_of(plan: RotationPlan, day: int) -> Dates:
    return tuple(v.key for v in sorted(plan.visits, key=lambda v: v.position) if v.day == day)


def faults(problem: RotationProblem, plan: RotationPlan) -> list[str]:
    """What the plan breaks. A promise that is not kept is no fault, but must be listed."""
    found = []
    for day in range(len(problem.days)):
        order = order_of(plan, day)
        if drive(problem, day, order, ends_in(problem, plan, day)) is None:
            found.append(f"day {day}: {order} does not fit")
        if len(set(order)) != len(order):
            found.append(f"day {day}: an account twice")
        positions = sorted(v.position for v in plan.visits if v.day == day)
        if positions != list(range(len(order))):
            found.append(f"day {day}: positions {positions}")
    driven_on = {account.key: dates_of(plan, account.key) for account in problem.accounts}
    found += over_quota(problem, driven_on)
    found += wrong_nights(problem, [(night.day, night.at) for night in plan.nights])
    for account in problem.accounts:
        days = standing_dates(problem, plan, account)
        found += [f"{account.key}: {fault}" for fault in _broken_rules(account, days, len(problem.days))]
        listed = sorted((u.first_from, u.first_to) for u in plan.unplaced if u.key == account.key)
        driven = dates_of(plan, account.key)
        if listed != (missing := sorted(pieces(account, days, driven, len(problem.days)))):
            found.append(f"{account.key}: {missing} are missing, {listed} are said to be")
    return found


def over_quota(problem: RotationProblem, dates: Mapping[int, Dates]) -> list[str]:
    """Quotas that are passed by visits that did not stand already."""
    found = []
    for quota in problem.quotas:
        span = range(quota.first_day, quota.last_day + 1)
        visits = [
            (account, day)
            for account in problem.accounts
            for day in dates[account.key]
            if account.in_quota and day in span
        ]
        free = [day for account, day in visits if day not in account.pinned_days]
        if free and len(visits) > quota.most:
            found.append(f"{len(visits)} visits on {span}, {quota.most} allowed")
    return found


def wrong_nights(problem: RotationProblem, spent: Sequence[tuple[int, int]]) -> list[str]:
    """Nights away that may not be, and too many in a row."""
    if not problem.nights:
        return ["a night nobody asked for"] if spent else []
    (rules,) = problem.nights
    found = []
    for day, at in spent:
        worked = day + 1 < len(problem.days) and all(
            problem.days[on].shift is not None for on in (day, day + 1)
        )
        if day not in rules.after_days or day in rules.spent_after_days or not worked:
            found.append(f"no night may follow day {day}")
        if at not in {*rules.places, *(place for _, place in rules.published)}:
            found.append(f"nobody sleeps at {at}")
    away = {day for day, _ in spent} | set(rules.spent_after_days)
    for day, _ in spent:
        row = [on for on in away if all(between in away for between in range(min(on, day), max(on, day)))]
        if len(row) > rules.most_in_a_row:
            found.append(f"{len(row)} nights around day {day}")
    return found


def ends_in(problem: RotationProblem, plan: RotationPlan, day: int) -> tuple[int, int] | None:
    """Where the day begins and ends in the plan."""
    return _ends(problem, {night.day: night.at for night in plan.nights}, day)


def _ends(problem: RotationProblem, spent: Mapping[int, int], day: int) -> tuple[int, int] | None:
    shift = problem.days[day].shift
    return shift and (spent.get(day - 1, shift.start), spent.get(day, shift.end))


def night_price(problem: RotationProblem, spent: Mapping[int, int]) -> int:
    """What nights cost, and those announced that are not spent where they were."""
    if not problem.nights:
        return 0
    (rules,) = problem.nights
    changed = [
        day
        for day, at in rules.published
        if spent.get(day) != at and not wrong_nights(replace_row(problem), [(day, at)])
    ]
    return len(spent) * rules.price + len(changed) * problem.stability_price


def replace_row(problem: RotationProblem) -> RotationProblem:
    """The problem with as many nights in a row as one likes."""
    return replace(problem, nights=tuple(replace(rules, most_in_a_row=99) for rules in problem.nights))


def _broken_rules(account: RotationAccount, days: Dates, horizon: int) -> Iterator[str]:
    pinned = set(account.pinned_days)
    free = [day for day in days if day not in pinned]
    if account.fixed_days:
        yield from (f"{day} is not in its cycle" for day in free if day not in account.fixed_days)
        return
    yield from (f"{day} is before it is due" for day in free if day < account.first_from)
    if account.cadence is None:
        if len(days) > max(1, len(pinned)):
            yield "more than one visit"
        yield from (f"{day} is after it is due" for day in free if day > promised_to(account, horizon))
        return
    for a, b in pairwise(days):
        if b - a < season_of(account, a)[1] and not {a, b} <= pinned:
            yield f"{a} and {b} are too near"


def pieces(account: RotationAccount, days: Dates, driven: Dates, horizon: int) -> Iterator[Piece]:
    """The spans in which a visit was promised and is not there."""
    for day in {*account.fixed_days, *account.pinned_days} - set(driven):
        yield day, day
    if account.fixed_days:
        return
    until, last = promised_to(account, horizon), horizon - 1
    due = (max(0, account.first_from), min(until, last))
    if account.cadence is None:
        if not days and account.first_from < horizon:
            yield due
        return
    if (not days and until < horizon) or (days and days[0] > until):
        yield due
    ends = [*(b for _, b in pairwise(days)), horizon]
    for a, b in zip(days, ends, strict=False):
        _, earliest, latest = season_of(account, a)
        if b - a > latest:
            yield a + earliest, min(a + latest, last)


def season_of(account: RotationAccount, day: int) -> tuple[int, int, int]:
    """Cadence, earliest and latest gap after a visit on this day."""
    found = (account.cadence or 1, account.earliest_gap, account.latest_gap)
    for season in sorted(account.seasons, key=lambda season: season.from_day):
        if season.from_day <= day:
            found = (season.cadence, season.earliest_gap, season.latest_gap)
    return found


def drive(
    problem: RotationProblem, day: int, order: Dates, ends: tuple[int, int] | None = None
) -> int | None:
    """Driving of a day in this order between ``ends`` (those of its shift where there are none) and what its
    overtime and length cost, in seconds; None when it breaks a window, the shift or lunch."""
    shift = problem.days[day].shift
    if not order and (ends is None or ends[0] == ends[1]):
        return 0
    if shift is not None and ends is not None:
        shift = replace(shift, start=ends[0], end=ends[1])
    if shift is not None:
        shift = replace(shift, ends=shift.ends + shift.overtime_seconds)
    by_key = {account.key: account for account in problem.accounts}
    if shift is None or not all(by_key[key].windows[day] for key in order):
        return None
    stops = tuple(
        Stop(key, by_key[key].at, by_key[key].service_seconds, by_key[key].windows[day]) for key in order
    )
    if not ends_of(DayProblem(shift, stops, problem.travel), tuple(range(len(stops)))):
        return None
    way = [shift.start, *(stop.at for stop in stops), shift.end]
    late = min(ends_of(DayProblem(shift, stops, problem.travel), tuple(range(len(stops)))))
    late = max(0, late - shift.ends + shift.overtime_seconds)
    driving = sum(int(problem.travel.seconds[a, b]) for a, b in pairwise(way))
    work = driving + sum(stop.service_seconds for stop in stops)
    length = uneven(problem, problem.days[day].shift or shift, work) if order else 0
    return driving + problem.overtime_price * late // 3600 + length


def promised_to(account: RotationAccount, horizon: int) -> int:
    if account.first_to >= 0:
        return account.first_to
    return horizon - 1 if account.cadence is None else account.cadence


def price(account: RotationAccount, days: Dates, horizon: int) -> int:
    """What the dates cost besides driving."""
    return sum(dict(account.day_prices).get(day, 0) for day in days) + _price(account, days, horizon)


def _price(account: RotationAccount, days: Dates, horizon: int) -> int:
    until = promised_to(account, horizon)
    edge = account.lateness_price if account.edge_price is None else account.edge_price
    cadence = account.cadence or 1
    if account.fixed_days:
        return account.price * len(set(account.fixed_days) - set(days))
    if account.cadence is None:
        if not days:
            return account.price if account.first_from < horizon else 0
        return late(edge, days[0] - account.first_wish, max(1, until - account.first_from))
    if not days:
        unmet = late(edge, max(0, min(until, horizon) - account.first_wish), cadence)
        return unmet + broken(account, horizon - until, cadence)
    total = late(edge, min(days[0], until) - account.first_wish, cadence)
    total += broken(account, days[0] - until, cadence)
    for a, b in pairwise(days):
        wished, _, latest = season_of(account, a)
        total += late(account.lateness_price, min(b - a, latest) - wished, wished)
        total += broken(account, b - a - latest, wished)
    left = horizon - days[-1]
    wished, _, latest = season_of(account, days[-1])
    total += late(edge, max(0, min(left, latest) - wished), wished)
    return total + broken(account, left - latest, wished)


def broken(account: RotationAccount, beyond: int, cadence: int) -> int:
    """Half a visit at once and a whole one for each cadence beyond the promise."""
    if beyond <= 0:
        return 0
    share = Fraction(account.price * beyond, cadence)
    return account.price // 2 + math.floor(share + Fraction(1, 2))


def late(price: int, days: int, whole: int) -> int:
    return math.floor(Fraction(price * abs(days), whole) + Fraction(1, 2))


def uneven(problem: RotationProblem, shift: Shift, work: int) -> int:
    """The price of a day with more hours of driving and visits than an even share."""
    available = shift.ends - shift.starts - (shift.lunch.seconds if shift.lunch else 0)
    beyond = max(0, work - math.floor(Fraction(available * problem.even_percent, 100)))
    return math.floor(problem.balance_price * Fraction(beyond, 3600) ** 2)


def cost(problem: RotationProblem, plan: RotationPlan) -> int:
    horizon = len(problem.days)
    total = night_price(problem, {night.day: night.at for night in plan.nights})
    for day in range(horizon):
        driven = drive(problem, day, order_of(plan, day), ends_in(problem, plan, day))
        assert driven is not None
        total += driven
    for account in problem.accounts:
        days = standing_dates(problem, plan, account)
        total += price(account, days, horizon)
        total += problem.stability_price * len(set(account.published_days) - set(days))
    return total


def optimum(problem: RotationProblem) -> int:
    """The least cost of all schedules, by trying them all. For a handful of accounts and days only."""

    @cache
    def best_drive(day: int, keys: frozenset[int], ends: tuple[int, int] | None) -> int | None:
        drives = [drive(problem, day, order, ends) for order in permutations(sorted(keys))]
        return min((d for d in drives if d is not None), default=None)

    horizon = len(problem.days)
    choices = [list(_legal_sets(account, horizon)) for account in problem.accounts]
    best = None
    for chosen, spent in product(product(*choices), _sets_of_nights(problem)):
        total = night_price(problem, spent)
        if over_quota(problem, {a.key: d for a, d in zip(problem.accounts, chosen, strict=True)}):
            continue
        for account, days in zip(problem.accounts, chosen, strict=True):
            total += price(account, days, horizon)
            total += problem.stability_price * len(set(account.published_days) - set(days))
        for day in range(horizon):
            keys = frozenset(a.key for a, d in zip(problem.accounts, chosen, strict=True) if day in d)
            driven = best_drive(day, keys, _ends(problem, spent, day))
            if driven is None:
                break
            total += driven
        else:
            best = total if best is None else min(best, total)
    assert best is not None
    return best


def _sets_of_nights(problem: RotationProblem) -> list[dict[int, int]]:
    """Every way to spend nights away that breaks no rule, none at all among them."""
    found = [{}]
    for rules in problem.nights:
        choices = [(None, *rules.places) for _ in rules.after_days]
        for places in product(*choices):
            away = {day: at for day, at in zip(rules.after_days, places, strict=True) if at is not None}
            if away and not wrong_nights(problem, list(away.items())):
                found.append(away)
    return found


def _legal_sets(account: RotationAccount, horizon: int) -> Iterator[Dates]:
    """Every set of dates that breaks no rule, with all that is pinned in it."""
    subsets = chain.from_iterable(combinations(range(horizon), n) for n in range(horizon + 1))
    for days in subsets:
        if set(account.pinned_days) <= set(days) and not list(_broken_rules(account, days, horizon)):
            yield days
