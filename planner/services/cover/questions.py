"""Asking who could take over a rep's day, and reading what was found; a planning run does the work."""

from __future__ import annotations

from collections.abc import Sequence
from dataclasses import dataclass
from datetime import date, datetime
from typing import Any

from sqlalchemy import select
from sqlalchemy.orm import Session, joinedload

from planner.domain.access import Actor
from planner.domain.errors import Conflict
from planner.domain.visits import VisitState
from planner.models.people import Person
from planner.models.runs import RunKind
from planner.models.visits import Visit
from planner.services.cover import colleagues
from planner.services.cover.colleagues import CannotHelp, Colleague
from planner.services.cover.shared_day import SharedDay
from planner.services.cover.sharing import TeamDay
from planner.services.days import day_routes
from planner.services.schedule import answers, runs


@dataclass(frozen=True, slots=True)
class Cover:
    """``trouble`` is why the day cannot be shared out, "" where it can. ``shared`` None: not worked out yet;
    ``is_current``: nothing has changed since."""

    rep_id: int
    name: str
    on: date
    coming: int
    trouble: str
    colleagues: tuple[Colleague, ...]
    shared: SharedDay | None = None
    read_at: datetime | None = None
    is_current: bool = False

    @property
    def able(self) -> list[Colleague]:
        return [one for one in self.colleagues if one.trouble is None]

    @property
    def unable(self) -> list[Colleague]:
        return [one for one in self.colleagues if one.trouble is not None]

    @property
    def question(self) -> dict[str, Any]:
        return {"on": self.on.isoformat(), "reps": "-".join(str(one.rep_id) for one in self.able)}


def ask(session: Session, actor: Actor, now: datetime, today: date, rep_id: int, on: date) -> int:
    """Have it worked out; returns the run's id. Raises NotFound for a rep outside the actor's scope, and
    Conflict with why the day cannot be shared out."""
    cover = answered(session, actor, today, rep_id, on)
    if cover.trouble:
        raise Conflict(cover.trouble, name=cover.name)
    return runs.request(session, actor, now, rep_id, RunKind.COVER, on, cover.question)


def answered(session: Session, actor: Actor, today: date, rep_id: int, on: date) -> Cover:
    """Raises NotFound for a rep outside the actor's scope."""
    others = colleagues.of_day(session, actor, rep_id, on)
    rows = _visits(session, [rep_id], on)
    coming = [visit for visit in rows if visit.state is VisitState.PLANNED]
    trouble = _trouble(rows, coming, others, on < today)
    name = session.get_one(Person, rep_id).name
    cover = Cover(rep_id, name, on, len(coming), trouble, tuple(others))
    found = answers.newest(session, RunKind.COVER, rep_id, cover.question) if not trouble else None
    if found is None:
        return cover
    shared = SharedDay.from_json(found.values)
    ids = [rep_id, *(one.rep_id for one in cover.able)]
    is_current = _stands(_visits(session, ids, on)) == shared.stands
    return Cover(rep_id, name, on, len(coming), trouble, tuple(others), shared, found.read_at, is_current)


def read(session: Session, now: datetime, rep_id: int, question: dict[str, Any]) -> TeamDay:
    """What a run shares out from. Raises as ``day_facts.gather`` does."""
    on = date.fromisoformat(question["on"])
    ids = [int(one) for one in question["reps"].split("-")]
    rows = _visits(session, [rep_id, *ids], on)
    away = day_routes.gather(session, rep_id, on)
    people = session.scalars(select(Person).where(Person.id.in_(ids)))
    return TeamDay(
        away=away,
        colleagues=tuple(day_routes.gather(session, one, on) for one in ids),
        names={visit.id: visit.account.name for visit in rows},
        people={person.id: person.name for person in people},
        agreed={v.id: v.appointment_seconds for v in rows if v.appointment_seconds is not None},
        gone=away.seconds_gone(now),
        stands=_stands(rows),
    )


def _trouble(
    rows: Sequence[Visit], coming: Sequence[Visit], others: Sequence[Colleague], is_past: bool
) -> str:
    if is_past:
        return "cover_past"
    if not coming:
        return "cover_all_begun" if rows else "cover_no_visits"
    if any(one.trouble is None for one in others):
        return ""
    is_elsewhere = bool(others) and all(one.trouble is CannotHelp.OTHER_ROADS for one in others)
    return "cover_other_roads" if is_elsewhere else "cover_nobody"


def _visits(session: Session, ids: Sequence[int], on: date) -> Sequence[Visit]:
    query = select(Visit).where(Visit.rep_id.in_(ids), Visit.on == on, Visit.state != VisitState.CANCELLED)
    return session.scalars(query.options(joinedload(Visit.account)).order_by(Visit.id)).all()


def _stands(rows: Sequence[Visit]) -> tuple[tuple[int, int, int], ...]:
    return tuple((visit.id, visit.rep_id, visit.rev) for visit in rows)
