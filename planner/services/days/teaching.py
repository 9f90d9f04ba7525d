"""Teach it: what a rep finds at the door becomes an opening hour, a visit length or a moved pin.

Each is one change of the account, told in the day's history, and taken back in one tap.
"""

from __future__ import annotations

from collections.abc import Mapping
from datetime import date, datetime
from pathlib import Path
from typing import Any

from sqlalchemy.orm import Session

from planner.domain.access import Actor
from planner.domain.errors import Conflict, Invalid
from planner.domain.hours import Window, closed_between
from planner.models.visits import Visit
from planner.services import revisions, scope
from planner.services.accounts import account_place
from planner.services.days import day_changes, lessons, visits
from planner.services.days.day_changes import Step

SHORTEST_MINUTES, LONGEST_MINUTES = 5, 480
LONGEST_HINT = 240


def closed(
    session: Session,
    actor: Actor,
    now: datetime,
    today: date,
    visit_id: int,
    from_seconds: int,
    until_seconds: int,
    is_every_day: bool = False,
) -> int:
    """Service may not begin between these times, on the visit's weekday or on every one.

    Returns the change's id. Raises NotFound, Conflict("visit_in_future"), Invalid("until" or "from", …).
    """
    visit = at_stop(session, actor, today, visit_id)
    windows = [Window(row.weekday, row.opens_seconds, row.closes_seconds) for row in visit.account.windows]
    days = range(7) if is_every_day else [visit.on.weekday()]
    left = closed_between(windows, days, from_seconds, until_seconds)
    told = {"from": from_seconds, "until": until_seconds, "weekday": None if is_every_day else days[0]}
    return _teach(session, actor, now, today, visit, "taught_closed", told, {"windows": left})


def longer(session: Session, actor: Actor, now: datetime, today: date, visit_id: int, minutes: int) -> int:
    """A visit there lasts this long from now on, those that stand in the plan included.

    Returns the change's id. Raises NotFound, Conflict("visit_in_future"), Invalid("minutes", …).
    """
    if not SHORTEST_MINUTES <= minutes <= LONGEST_MINUTES:
        raise Invalid("minutes", "setting_range", allowed=f"{SHORTEST_MINUTES}–{LONGEST_MINUTES}")
    visit = at_stop(session, actor, today, visit_id)
    lengths = []
    for row in lessons.visits_to_come(session, visit.account_id, today):
        before, row.service_seconds = row.service_seconds, minutes * 60
        row.rev += 1
        revisions.changed(row, actor.user_id, now)
        lengths.append({"visit_id": row.id, "rev": row.rev, "service_seconds": before})
    told = {"minutes": minutes}
    fields = {"visit_seconds": minutes * 60}
    return _teach(session, actor, now, today, visit, "taught_longer", told, fields, lengths)


def moved(
    session: Session,
    actor: Actor,
    now: datetime,
    today: date,
    networks_folder: Path,
    visit_id: int,
    lat: float,
    lon: float,
    hint: str = "",
) -> int:
    """The pin belongs there: at the gate one really uses; ``hint`` says which, where it is not empty.

    Returns the change's id. Raises NotFound, Conflict("visit_in_future"), Invalid("lat", …) off the roads.
    """
    visit = at_stop(session, actor, today, visit_id)
    territory = scope.home_territory(session, actor.user_id, today)
    if territory is None:
        raise Conflict("rep_without_territory", name="")
    for trouble in account_place.troubles(session, networks_folder, territory.network_name, lat, lon):
        raise trouble
    if len(hint.strip()) > LONGEST_HINT:
        raise Invalid("hint", "too_long", most=LONGEST_HINT)
    fields: dict[str, Any] = {"lat": round(lat, 6), "lon": round(lon, 6)}
    if hint.strip():
        fields["parking_hint"] = hint.strip()
    return _teach(session, actor, now, today, visit, "taught_pin", {"hint": hint.strip()}, fields)


def at_stop(session: Session, actor: Actor, today: date, visit_id: int) -> Visit:
    """The visit one is at, or was: nobody has seen the door of a day to come.

    Raises NotFound, Conflict("visit_in_future").
    """
    visit = visits.own(session, actor, visit_id)
    if visit.on > today:
        raise Conflict("visit_in_future", on=visit.on.isoformat())
    return visit


def _teach(
    session: Session,
    actor: Actor,
    now: datetime,
    today: date,
    visit: Visit,
    kind: str,
    told: Mapping[str, Any],
    fields: Mapping[str, Any],
    lengths: list[dict[str, Any]] | None = None,
) -> int:
    account = lessons.change(session, actor, now, today, visit.account_id, fields)
    rows = {"account": account, "lengths": lengths or []}
    step = Step(kind, {"name": visit.account.name, **told}, None, rows, is_of_route=False)
    return day_changes.keep(session, now, visit.rep_id, today, step)
