"""Where a day's drives begin and end: at home, or near an account where a night was spent away."""

from __future__ import annotations

from dataclasses import dataclass
from datetime import date

from sqlalchemy.orm import Session

from planner.models.people import Rep
from planner.services.days import day_facts, nights
from planner.services.days.nights import Night
from routing.types import Place

LONGEST_LABEL = 240


@dataclass(frozen=True, slots=True)
class End:
    """Where a drive begins or ends. ``account_id`` None: at home. Labels are kept as text, like addresses."""

    place: Place
    label: str
    account_id: int | None = None
    is_night: bool = False


def home_of(rep: Rep) -> End:
    """Raises Conflict("rep_without_home")."""
    return End(day_facts.home_of(rep), rep.home_address)


def ends_of(session: Session, rep: Rep, on: date) -> list[End]:
    """Where the day began and where it ended. Raises Conflict("rep_without_home")."""
    home = home_of(rep)
    slept = nights.of_day(session, rep.person_id, on)
    return [home if night is None else _near(night) for night in (slept.before, slept.after)]


def _near(night: Night) -> End:
    label = f"Overnight near {night.name}"[:LONGEST_LABEL]
    return End(night.place, label, night.account_id, is_night=True)
