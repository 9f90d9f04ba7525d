"""Who is asked what first, and when a line is something to look at."""

from __future__ import annotations

from datetime import UTC, datetime, timedelta

from planner.domain.review import Flag
from planner.domain.review_talk import (
    ANSWER_WITHIN,
    NOTHING_SAID,
    SILENCE,
    Act,
    Remark,
    is_with_rep,
    talk,
    unexplained,
    wants_answer,
)

NOW = datetime(2026, 3, 4, 12, tzinfo=UTC)
REP, MANAGER = 1, 2
DAY, EXPENSE = "2026-02-25", "expense-5"


def said(act: Act, line: str = DAY, after: timedelta = timedelta(0), text: str = "") -> Remark:
    actor = REP if act in {Act.ANSWER, Act.RESTART} else MANAGER
    return Remark(act, line, actor, NOW + after, text)


SUBMITTED = said(Act.RESTART, "")


def with_rep(flags: tuple[Flag, ...], *remarks: Remark, later: timedelta = timedelta(0)) -> bool:
    found = talk((SUBMITTED, *remarks))
    return is_with_rep(unexplained(flags, False), found.of(DAY), found.restarted_at, NOW + later)


def test_plausibility_is_asked_of_the_rep_first() -> None:
    assert with_rep((Flag.TOO_FAST, Flag.LATE))
    assert not with_rep((Flag.LATE,))


def test_an_answer_brings_it_to_the_reviewer() -> None:
    assert not with_rep((Flag.TOO_FAST,), said(Act.ANSWER, text="Noted in the evening"))


def test_silence_brings_it_to_the_reviewer_after_three_days() -> None:
    assert with_rep((Flag.TOO_FAST,), later=ANSWER_WITHIN - timedelta(seconds=1))
    assert not with_rep((Flag.TOO_FAST,), later=ANSWER_WITHIN)


def test_an_answer_before_the_claim_is_submitted_counts() -> None:
    found = talk((said(Act.ANSWER, text="Noted in the evening"), SUBMITTED))
    assert not is_with_rep([Flag.TOO_FAST], found.of(DAY), found.restarted_at, NOW)


def test_a_reviewers_question_goes_to_the_rep_whatever_the_line() -> None:
    asked = said(Act.ASK, text="Which client?")
    assert with_rep((), asked)
    assert not with_rep((), asked, said(Act.ANSWER, text="The Kiosk"))
    assert not with_rep((), asked, later=ANSWER_WITHIN)
    assert wants_answer((), talk((asked,)).of(DAY))


def test_asking_again_after_an_answer_waits_again() -> None:
    again = (said(Act.ASK), said(Act.ANSWER), said(Act.ASK))
    assert with_rep((), *again)
    assert talk(again).of(DAY).is_asked


def test_the_rep_is_asked_until_they_answer() -> None:
    assert wants_answer([Flag.ODOMETER], NOTHING_SAID)
    assert not wants_answer([], NOTHING_SAID)
    assert not wants_answer([Flag.ODOMETER], talk((said(Act.ANSWER),)).of(DAY))


def test_a_reason_written_with_the_entry_explains_what_went_beyond_the_plan_only() -> None:
    flags = (Flag.OFF_PLAN, Flag.LATE, Flag.TOO_FAST)
    assert unexplained(flags, has_reason=False) == (Flag.OFF_PLAN, Flag.TOO_FAST)
    assert unexplained(flags, has_reason=True) == (Flag.TOO_FAST,)


def test_what_was_looked_at_counts_until_the_claim_changes_hands() -> None:
    looked = (SUBMITTED, said(Act.LOOK))
    assert talk(looked).of(DAY).is_looked_at
    assert not talk(looked).of(EXPENSE).is_looked_at
    assert not talk((*looked, said(Act.UNLOOK))).of(DAY).is_looked_at
    assert not talk((*looked, SUBMITTED)).of(DAY).is_looked_at


def test_a_hold_counts_until_it_is_released_or_the_claim_changes_hands() -> None:
    held = (SUBMITTED, said(Act.HOLD, "", text="Asking the office"))
    found = talk(held).hold
    assert found is not None
    assert found.text == "Asking the office"
    assert talk((*held, said(Act.RELEASE, ""))).hold is None
    assert talk((*held, SUBMITTED)).hold is None
    assert SILENCE.hold is None
