"""What the phone is told of each item, in the person's language."""

from __future__ import annotations

from typing import Any

from flask_babel import gettext

from planner.domain.visits import VisitState
from planner.services.sync.batches import Taken
from planner.services.sync.standing import Theirs
from planner.web.errors import sentence, told
from planner.web.formats import clock_time, day, instant
from planner.web.words import word


def answered(uid: str | None, taken: Taken) -> dict[str, Any]:
    return {
        "uid": uid,
        "answer": taken.answer.value,
        "message": sentence(taken.error) if taken.error is not None else told(taken.told),
        "rev": taken.rev,
        "theirs": _theirs(taken.theirs) if taken.theirs is not None else None,
    }


def _theirs(theirs: Theirs) -> dict[str, Any]:
    return {
        "by": theirs.by,
        "at": theirs.at.isoformat() if theirs.at is not None else None,
        "says": f"{_who(theirs)} {_says(theirs)}".strip(),
    }


def _who(theirs: Theirs) -> str:
    if theirs.by and theirs.at is not None:
        return gettext("Changed by %(name)s at %(time)s.", name=theirs.by, time=instant(theirs.at, "HH:mm"))
    return gettext("Changed by %(name)s.", name=theirs.by) if theirs.by else ""


def _says(theirs: Theirs) -> str:
    """How it stands now, as a sentence."""
    if theirs.is_day:
        return gettext("The order of the day %(day)s is another now.", day=day(theirs.on))
    state, values = theirs.values["state"], theirs.values
    if state is VisitState.PLANNED and values["appointment"] is not None:
        at = clock_time(values["appointment"])
        return gettext("It is agreed for %(day)s at %(time)s.", day=day(theirs.on), time=at)
    if state is VisitState.PLANNED:
        return gettext("It is planned for %(day)s.", day=day(theirs.on))
    if state is VisitState.DONE and values["outcome"] is not None:
        return gettext("It is done: %(outcome)s.", outcome=word(values["outcome"]))
    if values["reason"] is not None:
        return gettext("It is %(state)s: %(reason)s.", state=word(state), reason=word(values["reason"]))
    return gettext("It is %(state)s.", state=word(state))
