"""All that the page of a rep's schedule settings shows, read in one go."""

from __future__ import annotations

from dataclasses import dataclass
from datetime import date, datetime

from sqlalchemy.orm import Session

from planner.domain.access import Actor
from planner.domain.balance import Balance
from planner.domain.day_goals import DayGoal
from planner.models.runs import RunKind
from planner.models.schedule import VersionState
from planner.services.days import goal_choice
from planner.services.schedule import answers, evenness, overtime, planning, run_status
from planner.services.schedule.balance_curve import Curve
from planner.services.schedule.evenness import Choice
from planner.services.schedule.overtime import OvertimeLine


@dataclass(frozen=True, slots=True)
class ScheduleSettings:
    """``planned_with``: how even the newest plan was to be, None without one or where it does not say.
    ``curve``: what each choice costs, as worked out last from what stood at ``curve_at``; ``run_id``: it is
    being worked out. ``overtime`` from today on."""

    balance: Choice
    goal: DayGoal
    planned_with: Balance | None
    curve: Curve | None
    curve_at: datetime | None
    run_id: int | None
    overtime: tuple[OvertimeLine, ...]

    @property
    def is_outdated(self) -> bool:
        """Whether the newest plan goes by another choice."""
        return self.planned_with is not None and self.planned_with is not self.balance.in_force

    def taken_back(self, text: str) -> date | None:
        """The date whose overtime was just taken back, as a page was told; None where it is no such date."""
        try:
            on = date.fromisoformat(text)
        except ValueError:
            return None
        return None if any(line.on == on for line in self.overtime) else on


def of_rep(session: Session, actor: Actor, rep_id: int, today: date) -> ScheduleSettings:
    """Raises NotFound for a rep outside the actor's scope."""
    found = answers.newest(session, RunKind.BALANCE, rep_id)
    version = planning.newest(session, rep_id, VersionState.PROPOSED, VersionState.PUBLISHED)
    return ScheduleSettings(
        balance=evenness.read(session, actor, rep_id, today),
        goal=goal_choice.of_rep(session, actor, rep_id, today),
        planned_with=version.balance if version else None,
        curve=Curve.from_json(found.values) if found else None,
        curve_at=found.read_at if found else None,
        run_id=run_status.open_run_of(session, rep_id, [RunKind.BALANCE]),
        overtime=tuple(overtime.to_come(session, actor, rep_id, today)),
    )
