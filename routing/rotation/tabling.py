"""A setting as the arrays the compiled search works on."""

from __future__ import annotations

import numpy as np
import numpy.typing as npt

from routing.rotation import tables as t
from routing.rotation.date_tables import by_slot, choice_tables, gap_rows, price_by_date, published_slots
from routing.rotation.night_tables import evening_rows, night_rules, sleep_nodes
from routing.rotation.setting import Setting, Wanted, expected_visits
from routing.rotation.tables import Numbers, SmallNumbers, Tables
from routing.types import UNREACHABLE_SECONDS, RotationAccount

NEIGHBOURS = 100

FAR = 2**29
"""Seconds of a drive where no road leads; windows and ends of shifts keep it out of every route."""


def tables_of(setting: Setting, slack_seconds: int = 0) -> Tables:
    """``slack_seconds``: how far beyond a shift's overtime the search may go on its way."""
    problem, wanted = setting.problem, setting.wanted
    routes = [_route_row(setting, number, slack_seconds) for number in range(len(setting.runs))]
    at = node_places(setting)
    out, node_of = _ways(setting, at), {place: node for node, place in reversed(list(enumerate(at)))}
    ends = {place: len(setting.wanted) + node for node, place in enumerate(at[len(setting.wanted) :])}
    for route, (row, run) in enumerate(zip(routes, setting.runs, strict=True)):
        row[t.START], row[t.HOME] = ends[run.shift.start], ends[run.shift.end]
        for column, value in night_rules(setting, route, row[t.HOME], node_of).items():
            row[column] = value
    evenings, open_evenings = evening_rows(setting)
    slots = len(setting.days)
    windows, counts = _windows(setting)
    may = np.array([[slot in w.slots for slot in range(slots)] for w in wanted], dtype=np.int8)
    pinned = np.full((len(wanted), slots), -1, dtype=np.int32)
    row_of, gap_price, gap_least = gap_rows(wanted, setting.days)
    choices_of, choice_first, choice_slots = choice_tables(setting)
    movable = [n for n, w in enumerate(wanted) if not _is_settled(w) and w.slots]
    return Tables(
        out=out,
        into=np.ascontiguousarray(out.T),
        route=np.array(routes, dtype=np.int64).reshape(-1, t.NIGHT_MOVED + 1),
        first_route=_first_routes(setting),
        slot_of=np.array([run.slot for run in setting.runs], dtype=np.int64),
        day=np.array(setting.days, dtype=np.int64),
        account=np.array([_account_row(setting, w) for w in wanted], np.int64).reshape(-1, t.IN_QUOTA + 1),
        windows=windows,
        window_count=counts,
        may=may.reshape(len(wanted), slots),
        pinned=pinned,
        published=published_slots(setting),
        first=by_slot(wanted, setting.days, lambda prices: prices.first.cost),
        last=by_slot(wanted, setting.days, lambda prices: prices.last.cost),
        gap_row=row_of,
        gap_price=gap_price,
        gap_least=gap_least,
        date_price=price_by_date(setting),
        choices_of=choices_of,
        choice_first=choice_first,
        choice_slots=choice_slots,
        quota_of=_quota_of(setting),
        quota_most=np.array([quota.most for quota in problem.quotas], dtype=np.int64),
        quota_accounts=np.array([n for n in movable if wanted[n].account.in_quota], dtype=np.int64),
        evenings=evenings,
        open_evenings=open_evenings,
        sleeps=sleep_nodes(setting, out, node_of),
        neighbours=_neighbours(out, movable, len(wanted)),
        movable=np.array(movable, dtype=np.int64),
        keys=_sort_keys(setting, out),
        rules=np.array([problem.balance_price, problem.overtime_price], dtype=np.int64),
    )


def _route_row(setting: Setting, number: int, slack: int) -> list[int]:
    shift = setting.runs[number].shift
    row = [0] * (t.NIGHT_MOVED + 1)
    row[t.STARTS], row[t.ENDS] = shift.starts, shift.ends
    row[t.OVERTIME_ENDS] = shift.ends + shift.overtime_seconds
    row[t.LATEST] = row[t.OVERTIME_ENDS] + slack
    row[t.CAPACITY] = shift.load_limit
    if shift.lunch is not None:
        row[t.LUNCH_OPENS], row[t.LUNCH_CLOSES] = shift.lunch.earliest, shift.lunch.latest
        row[t.LUNCH_SECONDS] = shift.lunch.seconds
    row[t.EVEN_SECONDS] = shift.working_seconds * setting.problem.even_percent // 100
    return row


def node_places(setting: Setting) -> list[int]:
    """The place of the travel matrix each node stands for: accounts, where shifts start and end, and places
    to sleep at where no account is."""
    accounts = [wanted.account.at for wanted in setting.wanted]
    ends = {at for run in setting.runs for at in (run.shift.start, run.shift.end)}
    beds = {at for nights in setting.problem.nights for at in nights.places}
    beds |= {at for nights in setting.problem.nights for _, at in nights.published}
    return [*accounts, *sorted(ends), *sorted(beds - set(accounts) - ends)]


def _ways(setting: Setting, places: list[int]) -> SmallNumbers:
    """Driving seconds between nodes."""
    at = np.array(places, dtype=np.int64)
    seconds = setting.problem.travel.seconds[np.ix_(at, at)]
    return np.ascontiguousarray(np.where(seconds >= UNREACHABLE_SECONDS, FAR, seconds).astype(np.int32))


def _first_routes(setting: Setting) -> Numbers:
    counts = np.bincount([run.slot for run in setting.runs], minlength=len(setting.days))
    return np.concatenate([[0], np.cumsum(counts)]).astype(np.int64)


def _account_row(setting: Setting, wanted: Wanted) -> list[int]:
    account, prices = wanted.account, wanted.prices
    row = [0] * (t.IN_QUOTA + 1)
    row[t.SERVICE], row[t.LOAD], row[t.KIND] = account.service_seconds, account.load, kind_of(account)
    row[t.BASE_PRICE] = len(set(account.published_days)) * setting.problem.stability_price
    row[t.BASE_PRICE] += len(set(account.fixed_days)) * account.price
    row[t.NEVER_PRICE] = prices.never_cost
    row[t.SHORTEST_GAP] = min(season.earliest_gap for season in prices.seasons)
    row[t.IN_QUOTA] = account.in_quota
    longest = max(season.latest_gap for season in prices.seasons)
    horizon = len(setting.problem.days)
    row[t.BROKEN_FROM] = longest
    if longest < horizon:
        row[t.BROKEN_PRICE] = min(int(table.cost[longest + 1]) for table in prices.gaps)
    return row


def kind_of(account: RotationAccount) -> int:
    if account.fixed_days:
        return t.FIXED
    if account.choices:
        return t.CHOICES
    return t.SINGLE if account.cadence is None else t.ROLLING


def _is_settled(wanted: Wanted) -> bool:
    """All its visits stand: a single visit with a date, a set of days with one of them agreed."""
    return kind_of(wanted.account) in (t.SINGLE, t.CHOICES) and bool(wanted.pinned)


def _windows(setting: Setting) -> tuple[SmallNumbers, npt.NDArray[np.int8]]:
    """Windows by account and route; none where the rep may not go, or could not be there in time."""
    wanted = setting.wanted
    width = max((len(w) for one in wanted for w in one.windows), default=0) or 1
    windows = np.zeros((len(wanted), len(setting.runs), width, 2), dtype=np.int32)
    counts = np.zeros((len(wanted), len(setting.runs)), dtype=np.int8)
    kinds: dict[tuple[object, ...], int] = {}
    alike = [
        kinds.setdefault((run.rep, run.shift, run.may_begin_away, run.may_end_away), len(kinds))
        for run in setting.runs
    ]
    for number, one in enumerate(wanted):
        # Thousands of them: the windows' identity is found sooner than their hash.
        known: dict[tuple[int, int], int] = {}
        which: list[int] = []
        values: list[list[tuple[int, int]]] = []
        open_ones: list[int] = []
        for route, run in enumerate(setting.runs):
            spans = one.windows[run.slot]
            key = (id(spans), alike[route])
            if key not in known:
                known[key] = len(values)
                values.append([(w.opens, w.closes) for w in spans] + [(0, 0)] * (width - len(spans)))
                open_ones.append(len(spans) if setting.may_go(number, run) else 0)
            which.append(known[key])
        if which:
            windows[number] = np.array(values, dtype=np.int32)[which]
            counts[number] = np.array(open_ones, dtype=np.int8)[which]
    return windows, counts


def _quota_of(setting: Setting) -> SmallNumbers:
    found = np.full(len(setting.days), -1, dtype=np.int32)
    for number, quota in enumerate(setting.problem.quotas):
        for slot, day in enumerate(setting.days):
            if quota.first_day <= day <= quota.last_day:
                found[slot] = number
    return found


def _neighbours(out: SmallNumbers, movable: list[int], accounts: int) -> SmallNumbers:
    """Of every account those that can move, itself first, then the nearest by driving there and back."""
    width = min(NEIGHBOURS, len(movable))
    found = np.zeros((accounts, width), dtype=np.int32)
    numbers = np.array(movable, dtype=np.int64)
    if not width:
        return found
    for number in range(accounts):
        both = out[number, numbers].astype(np.int64) + out[numbers, number]
        both[numbers == number] = -1
        found[number] = numbers[np.argsort(both, kind="stable")[:width]]
    return found


def _sort_keys(setting: Setting, out: SmallNumbers) -> npt.NDArray[np.float64]:
    """Orders in which freed accounts are placed: often visited, few days, large, far, near first."""
    wanted, horizon = setting.wanted, len(setting.problem.days)
    count = len(wanted)
    visits = np.array([expected_visits(w.account, horizon) for w in wanted], dtype=np.float64)
    freedom = np.array([_freedom(w) for w in wanted], dtype=np.float64)
    size = np.array([w.account.load or w.account.service_seconds for w in wanted], dtype=np.float64)
    ends = len({at for run in setting.runs for at in (run.shift.start, run.shift.end)})
    home = (
        out[:count, count : count + ends].min(axis=1, initial=FAR).astype(np.float64)
        if count
        else np.zeros(0)
    )
    return np.array([-visits, freedom, -size, -home, home]).reshape(5, count)


def _freedom(wanted: Wanted) -> float:
    """Seconds of open doors it can be visited at."""
    return float(sum(w.closes - w.opens for slot in wanted.slots for w in wanted.windows[slot]))


def mean_drive(table: Tables) -> float:
    """Seconds from where days start to an account that can move, on average over those a road leads to."""
    starts = np.unique(table.route[:, t.START])
    drives = table.out[np.ix_(starts, table.movable)]
    known = drives[drives < FAR]
    return max(1.0, float(known.mean())) if known.size else 1.0


def most_stops(setting: Setting, table: Tables) -> int:
    """More stops than any route can hold: small, so that a plan's arrays lie close together in memory."""
    count = len(setting.wanted)
    if not count or not len(table.route):
        return 2
    others = table.into[:count].astype(np.int64) + np.where(
        np.eye(count, len(table.out), dtype=np.bool_), FAR, 0
    )
    shortest = max(1, int((others.min(axis=1) + table.account[:, t.SERVICE]).min()))
    longest = int((table.route[:, t.LATEST] - table.route[:, t.STARTS]).max())
    return min(count, longest // shortest + 1, 250) + 2
