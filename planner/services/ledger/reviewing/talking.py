"""Questions, answers, what was looked at, holds: saying something about a claim or one of its lines.

Everything said goes into the audit log, in the transaction that says it.
"""

from __future__ import annotations

from datetime import date, datetime

from sqlalchemy import select
from sqlalchemy.orm import Session

from planner.domain.access import Actor
from planner.domain.claims import EDITABLE, ClaimState, Party, party
from planner.domain.errors import Conflict, Invalid, NotAllowed, NotFound
from planner.domain.review_talk import Act
from planner.models.ledger import Claim, Expense, Trip
from planner.services.installation import audit
from planner.services.ledger import claims, entries
from planner.services.ledger.reviewing import remarks
from planner.services.ledger.reviewing.lines import EXPENSE

MOST = 400
OF_THE_CLAIM = frozenset({Act.HOLD, Act.RELEASE})
NEEDS_WORDS = {Act.ASK: "question_missing", Act.ANSWER: "answer_missing"}
ANSWERABLE = EDITABLE | {ClaimState.SUBMITTED}


def say(
    session: Session,
    actor: Actor,
    now: datetime,
    today: date,
    claim_id: int,
    act: Act,
    line: str = "",
    text: str = "",
) -> None:
    """Say something about a line, or, with a hold, about the claim. The rep answers, reviewers do the rest.

    Raises NotFound for a claim outside the actor's scope or a line that is none of its,
    Conflict("claim_state"), NotAllowed("claim_party"), Conflict("claim_held"), Conflict("claim_not_held") and
    Invalid("text").
    """
    row = claims.claim(session, actor, today, claim_id)
    session.refresh(row, with_for_update=True)  # a decision on it waits, and finds what was said
    _check_turn(actor, row, act)
    said = entries.checked_text("text", text, MOST)
    if act in NEEDS_WORDS and not said:
        raise Invalid("text", NEEDS_WORDS[act])
    if act in OF_THE_CLAIM:
        _check_hold(session, claim_id, act)
        line = ""
    else:
        _check_line(session, row, line)
    after = {"line": line, "text": said}
    audit.record(session, actor, now, remarks.ACTIONS[act], remarks.SUBJECT, claim_id, None, after)


def _check_turn(actor: Actor, row: Claim, act: Act) -> None:
    who = Party.CLAIMANT if act is Act.ANSWER else Party.REVIEWER
    if party(actor.user_id, row.rep_id) is not who:
        raise NotAllowed("claim_party", action=act.value)
    states = ANSWERABLE if act is Act.ANSWER else {ClaimState.SUBMITTED}
    if row.state not in states:
        raise Conflict("claim_state", state=row.state.value, action=act.value)


def _check_hold(session: Session, claim_id: int, act: Act) -> None:
    held = remarks.is_held(session, claim_id)
    if held and act is Act.HOLD:
        raise Conflict("claim_held")
    if not held and act is Act.RELEASE:
        raise Conflict("claim_not_held")


def _check_line(session: Session, row: Claim, key: str) -> None:
    if not (_is_expense(session, row, key) if key.startswith(EXPENSE) else _is_day(session, row, key)):
        raise NotFound("line", key=key)


def _is_expense(session: Session, row: Claim, key: str) -> bool:
    number = key.removeprefix(EXPENSE)
    if not (number.isascii() and number.isdigit() and len(number) < 10):
        return False
    first = session.get(Expense, int(number))
    if first is None or first.corrects_id is not None:
        return False
    last = entries.history(session, first)[-1]
    return last.claim_id == row.id and not last.is_void


def _is_day(session: Session, row: Claim, key: str) -> bool:
    """A day of the claim's month, or of an earlier one whose trips came late."""
    try:
        on = date.fromisoformat(key)
    except ValueError:
        return False
    if on.isoformat() != key:
        return False
    standing = (Trip.claim_id == row.id, Trip.on == on, entries.standing(Trip))
    return row.from_on <= on < row.until_on or session.scalar(select(Trip.id).where(*standing)) is not None
