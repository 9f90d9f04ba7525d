"""The settings of an installation: one typed record with defaults, one row per setting that was changed.

A row that no longer passes its check counts as its default: a bad value never stops the program.
"""

from __future__ import annotations

from collections.abc import Callable, Mapping
from dataclasses import asdict, dataclass, fields, replace
from datetime import datetime
from enum import StrEnum
from typing import Any

from sqlalchemy import select
from sqlalchemy.orm import Session

from planner.domain import tile_server
from planner.domain.access import Actor
from planner.domain.errors import Invalid
from planner.models.settings import Setting
from planner.services.installation import audit
from routing.network import WARN_BEYOND_METRES
from routing.travel import DEFAULT_SPEED_FACTOR


class NavigationApp(StrEnum):
    """What the Navigate button opens. ``GEO`` lets the phone ask."""

    GEO = "geo"
    GOOGLE = "google"
    APPLE = "apple"
    WAZE = "waze"


@dataclass(frozen=True, slots=True)
class Settings:
    """``speed_factor`` is the share of the speed limit that traffic lets one drive. Without ``tile_url`` maps
    are drawn from the roads alone."""

    company_name: str = ""
    speed_factor: float = DEFAULT_SPEED_FACTOR
    snap_warn_metres: int = WARN_BEYOND_METRES
    snap_refuse_metres: int = 2000
    prospects_per_week: int = 2
    navigation_app: str = NavigationApp.GOOGLE.value
    demo_logins_anywhere: bool = False
    tile_url: str = ""
    tile_attribution: str = ""


def _text(longest: int) -> Callable[[Any], bool]:
    return lambda value: isinstance(value, str) and len(value) <= longest


def _number(kind: type, least: float, most: float) -> Callable[[Any], bool]:
    return lambda value: isinstance(value, kind) and not isinstance(value, bool) and least <= value <= most


CHECKS: dict[str, tuple[Callable[[Any], bool], str]] = {
    "company_name": (_text(80), "0–80"),
    "speed_factor": (_number(float, 0.3, 1.5), "0.3–1.5"),
    "snap_warn_metres": (_number(int, 10, 5000), "10–5000"),
    "snap_refuse_metres": (_number(int, 50, 20000), "50–20000"),
    "prospects_per_week": (_number(int, 0, 50), "0–50"),
    "navigation_app": (lambda value: value in set(NavigationApp), ", ".join(NavigationApp)),
    "demo_logins_anywhere": (lambda value: isinstance(value, bool), "yes, no"),
    "tile_url": (lambda value: value == "" or tile_server.is_template(value), "https://…/{z}/{x}/{y}.png"),
    "tile_attribution": (_text(tile_server.LONGEST_ATTRIBUTION), f"0–{tile_server.LONGEST_ATTRIBUTION}"),
}
"""Per setting: whether a value will do, and the range for the sentence when it does not."""


def read(session: Session) -> Settings:
    """The settings in force."""
    rows = session.execute(select(Setting.key, Setting.value).where(Setting.key.in_(CHECKS)))
    return replace(Settings(), **{key: value for key, value in rows if CHECKS[key][0](value)})


def change(session: Session, actor: Actor, now: datetime, values: Mapping[str, Any]) -> None:
    """Store some settings. Raises Invalid(key) and changes nothing when one is wrong."""
    before = read(session)
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
    for field in fields(Settings):
        if getattr(before, field.name) != getattr(after, field.name):
            session.merge(Setting(key=field.name, value=getattr(after, field.name)))
    if before != after:
        audit.record(session, actor, now, "settings.changed", "setting", None, asdict(before), asdict(after))
