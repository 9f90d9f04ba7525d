"""The times of one day's route, compiled: how early one can leave each stop, how late one may arrive.

Each time is known twice, "unfed" with lunch still to come and "fed" with lunch behind or none in the
shift. The rules are those of ``routing.day.moments``. Rows and columns are named in ``tables``.
"""

from __future__ import annotations

from routing.compiled import compiled
from routing.rotation.tables import (
    ARRIVE_FED,
    ARRIVE_UNFED,
    BALANCE_PRICE,
    BEFORE,
    BEGINS_AT,
    BEHIND,
    CAPACITY,
    CLOSES,
    COST,
    DRIVE,
    DRIVING,
    END,
    ENDS,
    ENDS_AT,
    EVEN_SECONDS,
    HOME,
    LASTS,
    LATEST,
    LEAVE_FED,
    LEAVE_UNFED,
    LOAD,
    LOADED,
    LUNCH_CLOSES,
    LUNCH_OPENS,
    LUNCH_SECONDS,
    NEVER,
    NIGHT_MOVED,
    NIGHT_PRICE,
    NIGHT_WAS,
    OPENS,
    OVER_LOAD,
    OVER_TIME,
    OVERTIME_ENDS,
    OVERTIME_PRICE,
    REST,
    SERVICE,
    STARTS,
    STOPS,
    VERSION,
    WINDOWS,
    Plan,
    Tables,
)


@compiled
def leaves(tables: Tables, account: int, route: int, ready: int) -> int:
    """The earliest end of a visit for someone ready at ``ready``; NEVER when every window is over."""
    windows = tables.windows
    for w in range(tables.window_count[account, route]):
        if ready <= windows[account, route, w, 1]:
            return max(ready, windows[account, route, w, 0]) + tables.account[account, SERVICE]
    return NEVER


@compiled
def latest_begin(tables: Tables, account: int, route: int, by: int) -> int:
    """The latest beginning of a visit not after ``by``; -NEVER when no window has opened by then."""
    found = -NEVER
    windows = tables.windows
    for w in range(tables.window_count[account, route]):
        if windows[account, route, w, 0] <= by:
            found = max(found, min(by, windows[account, route, w, 1]))
    return found


@compiled
def after_lunch(tables: Tables, route: int, moment: int) -> int:
    """When lunch is over if it is taken at the first chance from ``moment``."""
    begins = max(moment, tables.route[route, LUNCH_OPENS])
    if begins > tables.route[route, LUNCH_CLOSES]:
        return NEVER
    return begins + tables.route[route, LUNCH_SECONDS]


@compiled
def before_lunch(tables: Tables, route: int, by: int) -> int:
    """The latest moment lunch can begin at so that it is over by ``by``."""
    begins = by - tables.route[route, LUNCH_SECONDS]
    if begins < tables.route[route, LUNCH_OPENS]:
        return -NEVER
    return min(begins, tables.route[route, LUNCH_CLOSES])


@compiled
def refresh(tables: Tables, plan: Plan, route: int) -> None:
    """Reckon everything about a route anew from its order."""
    order, stops = plan.order[route], plan.figures[route, STOPS]
    at = plan.figures[route, BEGINS_AT]
    for k in range(stops + 1):
        behind = order[k] if k < stops else plan.figures[route, ENDS_AT]
        set_gap(tables, plan, route, k, at, behind, k == stops)
        at = behind
    retime(tables, plan, route)


@compiled
def set_gap(tables: Tables, plan: Plan, route: int, k: int, before: int, behind: int, is_last: bool) -> None:
    """What a gap is made of; its times come with ``retime``."""
    gaps = plan.gaps[route]
    gaps[k, BEFORE], gaps[k, BEHIND], gaps[k, DRIVE] = before, behind, tables.out[before, behind]
    if not is_last:
        gaps[k, LASTS] = tables.account[behind, SERVICE]
        gaps[k, OPENS] = tables.windows[behind, route, 0, 0]
        gaps[k, CLOSES] = tables.windows[behind, route, 0, 1]
        gaps[k, WINDOWS] = tables.window_count[behind, route]


@compiled
def retime(tables: Tables, plan: Plan, route: int) -> None:
    """Times and figures of a route whose gaps are set."""
    if tables.route[route, LUNCH_SECONDS] > 0:
        _forward_with_lunch(tables, plan, route)
        _backward_with_lunch(tables, plan, route)
    else:
        _forward(tables, plan, route)
        _backward(tables, plan, route)
    _sum_up(tables, plan, route)


@compiled
def _sum_up(tables: Tables, plan: Plan, route: int) -> None:
    figures, rules, order = plan.figures[route], tables.route[route], plan.order[route]
    stops, end = figures[STOPS], figures[END]
    cost, over_load, over_time = figures[DRIVING], 0, 0
    if rules[CAPACITY] > 0:
        loaded = 0
        for k in range(stops):
            loaded += tables.account[order[k], LOAD]
        figures[LOADED], over_load = loaded, max(0, loaded - rules[CAPACITY])
    if end > rules[ENDS]:
        over_time = max(0, end - rules[OVERTIME_ENDS])
        cost += overtime_price(tables, route, end)
    if stops > 0:
        cost += unevenness(tables, route, work_of(plan, route))
    cost += night_price(tables, plan, route)
    figures[COST], figures[OVER_LOAD], figures[OVER_TIME] = cost, over_load, over_time
    plan.counter[0] += 1
    figures[VERSION] = plan.counter[0]


@compiled
def overtime_price(tables: Tables, route: int, end: int) -> int:
    """What coming home at ``end`` costs; beyond the overtime allowed it is a limit passed, not a price."""
    rules = tables.route[route]
    return tables.rules[OVERTIME_PRICE] * max(0, min(end, rules[OVERTIME_ENDS]) - rules[ENDS]) // 3600


@compiled
def night_price(tables: Tables, plan: Plan, route: int) -> int:
    """What it costs where the night after a route is spent."""
    rules, at = tables.route[route], plan.figures[route, ENDS_AT]
    moved = rules[NIGHT_MOVED] if rules[NIGHT_WAS] >= 0 and rules[NIGHT_WAS] != at else 0
    return moved + (rules[NIGHT_PRICE] if at != rules[HOME] else 0)


@compiled
def work_of(plan: Plan, route: int) -> int:
    """Seconds of driving and visits of a route that is timed."""
    return plan.gaps[route, 0, DRIVE] + plan.gaps[route, 0, REST]


@compiled
def unevenness(tables: Tables, route: int, work: int) -> int:
    """What seconds of driving and visits cost that go beyond an even share."""
    beyond = max(0, work - tables.route[route, EVEN_SECONDS])
    return tables.rules[BALANCE_PRICE] * beyond * beyond // (3600 * 3600)


@compiled
def _forward(tables: Tables, plan: Plan, route: int) -> None:
    """Earliest departures before each gap, without lunch."""
    gaps, stops = plan.gaps[route], plan.figures[route, STOPS]
    leave, driving = tables.route[route, STARTS], 0
    for k in range(stops):
        gaps[k, LEAVE_FED] = leave
        driving += gaps[k, DRIVE]
        ready = leave + gaps[k, DRIVE]
        if gaps[k, WINDOWS] == 1:
            leave = max(ready, gaps[k, OPENS]) + gaps[k, LASTS] if ready <= gaps[k, CLOSES] else NEVER
        else:
            leave = leaves(tables, gaps[k, BEHIND], route, ready)
    gaps[stops, LEAVE_FED] = leave
    drive = gaps[stops, DRIVE]
    plan.figures[route, DRIVING], plan.figures[route, END] = driving + drive, leave + drive


@compiled
def _backward(tables: Tables, plan: Plan, route: int) -> None:
    """Latest arrivals behind each gap, and the seconds of driving and service from there to the end."""
    gaps, stops = plan.gaps[route], plan.figures[route, STOPS]
    latest, rest = tables.route[route, LATEST], 0
    gaps[stops, ARRIVE_FED], gaps[stops, REST] = latest, rest
    for k in range(stops - 1, -1, -1):
        spent = gaps[k + 1, DRIVE] + gaps[k, LASTS]
        rest += spent
        by = latest - spent
        if gaps[k, WINDOWS] == 1:
            latest = min(by, gaps[k, CLOSES]) if gaps[k, OPENS] <= by else -NEVER
        else:
            latest = latest_begin(tables, gaps[k, BEHIND], route, by)
        gaps[k, ARRIVE_FED], gaps[k, REST] = latest, rest


@compiled
def _forward_with_lunch(tables: Tables, plan: Plan, route: int) -> None:
    """Earliest departures before each gap, with lunch still to come and with lunch behind."""
    gaps, rules, stops = plan.gaps[route], tables.route[route], plan.figures[route, STOPS]
    unfed, fed, driving = NEVER, rules[STARTS], 0
    if rules[STARTS] <= rules[LUNCH_CLOSES]:
        unfed, fed = rules[STARTS], after_lunch(tables, route, rules[STARTS])
    for k in range(stops):
        gaps[k, LEAVE_UNFED], gaps[k, LEAVE_FED] = unfed, fed
        account, drive = gaps[k, BEHIND], gaps[k, DRIVE]
        driving += drive
        fed = leaves(tables, account, route, fed + drive)
        if unfed < NEVER:
            arrives = unfed + drive
            unfed = leaves(tables, account, route, arrives)
            eaten_first = leaves(tables, account, route, after_lunch(tables, route, arrives))
            fed = min(fed, min(eaten_first, after_lunch(tables, route, unfed)))
    gaps[stops, LEAVE_UNFED], gaps[stops, LEAVE_FED] = unfed, fed
    drive = gaps[stops, DRIVE]
    end = fed + drive
    if unfed + drive <= rules[LUNCH_CLOSES]:
        end = min(end, unfed + drive)
    plan.figures[route, DRIVING], plan.figures[route, END] = driving + drive, end


@compiled
def _backward_with_lunch(tables: Tables, plan: Plan, route: int) -> None:
    """Latest arrivals behind each gap in both cases, and the driving and service from there to the end."""
    gaps, rules, stops = plan.gaps[route], tables.route[route], plan.figures[route, STOPS]
    unfed, fed, rest = min(rules[LATEST], rules[LUNCH_CLOSES]), rules[LATEST], 0
    gaps[stops, ARRIVE_UNFED], gaps[stops, ARRIVE_FED], gaps[stops, REST] = unfed, fed, rest
    for k in range(stops - 1, -1, -1):
        account, drive, service = gaps[k, BEHIND], gaps[k + 1, DRIVE], gaps[k, LASTS]
        rest += drive + service
        leave_unfed, leave_fed = unfed - drive, fed - drive
        fed = latest_begin(tables, account, route, leave_fed - service)
        leave_unfed = max(leave_unfed, before_lunch(tables, route, leave_fed))
        unfed = latest_begin(tables, account, route, leave_unfed - service)
        unfed = max(unfed, before_lunch(tables, route, fed))
        gaps[k, ARRIVE_UNFED], gaps[k, ARRIVE_FED], gaps[k, REST] = unfed, fed, rest
