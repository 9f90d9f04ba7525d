"""The schedule blueprint, and whose schedule a request is about."""

from __future__ import annotations

from dataclasses import dataclass
from datetime import date

from flask import Blueprint, request

from planner import clock
from planner.database import reading
from planner.domain.errors import NotFound
from planner.services.company import reps
from planner.services.company.reps import RepChoice
from planner.web.signin import actor, signed_in

schedule = Blueprint("schedule", __name__, url_prefix="/schedule")


@dataclass(frozen=True, slots=True)
class Chosen:
    """The rep a page is about, among those the person may choose."""

    rep_id: int
    name: str
    choices: list[RepChoice]


def today() -> date:
    return clock.today(signed_in().zone)


def chosen_rep() -> Chosen:
    """``?rep=ID`` where given, else the person's own schedule, else the first rep in their scope.

    Raises NotFound for a rep outside the scope, and when there is none at all.
    """
    choices = reps.choices(reading(), actor(), today())
    wanted = request.values.get("rep", type=int)
    if wanted is None and any(choice.rep_id == signed_in().person_id for choice in choices):
        wanted = signed_in().person_id
    for choice in choices:
        if wanted in (None, choice.rep_id):
            return Chosen(choice.rep_id, choice.name, choices)
    raise NotFound("rep", id=wanted)
