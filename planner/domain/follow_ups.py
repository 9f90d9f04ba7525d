"""Follow-ups: what is still to be done about an account, and how it stands to its date."""

from __future__ import annotations

from datetime import date, timedelta
from enum import StrEnum

from planner.domain.errors import Invalid

LONGEST_TEXT = 400
SOON = timedelta(days=7)


class FollowUpState(StrEnum):
    OPEN = "open"
    DONE = "done"
    DROPPED = "dropped"


class Urgency(StrEnum):
    """How an open follow-up stands to its date, most urgent first."""

    OVERDUE = "overdue"
    TODAY = "today"
    SOON = "soon"
    LATER = "later"
    UNDATED = "undated"


def urgency(due_on: date | None, today: date) -> Urgency:
    """``today`` is the local date of whoever looks. Soon: within the seven days after it."""
    if due_on is None:
        return Urgency.UNDATED
    if due_on < today:
        return Urgency.OVERDUE
    if due_on == today:
        return Urgency.TODAY
    return Urgency.SOON if due_on <= today + SOON else Urgency.LATER


def checked(text: str, due_on: date | None, written_on: date, stood_on: date | None = None) -> str:
    """The text without blanks around it. ``written_on``: the local date on which it was written, which may
    be before the server hears of it; ``stood_on``: the date it had before, which may stay.

    Raises Invalid for no text or one too long, and for a date that had passed when it was given.
    """
    text = text.strip()
    if not text:
        raise Invalid("text", "follow_up_text")
    if len(text) > LONGEST_TEXT:
        raise Invalid("text", "text_length", most=LONGEST_TEXT)
    if due_on is not None and due_on < written_on and due_on != stood_on:
        raise Invalid("due_on", "follow_up_past")
    return text


def still_given_to(given_to_id: int | None, given_from_id: int | None, owner_id: int | None) -> int | None:
    """Whom a follow-up is given to, as long as the account is still that of who gave it; None: nobody."""
    return given_to_id if given_from_id == owner_id else None
