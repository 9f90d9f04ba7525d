"""The settings of an installation: one typed record with defaults, one row per setting that was changed.

A row that no longer passes its check counts as its default: a bad value never stops the program.
"""

from __future__ import annotations

from collections.abc import Callable, Mapping
from dataclasses import asdict, dataclass, fields, replace
from datetime import date, datetime, timedelta
from enum import StrEnum
from typing import Any
from urllib.parse import urlsplit

from sqlalchemy import select
from sqlalchemy.exc import OperationalError
from sqlalchemy.orm import Session

from planner.domain import tile_server
from planner.domain.access import Actor
from planner.domain.balance import Balance
from planner.domain.commuting import Commute
from planner.domain.errors import Invalid
from planner.domain.languages import Language
from planner.domain.rush_hours import is_rush_hours, read_rush_hours
from planner.domain.server_address import is_server_address
from planner.models.settings import Setting
from planner.services.installation import audit
from routing.network import WARN_BEYOND_METRES
from routing.travel import DEFAULT_SPEED_FACTOR, SIGNAL_SECONDS
from routing.travel.osrm_server import TABLE_SIZE


class NavigationApp(StrEnum):
    """What the Navigate button opens. ``GEO`` lets the phone ask."""

    GEO = "geo"
    GOOGLE = "google"
    APPLE = "apple"
    WAZE = "waze"


class TravelEngine(StrEnum):
    """Whom plans ask for driving times."""

    OWN = "own"
    OSRM = "osrm"


@dataclass(frozen=True, slots=True)
class Settings:
    """``speed_factor`` is the share of the speed limit that traffic lets one drive; ``minds_turns`` whether
    turn restrictions and turn times count; ``rush_hours`` is text as ``domain.rush_hours`` reads it.
    ``osrm_url`` may be empty while the engine is our own; ``osrm_table_size`` is what the server was
    started with. ``balance``: how even the days of reps are who have no wish of their own.
    ``commute`` says what the first and the last leg of a day count, as ``domain.commuting`` has it.
    ``frozen_days``: so many days after today stay as they are when plans are made again.
    ``online_search``: typed addresses may be sent to the Nominatim service at
    ``online_search_url``. Without ``tile_url`` maps are drawn from the roads alone."""

    company_name: str = ""
    language: str = Language.EN.value
    speed_factor: float = DEFAULT_SPEED_FACTOR
    minds_turns: bool = True
    signal_seconds: float = SIGNAL_SECONDS
    rush_hours: str = ""
    travel_engine: str = TravelEngine.OWN.value
    osrm_url: str = ""
    osrm_table_size: int = TABLE_SIZE
    snap_warn_metres: int = WARN_BEYOND_METRES
    snap_refuse_metres: int = 2000
    prospects_per_week: int = 2
    frozen_days: int = 0
    balance: str = Balance.MODERATE.value
    commute: str = Commute.COUNTED.value
    commute_beyond_metres: int = 0
    navigation_app: str = NavigationApp.GOOGLE.value
    demo_logins_anywhere: bool = False
    online_search: bool = False
    online_search_url: str = "https://nominatim.openstreetmap.org"
    tile_url: str = ""
    tile_attribution: str = ""


def _text(longest: int) -> Callable[[Any], bool]:
    return lambda value: isinstance(value, str) and len(value) <= longest


def _number(kind: type, least: float, most: float) -> Callable[[Any], bool]:
    return lambda value: isinstance(value, kind) and not isinstance(value, bool) and least <= value <= most


def _web_address(value: Any) -> bool:
    """A service's base address: nothing in it that would be sent along or change the question."""
    if not isinstance(value, str) or len(value) > 200 or any(not mark.isprintable() for mark in value):
        return False
    try:
        parts = urlsplit(value)
        has_host = bool(parts.hostname) and (parts.port is None or parts.port > 0)
    except ValueError:
        return False
    return has_host and parts.scheme in ("http", "https") and not set(value) & set("@?# ")


CHECKS: dict[str, tuple[Callable[[Any], bool], str]] = {
    "company_name": (_text(80), "0–80"),
    "language": (lambda value: value in set(Language), ", ".join(Language)),
    "minds_turns": (lambda value: isinstance(value, bool), "yes, no"),
    "signal_seconds": (_number(float, 0, 60), "0–60"),
    "rush_hours": (is_rush_hours, "07:00-09:00 70 80 90"),
    "travel_engine": (lambda value: value in set(TravelEngine), ", ".join(TravelEngine)),
    "osrm_url": (lambda value: value == "" or is_server_address(value), "http://127.0.0.1:5001"),
    "osrm_table_size": (_number(int, 2, 10_000), "2–10000"),
    "speed_factor": (_number(float, 0.3, 1.5), "0.3–1.5"),
    "snap_warn_metres": (_number(int, 10, 5000), "10–5000"),
    "snap_refuse_metres": (_number(int, 50, 20000), "50–20000"),
    "prospects_per_week": (_number(int, 0, 50), "0–50"),
    "frozen_days": (_number(int, 0, 28), "0–28"),
    "balance": (lambda value: value in set(Balance), ", ".join(Balance)),
    "commute": (lambda value: value in set(Commute), ", ".join(Commute)),
    "commute_beyond_metres": (_number(int, 0, 500_000), "0–500 000"),
    "navigation_app": (lambda value: value in set(NavigationApp), ", ".join(NavigationApp)),
    "demo_logins_anywhere": (lambda value: isinstance(value, bool), "yes, no"),
    "online_search": (lambda value: isinstance(value, bool), "yes, no"),
    "online_search_url": (_web_address, "https://nominatim.openstreetmap.org"),
    "tile_url": (lambda value: value == "" or tile_server.is_template(value), "https://…/{z}/{x}/{y}.png"),
    "tile_attribution": (_text(tile_server.LONGEST_ATTRIBUTION), f"0–{tile_server.LONGEST_ATTRIBUTION}"),
}
"""Per setting: whether a value will do, and the range for the sentence when it does not."""


def first_planned_on(session: Session, today: date) -> date:
    """The first day a plan may change unless somebody asks for an earlier one: after today and what is
    frozen."""
    return today + timedelta(days=1 + read(session).frozen_days)


def read(session: Session) -> Settings:
    """The settings in force."""
    rows = session.execute(select(Setting.key, Setting.value).where(Setting.key.in_(CHECKS)))
    return replace(Settings(), **{key: value for key, value in rows if CHECKS[key][0](value)})


def language(session: Session) -> str:
    """The company's language. English while the database does not answer: the page that says so needs one."""
    try:
        with session.no_autoflush:
            return read(session).language
    except OperationalError:
        return Language.EN.value


def change(session: Session, actor: Actor, now: datetime, values: Mapping[str, Any]) -> None:
    """Store some settings. Raises Invalid(key) and changes nothing when one is wrong."""
    before = read(session)
    # Says which line is wrong, where the check below can only say that one is.
    read_rush_hours(values.get("rush_hours", ""))
    _read_address(values.get("osrm_url", ""))
    tile_server.check(
        str(values.get("tile_url", before.tile_url)),
        str(values.get("tile_attribution", before.tile_attribution)),
    )
    for key, value in values.items():
        is_fine, allowed = CHECKS[key]
        if not is_fine(value):
            raise Invalid(key, "setting_range", allowed=allowed)
    after = replace(before, **dict(values))
    if after.snap_warn_metres > after.snap_refuse_metres:
        raise Invalid("snap_warn_metres", "snap_order")
    if after.travel_engine == TravelEngine.OSRM and not after.osrm_url:
        raise Invalid("osrm_url", "osrm_url_missing")
    for field in fields(Settings):
        if getattr(before, field.name) != getattr(after, field.name):
            session.merge(Setting(key=field.name, value=getattr(after, field.name)))
    if before != after:
        audit.record(session, actor, now, "settings.changed", "setting", None, asdict(before), asdict(after))


def _read_address(url: Any) -> None:
    if url != "" and not is_server_address(url):
        raise Invalid("osrm_url", "osrm_url_bad", url=str(url)[:60])
