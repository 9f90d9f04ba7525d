"""What rep and reviewer say to each other about the lines of a claim, and whose turn it is.

Questions of plausibility go to the rep first: a reviewer sees them as something to look at once the rep has
answered, or has not for ``ANSWER_WITHIN``. A line is a day's driving, named by its ISO date, or an expense,
``expense-5``. What was said stays; what was looked at, and a hold, count until the claim changes hands.
"""

from __future__ import annotations

from collections.abc import Iterable
from dataclasses import dataclass, replace
from datetime import datetime, timedelta
from enum import StrEnum

from planner.domain.review import Flag

ANSWER_WITHIN = timedelta(days=3)
"""How long the rep alone sees a question, from the claim's submission or from when it was asked."""

ASKED_FIRST = frozenset({Flag.TOO_FAST, Flag.ODOMETER, Flag.OFF_PLAN, Flag.COMMUTE, Flag.ALIKE_RECEIPT})
"""What only the rep can explain, and no field of an entry asks for."""


EXPLAINED = frozenset({Flag.OFF_PLAN})
"""Of these, what a reason written with the entry explains already."""


class Act(StrEnum):
    """What can happen to a line, or, for a hold, to the claim."""

    ASK = "ask"
    ANSWER = "answer"
    LOOK = "look"
    UNLOOK = "unlook"
    HOLD = "hold"
    RELEASE = "release"
    RESTART = "restart"
    """The claim was submitted, taken back or returned: it is looked at anew."""


@dataclass(frozen=True, slots=True)
class Remark:
    """One act, oldest first in a list of them. ``line`` is empty where the whole claim is meant."""

    act: Act
    line: str
    actor_id: int
    at: datetime
    text: str = ""


@dataclass(frozen=True, slots=True)
class LineTalk:
    """Where a line stands. ``question`` is the reviewer's own; None: nobody asked or answered."""

    question: Remark | None = None
    answer: Remark | None = None
    is_looked_at: bool = False

    @property
    def is_asked(self) -> bool:
        """Whether a reviewer's question waits for its answer."""
        return self.question is not None and self.answer is None


@dataclass(frozen=True, slots=True)
class Talk:
    """Where a claim stands. ``restarted_at``: when it last changed hands."""

    lines: dict[str, LineTalk]
    hold: Remark | None = None
    restarted_at: datetime | None = None

    def of(self, line: str) -> LineTalk:
        return self.lines.get(line, NOTHING_SAID)


NOTHING_SAID = LineTalk()
SILENCE = Talk({})


def talk(remarks: Iterable[Remark]) -> Talk:
    """Where a claim stands after all that was said, oldest first."""
    found = Talk({})
    for remark in remarks:
        found = _after(found, remark)
    return found


def unexplained(flags: Iterable[Flag], has_reason: bool) -> tuple[Flag, ...]:
    """The flags the rep is still to be asked about; ``has_reason``: one is written with the entry."""
    return tuple(flag for flag in flags if flag in ASKED_FIRST and not (has_reason and flag in EXPLAINED))


def is_with_rep(
    unexplained: Iterable[Flag], said: LineTalk, restarted_at: datetime | None, now: datetime
) -> bool:
    """Whether a line of a submitted claim still waits for the rep's answer alone."""
    if said.answer is not None:
        return False
    if said.question is not None:
        return now - said.question.at < ANSWER_WITHIN
    if restarted_at is None or not any(unexplained):
        return False
    return now - restarted_at < ANSWER_WITHIN


def wants_answer(unexplained: Iterable[Flag], said: LineTalk) -> bool:
    """Whether the rep is asked something about a line that they have not answered."""
    if said.answer is not None:
        return False
    return said.question is not None or any(unexplained)


def _after(before: Talk, remark: Remark) -> Talk:
    if remark.act is Act.HOLD:
        return replace(before, hold=remark)
    if remark.act is Act.RELEASE:
        return replace(before, hold=None)
    if remark.act is Act.RESTART:
        lines = {key: replace(line, is_looked_at=False) for key, line in before.lines.items()}
        return Talk(lines, restarted_at=remark.at)
    line = _line_after(before.of(remark.line), remark)
    return replace(before, lines={**before.lines, remark.line: line})


def _line_after(line: LineTalk, remark: Remark) -> LineTalk:
    if remark.act is Act.ASK:
        return LineTalk(question=remark)
    if remark.act is Act.ANSWER:
        return replace(line, answer=remark)
    return replace(line, is_looked_at=remark.act is Act.LOOK)
