"""Dates in one tap as a page offers them, and the working days from which a phone tells them anew: a page
that it kept since yesterday must not say tomorrow and mean today."""

from __future__ import annotations

from dataclasses import dataclass
from datetime import date, timedelta

from flask_babel import gettext

from planner import clock
from planner.database import reading
from planner.domain.access import Role
from planner.domain.quick_dates import Quick, meant, until
from planner.services.company import working_days
from planner.web.formats import day
from planner.web.signin import signed_in
from planner.web.words import word

AHEAD = {
    Quick.TODAY: "0",
    Quick.TOMORROW: "1",
    Quick.WEEK: "7",
    Quick.TWO_WEEKS: "14",
    Quick.MONTH: "month",
}
"""As ``phone/due.js`` reckons with them."""


@dataclass(frozen=True, slots=True)
class Choice:
    """``text`` says it as of today; ``plain`` where the next day is worked on, ``moved`` where it is not."""

    ahead: str
    on: date
    text: str
    plain: str
    moved: str


@dataclass(frozen=True, slots=True)
class DueDates:
    """``days`` are working days from today on, each with its date in words."""

    today: date
    days: tuple[tuple[str, str], ...]
    choices: dict[str, Choice]


def own_id() -> int | None:
    """Whose working days count for who looks: a rep's own. Others have none."""
    return signed_in().person_id if signed_in().role is Role.REP else None


def due_dates(person_id: int | None) -> DueDates:
    """By the working days of a person; None: Monday to Friday."""
    today = clock.today(signed_in().zone)
    works_on = working_days.between(reading(), person_id, today, until(today))
    return DueDates(
        today=today,
        days=tuple((on.isoformat(), day(on)) for on in works_on),
        choices={quick.value: _choice(quick, today, works_on) for quick in Quick},
    )


def _choice(quick: Quick, today: date, works_on: tuple[date, ...]) -> Choice:
    on, plain = meant(quick, today, works_on), word(quick)
    moved = gettext("Next working day") if quick is Quick.TOMORROW else plain
    is_moved = on != today + timedelta(days=1)
    return Choice(AHEAD[quick], on, moved if is_moved else plain, plain, moved)
